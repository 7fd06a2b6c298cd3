/**
 * The only place where text becomes markup or a script's address (Content-Security-Policy `trusted-types ivig`:
 * browsers that know trusted types refuse it everywhere else). What comes in here is a page that this service wrote.
 */
const ours = { createHTML: (html) => html, createScriptURL: (url) => (url === WORKER ? url : "") };
const WORKER = "/service-worker.js";
const policy = globalThis.trustedTypes?.createPolicy("ivig", ours) ?? ours;

/** A page of ours as a document: its scripts do not run, and nothing of it is shown. */
export const parsePage = (html) => new DOMParser().parseFromString(policy.createHTML(html), "text/html");

/** Put a page of ours in the place of this one. */
export function showPage(html) {
  document.open();
  document.write(policy.createHTML(html));
  document.close();
}

/** The address of the service worker, the one script whose address a script may name. */
export const workerAddress = () => policy.createScriptURL(WORKER);
