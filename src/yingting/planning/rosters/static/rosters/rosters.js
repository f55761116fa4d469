// A day's form opens over the week; without this script its link leads to a page of its own.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "cell-body") return;
  const panel = document.getElementById("cell-panel");
  if (!panel.open) panel.showModal();
  panel.querySelector("input[name=shift]:checked")?.focus();
});
