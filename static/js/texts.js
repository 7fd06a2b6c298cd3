/** Translated texts: English key in, the page's language out. The server sends the whole table. */
import { readJson } from "./dom.js";

const table = { ...(readJson("texts") ?? {}) };

/** The text for an English key, with %(name)s filled from values. */
export function t(key, values = {}) {
  const text = table[key] ?? key;
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole)).replace(/%%/g, "%");
}
