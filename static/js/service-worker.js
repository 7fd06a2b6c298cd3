/**
 * Pages without network. Keeps the assets pages are made of and one empty shell, no patient data and no
 * answer of the API: what the shell shows lies sealed in IndexedDB (offline-store.js).
 */
const CACHE = "ivig-assets-1";
const SHELL = "/offline/";
/** A bedside page that does not come in this time is opened from this device. */
const PATIENCE_MS = 8000;

self.addEventListener("install", (event) => event.waitUntil(keep([]).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data.type === "keep") event.waitUntil(keep(event.data.urls));
  if (event.data.type === "forget") event.waitUntil(caches.delete(CACHE));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && !url.pathname.startsWith("/admin/")) event.respondWith(pageOrShell(request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

/** Fetch the shell anew, and the assets that are not here yet; later requests keep those fresh. */
async function keep(urls) {
  const cache = await caches.open(CACHE);
  const shell = await fetch(SHELL);
  if (!shell.ok) return;
  const html = await shell.clone().text();
  await cache.put(SHELL, shell);
  const own = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]);
  for (const url of new Set([...own, ...urls])) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => null);
  }
}

async function asset(request) {
  try {
    const answer = await fetch(request);
    if (answer.status === 200) {
      const copy = answer.clone();
      caches.open(CACHE).then((cache) => cache.put(request, copy)).catch(() => null);
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function pageOrShell(request, url) {
  const answer = fetch(request);
  const late = url.pathname.startsWith("/sessions/") ? [afterPatience()] : [];
  const first = await Promise.race([answer, ...late]).catch(() => null);
  return first ?? (await caches.match(SHELL, { ignoreVary: true })) ?? answer;
}

const afterPatience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
