// The held place counts down; when it is over, the form gives way to a way back.
(() => {
  const held = document.getElementById("held");
  if (!held) return;
  const left = document.getElementById("left");
  const ends = performance.now() + Number(held.dataset.holdsS) * 1000;
  const tick = () => {
    const s = Math.max(0, Math.round((ends - performance.now()) / 1000));
    left.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
    held.classList.toggle("soon", s <= 120);
    if (s > 0) return;
    clearInterval(timer);
    held.hidden = true;
    document.getElementById("over").hidden = false;
    document.getElementById("confirm").disabled = true;
  };
  const timer = setInterval(tick, 1000);
  tick();
})();
