// Bookings at the kiosk: keys for those without a keyboard, a reader types by itself, and nobody's page stays open.
(() => {
  const root = document.getElementById("booked");
  const text = document.getElementById("text");
  const home = root.dataset.home;
  try { document.documentElement.classList.toggle("large", sessionStorage.getItem("kiosk:large") === "1"); } catch { /* a private window */ }
  if (text) {
    for (const key of root.querySelectorAll("[data-key]")) key.addEventListener("click", () => { text.value += key.dataset.key; text.focus(); });
    root.querySelector("[data-clear]").addEventListener("click", () => { text.value = ""; text.focus(); });
    root.querySelector("[data-back]").addEventListener("click", () => { text.value = text.value.slice(0, -1); text.focus(); });
    document.getElementById("ask").addEventListener("submit", () => { document.getElementById("go").disabled = true; });
  }
  const shown = root.querySelector("[data-left]");
  let left = Number(root.dataset.idleS);
  const again = () => { left = Number(root.dataset.idleS); };
  if (!shown) for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, again);
  setInterval(() => {
    left -= 1;
    if (shown) shown.textContent = `(${Math.max(0, left)})`;
    if (left <= 0) location.replace(home);
  }, 1000);
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  if (root.dataset.prints === "1") window.print();
})();
