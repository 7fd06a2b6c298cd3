/** Translated texts: English key in, the page's language out. The server sends the whole table. */
import { readJson } from "./dom.js";

const table = { ...(readJson("texts") ?? {}) };

/** A value as text; guideline names come as one wording per language: `{en, nb, fa}`. */
function wording(value) {
  if (value === null || typeof value !== "object") return String(value);
  return value[document.documentElement.lang.split("-")[0]] ?? value.en;
}

/** The text for an English key, with %(name)s filled from values. */
export function t(key, values = {}) {
  const text = table[key] ?? key;
  return text.replace(/%\((\w+)\)s|%%/g, (whole, name) => (whole === "%%" ? "%" : name in values ? wording(values[name]) : whole));
}
