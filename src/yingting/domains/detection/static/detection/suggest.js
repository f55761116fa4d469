// A suggested category is taken with a click: it is chosen in the form's own list, where it can be changed again.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-category]");
  if (!button) return;
  const select = button.closest("form")?.querySelector('select[name="category"]');
  if (!select) return;
  select.value = button.dataset.takeCategory;
  button.parentElement.querySelector('[name="suggested"]').value = select.value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  select.focus();
});
