// The customer's phone: look again when the hall changed, but never more often than the page allows; tell the call loudly.
(() => {
  const page = document.getElementById("phone");
  const live = document.getElementById("live");
  const FINAL = new Set(["rate", "thanks", "left", "lapsed"]);
  const JITTER_MS = 1500; // so that the phones of a hall do not all ask in the same moment
  const SLOW_MS = 30000; // without any word from the hall, look this often
  const chime = new Audio(page.dataset.chime);
  let soundOn = false;
  let lastLook = Date.now();
  let timer = 0;
  let alerted = alertOf();

  function stage() { return live.querySelector("[data-stage]"); }
  function alertOf() { return stage() ? stage().dataset.alert : ""; }

  function look() {
    timer = 0;
    lastLook = Date.now();
    if (!FINAL.has(stage().dataset.stage)) htmx.trigger(live, "phone:refresh");
  }

  function lookSoon() {
    if (timer || FINAL.has(stage().dataset.stage)) return;
    const wait = Math.max(0, lastLook + Number(stage().dataset.every) * 1000 - Date.now());
    timer = setTimeout(look, wait + Math.random() * JITTER_MS);
  }

  async function sound() {
    for (let round = 0; soundOn && round < 3; round += 1) {
      chime.currentTime = 0;
      await chime.play().catch(() => {});
      await new Promise((done) => setTimeout(done, 1400));
    }
  }

  function tell() {
    document.title = stage().dataset.title || page.dataset.title;
    const alert = alertOf();
    if (alert && alert !== alerted) {
      if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate([400, 150, 400, 150, 800]);
      sound();
    }
    alerted = alert;
    dressSound();
  }

  function dressSound() {
    const button = document.getElementById("sound");
    if (!button) return;
    button.setAttribute("aria-pressed", String(soundOn));
    if (soundOn) button.textContent = button.dataset.on;
  }

  live.addEventListener("click", (event) => {
    if (event.target.id !== "sound" || soundOn) return;
    soundOn = true; // the tap also unlocks sound and vibration for later
    chime.play().catch(() => {});
    dressSound();
  });
  live.addEventListener("htmx:afterSwap", tell);
  document.body.addEventListener("yingting:changed", lookSoon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) lookSoon(); });
  setInterval(() => { if (!document.hidden && Date.now() - lastLook > SLOW_MS) lookSoon(); }, 5000);
  tell();
})();
