// Boards: which trend is shown, and tables that can be sorted by a column. Without this script everything is there, unsorted.
document.addEventListener("DOMContentLoaded", () => {
  const pick = document.querySelector("[data-trend]");
  if (pick) {
    pick.addEventListener("change", () => {
      for (const part of document.querySelectorAll("[data-trend-of]")) part.hidden = part.dataset.trendOf !== pick.value;
      window.dispatchEvent(new Event("resize"));
    });
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = table.tHead.rows[0].cells;
    for (const [column, head] of Array.from(heads).entries()) {
      head.dataset.sort = "";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => sort(table, heads, column));
    }
  }

  function sort(table, heads, column) {
    const isDown = heads[column].getAttribute("aria-sort") === "ascending";
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const value = (row) => {
      const cell = row.cells[column];
      if (!("value" in cell.dataset)) return cell.textContent.trim();
      return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    };
    const rows = Array.from(table.tBodies[0].rows).sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (a === null || b === null) return (a === null) - (b === null); // what is not rated stays at the end
      const order = typeof a === "number" ? a - b : a.localeCompare(b);
      return isDown ? -order : order;
    });
    table.tBodies[0].append(...rows);
  }
});
