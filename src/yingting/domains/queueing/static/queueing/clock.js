// The hall's own clock: it starts from the server's instant and may run faster in a demo hall. It must never stand still.
(() => {
  const since = performance.now();
  for (const element of document.querySelectorAll("[data-clock-at]")) {
    const at = Number(element.dataset.clockAt);
    const speed = Number(element.dataset.clockSpeed) || 1;
    const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: element.dataset.clockZone });
    const tick = () => {
      const text = format.format(new Date(at + (performance.now() - since) * speed));
      if (element.textContent !== text) element.textContent = text;
    };
    tick();
    setInterval(tick, 1000);
  }
})();
