/** Single keys of a page, on any keyboard layout. A person can turn them off on their device (WCAG 2.1.4). */
import { remember, remembered } from "./store.js";

const STORED = "single-keys";
const isOn = () => remembered(STORED) !== "off";

/** `actions`: {s: fn, "1": fn, "?": fn}. Silent while somebody types, in a dialog, and with Ctrl, Alt or Meta. */
export function startKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !isOn()) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const action = actions[pressed(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const box = document.querySelector("[data-single-keys]");
  if (!box) return;
  box.checked = isOn();
  box.addEventListener("change", () => remember(STORED, box.checked ? "on" : "off"));
}

/** The Latin character of the key; a Persian keyboard sends its own letters and digits from the same keys. */
function pressed({ key, code }) {
  if (key === "؟") return "?";
  if (/^[\x21-\x7e]$/.test(key)) return key.toLowerCase();
  return code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
}
