/** Session cards and follow-up lines of the ward board. */
import { priorityMark } from "./alert-view.js";
import { secondsUntil } from "./clock.js";
import { h, ltr } from "./dom.js";
import { digits, number, quantity, separator } from "./numbers.js";
import { t } from "./texts.js";
import { countdown, timeElement } from "./time.js";

const nextWords = { step_due: "Rate change due", vitals_due: "Vital signs due", complete_due: "Completion due" };
const stateWords = { prepared: "Prepared", running: "Running", paused: "Paused", stopped: "Stopped", completed: "Completed", abandoned: "Abandoned" };
const rank = { high: 3, medium: 2, low: 1 };

/** The worst unresolved alert of a session: raised counts more than acknowledged. */
export function worstAlert(sessionId, rows) {
  let worst = null;
  for (const row of rows.values()) {
    if (row.kind !== "alert" || row.session_id !== sessionId || row.state === "resolved") continue;
    if (!worst || weight(row) > weight(worst)) worst = row;
  }
  return worst;
}

export function weight(alert) {
  return (alert.state === "raised" ? 10 : 0) + (rank[alert.priority] ?? 0);
}

/** Worst untaken alert first, then most overdue, then taken alerts, then due soonest, then by bed. */
export function compareSessions(first, second, rows, people) {
  const alarm = (row, state) => {
    const worst = worstAlert(row.session_id, rows);
    return worst?.state === state ? weight(worst) : 0;
  };
  const due = (row) => (row.next ? secondsUntil(row.next.due_at) : Infinity);
  const late = (row) => Math.min(0, due(row));
  const ended = (row) => (["completed", "abandoned"].includes(row.state) ? 1 : 0);
  const bed = (row) => people[String(row.patient_id)]?.bed ?? "";
  return (
    alarm(second, "raised") - alarm(first, "raised") ||
    late(first) - late(second) ||
    alarm(second, "acknowledged") - alarm(first, "acknowledged") ||
    ended(first) - ended(second) ||
    (due(first) === due(second) ? 0 : due(first) - due(second)) ||
    bed(first).localeCompare(bed(second), undefined, { numeric: true })
  );
}

export function sessionCard(row, person, worst) {
  const name = person?.name ?? t("Patient not loaded yet");
  const age = person ? t("%(age)s years", { age: digits(person.age_years) }) : "";
  const day = t("Day %(number)s of %(days)s", { number: digits(row.day_number), days: digits(row.days) });
  const moving = row.state === "running";
  return h(
    "article",
    {
      class: "session-card",
      "data-test": "session-card",
      "data-row": row.row_id,
      "data-state": row.state,
      "data-session": row.session_id,
      "data-priority": worst?.priority,
    },
    h(
      "div",
      { class: "card-head" },
      h("span", { class: "bed" }, h("span", { class: "visually-hidden" }, t("Bed"), " "), digits(person?.bed || "–")),
      h("div", { class: "who" }, h("a", { href: `/sessions/${row.session_id}/` }, name), h("small", {}, age)),
      h("span", { class: "badge", "data-state": row.state, "data-test": "state" }, t(stateWords[row.state] ?? row.state)),
    ),
    nextLine(row),
    worst && h("p", { class: "card-alarm", "data-priority": worst.priority }, priorityMark(worst.priority), worst.state === "acknowledged" && h("span", { class: "muted" }, t("acknowledged"))),
    h(
      "div",
      { class: "card-rate" },
      h("span", { class: "now", "data-test": "rate-now" }, quantity((moving && row.rate_ml_per_h) || 0, "mL/h")),
      h("span", { class: "muted" }, quantity((moving && row.rate_ml_per_kg_h) || 0, "mL/kg/h")),
    ),
    meter(row),
    volumeLine(row),
    h("p", { class: "card-vitals" }, ...vitalsLine(row.last_vitals)),
    h("p", { class: "muted small" }, `${row.product}${separator}${day}`),
  );
}

function nextLine(row) {
  if (!row.next) return null;
  const { text } = countdown(row.next.due_at);
  return h(
    "p",
    { class: "card-next", "data-test": "card-next" },
    h("span", {}, row.next.code === "step_due" && row.next.asked ? t("Rate change waits for you") : t(nextWords[row.next.code] ?? row.next.code)),
    h("span", { class: "countdown", "data-countdown": row.next.due_at }, text),
  );
}

function meter(row) {
  const id = `volume-${row.session_id}`;
  return h("progress", { class: "meter", max: Number(row.volume_total_ml) || 1, value: Number(row.volume_given_ml), "data-volume-meter": id, "aria-label": t("Volume given") });
}

function volumeLine(row) {
  const given = h("span", {
    id: `volume-${row.session_id}`,
    "data-volume": true,
    "data-test": "volume-given",
    "data-given": row.volume_given_ml,
    "data-as-of": row.volume_as_of,
    "data-rate": row.rate_ml_per_h ?? "0",
    "data-total": row.volume_total_ml,
    "data-running": String(row.state === "running"),
  });
  const amount = ltr("");
  amount.append(given, ` / ${number(row.volume_total_ml)}\u00a0mL`);
  const finish = row.finish_at && row.state === "running";
  return h("p", { class: "card-volume" }, amount, finish && h("span", { class: "muted" }, t("ends"), " ", timeElement(row.finish_at, "smart")));
}

/** Last vital signs as short, separately isolated pieces. */
export function vitalsLine(vitals) {
  if (!vitals) return [t("No vital signs yet")];
  const pieces = [];
  const has = (value) => value !== null && value !== undefined;
  if (has(vitals.systolic_mmhg)) pieces.push([t("BP"), `${number(vitals.systolic_mmhg)}/${number(vitals.diastolic_mmhg)}`]);
  if (has(vitals.pulse_per_min)) pieces.push([t("Pulse"), number(vitals.pulse_per_min)]);
  if (has(vitals.spo2_percent)) pieces.push([t("SpO2"), `${number(vitals.spo2_percent)}\u00a0%`]);
  if (has(vitals.temperature_c)) pieces.push([t("Temp"), number(vitals.temperature_c, { fixed: 1 })]);
  if (has(vitals.respiratory_rate_per_min)) pieces.push([t("Resp"), number(vitals.respiratory_rate_per_min)]);
  const nodes = pieces.flatMap(([word, value]) => [`${word} `, ltr(value), separator]);
  return [...nodes, timeElement(vitals.effective_at, "relative")];
}

export function followUpItem(row, person) {
  const overdue = row.status === "overdue";
  return h(
    "li",
    { "data-row": row.row_id },
    h(
      "a",
      { class: "follow-up", href: `/follow-ups/${row.check_id}/`, "data-test": "follow-up-row", "data-status": row.status },
      h("span", { class: "spread" }, h("span", { class: "strong" }, person?.name ?? t("Patient not loaded yet")), h("span", { class: "badge", "data-state": row.status }, overdue ? t("Overdue") : t("Due"))),
      h("span", {}, t(row.name_message)),
      h("span", { class: "muted small" }, overdue ? t("was due") : t("due"), " ", timeElement(row.due_at, "smart")),
    ),
  );
}
