// The kiosk: one question a screen, and one ticket a visit however often somebody taps.
(() => {
  const root = document.getElementById("kiosk");
  const by = (id) => document.getElementById(id);
  const steps = new Map([...root.querySelectorAll("[data-step]")].map((section) => [section.dataset.step, section]));
  const result = by("result");
  const voice = window.yingtingVoice;
  const IDLE_S = 45;
  const STILL_S = 15;
  const RESULT_S = 20;
  const TRIES = 3;
  const TRY_MS = 6000;
  const home = root.dataset.home;
  const mode = { large: false, voice: false, care: false };
  let step = "";
  let trail = [];
  let wish = null; // {business, care, key}: what is being asked for; a retry keeps its key
  let known = ""; // what the customer typed or scanned to be known by; never kept longer than this visit
  let busy = false;
  let idleTimer = 0;
  let countdown = 0;
  let isOffline = false;

  // randomUUID needs a secure context, which a hall's own network seldom is.
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // ------------------------------------------------------------------------------------------- steps
  function show(name, { isBack = false } = {}) {
    clearInterval(countdown);
    if (step && step !== name && !isBack && !["wait", "still", "result", "broken", "closed", "offline"].includes(step)) trail.push(step);
    step = name;
    for (const [key, section] of steps) section.hidden = key !== name;
    const isStart = name === "classes" || name === "closed" || name === "offline";
    const isEnd = name === "result" || name === "wait" || name === "still";
    by("back").hidden = isStart || isEnd || !trail.length;
    by("home").hidden = isStart || isEnd;
    if (by("care")) by("care").hidden = isEnd || name === "help" || name === "closed" || name === "offline";
    by("care-on").hidden = !mode.care || isEnd; // the result says it by itself
    if (by("known-on")) by("known-on").hidden = !known || isEnd || name === "known";
    if (name === "known") by("known-typed").focus({ preventScroll: true });
    by("help").hidden = name === "help" || name === "wait" || name === "closed";
    root.dataset.at = name;
    window.scrollTo(0, 0);
    const heading = steps.get(name).querySelector("h1");
    if (heading && name !== "known") heading.focus({ preventScroll: true });
    guide(name === "result" ? result.querySelector("[data-result]") : steps.get(name), heading);
    restartIdle();
  }

  function begin() {
    trail = [];
    wish = null;
    step = "";
    result.replaceChildren();
    by("offer").replaceChildren();
    setCare(false);
    setKnown("");
    if (isOffline) show("offline");
    else show(root.dataset.isOpen === "1" ? "classes" : "closed");
  }

  // The next customer finds the kiosk as it was meant: its own language, normal print, silent.
  function reset() {
    for (const name of ["large", "voice"]) setMode(name, false);
    voice.stop();
    const language = new URLSearchParams(location.search).get("lang");
    if (language) location.replace(home);
    else begin();
  }

  function restartIdle() {
    clearTimeout(idleTimer);
    if (["classes", "closed", "offline", "wait", "still", "result"].includes(step) && !(step === "classes" && isDressed())) return;
    idleTimer = setTimeout(askStill, IDLE_S * 1000);
  }
  const isDressed = () => known || mode.large || mode.voice || mode.care || new URLSearchParams(location.search).has("lang");

  function askStill() {
    const from = step;
    show("still");
    let left = STILL_S;
    by("still-left").textContent = left;
    by("stay").onclick = () => show(from, { isBack: true });
    countdown = setInterval(() => {
      left -= 1;
      by("still-left").textContent = left;
      if (left <= 0) { clearInterval(countdown); reset(); }
    }, 1000);
  }

  // ------------------------------------------------------------------------------------------- modes
  function setMode(name, on) {
    mode[name] = on;
    by(name).setAttribute("aria-pressed", String(on));
    if (name === "large") document.documentElement.classList.toggle("large", on);
    try { sessionStorage.setItem(`kiosk:${name}`, on ? "1" : ""); } catch { /* a private window */ }
  }

  function setCare(on) {
    mode.care = on;
    by("care-on").hidden = !on;
    if (!by("care")) return;
    by("care").setAttribute("aria-pressed", String(on));
    by("care").querySelector(".care-off-words").hidden = on;
    by("care").querySelector(".care-on-words").hidden = !on;
  }

  async function guide(where, heading) {
    if (!mode.voice || !where) return;
    voice.stop();
    const text = [heading && heading.textContent, where.dataset.say].filter(Boolean).join("。");
    const language = root.dataset.language === "en" ? "en" : "zh";
    if (!(await voice.speak(text, language)) && language === "zh" && where.dataset.clip) await voice.playClips([where.dataset.clip]);
  }

  // ------------------------------------------------------------------------------------------- who the customer is, if they like
  function setKnown(value) {
    known = value;
    if (!by("known-typed")) return;
    by("known-typed").value = "";
    by("known-on").hidden = !value;
    by("known-way").hidden = Boolean(value);
  }

  function isTold() {
    setKnown(by("known-typed").value.trim());
    trail = [];
    show("classes", { isBack: true });
  }

  if (by("known-typed")) {
    const typed = by("known-typed");
    steps.get("known").addEventListener("click", (event) => {
      const key = event.target.closest("[data-digit], [data-erase], [data-clear]");
      if (!key) return;
      if ("digit" in key.dataset) typed.value = (typed.value + key.dataset.digit).slice(0, 24);
      else typed.value = "clear" in key.dataset ? "" : typed.value.slice(0, -1);
      if (mode.voice && key.dataset.digit) voice.speak(key.dataset.digit, root.dataset.language === "en" ? "en" : "zh");
    });
    typed.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); isTold(); } });
    by("known-done").addEventListener("click", isTold);
    by("known-skip").addEventListener("click", () => { typed.value = ""; isTold(); });
  }

  // ------------------------------------------------------------------------------------------- taking a ticket
  function take(business) {
    if (busy) return;
    if (!wish || wish.business !== business || wish.care !== mode.care || wish.known !== known || wish.insists) wish = { business, care: mode.care, known, key: newKey() };
    send();
  }

  // ------------------------------------------------------------------------------------------- the offer of another channel
  function offer(html) {
    by("offer").innerHTML = html;
    ask();
  }

  function ask(pane = "ask") {
    while (trail.at(-1) === "offer") trail.pop(); // back leads to the list, not to where we are
    for (const part of by("offer").querySelectorAll("[data-pane]")) part.hidden = part.dataset.pane !== pane;
    show("offer");
    by("offer").querySelector(`[data-pane="${pane}"] h1`).focus({ preventScroll: true });
  }
  const isWhy = () => step === "offer" && !by("offer").querySelector('[data-pane="why"]').hidden;

  function insist(reason) {
    if (busy || !wish) return;
    wish = { ...wish, key: newKey(), insists: reason };
    send();
  }

  async function answerBy(form) {
    if (busy) return;
    busy = true;
    try {
      finish((await post(form, {})).html);
    } catch {
      show("broken");
    }
    busy = false;
  }

  async function post(form, fields) {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), TRY_MS);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: stop.signal, headers: { "HX-Request": "true" } });
      if (answer.status >= 500) throw new Error(`status ${answer.status}`);
      return { status: answer.status, html: await answer.text() };
    } finally {
      clearTimeout(limit);
    }
  }

  async function send() {
    busy = true;
    by("wait-more").hidden = true;
    show("wait");
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        const answer = await post(by("issue"), { business: wish.business, care: wish.care ? "1" : "", key: wish.key, insists: wish.insists || "", known: wish.known });
        if (answer.html.includes("data-offer")) offer(answer.html);
        else if (answer.html.includes("data-result")) { wish = null; finish(answer.html); } else location.replace(home);
        busy = false;
        return;
      } catch {
        by("wait-more").hidden = false;
        await new Promise((done) => setTimeout(done, attempt * 700));
      }
    }
    busy = false;
    show("broken");
  }

  // ------------------------------------------------------------------------------------------- the result
  function finish(html) {
    result.innerHTML = html;
    show("result");
    const box = result.querySelector("[data-result]");
    box.querySelector("[data-done]").addEventListener("click", reset);
    const cancel = box.querySelector("[data-cancel]");
    if (cancel) cancel.addEventListener("submit", giveBack);
    const rethink = box.querySelector("[data-rethink]");
    if (rethink) rethink.addEventListener("click", () => ask("why"));
    const reports = box.querySelector("[data-reports]");
    if (reports) reports.addEventListener("submit", (event) => { event.preventDefault(); answerBy(reports); });
    startCountdown(box);
    if (box.dataset.slip) watchSlip(box.dataset.slip);
    else if (box.dataset.printsInBrowser === "1" || (cancel && printsHere())) window.print();
  }

  function startCountdown(box) {
    let left = (Number(box.dataset.stays) || RESULT_S) * (mode.large || mode.voice || mode.care ? 2 : 1);
    const shown = box.querySelector("[data-left]");
    const tick = () => {
      shown.textContent = `(${left})`;
      if (left <= 0) { clearInterval(countdown); reset(); }
      left -= 1;
    };
    tick();
    clearInterval(countdown);
    countdown = setInterval(tick, 1000);
  }

  async function giveBack(event) {
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      finish((await post(event.target, {})).html);
    } catch {
      show("broken");
      wish = null;
    }
    busy = false;
  }

  async function watchSlip(url) {
    for (let look = 0; look < 12; look += 1) {
      await new Promise((done) => setTimeout(done, 600));
      if (!result.querySelector("#slip-failed")) return;
      try {
        const { state } = await (await fetch(url)).json();
        if (state === "printed") return;
        if (state === "failed") break;
      } catch { /* the next look may succeed */ }
    }
    const failed = result.querySelector("#slip-failed");
    if (!failed) return;
    failed.hidden = false;
    result.querySelector("#slip-say").hidden = true;
    result.querySelector("[data-result]").classList.add("no-slip");
    startCountdown(result.querySelector("[data-result]"));
  }

  function printsHere() {
    try {
      if (root.dataset.print) localStorage.setItem("kiosk:print", root.dataset.print);
      return localStorage.getItem("kiosk:print") === "browser";
    } catch { return root.dataset.print === "browser"; }
  }

  // ------------------------------------------------------------------------------------------- taps
  root.addEventListener("click", (event) => {
    const tapped = event.target.closest("[data-go], [data-business], [data-accept], [data-why], [data-insists]");
    if (!tapped) return;
    if ("accept" in tapped.dataset) { answerBy(by("offer").querySelector("[data-accepts]")); return; }
    if ("why" in tapped.dataset) { ask("why"); return; }
    if (tapped.dataset.insists) { insist(tapped.dataset.insists); return; }
    if (tapped.dataset.go) show(tapped.dataset.go);
    else take(tapped.dataset.business);
  });
  by("back").addEventListener("click", () => (isWhy() ? ask() : show(trail.pop() || "classes", { isBack: true })));
  by("home").addEventListener("click", begin);
  by("help").addEventListener("click", () => show("help"));
  by("again").addEventListener("click", () => (wish ? send() : reset()));
  if (by("care")) {
    by("care").addEventListener("click", () => {
      setCare(!mode.care);
      if (mode.care && step === "offer" && wish) { take(wish.business); return; } // the care lane goes straight through
      if (mode.care && mode.voice) guide(by("care-on"), by("care-on"));
      restartIdle();
    });
  }
  for (const name of ["large", "voice"]) {
    by(name).addEventListener("click", () => {
      setMode(name, !mode[name]);
      if (name === "voice" && mode.voice) guide(steps.get(step), steps.get(step).querySelector("h1"));
      restartIdle();
    });
  }
  document.addEventListener("pointerdown", restartIdle);
  document.addEventListener("contextmenu", (event) => event.preventDefault());

  // ------------------------------------------------------------------------------------------- is everything as it was?
  let missedPulses = 0;
  async function pulse() {
    try {
      const answer = await fetch(`${home}pulse/`, { headers: { "HX-Request": "true" } });
      const isSame = answer.ok && (await answer.json()).pulse === root.dataset.pulse;
      missedPulses = 0;
      if (isOffline) { isOffline = false; if (step === "offline") begin(); }
      if (!isSame && ["classes", "closed", "offline"].includes(step) && !isDressed()) location.reload();
    } catch {
      missedPulses += 1;
      if (missedPulses >= 2) { isOffline = true; if (step === "classes" || step === "closed") show("offline"); }
    }
  }
  setInterval(pulse, 15000);
  window.addEventListener("online", pulse);
  window.addEventListener("offline", () => { missedPulses = 2; isOffline = true; if (step === "classes" || step === "closed") show("offline"); });

  // A change of language keeps large print and voice; a fresh start has neither.
  const hasLanguage = new URLSearchParams(location.search).has("lang");
  for (const name of ["large", "voice"]) {
    let on = false;
    try { on = hasLanguage && sessionStorage.getItem(`kiosk:${name}`) === "1"; } catch { /* a private window */ }
    setMode(name, on);
  }
  printsHere();
  begin();
})();
