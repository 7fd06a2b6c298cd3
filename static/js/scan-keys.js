/**
 * Scanners that type like a keyboard ("wedges"): a burst of keys far faster than fingers, ended by Enter or Tab.
 * A burst is taken as a scan wherever the focus is, and what it typed into a field is taken out again.
 */
const SCANNER_MS = 50; // between two keys, on the average: scanners need 1 to 30, fingers more than 60
const PAUSE_MS = 150; // a wireless scanner may hesitate once; a longer pause begins anew
const SHORTEST_CODE = 4;
const SEPARATOR = "\x1d";

let receive = null; // the page's own receiver
let instead = null; // another one for a while, such as a locked screen's
let listening = false;
let typed = "";
let firstAt = 0;
let lastAt = -Infinity;
let altDigits = "";
let before = null; // the focused field and what stood in it before the burst

/** The character a key stands for, "" for keys that type nothing. */
function character(event) {
  // FNC1 as scanners send it: Ctrl+], or F8.
  if (["F8", SEPARATOR].includes(event.key) || (event.ctrlKey && (event.key === "]" || event.code === "BracketRight"))) return SEPARATOR;
  if (event.metaKey || (event.ctrlKey && !event.altKey)) return "";
  if (event.key === "Dead") return "¨"; // no code holds one: the server names the keyboard layout as the cause
  return event.key.length === 1 ? event.key : "";
}

function begin(field, at) {
  typed = "";
  firstAt = at;
  altDigits = "";
  before = field instanceof Element && field.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")
    ? { field, value: field.value }
    : null;
}

const isBurst = () => typed.length >= SHORTEST_CODE && lastAt - firstAt <= SCANNER_MS * typed.length;

function takeOut() {
  if (!before) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event("input", { bubbles: true }));
}

function onKeyDown(event) {
  const onScan = instead ?? receive;
  if (!onScan) return;
  if (event.isComposing || ["Shift", "Control", "Alt", "AltGraph", "CapsLock"].includes(event.key)) return;
  if (event.repeat || event.timeStamp - lastAt > PAUSE_MS) begin(event.target, event.timeStamp);
  lastAt = event.timeStamp;
  if (event.key === "Enter" || event.key === "Tab") {
    const text = isBurst() ? typed : "";
    lastAt = -Infinity;
    if (!text) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    takeOut();
    onScan(text, event.target);
  } else if (event.altKey && /^Numpad\d$/.test(event.code)) {
    altDigits += event.code.at(-1); // Alt+029: a character by its number
  } else {
    const one = character(event);
    typed += one;
    if (one === SEPARATOR) keep(event);
    if (!one) lastAt = -Infinity; // Backspace, an arrow: somebody is editing
  }
}

/** No field takes a separator by itself: a slow scanner's must be there when the field is read. */
function keep(event) {
  const field = event.target;
  if (!field.matches?.("[data-scan-field]")) return;
  event.preventDefault();
  field.setRangeText(SEPARATOR, field.selectionStart, field.selectionEnd, "end");
}

function onKeyUp(event) {
  if (event.key !== "Alt" || !altDigits) return;
  typed += String.fromCharCode(Number(altDigits));
  altDigits = "";
  lastAt = event.timeStamp;
}

/** Call `onScan(text, element)` with every scanned code and the element that had the focus. */
export function listenForScans(onScan) {
  receive = onScan;
  listen();
}

/** Have scans go to `onScan` instead of to the page; null gives them back. */
export function divertScans(onScan) {
  instead = onScan;
  listen();
}

function listen() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", onKeyDown, true);
  document.addEventListener("keyup", onKeyUp, true);
}
