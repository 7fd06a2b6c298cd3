/** What a scan came to, in words, beside the place where it was scanned. */
import { h } from "./dom.js";

/** `state` is good, ask, bad or busy; no content clears. */
export function show(widget, state, ...content) {
  const result = widget.querySelector("[data-scan-result]");
  result.dataset.state = state;
  result.replaceChildren(...content.filter(Boolean).map((item) => (item instanceof Node ? item : h("p", {}, item))));
  if (content.length) result.scrollIntoView({ block: "nearest" });
}

export const title = (text) => h("p", { class: "scan-title" }, text);

/** The fields that a scan fills or sets. */
export const targetOf = (element) => element.closest("[data-scan-target]");
