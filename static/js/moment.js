/**
 * When something was done: now, some minutes ago, or at a time of the ward's clock. `[data-moment]` holds buttons
 * `[data-moment-ago]`, a field `[data-moment-time]` and the hidden field that is sent; empty is now.
 */
import { now } from "./clock.js";
import { page } from "./dom.js";
import { formatTime } from "./time.js";

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const wardClock = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.timeZone || "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function wardMinutes(moment) {
  const [hours, minutes] = wardClock.format(new Date(moment)).split(":").map(Number);
  return hours * 60 + minutes;
}

/** The last moment at which the ward's clock showed this time; null for what is no time. */
export function lastTimeOf(text) {
  const latin = text.replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0)).replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
  const found = /^\s*(\d{1,2})[:.]?(\d{2})\s*$/.exec(latin);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  const wanted = Number(found[1]) * 60 + Number(found[2]);
  const base = Math.floor(now() / MINUTE) * MINUTE;
  const ago = (wardMinutes(base) - wanted + DAY_MINUTES) % DAY_MINUTES;
  // A change of summer time in between moves it by an hour.
  const candidates = [ago, ago - 60, ago + 60].map((minutes) => base - minutes * MINUTE);
  return candidates.find((moment) => moment <= now() && wardMinutes(moment) === wanted) ?? null;
}

/** Set a moment; null is now. */
export function setMoment(group, moment, pressed = null) {
  group.querySelector("[data-moment-value]").value = moment === null ? "" : new Date(moment).toISOString();
  const early = moment !== null && group.dataset.earliest && moment < Date.parse(group.dataset.earliest) - 15 * MINUTE;
  say(group, early ? group.dataset.tooEarly : moment === null ? group.querySelector("[data-moment-now]").dataset.momentNow : formatTime(new Date(moment).toISOString(), "smart"), early);
  for (const button of group.querySelectorAll("[data-moment-ago]")) button.setAttribute("aria-pressed", String(button.dataset.momentAgo === String(pressed)));
}

function say(group, text, bad) {
  group.dataset.bad = String(Boolean(bad));
  group.querySelector("[data-moment-said]").textContent = text;
}

function typed(field) {
  const group = field.closest("[data-moment]");
  if (field.value.trim() === "") setMoment(group, null, 0);
  else {
    const moment = lastTimeOf(field.value);
    if (moment === null) {
      group.querySelector("[data-moment-value]").value = "";
      say(group, group.dataset.tooEarly, field.value.replace(/\D/g, "").length >= 4);
    } else setMoment(group, moment);
  }
  field.setCustomValidity(group.dataset.bad === "true" ? group.dataset.tooEarly : "");
}

export function startMoments() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-moment-ago]");
    if (!button) return;
    const group = button.closest("[data-moment]");
    const field = group.querySelector("[data-moment-time]");
    field.value = "";
    field.setCustomValidity("");
    const ago = Number(button.dataset.momentAgo);
    setMoment(group, ago ? Math.floor(now() / MINUTE) * MINUTE - ago * MINUTE : null, ago);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-moment-time]")) typed(event.target);
  });
  document.addEventListener("reset", (event) => {
    for (const group of event.target.querySelectorAll("[data-moment]")) {
      group.querySelector("[data-moment-time]").setCustomValidity("");
      setMoment(group, null, 0);
    }
  });
}
