/**
 * What opens instead of a page while there is no network: the kept bedside page of this address, as the
 * server last wrote it, for the person who is signed in here. Imports nothing that reads the document:
 * the kept page replaces it.
 */
import { canSeal } from "./offline-crypto.js";
import { isLocked, pagesOf, signedIn } from "./offline-store.js";
import { parsePage, showPage } from "./trusted.js";

function show({ html, server, device }) {
  const kept = parsePage(html);
  kept.documentElement.dataset.serverNow = server;
  kept.documentElement.dataset.keptAt = String(device);
  showPage(`<!doctype html>${kept.documentElement.outerHTML}`);
}

function list(pages) {
  const place = document.querySelector("[data-kept]");
  for (const { sessionId, title } of pages) {
    const link = document.createElement("a");
    link.href = `/sessions/${sessionId}/`;
    link.className = "row-link";
    link.textContent = title;
    const row = document.createElement("li");
    row.append(link);
    place.querySelector("ul").append(row);
  }
  place.hidden = pages.length === 0;
}

// Pulling the plug of the network must not open what a locked screen hides.
const opens = canSeal && !(await isLocked().catch(() => true));
const person = opens ? await signedIn().catch(() => "") : "";
const pages = person ? await pagesOf(person).catch(() => []) : [];
const wanted = Number(/^\/sessions\/(\d+)\/$/.exec(location.pathname)?.[1] ?? 0);
const found = pages.find((page) => page.sessionId === wanted);
if (found) show(found);
else list(pages);
document.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
window.addEventListener("online", () => found || location.reload());
