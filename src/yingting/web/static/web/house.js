// What every page of the house needs: refusals of fragments are shown, an ended sign-in leads to the sign-in page,
// clocks tick, dialogs open. (Lost lines are live.js's part.) No page depends on it for its meaning.
(() => {
  "use strict";

  const notice = () => document.getElementById("notice");

  // htmx leaves answers of 400 and above alone; the house's refusals come with a target of their own and are to be read.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    const landed = new URL(answer.responseURL || location.href, location.href);
    if (landed.pathname === "/sign-in/") {
      event.detail.shouldSwap = false;
      location.assign("/sign-in/?next=" + encodeURIComponent(location.pathname + location.search));
    } else if (answer.status >= 400 && answer.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (answer.status < 400 && event.detail.requestConfig.verb !== "get" && notice()) {
      notice().replaceChildren(); // what was refused before has been answered by something that worked
    }
  });

  // A clock of the hall: wall time in milliseconds at the moment the page came, and how fast it runs.
  const started = performance.now();
  const two = (n) => String(n).padStart(2, "0");
  function tick() {
    for (const clock of document.querySelectorAll("[data-clock-ms]")) {
      const ms = Number(clock.dataset.clockMs) + (performance.now() - started) * Number(clock.dataset.clockSpeed);
      const at = new Date(ms);
      clock.textContent = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
    }
  }
  if (document.querySelector("[data-clock-ms]")) setInterval(tick, 500);

  // Buttons that open a dialog of the page: data-opens names it, data-fill-NAME fills its field or text NAME.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      for (const [key, value] of Object.entries(opener.dataset)) {
        if (!key.startsWith("fill")) continue;
        const name = key.slice(4).toLowerCase();
        for (const field of dialog.querySelectorAll(`[data-filled="${name}"]`)) {
          if ("value" in field && field.tagName !== "BUTTON") field.value = value;
          else field.textContent = value;
        }
        for (const form of dialog.querySelectorAll(`form[data-action-from="${name}"]`)) form.setAttribute("action", value);
      }
      for (const place of dialog.querySelectorAll("[data-copies]")) {
        const source = document.getElementById(place.dataset.copies);
        if (source) place.innerHTML = source.innerHTML;
      }
      dialog.showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
  });
})();
