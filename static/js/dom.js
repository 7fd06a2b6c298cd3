/** Small helpers to read and build the page. Text always goes in as text, never as markup. */

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The data a page carries in `{{ value|json_script:"id" }}`, or null. */
export function readJson(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

export const page = document.documentElement;

/** Left-to-right island: quantities keep their order inside right-to-left text. */
export function ltr(text) {
  return h("bdi", { dir: "ltr" }, text);
}

/** A name or code inside a sentence: untouched, and in Persian apart from the writing direction around it. */
export function isolated(text) {
  return page.dir === "rtl" ? `\u2068${text ?? ""}\u2069` : String(text ?? "");
}
