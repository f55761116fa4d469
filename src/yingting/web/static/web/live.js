// Keeps a screen true: listens to the stream process and says on document.body when to fetch again.
//
//   yingting:changed  something in the page's halls changed, or may have (reconnect, tab shown again, back online)
//   yingting:stale    nothing was heard for too long, or a fetch failed: #stale is shown
//   yingting:fresh    heard again: #stale is hidden
//
// The page gives the address in <body data-live>. data-live-stale: seconds of silence that make the page stale (45).
// <meta name="yingting-live" content="keep"> in a page keeps its line while the tab is hidden (boards, phones that wait for
// a call). Other hidden tabs let go of it after a minute: a browser opens six lines to a host, and a seventh tab would wait.
(() => {
  "use strict";
  const GAP_MS = 250; // screens of a lively hall fetch at most this often; the first change goes through at once
  const RETRY_MS = [1000, 10000];
  const HIDDEN_MS = 60000;
  const RELOAD_GAP_MS = 300000;
  const CONNECT_MS = 5000;
  const FAILED_MS = 20000; // a failed fetch that no other fetch has made good counts this long
  const body = document.body;
  const address = body.dataset.live;
  const keeps = document.querySelector('meta[name="yingting-live"][content="keep"]') !== null;

  let source = null;
  let heardAt = Date.now();
  let isStale = false;
  let failedAt = 0; // when a fetch of the page failed; the stream alone does not make it fresh again
  let triedAt = 0;
  let tries = 0;
  let retryTimer = 0;
  let gapTimer = 0;
  let firedAt = 0;
  let hiddenTimer = 0;
  let refetchTimer = 0;

  const say = (name, detail) => body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  const staleAfterMs = () => 1000 * Number(body.dataset.liveStale || 45);

  function changed(detail) {
    if (gapTimer) return;
    const wait = firedAt + GAP_MS - Date.now();
    if (wait <= 0 || wait > GAP_MS) {
      firedAt = Date.now();
      say("yingting:changed", detail);
      return;
    }
    gapTimer = setTimeout(() => {
      gapTimer = 0;
      firedAt = Date.now();
      say("yingting:changed", detail);
    }, wait);
  }

  function markStale() {
    if (isStale) return;
    isStale = true;
    const badge = document.getElementById("stale");
    if (badge) badge.hidden = false;
    say("yingting:stale", {});
  }

  function markFresh() {
    const badge = document.getElementById("stale");
    if (badge) badge.hidden = true;
    if (!isStale) return;
    isStale = false;
    say("yingting:fresh", {});
  }

  function heard() {
    heardAt = Date.now();
    tries = 0;
    if (isStale && Date.now() - failedAt > FAILED_MS) {
      markFresh();
      changed({ why: "fresh" });
    }
  }

  function letGo() {
    if (source) source.close();
    source = null;
    clearTimeout(retryTimer);
    retryTimer = 0;
  }

  function connect() {
    letGo();
    triedAt = Date.now();
    const mine = new EventSource(address);
    source = mine;
    mine.addEventListener("hello", () => {
      heard();
      // Between the making of the page and this moment anything may have happened.
      changed({ why: "hello" });
    });
    mine.addEventListener("changed", (event) => {
      heard();
      changed({ why: "changed", ...JSON.parse(event.data) });
    });
    mine.addEventListener("beat", heard);
    mine.onerror = () => {
      if (source === mine) again();
    };
  }

  // Many screens lose the line at the same moment; a random wait keeps them from coming back in one crowd.
  function again() {
    letGo();
    tries += 1;
    const [least, most] = RETRY_MS;
    const wait = Math.min(most, least * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
    retryTimer = setTimeout(() => {
      connect();
      if (tries > 1) tellWhy();
    }, Math.max(least, wait));
  }

  // An EventSource does not say why it was refused: a token that is too old (403) needs a fresh page, once.
  async function tellWhy() {
    try {
      const answer = await fetch(address, { method: "HEAD", cache: "no-store", credentials: "omit" });
      if (answer.status !== 403) return;
      const last = Number(sessionStorage.getItem("yingting-live-reload") || 0);
      if (Date.now() - last < RELOAD_GAP_MS) return;
      sessionStorage.setItem("yingting-live-reload", String(Date.now()));
      location.reload();
    } catch {
      // not reachable: the retries go on
    }
  }

  function watch() {
    const silence = Date.now() - heardAt;
    if (silence < 0) heardAt = Date.now(); // the clock was set back
    if (silence > staleAfterMs() && (source || retryTimer)) {
      markStale();
      if (!retryTimer && Date.now() - triedAt > CONNECT_MS) again(); // the line looks open and says nothing
    }
  }

  function shown() {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === "hidden") {
      if (!keeps) hiddenTimer = setTimeout(letGo, HIDDEN_MS);
      return;
    }
    if (!source && !retryTimer) {
      heardAt = Date.now();
      connect();
    }
    watch();
    changed({ why: "visible" });
  }

  // A fetch that failed: the page is older than it looks. Try again by itself, at a random moment.
  function fetchFailed() {
    failedAt = Date.now();
    markStale();
    clearTimeout(refetchTimer);
    refetchTimer = setTimeout(() => changed({ why: "retry" }), 2000 + Math.random() * 3000);
  }

  // A button must not be drawn away between press and release: the browser would make no click of it. The answer to a refresh
  // that comes meanwhile is left out, and asked for again after the release.
  let isHeldBack = false;
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.verb !== "get" || !event.target.querySelector(":active")) return;
    event.detail.shouldSwap = false;
    isHeldBack = true;
  });
  function released() {
    if (!isHeldBack) return;
    isHeldBack = false;
    setTimeout(() => changed({ why: "released" })); // the click comes first
  }
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, released);

  body.addEventListener("htmx:sendError", fetchFailed);
  body.addEventListener("htmx:timeout", fetchFailed);
  body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) fetchFailed();
  });
  body.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) return;
    failedAt = 0;
    if (!address || Date.now() - heardAt <= staleAfterMs()) markFresh();
  });

  if (!address) return;
  document.addEventListener("visibilitychange", shown);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) shown();
  });
  window.addEventListener("online", () => {
    connect();
    changed({ why: "online" });
  });
  setInterval(watch, 1000);
  connect();
})();
