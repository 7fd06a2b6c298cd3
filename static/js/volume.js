/**
 * Volume given, carried on between answers of the server: given + rate × time while running, never
 * past the total. Elements: `<span data-volume data-given data-as-of data-rate data-total data-running>`
 * and, beside them, `<progress data-volume-meter="id of the span">` and what is left of the hung bottle:
 * `<span data-hung-left="at as-of" data-of="id of the span">`.
 */
import { now } from "./clock.js";
import { number } from "./numbers.js";

/** Millilitres given at this moment of the clinical clock. */
export function volumeNow({ given, asOf, rate, total, running }) {
  const start = Number(given);
  if (running !== "true") return start;
  const hours = Math.max(0, (now() - Date.parse(asOf)) / 3_600_000);
  return Math.min(start + Number(rate) * hours, Number(total));
}

/** Bring all volumes and their meters under `root` up to date. */
export function refreshVolumes(root = document) {
  for (const element of root.querySelectorAll("[data-volume]")) {
    // Rounded down: a display must never say more was given than was.
    const value = Math.floor(volumeNow(element.dataset) * 10 + 1e-6) / 10;
    const text = number(value, { fixed: 1, places: 1 });
    if (element.textContent !== text) element.textContent = text;
    const meter = element.id ? root.querySelector(`[data-volume-meter="${element.id}"]`) : null;
    if (meter) meter.value = value;
    const hung = element.id ? root.querySelector(`[data-hung-left][data-of="${element.id}"]`) : null;
    if (hung) refreshHung(hung, value - Number(element.dataset.given));
  }
}

function refreshHung(element, givenSince) {
  const left = Math.max(0, Number(element.dataset.hungLeft) - Math.max(0, givenSince));
  const text = number(Math.floor(left), { places: 0 });
  if (element.textContent !== text) element.textContent = text;
}
