/**
 * A keypad on the screen for `input[data-keypad]`, opened by a finger or a pen: large keys, the reader's digits,
 * "Next field". The field keeps the focus, so that a keyboard or a scanner still types into it; a mouse opens
 * nothing. Enter goes on to the next field as well.
 */
import { page } from "./dom.js";
import { digits, number, typedNumber } from "./numbers.js";

const point = number(0.5).replace(/[\d۰-۹]/g, "");
const panel = document.querySelector("[data-keypad-panel]");
const part = (name) => panel.querySelector(`[data-keypad-${name}]`);
let field = null;
let finger = false;

export function openKeypad(target) {
  field?.removeAttribute("data-keypad-on");
  field = target;
  field.inputMode = "none";
  field.setAttribute("data-keypad-on", "");
  const label = field.labels?.[0];
  part("label").textContent = field.getAttribute("aria-label") ?? label?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const whole = Number(field.dataset.places ?? 0) === 0;
  part("point").disabled = whole;
  part("point").textContent = point;
  const box = field.getBoundingClientRect();
  panel.dataset.side = box.left + box.width / 2 > innerWidth / 2 ? "left" : "right";
  panel.hidden = false;
  page.classList.add("keypad-open");
  show();
  field.focus({ preventScroll: true });
  field.select();
  field.scrollIntoView({ block: innerWidth < 640 ? "center" : "nearest" });
}

export function closeKeypad() {
  if (!field) return;
  field.inputMode = "decimal";
  field.removeAttribute("data-keypad-on");
  field = null;
  panel.hidden = true;
  page.classList.remove("keypad-open");
}

function show() {
  part("value").textContent = field.value || "–";
  const value = typedNumber(field.value.replace(",", "."));
  const { minimum, maximum } = field.dataset;
  panel.dataset.outside = String(Boolean(maximum && value > Number(maximum)) || Boolean(minimum && value < Number(minimum)));
}

function press(key) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  if (key === "back") {
    const from = start === end ? Math.max(0, start - 1) : start;
    field.setRangeText("", from, end, "end");
  } else {
    const text = key === "." ? point : digits(key);
    if (key === "." && value.slice(0, start).concat(value.slice(end)).includes(point)) return;
    field.setRangeText(text, start, end, "end");
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The next thing to fill in: another number, or the first choice of a sign told in words. */
function next() {
  const from = field ?? document.activeElement;
  const form = from.closest("form");
  const stops = [...form.querySelectorAll("input[data-keypad], [data-sign] input[type=radio], button[data-test^=save], button:not([type=button]):not([data-step])")];
  const later = stops.slice(stops.indexOf(from) + 1).find((stop) => !stop.disabled && stop.offsetParent !== null && !stop.closest("[data-not-done]"));
  const onScreen = !panel.hidden;
  if (later?.matches("input[data-keypad]")) {
    if (onScreen) openKeypad(later);
    else {
      later.focus();
      later.select();
    }
    return;
  }
  closeKeypad();
  later?.scrollIntoView({ block: "center" });
  later?.focus({ preventScroll: true });
}

function isField(target) {
  return target instanceof HTMLInputElement && "keypad" in target.dataset && !target.readOnly;
}

export function startKeypad() {
  if (!panel) return;
  document.addEventListener("pointerdown", (event) => {
    finger = event.pointerType !== "mouse";
    if (event.target.closest?.("[data-keypad-panel]")) event.preventDefault();
    else if (isField(event.target)) event.target.inputMode = finger ? "none" : "decimal";
    else if (field && !event.target.closest?.(".stepper")) closeKeypad();
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-keypad-panel]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const key = target?.closest("[data-key]");
    if (key && field) press(key.dataset.key);
    else if (target?.closest("[data-keypad-next]") && field) next();
    else if (target?.closest("[data-keypad-close]")) closeKeypad();
    else if (isField(target) && finger) openKeypad(target);
    const focuser = target?.closest("[data-focus]");
    const wanted = focuser && finger ? document.getElementById(focuser.dataset.focus) : null;
    if (isField(wanted)) openKeypad(wanted);
  });
  document.addEventListener("input", (event) => {
    if (event.target === field) show();
  });
  document.addEventListener("focusin", (event) => {
    if (field && event.target !== field && !panel.contains(event.target)) {
      if (isField(event.target)) openKeypad(event.target);
      else closeKeypad();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeKeypad();
    if (event.key === "Enter" && isField(event.target)) {
      event.preventDefault();
      next();
    }
  });
}
