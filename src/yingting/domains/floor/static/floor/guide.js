// The guide's page: the sheet of a reception step by step, one-tap forms, drafts that outlive a reload, and what arrived.
(() => {
  "use strict";
  const main = document.getElementById("main");
  const outbox = window.yingtingOutbox;
  if (!main || !outbox) return;
  const words = main.dataset;
  const now = document.getElementById("now");
  const byId = (id) => document.getElementById(id);
  const DRAFTS = `yingting.draft.${words.hall}.${words.person}.`;

  const drafts = {
    read(name) {
      try {
        return JSON.parse(localStorage.getItem(DRAFTS + name));
      } catch {
        return null;
      }
    },
    write(name, value) {
      try {
        if (value) localStorage.setItem(DRAFTS + name, JSON.stringify(value));
        else localStorage.removeItem(DRAFTS + name);
      } catch {
        // nothing is kept over a reload then; the open page still holds it
      }
    },
  };
  function note(sentence) {
    const place = byId("notice");
    place.replaceChildren();
    if (!sentence) return;
    const line = place.appendChild(document.createElement("p"));
    line.className = "notice notice-warning";
    line.textContent = sentence;
  }
  const look = () => window.htmx && window.htmx.trigger(now, "floor:look");
  const fieldsOf = (form, submitter) => {
    const fields = [...new FormData(form).entries()].map(([name, value]) => [name, String(value)]);
    if (submitter && submitter.name) fields.push([submitter.name, submitter.value]);
    return fields;
  };
  function fill(form, fields) {
    for (const [name, value] of fields) {
      for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (input.type === "radio" || input.type === "checkbox") input.checked = input.value === value;
        else if (input.type !== "submit" && input.tagName !== "BUTTON") input.value = value;
        if (input.checked) break;
      }
    }
  }

  // ------------------------------------------------------------------------------------------ the reception's sheet
  const sheet = byId("sheet");
  const form = byId("reception");
  const steps = [...form.querySelectorAll("[data-step]")];
  const back = byId("sheet-back");
  let state = null; // {key, step, kind, business, name, target}
  let sentKey = "";

  const sectionOf = (s) => steps.find((section) => section.dataset.step === s.step && (s.step !== "business" || section.dataset.of === s.kind));
  const BEFORE = { business: "class", ask: "business", divert: "ask", rove: "ask", steered: "ask" };

  function show(changes) {
    state = { ...state, ...changes };
    const current = sectionOf(state);
    for (const section of steps) section.hidden = section !== current;
    for (const set of form.querySelectorAll("fieldset[data-for]")) set.hidden = set.disabled = set.dataset.for !== state.business;
    for (const set of form.querySelectorAll("fieldset[data-only]")) set.disabled = set.dataset.only !== state.step;
    form.elements.business.value = state.business || "";
    const title = byId("sheet-title");
    const asked = state.step === "divert" ? current.getAttribute(`data-title-${state.target}`) : "";
    title.textContent = state.step === "ask" ? state.name : asked ? `${asked} · ${state.name}` : current.dataset.title;
    back.hidden = !(state.step in BEFORE);
    sheet.scrollTop = 0;
    tellMissing();
    keepDraft();
    if (sheet.open) title.focus({ preventScroll: true });
  }

  function keepDraft() {
    if (!state || state.step === "sent") return;
    drafts.write("reception", state.business ? { state, fields: fieldsOf(form) } : null);
    showDraft();
  }

  function begin(from = {}) {
    form.reset();
    state = null;
    show({ key: outbox.freshKey(), step: "class", kind: "", business: "", name: "", target: "", ...from });
    if (!sheet.open) sheet.showModal();
  }

  function pick(business) {
    const button = form.querySelector(`[data-business="${CSS.escape(business)}"]`);
    if (!button) return {};
    return { step: "ask", business, name: button.dataset.name, kind: button.closest("[data-step]").dataset.of };
  }

  function restore(draft) {
    begin(draft.state);
    fill(form, draft.fields);
    // What was typed is to be seen again.
    for (const part of form.querySelectorAll("[data-step=ask] > details, fieldset[data-for]:not([hidden]) details")) {
      part.open = [...part.querySelectorAll("input")].some((input) => (input.type !== "radio" || input.checked) && input.value);
    }
    tellMissing();
    keepDraft();
  }

  function tellMissing() {
    const set = form.querySelector("fieldset[data-for]:not([hidden])");
    const place = set && set.querySelector("[data-missing-sentence]");
    if (!place) return;
    const groups = [...set.querySelectorAll(".paper")];
    const missing = groups.filter((group) => group.querySelector("[value=no]").checked).map((group) => group.querySelector(".paper-name").textContent);
    const isComplete = groups.every((group) => group.querySelector("[value=yes]").checked);
    const text = missing.length ? words.missing.replace("{papers}", missing.join(words.comma)) : isComplete ? `✓ ${words.complete}` : "";
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("is-missing", missing.length > 0);
  }

  function send(outcome) {
    form.elements.outcome.value = outcome;
    const fields = fieldsOf(form);
    const draft = { state, fields };
    sentKey = state.key;
    drafts.write("reception", null);
    const label = state.name;
    show({ step: "sent" });
    byId("sent").textContent = words.sending;
    showDraft();
    outbox.add("receive", fields, label, draft.state.key);
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    tellMissing();
    keepDraft();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !state) return;
    const data = button.dataset;
    if (data.class) show({ step: "business", kind: data.class });
    else if (data.business) show(pick(data.business));
    else if (data.go) show({ step: data.go, target: data.target || "" });
    else if (data.outcome) send(data.outcome);
    else if ("send" in data) send(state.target);
    else if (button === back) show({ step: BEFORE[state.step] });
    else if (button.id === "next-customer") begin();
  });

  const receive = byId("receive");
  if (receive) receive.addEventListener("click", () => begin());

  // A draft from before a reload, or put aside.
  function showDraft() {
    const draft = drafts.read("reception");
    byId("draft-strip").hidden = !draft || sheet.open || !receive;
    if (draft) byId("draft-name").textContent = draft.state.name;
  }
  byId("draft-go").addEventListener("click", () => {
    const draft = drafts.read("reception");
    if (draft) restore(draft);
  });
  byId("draft-drop").addEventListener("click", () => {
    drafts.write("reception", null);
    showDraft();
  });
  sheet.addEventListener("close", () => {
    sentKey = "";
    showDraft();
    look();
  });
  if (receive) {
    // Receiving while another reception lies unfinished: that one is opened, nothing typed is lost.
    receive.addEventListener("click", (event) => {
      const draft = drafts.read("reception");
      if (!draft) return;
      event.stopImmediatePropagation();
      restore(draft);
    }, true);
  }

  // ------------------------------------------------------------------------------------------ forms of one tap or one sheet
  document.addEventListener("submit", (event) => {
    const asked = event.target.closest("form[data-verb]");
    if (!asked) return;
    event.preventDefault();
    const fields = fieldsOf(asked, event.submitter);
    outbox.add(asked.dataset.verb, fields, asked.dataset.label || "");
    if (asked.dataset.draft) drafts.write(asked.dataset.draft, null);
    const dialog = asked.closest("dialog");
    if (dialog) dialog.close();
    else mark(asked);
    if (event.submitter && event.submitter.dataset.then) begin(pick(event.submitter.dataset.then));
  });
  document.addEventListener("input", (event) => {
    const asked = event.target.closest("form[data-draft]");
    if (asked) drafts.write(asked.dataset.draft, fieldsOf(asked));
  });

  const idOf = (verb, fields) => `${verb}?${fields.filter(([name]) => ["visit", "diversion", "task", "ticket", "post", "call", "referral"].includes(name)).join("&")}`;
  function mark(asked) {
    asked.classList.add("is-pending");
    for (const button of asked.querySelectorAll("button")) button.disabled = true;
  }
  // The live part was drawn anew: what is still on its way must not be tapped a second time.
  function markPending() {
    const pending = new Set(outbox.all().filter((press) => press.state !== "refused").map((press) => idOf(press.verb, press.fields)));
    for (const asked of now.querySelectorAll("form[data-verb]")) {
      if (asked.dataset.verb !== "assist" && pending.has(idOf(asked.dataset.verb, fieldsOf(asked)))) mark(asked);
    }
  }

  // ------------------------------------------------------------------------------------------ the sheet of a ticket
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("[data-ticket-sheet]");
    if (!opener) return;
    const body = byId("ticket-body");
    try {
      const answer = await fetch(opener.dataset.ticketSheet, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (new URL(answer.url).pathname === "/sign-in/") return location.assign(answer.url);
      if (!answer.ok) return look();
      body.innerHTML = await answer.text();
      for (const asked of body.querySelectorAll("form[data-draft]")) {
        const kept = drafts.read(asked.dataset.draft);
        if (!kept) continue;
        fill(asked, kept);
        const part = asked.closest("details");
        if (part) part.open = true;
      }
      byId("ticket-sheet").showModal();
    } catch {
      note(words.wait);
    }
    return undefined;
  });

  // ------------------------------------------------------------------------------------------ what goes out, what comes back
  const pill = byId("pill");
  const list = byId("outbox-list");
  function showOutbox() {
    const presses = outbox.all();
    const refused = presses.filter((press) => press.state === "refused").length;
    const waiting = presses.length - refused;
    const { busy, trouble } = outbox.now();
    pill.hidden = presses.length === 0 || (waiting === 1 && !refused && busy && !trouble);
    pill.textContent = [waiting ? pill.dataset.waiting.replace("{n}", waiting) : "", refused ? pill.dataset.refused.replace("{n}", refused) : ""].filter(Boolean).join(" · ");
    pill.classList.toggle("is-refused", refused > 0);
    const why = { line: words.wait, signin: words.signIn, server: words.failed }[trouble] || "";
    byId("outbox-say").textContent = why;
    byId("outbox-sign-in").hidden = trouble !== "signin";
    list.replaceChildren(...presses.map((press) => line(press, busy, trouble)));
    if (sentKey && waiting && trouble && presses.some((press) => press.key === sentKey)) byId("sent").textContent = why;
    if (!presses.length && byId("outbox-sheet").open) byId("outbox-sheet").close();
  }
  function line(press, busy, trouble) {
    const item = document.createElement("li");
    item.className = "item";
    const text = item.appendChild(document.createElement("span"));
    text.className = "item-words";
    text.textContent = press.label;
    const state = text.appendChild(document.createElement("span"));
    state.className = press.state === "refused" ? "state-over" : "soft";
    state.textContent = press.state === "refused" ? `${list.dataset.refused}: ${press.sentence}` : press.key === busy ? list.dataset.sending : trouble === "signin" ? list.dataset.signin : list.dataset.waiting;
    if (press.state !== "refused") return item;
    if (press.verb === "receive") item.append(button(list.dataset.edit, () => again(press)));
    item.append(button(list.dataset.drop, () => outbox.drop(press.key)));
    return item;
  }
  function button(words_, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-thumb btn-slim";
    made.textContent = words_;
    made.addEventListener("click", act);
    return made;
  }
  // A refused reception opens again with everything that was typed, under a key of its own.
  function again(press) {
    const business = (press.fields.find(([name]) => name === "business") || [])[1] || "";
    outbox.drop(press.key);
    if (byId("outbox-sheet").open) byId("outbox-sheet").close();
    restore({ state: { ...pick(business), key: outbox.freshKey(), target: "" }, fields: press.fields });
    note(press.code === "queue.steered" ? "" : press.sentence);
    if (press.code === "queue.steered") {
      byId("steered-say").textContent = press.sentence;
      show({ step: "steered" });
    }
  }
  pill.addEventListener("click", () => {
    outbox.hurry();
    byId("outbox-sheet").showModal();
  });
  document.addEventListener("outbox:changed", showOutbox);
  document.addEventListener("outbox:answer", (event) => {
    const { press, answer, ok } = event.detail;
    const isOnSheet = sheet.open && press.key === sentKey;
    if (!ok && isOnSheet) {
      const kept = outbox.all().find((item) => item.key === press.key);
      if (kept) again(kept);
      tell(answer.code === "queue.steered" ? "" : answer.sentence);
    } else if (ok && answer.html && isOnSheet) {
      byId("sent").innerHTML = answer.html;
    } else if (ok && answer.html) {
      arrive(press.label, answer.html);
    } else {
      note(ok ? "" : `${press.label}: ${answer.sentence}`);
    }
    showOutbox();
    look();
  });
  function tell(sentence) {
    let place = form.querySelector(".refused-line");
    if (!place) {
      place = document.createElement("p");
      place.className = "refused-line";
      place.setAttribute("role", "alert");
      form.querySelector(".sheet-head").after(place);
    }
    place.textContent = sentence;
    place.hidden = !sentence;
  }
  form.addEventListener("input", () => tell(""));
  // What came back while its sheet was closed (the line was down): shown on the page until it is put away.
  function arrive(label, html) {
    const place = byId("arrived");
    const item = document.createElement("article");
    item.innerHTML = html;
    item.append(button(words.done, () => {
      item.remove();
      place.hidden = place.children.length === 0;
    }));
    item.setAttribute("aria-label", label);
    place.append(item);
    place.hidden = false;
  }

  // ------------------------------------------------------------------------------------------ the live part
  const opened = new Set();
  now.addEventListener("toggle", (event) => {
    if (event.target.id) opened[event.target.open ? "add" : "delete"](event.target.id);
  }, true);
  let drawnAt = performance.now();
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== now) return;
    drawnAt = performance.now();
    for (const id of opened) if (byId(id)) byId(id).open = true;
    markPending();
    alarm();
    tick();
  });
  // A call for help that was not there before is felt in the pocket, where the phone can.
  const alarms = new Set([...now.querySelectorAll("[data-alarm]")].map((call) => call.dataset.alarm));
  function alarm() {
    const fresh = [...now.querySelectorAll("[data-verb=take-help]")].filter((call) => !alarms.has(call.dataset.alarm));
    for (const call of fresh) alarms.add(call.dataset.alarm);
    if (fresh.length && navigator.vibrate) navigator.vibrate([200, 100, 200]);
  }
  // A choice that is being made is not drawn away under the thumb.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target === now && document.activeElement && document.activeElement.tagName === "SELECT" && now.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
  function tick() {
    const passed = (performance.now() - drawnAt) / 1000;
    for (const clock of now.querySelectorAll("[data-elapsed]")) {
      const seconds = Math.floor(Number(clock.dataset.elapsed) + passed * Number(clock.dataset.speed));
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }
  setInterval(tick, 1000);

  // ------------------------------------------------------------------------------------------ without a signal
  // Where browsers allow it (HTTPS, or this very machine), the page itself opens without a signal too.
  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register(words.worker, { scope: "/guide/" }).then(() => navigator.serviceWorker.ready).then((ready) => {
      const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
      ready.active.postMessage({ page: location.href, parts });
    }).catch(() => undefined);
  }
  showDraft();
  markPending();
  showOutbox();
})();
