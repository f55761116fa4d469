// Pages of cases: what is typed survives a fresh page part, Ctrl+Enter sends, a form is sent once, filters send themselves.
(() => {
  "use strict";

  // ------------------------------------------------------------------ the page of a case is drawn anew after each press
  const place = () => document.getElementById("case");
  const key = (field) => `${field.form.dataset.verb}/${field.name}/${field.type === "radio" ? field.value : ""}`;
  const isChanged = (field) => {
    if (field.type === "hidden" || !field.name) return false;
    if (field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.value !== field.defaultValue;
  };
  let kept = new Map();
  let opened = new Set();

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== place() || !event.detail.shouldSwap) return;
    const sent = event.detail.requestConfig.verb === "get" ? null : event.detail.requestConfig.elt.closest("form");
    kept = new Map();
    opened = new Set([...place().querySelectorAll("details.clock[open]")].map((one) => one.querySelector("b").textContent));
    for (const field of place().querySelectorAll("form[data-verb] :is(input, select, textarea)")) {
      if (field.form !== sent && isChanged(field)) kept.set(key(field), field.type === "radio" ? field.checked : field.value);
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== place()) return;
    for (const field of place().querySelectorAll("form[data-verb] :is(input, select, textarea)")) {
      if (!kept.has(key(field))) continue;
      if (field.type === "radio") field.checked = kept.get(key(field));
      else field.value = kept.get(key(field));
      for (let one = field.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    }
    for (const one of place().querySelectorAll("details.clock")) {
      if (opened.has(one.querySelector("b").textContent)) one.open = true;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-refetch]")) htmx.ajax("GET", location.pathname, { target: "#case", swap: "innerHTML" });
    if (event.target.closest("[data-prints]")) print();
  });

  // ------------------------------------------------------------------ forms
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-once]")) for (const button of event.target.querySelectorAll("button")) button.disabled = true;
  });
  document.addEventListener("change", (event) => {
    event.target.closest("[data-sends-itself]")?.requestSubmit();
    if (event.target.matches("[data-channel]")) askElsewhere(event.target);
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[data-once] button")) button.disabled = false;
  });

  // At the counter it is received now and has no other number.
  function askElsewhere(channel) {
    const isHere = channel.value === "counter";
    for (const field of document.querySelectorAll("[data-elsewhere]")) {
      field.hidden = isHere || ("numbers" in field.dataset && !("numbered" in channel.selectedOptions[0].dataset));
    }
  }
  const channel = document.querySelector("[data-channel]");
  if (channel) askElsewhere(channel);
})();
