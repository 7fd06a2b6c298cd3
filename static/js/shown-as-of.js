/** One line that says from when the page's data is, as soon as that is half a minute ago. */
import { lastContact, now } from "./clock.js";
import { page } from "./dom.js";
import { elapsed } from "./monotonic.js";
import { t } from "./texts.js";
import { formatTime } from "./time.js";

const OLD_MS = 30_000;

function amount(value, unit) {
  return new Intl.NumberFormat(page.lang || "en", { style: "unit", unit, unitDisplay: "long" }).format(value);
}

/** "45 seconds", "7 minutes", "2 hours 5 minutes" in the page's language. */
function length(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return amount(Math.floor(seconds), "second");
  const hours = Math.floor(minutes / 60);
  const rest = amount(minutes % 60, "minute");
  return hours ? `${amount(hours, "hour")} ${rest}` : rest;
}

/** Keep the line right. `isCurrent()` tells whether the page shows what the server last said. */
export function startShownAsOf(isCurrent) {
  const line = document.querySelector("[data-shown-as-of]");
  let asOf = lastContact();
  const show = () => {
    if (isCurrent()) asOf = lastContact();
    line.hidden = elapsed() - asOf.local < OLD_MS;
    if (line.hidden) return;
    const time = formatTime(new Date(asOf.server).toISOString(), "smart");
    const text = t("Shown as of %(time)s, %(age)s old.", { time, age: length(Math.max(0, (now() - asOf.server) / 1000)) });
    if (line.textContent !== text) line.textContent = text;
  };
  setInterval(show, 1000);
  show();
}
