/** Times and countdowns in the page's language, calendar and ward time zone. */
import { now, secondsUntil } from "./clock.js";
import { page } from "./dom.js";
import { digits } from "./numbers.js";
import { t } from "./texts.js";

const locale = page.lang === "fa" ? "fa-IR-u-ca-persian-nu-arabext" : page.lang === "en" ? "en-GB" : page.lang || "en-GB";
const timeZone = page.dataset.timeZone || "UTC";

function intl(options) {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone, ...options });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  }
}

const hourMinute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const dayMonthYear = { day: "numeric", month: "short", year: "numeric" };
const formats = {
  time: intl(hourMinute),
  clock: intl({ ...hourMinute, second: "2-digit" }),
  date: intl(dayMonthYear),
  day: intl({ weekday: "short", day: "numeric", month: "short" }),
  datetime: intl({ ...dayMonthYear, ...hourMinute }),
};
const plainDate = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...dayMonthYear });

/** One moment (ISO text) as text: time, clock, date, day, datetime or relative. */
export function formatTime(iso, format = "time") {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return plainDate.format(new Date(`${iso}T00:00:00Z`));
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  if (format === "relative") return relative(iso);
  if (format === "smart") return sameDay(moment) ? formats.time.format(moment) : formats.datetime.format(moment);
  return (formats[format] ?? formats.time).format(moment);
}

function sameDay(moment) {
  return formats.date.format(moment) === formats.date.format(new Date(now()));
}

const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });

function relative(iso) {
  const seconds = secondsUntil(iso);
  const size = Math.abs(seconds);
  if (size < 60) return t("just now");
  if (size < 5400) return relativeFormat.format(Math.round(seconds / 60), "minute");
  if (size < 129600) return relativeFormat.format(Math.round(seconds / 3600), "hour");
  return relativeFormat.format(Math.round(seconds / 86400), "day");
}

/** "04:12", "2:05:00" or "3 d 04 h" for a length in seconds. */
export function duration(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const two = (value) => String(value).padStart(2, "0");
  if (whole >= 172800) {
    return t("%(days)s d %(hours)s h", { days: digits(Math.floor(whole / 86400)), hours: digits(Math.floor((whole % 86400) / 3600)) });
  }
  const hours = Math.floor(whole / 3600);
  const clock = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return digits(hours ? `${hours}:${clock}` : clock);
}

/** What a countdown says now, and whether it is overdue. */
export function countdown(iso) {
  const seconds = secondsUntil(iso);
  if (seconds >= 0) return { overdue: false, text: t("in %(time)s", { time: duration(seconds) }) };
  return { overdue: true, text: t("+%(time)s overdue", { time: duration(seconds) }) };
}

/** Bring every time and countdown under `root` up to date. */
export function refreshTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const text = formatTime(element.dataset.time, element.dataset.format);
    if (element.textContent !== text) element.textContent = text;
  }
  refreshTicking(root);
}

/** Only what changes by the passing of time. Cheap enough for every second. */
export function refreshTicking(root = document) {
  for (const element of root.querySelectorAll("[data-countdown]")) {
    const { overdue, text } = countdown(element.dataset.countdown);
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("overdue", overdue);
  }
  for (const element of root.querySelectorAll('time[data-format="relative"]')) {
    const text = formatTime(element.dataset.time, "relative");
    if (element.textContent !== text) element.textContent = text;
  }
  for (const element of root.querySelectorAll("[data-clock]")) {
    element.textContent = formats.clock.format(new Date(now()));
  }
}

/** A `<time>` element that the functions above keep right. */
export function timeElement(iso, format = "time") {
  const element = document.createElement("time");
  element.dateTime = iso;
  element.dataset.time = iso;
  element.dataset.format = format;
  element.textContent = formatTime(iso, format);
  return element;
}
