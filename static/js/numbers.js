/** Numbers as the page's language writes them. Input is always the decimal string of the API. */
import { ltr, page } from "./dom.js";

const locale = page.lang || "en";

/** "12.50" -> "12.5" (or "۱۲٫۵"). `fixed` keeps that many decimals; never more than `places`. */
export function number(value, { places = 2, fixed = 0 } = {}) {
  if (value === null || value === undefined || value === "") return "–";
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: fixed,
    maximumFractionDigits: Math.max(places, fixed),
    useGrouping: false,
  });
  return format.format(Number(value));
}

/** Number and unit as one left-to-right piece, for example "60 mL/h". */
export function quantity(value, unit, options) {
  return ltr(`${number(value, options)}\u00a0${unit}`);
}

/**
 * Between two things said side by side; a middle dot beside Persian digits would read as a zero. The mark behind
 * the Persian comma keeps figures that follow a Latin name from being drawn to it.
 */
export const separator = locale.startsWith("fa") ? "،\u200f " : ", ";

/** Digits alone, for clock-like texts that are put together by hand. */
export function digits(text) {
  if (!locale.startsWith("fa")) return text;
  return String(text).replace(/\d/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)));
}

/** Persian and Arabic digits as Latin ones. */
export function latinDigits(text) {
  return text
    .replace(/[۰-۹]/g, (d) => String(d.charCodeAt(0) - 0x06f0))
    .replace(/[٠-٩]/g, (d) => String(d.charCodeAt(0) - 0x0660));
}

/** Latin digits and point for a number as people type it; the server reads strictly, this only previews. */
export function typedNumber(text) {
  const folded = latinDigits(text.trim()).replace("٫", ".");
  return /^-?\d+(\.\d+)?$/.test(folded) ? Number(folded) : NaN;
}
