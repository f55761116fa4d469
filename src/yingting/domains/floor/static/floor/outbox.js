// The outbox: every press of the guide's page is kept on the phone under its own key until somebody answers for good.
//
// A definite answer is JSON with a status of 2xx or 4xx. Anything else (no line, a gateway's page, our own failure) is tried
// again with the same key, so the server does it once. Each press has an entry of its own in localStorage: two open tabs do
// not overwrite each other. Events on document: "outbox:changed", and "outbox:answer" with {press, answer, ok}.
(() => {
  "use strict";
  const main = document.getElementById("main");
  if (!main || !main.dataset.send) return;
  const PREFIX = `yingting.outbox.${main.dataset.hall}.${main.dataset.person}.`;
  const WAITS_MS = [1000, 2000, 4000, 8000, 15000];
  const PATIENCE_MS = 12000;
  const memory = new Map(); // where the browser keeps nothing (private mode), the open page still does

  function keep(press) {
    memory.set(press.key, press);
    try {
      localStorage.setItem(PREFIX + press.key, JSON.stringify(press));
    } catch {
      // full or forbidden: the page's memory holds it
    }
  }
  function forget(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // as above
    }
  }
  function all() {
    const found = new Map(memory);
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const name = localStorage.key(i);
        if (!name.startsWith(PREFIX)) continue;
        const press = JSON.parse(localStorage.getItem(name));
        found.set(press.key, press);
      }
      for (const key of memory.keys()) if (localStorage.getItem(PREFIX + key) === null) found.delete(key) && memory.delete(key);
    } catch {
      // unreadable: what the page remembers is all
    }
    return [...found.values()].sort((a, b) => a.at - b.at);
  }

  // randomUUID would need HTTPS; a hall's own network may have none.
  const freshKey = () => "guide-" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  let token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let busy = "";
  let tries = 0;
  let timer = 0;
  let trouble = ""; // "", "line", "signin", "server"

  async function ask(url, options) {
    const patience = new AbortController();
    const clock = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(url, { ...options, signal: patience.signal, credentials: "same-origin", cache: "no-store" });
      return { status: answer.status, url: answer.url, isJson: (answer.headers.get("Content-Type") || "").startsWith("application/json"), text: await answer.text() };
    } finally {
      clearTimeout(clock);
    }
  }

  function post(press) {
    const body = new URLSearchParams(press.fields);
    body.set("key", press.key);
    body.set("ago", String(Math.max(0, Math.round((Date.now() - press.at) / 1000))));
    return ask(`${main.dataset.send}${press.verb}/`, { method: "POST", body, headers: { "X-CSRFToken": token } });
  }

  const isSignIn = (answer) => new URL(answer.url).pathname === "/sign-in/";

  // A page kept from before a sign-in holds an old token: ask for a fresh page once.
  async function freshToken() {
    const page = await ask(location.pathname, {});
    if (isSignIn(page)) return false;
    const found = new DOMParser().parseFromString(page.text, "text/html").body.getAttribute("hx-headers");
    if (!found) return false;
    token = JSON.parse(found)["X-CSRFToken"];
    document.body.setAttribute("hx-headers", found);
    return true;
  }

  async function deliver() {
    clearTimeout(timer);
    timer = 0;
    if (busy) return;
    const press = all().find((item) => item.state !== "refused");
    if (!press) {
      trouble = "";
      say("outbox:changed");
      return;
    }
    busy = press.key;
    say("outbox:changed");
    let answer = null;
    try {
      answer = await post(press);
      if (answer.status === 403 && !answer.isJson && (await freshToken())) answer = await post(press);
    } catch {
      answer = null;
    }
    busy = "";
    if (answer && answer.isJson && answer.status < 500) {
      settle(press, answer);
      tries = 0;
      trouble = "";
      deliver();
      return;
    }
    trouble = answer === null ? "line" : isSignIn(answer) ? "signin" : "server";
    timer = setTimeout(deliver, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] * (0.8 + Math.random() * 0.4));
    tries += 1;
    say("outbox:changed");
  }

  function settle(press, answer) {
    const said = JSON.parse(answer.text);
    if (said.ok) forget(press.key);
    else keep({ ...press, state: "refused", code: said.code, sentence: said.sentence });
    say("outbox:answer", { press, answer: said, ok: said.ok });
  }

  window.yingtingOutbox = {
    freshKey,
    add(verb, fields, label, key = freshKey()) {
      const press = { key, verb, fields, label, at: Date.now(), state: "waiting" };
      keep(press);
      tries = 0;
      deliver();
      return press;
    },
    drop(key) {
      forget(key);
      say("outbox:changed");
    },
    all,
    now: () => ({ busy, trouble }),
    hurry() {
      if (busy) return;
      tries = 0;
      deliver();
    },
  };
  addEventListener("online", () => window.yingtingOutbox.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && window.yingtingOutbox.hurry());
  document.body.addEventListener("yingting:fresh", () => window.yingtingOutbox.hurry());
  addEventListener("DOMContentLoaded", deliver);
})();
