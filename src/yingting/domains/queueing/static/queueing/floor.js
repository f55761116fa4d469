// The live hall: the dialogs' forms are sent by htmx, so that the answer is the fragment as it is after the step: the hall's,
// or what the dialog names (data-answer-to).
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = form.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const values = Object.fromEntries(new FormData(form));
    window.htmx
      .ajax("POST", form.getAttribute("action"), { target: dialog.dataset.answerTo || "#live", swap: "innerHTML", values })
      .finally(() => {
        delete form.dataset.sending;
        dialog.close();
      });
  });
})();
