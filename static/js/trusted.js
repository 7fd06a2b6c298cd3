/**
 * The only place where text becomes markup or a script's address (Content-Security-Policy `trusted-types ivig`:
 * browsers that know trusted types refuse it everywhere else). What comes in here is a page that this service wrote.
 */
const WORKER = "/service-worker.js";
const ours = {
  createHTML: (html) => html,
  createScriptURL: (url) => (url === WORKER ? url : ""),
  createScript: (text) => JSON.stringify(JSON.parse(text)), // data of a page, never code
};
const policy = globalThis.trustedTypes?.createPolicy("ivig", ours) ?? ours;

/** A page of ours as a document: its scripts do not run, and nothing of it is shown. */
export const parsePage = (html) => new DOMParser().parseFromString(policy.createHTML(html), "text/html");

/** Copies of nodes of such a document, to be put into this one; the data among them (JSON in scripts) are taken along. */
export function imported(nodes) {
  const copies = document.createDocumentFragment();
  copies.append(...[...nodes].map((node) => document.importNode(node, true)));
  for (const old of copies.querySelectorAll('script[type="application/json"]')) {
    const data = document.createElement("script");
    data.type = "application/json";
    data.id = old.id;
    data.textContent = policy.createScript(old.textContent);
    old.replaceWith(data);
  }
  return copies;
}

/** Put a page of ours in the place of this one. */
export function showPage(html) {
  document.open();
  document.write(policy.createHTML(html));
  document.close();
}

/** The address of the service worker, the one script whose address a script may name. */
export const workerAddress = () => policy.createScriptURL(WORKER);
