/** The last bedside pages on this device, sealed, and the service worker that lets them open without network. */
import { lastContact } from "./clock.js";
import { page } from "./dom.js";
import { canSeal } from "./offline-crypto.js";
import { confirmPage, keepPage, setSignedIn } from "./offline-store.js";
import { elapsed } from "./monotonic.js";
import { workerAddress } from "./trusted.js";

const userId = page.dataset.user ?? "";
const CONFIRM_EACH_MS = 30_000;
let confirmedAt = elapsed();

/** The server's time and the time here of the last contact, as a kept page carries them. */
function contact() {
  const { server, local } = lastContact();
  return { server: new Date(server).toISOString(), device: Math.round(Date.now() - (elapsed() - local)) };
}

/** Keep the page of a session as the server has just written it. */
export async function keepBedside(sessionId, fresh, html) {
  // Somebody else may have signed in meanwhile: a page is kept only for the person it was written for.
  if (!canSeal || !userId || fresh.documentElement.dataset.user !== userId) return;
  const title = fresh.querySelector("h1").textContent.trim();
  await keepPage(userId, sessionId, { html, title, ...contact() }).catch(() => null);
}

/** The page of this session is still right; noted twice a minute. */
export async function confirmBedside(sessionId) {
  if (!canSeal || !userId || elapsed() - confirmedAt < CONFIRM_EACH_MS) return;
  confirmedAt = elapsed();
  await confirmPage(userId, sessionId, contact()).catch(() => null);
}

/** Nobody is signed in here any more: pages, and keys that seal no waiting entry, go. */
export async function forgetPages() {
  await setSignedIn("");
  navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
}

/** On every page: note whose it is, and have the assets it used kept for a time without network. */
export async function startPages() {
  if (!canSeal || !navigator.serviceWorker) return;
  if (userId) await setSignedIn(userId).catch(() => null);
  else if (document.getElementById("sign-in-form")) await forgetPages().catch(() => null);
  try {
    await navigator.serviceWorker.register(workerAddress());
    if (userId) (await navigator.serviceWorker.ready).active.postMessage({ type: "keep", urls: assets() });
  } catch {
    // A browser that allows no service worker: entries still wait sealed, pages need the network.
  }
}

function assets() {
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  return loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/")).map((url) => url.pathname);
}
