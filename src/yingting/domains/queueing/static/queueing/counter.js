// The counter screen: every press is one POST, done once. Keys are those shown on the buttons; the button is the key.
//
// A press goes out with a key of its own (call, start, finish) or with the version of the ticket that was seen. While it is
// on its way nothing else goes out. If the line is lost the press is kept, also over a reload, and repeated unchanged until
// somebody answers; then the screen is shown as the answer says.
(() => {
  "use strict";

  const screen = document.getElementById("screen");
  const dialog = document.getElementById("dialog");
  const notice = document.getElementById("notice");
  const RETRY_MS = 1500;
  const PATIENCE_MS = 10000;
  const KEPT = "yingting.press";
  const DIALOGS = () => screen.dataset.screen + "dialog/";

  // ------------------------------------------------------------------------------------------ choosing a counter
  document.addEventListener("keydown", (event) => {
    if (screen || isTyping(event.target) || hasModifier(event) || event.repeat) return;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    const seat = digit && document.querySelector(`button[data-digit="${digit[1]}"]`);
    if (seat) seat.click();
  });

  function isTyping(target) {
    return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
  }
  function hasModifier(event) {
    return event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing;
  }
  if (!screen) return;

  // ------------------------------------------------------------------------------------------ one press at a time
  let press = null; // the press on its way or kept: {url, body, label, then}
  let epoch = 0; // rises with every press and answer: an older look at the screen is not shown over a newer one

  function freshKey() {
    // randomUUID would need HTTPS; a hall's own network may have none.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return "counter-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function csrf() {
    return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  }

  function keep(value) {
    press = value;
    if (value && !value.isSecret) sessionStorage.setItem(KEPT, JSON.stringify(value));
    else sessionStorage.removeItem(KEPT);
    screen.setAttribute("aria-busy", value ? "true" : "false");
  }

  // `url` is where a press of a panel goes; without, it is a step of this counter.
  function send(step, fields, { url = "", keyed = false, label = "", then = "", isSecret = false } = {}) {
    if (press) return;
    epoch += 1;
    const body = new URLSearchParams(fields);
    if (keyed) body.set("key", freshKey());
    keep({ at: screen.dataset.screen, url: url || `${screen.dataset.screen}${step}/`, body: body.toString(), label, then, isSecret });
    notice.replaceChildren();
    deliver(false);
  }

  async function deliver(isRepeat) {
    const mine = press;
    let answer;
    try {
      const body = mine.body + (isRepeat ? "&again=1" : "");
      answer = await ask(mine.url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "Content-Type": "application/x-www-form-urlencoded" } });
      if (answer.lost) throw new TypeError("no answer");
    } catch {
      showOffline(mine.label);
      setTimeout(() => press === mine && deliver(true), RETRY_MS);
      return;
    }
    keep(null);
    epoch += 1;
    hideOffline();
    await show(answer, mine);
  }

  // Ask with patience: a server that does not answer in time counts as a lost line. Gateways' errors too: nobody answered.
  async function ask(url, options = {}) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const headers = { "HX-Request": "true", ...options.headers };
      const answer = await fetch(url, { ...options, headers, signal: patience.signal, credentials: "same-origin" });
      const text = await answer.text();
      return { status: answer.status, text, lost: [502, 503, 504].includes(answer.status), url: answer.url, go: answer.headers.get("HX-Redirect"), refused: answer.headers.has("HX-Retarget") };
    } finally {
      clearTimeout(timer);
    }
  }

  async function show(answer, mine) {
    if (new URL(answer.url).pathname === "/sign-in/") return location.assign(screen.dataset.home);
    if (answer.go) return location.assign(answer.go);
    if (answer.status === 204) {
      dialog.close();
      for (const seen of seenPanels.values()) seen.at = 0;
      return showPanels();
    }
    if (answer.status < 300) {
      dialog.close();
      swap(answer.text);
      if (mine.then) openDialog(mine.then);
      return undefined;
    }
    if (answer.refused) refuse(answer.text);
    else if (answer.status === 403) return location.assign(screen.dataset.home); // signed in anew elsewhere: a fresh page
    else notice.textContent = screen.dataset.failed;
    return look();
  }

  // A "no" stands where the reader looks: inside the open dialog, where one has a place for it.
  function refuse(html) {
    notice.innerHTML = html;
    const place = dialog.open && dialog.querySelector("[data-problem]");
    if (!place) return;
    place.textContent = notice.textContent.trim();
    place.hidden = false;
    notice.replaceChildren();
    const password = dialog.querySelector("input[type=password]");
    if (password) password.value = "";
  }

  // ------------------------------------------------------------------------------------------ showing the screen
  function swap(html) {
    const focused = document.activeElement && screen.contains(document.activeElement) ? document.activeElement.id : null;
    screen.innerHTML = html;
    seenAt = performance.now();
    for (const [url, seen] of seenPanels) draw(url, seen.html);
    const again = focused && document.getElementById(focused);
    if (again && !again.disabled) again.focus();
    else if (focused !== null) screen.focus({ preventScroll: true });
    const say = screen.querySelector("[data-say]");
    const said = document.getElementById("say");
    if (say && said.textContent !== say.dataset.say) said.textContent = say.dataset.say;
    tick();
    showPanels();
  }

  // What other parts of the house know, of the ticket or (data-live) of the counter. Drawn at once from what was seen last,
  // then asked again: seldom, or for a live one soon after every change.
  const PANEL_OLD_MS = 10000;
  const LIVE_OLD_MS = 1000;
  const seenPanels = new Map();
  let nextPanels = null;
  let seenWork = "";
  function showPanels() {
    // Another state of the ticket, or somebody waits now: what was seen is old at once.
    const { state = "", line = "" } = screen.querySelector(".work")?.dataset ?? {};
    if (seenWork !== state + line) {
      seenWork = state + line;
      for (const seen of seenPanels.values()) seen.at = 0;
    }
    for (const place of screen.querySelectorAll("[data-panel]")) {
      const seen = seenPanels.get(place.dataset.panel);
      const isLive = "live" in place.dataset;
      const age = seen ? Date.now() - seen.at : Infinity;
      if (seen) draw(place.dataset.panel, seen.html);
      if (age >= (isLive ? LIVE_OLD_MS : PANEL_OLD_MS)) askPanel(place.dataset.panel);
      else if (isLive) {
        clearTimeout(nextPanels);
        nextPanels = setTimeout(showPanels, LIVE_OLD_MS - age);
      }
    }
  }
  async function askPanel(url) {
    const before = seenPanels.get(url);
    const asked = { html: before ? before.html : "", at: Date.now() };
    seenPanels.set(url, asked);
    try {
      const answer = await ask(url);
      if (answer.status !== 200 || new URL(answer.url).pathname === "/sign-in/") return;
      if (seenPanels.get(url) !== asked) return; // asked again or answered by a press since: this one is older
      if (seenPanels.size > 50) seenPanels.clear();
      seenPanels.set(url, { html: answer.text, at: Date.now() });
      draw(url, answer.text);
    } catch {
      // the customer can be served without
    }
  }
  function draw(url, html) {
    const place = screen.querySelector(`[data-panel="${url}"]`);
    if (!place || place.drawn === html) return;
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = place.drawn = html;
    if (focused) (document.getElementById(focused) || screen).focus({ preventScroll: true });
    const told = place.querySelector("[data-tell]");
    const said = document.getElementById("say");
    if (told && said.textContent !== told.textContent) said.textContent = told.textContent;
    tick();
  }

  // A form in a panel answers into its panel. It holds up no press on the ticket, and nothing is kept when the line is lost.
  screen.addEventListener("submit", async (event) => {
    const url = event.target.closest("[data-panel]")?.dataset.panel;
    if (!url) return;
    event.preventDefault();
    const form = event.target;
    if (form.closest("[aria-busy=true]")) return;
    form.closest("[data-panel]").setAttribute("aria-busy", "true");
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await ask(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
      if (answer.lost) throw new TypeError("no answer");
      if (new URL(answer.url).pathname === "/sign-in/") return location.assign(screen.dataset.home);
      if (answer.refused) notice.innerHTML = answer.text;
      else if (answer.status === 200) {
        notice.replaceChildren();
        seenPanels.set(url, { html: answer.text, at: Date.now() });
      } else notice.textContent = screen.dataset.failed;
    } catch {
      notice.textContent = screen.dataset.failed;
    }
    const place = screen.querySelector(`[data-panel="${url}"]`);
    if (!place) return undefined;
    place.removeAttribute("aria-busy");
    if (seenPanels.has(url)) draw(url, seenPanels.get(url).html);
    return undefined;
  });

  let looking = false;
  let lookAgain = false;
  let nextLook = null; // one timer only, however many changes are heard while the line is down
  function lookIn(ms) {
    clearTimeout(nextLook);
    nextLook = setTimeout(look, ms);
  }
  async function look() {
    lookIn(30000); // a screen whose stream is silent still looks now and then
    if (press) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    const before = epoch;
    try {
      const answer = await ask(screen.dataset.screen);
      if (answer.lost) throw new TypeError("no answer");
      if (new URL(answer.url).pathname === "/sign-in/") location.assign(screen.dataset.home);
      else if (answer.status === 200 && before === epoch && !press) {
        if (screen.querySelector(":active")) lookIn(300); // not drawn away under the finger
        else swap(answer.text);
      }
      if (!press) hideOffline();
    } catch {
      if (!press) showOffline("");
      lookIn(2000);
    } finally {
      looking = false;
      if (lookAgain) {
        lookAgain = false;
        look();
      }
    }
  }
  document.body.addEventListener("yingting:changed", look);
  lookIn(30000);

  const offline = document.getElementById("offline");
  function showOffline(label) {
    const words = label ? offline.dataset.kept.replace("{press}", label) : offline.dataset.plain;
    const text = offline.lastElementChild;
    if (text.textContent !== words) text.textContent = words;
    offline.hidden = false;
  }
  function hideOffline() {
    offline.hidden = true;
  }
  addEventListener("online", () => (press ? deliver(true) : look()));

  // ------------------------------------------------------------------------------------------ clocks
  let seenAt = performance.now();
  function tick() {
    const passed = (performance.now() - seenAt) / 1000;
    for (const clock of screen.querySelectorAll("[data-elapsed]")) {
      const seconds = Number(clock.dataset.elapsed) + passed * Number(clock.dataset.speed);
      const text = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
      if (!("limitClock" in clock.dataset)) {
        clock.textContent = text;
        continue;
      }
      const limit = Number(clock.dataset.limit);
      const level = seconds > limit ? "over" : seconds >= 0.8 * limit ? "near" : "ok";
      clock.className = `limit limit-${level}`;
      clock.querySelector("[data-part=time]").textContent = text;
      clock.querySelector("[data-part=word]").textContent = clock.dataset[level];
      clock.querySelector("[data-part=bar]").value = Math.min(seconds, limit);
    }
  }
  setInterval(tick, 500);

  // ------------------------------------------------------------------------------------------ buttons and dialogs
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-dialog], [data-url], [data-post]");
    if (!button || !screen.contains(button)) return;
    // After a click by mouse, Space and Enter belong to the screen's primary action again.
    if (event.detail > 0) screen.focus({ preventScroll: true });
    if (button.dataset.dialog) openDialog(`${DIALOGS()}${button.dataset.dialog}/`);
    else if (button.dataset.url) openDialog(button.dataset.url);
    else if (button.dataset.post) send("", {}, { url: button.dataset.post, keyed: true, label: labelOf(button) });
    else {
      const fields = {};
      if (button.dataset.ticket) fields.ticket = button.dataset.ticket;
      if (button.dataset.seen) fields.seen = button.dataset.seen;
      send(button.dataset.do, fields, { keyed: "keyed" in button.dataset, label: labelOf(button), then: button.dataset.then });
    }
  });

  function labelOf(button) {
    return Array.from(button.childNodes, (node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : "")).join("").trim();
  }

  let opening = false;
  async function openDialog(url) {
    if (press || opening || dialog.open) return;
    opening = true;
    try {
      const answer = await ask(url);
      if (answer.lost) throw new TypeError("no answer");
      if (answer.status === 200) {
        dialog.innerHTML = answer.text;
        dialog.showModal();
      } else if (answer.refused) notice.innerHTML = answer.text;
    } catch {
      showOffline("");
      lookIn(2000);
    } finally {
      opening = false;
    }
  }

  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const label = labelOf(form.querySelector("button:not([type=button])"));
    send(form.dataset.step, new FormData(form), { url: form.dataset.post, keyed: "post" in form.dataset, label, isSecret: "secret" in form.dataset });
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      // At once, not when the browser gets to it: the next key belongs to the screen again.
      event.preventDefault();
      dialog.close();
      return;
    }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (!digit || hasModifier(event) || (isTyping(event.target) && event.target.type !== "radio")) return;
    const option = dialog.querySelectorAll("[data-digits] input[type=radio]")[Number(digit[1]) - 1];
    if (!option) return;
    option.checked = true;
    option.focus();
  });
  dialog.addEventListener("close", () => screen.focus({ preventScroll: true }));

  // ------------------------------------------------------------------------------------------ keys
  const keysSwitch = document.getElementById("keys-switch");
  let keysOn = localStorage.getItem("yingting.keys") !== "off";
  function showKeys() {
    keysSwitch.setAttribute("aria-pressed", String(keysOn));
    keysSwitch.textContent = keysOn ? keysSwitch.dataset.on : keysSwitch.dataset.off;
    document.body.classList.toggle("keys-off", !keysOn);
  }
  keysSwitch.addEventListener("click", () => {
    keysOn = !keysOn;
    localStorage.setItem("yingting.keys", keysOn ? "on" : "off");
    showKeys();
  });
  showKeys();

  document.addEventListener("keydown", (event) => {
    if (!keysOn || event.repeat || dialog.open || hasModifier(event) || isTyping(event.target)) return;
    // Space and Enter belong to the button or link that has the focus, if one has it.
    const isPlain = event.code === "Space" || event.code === "Enter" || event.code === "NumpadEnter";
    if (isPlain && event.target instanceof Element && event.target.closest("button, a, summary")) return;
    const button = screen.querySelector(`[data-keys~="${event.code}"]:not(:disabled)`);
    if (!button) return;
    event.preventDefault();
    if (!press) button.click();
  });

  showPanels();
  // A press kept from before a reload goes out first.
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT));
    if (kept && kept.at === screen.dataset.screen) {
      keep(kept);
      deliver(true);
    } else keep(null);
  } catch {
    keep(null);
  }
})();
