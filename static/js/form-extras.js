/**
 * Repeated groups, and dates said out in the reader's calendar: a browser's own date field may show
 * 04/05 in an order nobody on the ward expects.
 */
import { now } from "./clock.js";
import { page } from "./dom.js";
import { digits, separator } from "./numbers.js";
import { formatTime } from "./time.js";

function showNext(button) {
  const group = document.querySelector(`[data-repeat="${button.dataset.repeatAdd}"]`);
  const item = group?.querySelector("[data-repeat-item][hidden]");
  if (item) {
    item.hidden = false;
    for (const field of item.querySelectorAll("input")) field.disabled = false;
    item.querySelector("input").focus();
  }
  button.hidden = !group?.querySelector("[data-repeat-item][hidden]");
}

function echoDates() {
  for (const element of document.querySelectorAll("[data-date-echo]")) {
    const value = document.getElementById(element.dataset.dateEcho)?.value;
    const day = value ? formatTime(value.slice(0, 10), "date") : "";
    // A browser may show 02:59 PM where the ward says 14:59.
    element.textContent = [day, digits(value?.slice(11, 16) ?? "")].filter(Boolean).join(separator);
  }
}

/** Today in the ward, as a date field wants it. */
function wardToday() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: page.dataset.timeZone || "UTC" }).format(new Date(now()));
}

export function startFormExtras() {
  for (const field of document.querySelectorAll("input[data-today]")) field.value ||= wardToday();
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-repeat-add]");
    if (button) showNext(button);
  });
  document.addEventListener("input", echoDates);
  echoDates();
}
