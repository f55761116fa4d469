// Lets the demo clock on the page run on between fetches, at the speed of the hall.
(() => {
  "use strict";
  const seen = new WeakMap();

  function show(clock, now) {
    if (!seen.has(clock)) seen.set(clock, now);
    const speed = Number(clock.dataset.speed);
    const at = Number(clock.dataset.hallMs) + (now - seen.get(clock)) * speed + Number(clock.dataset.offsetMin) * 60000;
    // Seconds that fly by at 60 times only flicker.
    const text = new Date(at).toISOString().slice(11, speed > 5 ? 16 : 19);
    if (clock.textContent !== text) clock.textContent = text;
  }

  setInterval(() => {
    const now = performance.now();
    document.querySelectorAll(".hall-clock-time").forEach((clock) => show(clock, now));
  }, 250);
})();
