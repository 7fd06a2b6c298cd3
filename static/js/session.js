/** Entry of the bedside page: stays true while people work on it, and never wipes what they typed. */
import { anchor } from "./clock.js";
import { statusView } from "./live-status.js";
import { refreshConditional } from "./controls.js";
import { swapLive } from "./live-region.js";
import { confirmBedside, keepBedside } from "./offline-pages.js";
import { startShownAsOf } from "./shown-as-of.js";
import { beep, startSound } from "./sound.js";
import { ghostTemperature, refreshTemperatures } from "./temperature.js";
import { refreshTimes } from "./time.js";
import { PageFeed } from "./page-feed.js";
import { parsePage } from "./trusted.js";
import { refreshVolumes } from "./volume.js";
import { WardFeed } from "./ward-socket.js";

const main = document.querySelector("[data-session]");
const sessionId = Number(main.dataset.session);
const announcer = document.querySelector("[data-announcer]");
let refreshing = null;
let again = false;
let behind = true;
let refused = null;
const heardAlerts = new Set(alertIds());

function alertIds() {
  return [...document.querySelectorAll('[data-live] .alert[data-state="raised"]')].map((alert) => alert.dataset.alert);
}

/** Fetch this page again and put its read-only parts in place. */
function refresh() {
  behind = true;
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = fetchPage().finally(() => {
    refreshing = null;
    if (again) {
      again = false;
      refresh();
    }
  });
}

async function fetchPage() {
  try {
    const response = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000) });
    refused = refusalOf(response);
    if (!response.ok || response.redirected) return retry();
    const html = await response.text();
    const fresh = parsePage(html);
    const freshMain = fresh.querySelector("[data-session]");
    if (!freshMain) return;
    behind = again;
    if (Number(freshMain.dataset.version) < Number(main.dataset.version)) return;
    anchor(fresh.documentElement.dataset.serverNow, fresh.documentElement.dataset.clockSpeed);
    keepBedside(sessionId, fresh, html);
    main.dataset.version = freshMain.dataset.version;
    if (formsChanged(fresh)) return location.reload();
    swapLive(document, fresh);
    for (const field of document.querySelectorAll("input[data-version-field]")) field.value = freshMain.dataset.version;
    ghostLastValues(fresh);
    refreshTimes();
    refreshVolumes();
    refreshTemperatures(main);
    refreshConditional();
    document.dispatchEvent(new CustomEvent("page-refreshed"));
    announceNew();
  } catch {
    retry();
  }
}

function refusalOf(response) {
  if (response.redirected || response.status === 401) return "signed_out";
  return response.status === 403 || response.status === 404 ? "no_right" : null;
}

/** The infusion began or ended: the forms themselves differ. Never at the cost of typed text. */
function formsChanged(fresh) {
  if (fresh.querySelector("[data-session]").dataset.forms === main.dataset.forms) return false;
  const fields = document.querySelectorAll("main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), main textarea");
  const started = [...fields].some((field) => field.value.trim() !== "") || document.querySelector("#vitals-form input[type=radio]:checked");
  return !started && !document.querySelector("dialog[open]");
}

function retry() {
  setTimeout(refresh, 5000);
}

/** The last values move under the empty fields; typed values stay. */
function ghostLastValues(fresh) {
  for (const field of document.querySelectorAll("input[data-last]")) {
    const other = fresh.getElementById(field.id);
    if (!other) continue;
    if ("temperature" in field.dataset) {
      ghostTemperature(field, other.dataset.last);
      continue;
    }
    field.dataset.last = other.dataset.last;
    field.placeholder = other.placeholder;
  }
}

function announceNew() {
  for (const alert of document.querySelectorAll('[data-live] .alert[data-state="raised"]')) {
    if (heardAlerts.has(alert.dataset.alert)) continue;
    heardAlerts.add(alert.dataset.alert);
    beep(alert.dataset.priority);
    announcer.textContent = alert.querySelector(".alert-text")?.textContent ?? "";
  }
}

let primed = false;
const feed = main.dataset.ward
  ? new WardFeed(main.dataset.ward, {
      onStatus: statusView(main),
      onRows(changed) {
        const ours = changed.some((row) => row.session_id === sessionId || row.row_id === `session:${sessionId}`);
        // The first pull repeats what the page already shows, unless something happened in between.
        if (ours || !primed) refresh();
        primed = true;
      },
    })
  : new PageFeed(refresh, () => refused, statusView(main));
const sound = document.querySelector("[data-sound]");
if (sound) startSound(sound);
feed.start();

startShownAsOf(() => !behind);
setInterval(() => behind || confirmBedside(sessionId), 5000);

// Somebody was faster: what the page shows is fetched anew; what was typed and the refusal stay.
document.addEventListener("overtaken", (event) => {
  event.preventDefault();
  refresh();
});

// A reason given by a tap was not typed: it must not keep its part of the page from being brought up to date.
document.addEventListener(
  "refused",
  (event) => {
    if ("tap" in event.target.dataset) event.target.reset();
    refreshConditional();
  },
  true,
);

document.addEventListener("saved", (event) => {
  const { form } = event.detail;
  if (form.dataset.next) return;
  event.preventDefault();
  if (!("keep" in form.dataset)) form.reset();
  refreshConditional();
  for (const summary of document.querySelectorAll("[data-live] .form-summary")) summary.remove();
  for (const details of document.querySelectorAll("details[data-close-after]")) if (details.contains(form)) details.open = false;
  refresh();
});

document.addEventListener("kept", (event) => {
  for (const details of document.querySelectorAll("details[data-close-after]")) if (details.contains(event.detail.form)) details.open = false;
});

document.addEventListener("offline-sent", (event) => {
  if (event.detail.entry.sessionId === sessionId) refresh();
});
