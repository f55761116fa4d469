// Keeps the shell of the guide's page (the page, its styles and scripts) for moments without a signal. Network first, always:
// what is shown from the shell is only what could not be fetched. Signing out or losing the sign-in empties it.
"use strict";
const SHELL = "yingting-guide-1";
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { page, parts } = event.data || {};
  if (page) event.waitUntil(caches.open(SHELL).then((shell) => Promise.all([page, ...parts].map((url) => put(shell, url)))));
});
async function put(shell, url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await shell.put(url, answer);
  } catch {
    // the next visit tries again
  }
}

async function fromNet(request) {
  const patience = new AbortController();
  const clock = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(clock);
  }
}

async function page(request) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fromNet(request);
    if (answer.redirected || answer.type === "opaqueredirect" || answer.status === 403) await caches.delete(SHELL);
    else if (answer.ok) await shell.put(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await shell.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function part(request) {
  try {
    const answer = await fromNet(request);
    if (answer.ok) {
      const shell = await caches.open(SHELL);
      await shell.put(request.url, answer.clone());
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && /^\/guide\/[^/]+\/$/.test(url.pathname)) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
});
