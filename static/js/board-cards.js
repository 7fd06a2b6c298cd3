/** Session cards and follow-up lines of the ward board. What a row does not carry is not shown. */
import { priorityMark, takenWords } from "./alert-view.js";
import { h, ltr } from "./dom.js";
import { digits, number, quantity, separator } from "./numbers.js";
import { scoreLine } from "./score-view.js";
import { t } from "./texts.js";
import { countdown, timeElement } from "./time.js";

const nextWords = { step_due: "Rate change due", vitals_due: "Vital signs due", complete_due: "Completion due", vial_due: "Next vial", recheck_due: "Look at the reaction again", watch_ends: "Watch ends" };
const stateWords = { prepared: "Prepared", running: "Running", paused: "Paused", stopped: "Stopped", completed: "Completed", abandoned: "Abandoned" };

/** The card of an infusion; `isPublic` leaves only bed, initials and the words of the alarm. */
export function sessionCard(row, person, worst, isPublic = false) {
  const heading = `session-${row.session_id}-name`;
  return h(
    "article",
    {
      class: "session-card",
      "aria-labelledby": heading,
      "data-test": "session-card",
      "data-row": row.row_id,
      "data-state": isPublic ? null : row.state,
      "data-session": row.session_id,
      "data-priority": worst?.priority,
      "data-alarm": worst?.state,
    },
    cardHead(row, person, heading, isPublic),
    h("div", { class: "card-state" }, alarmLine(worst, isPublic), !isPublic && flags(row)),
    ...(isPublic ? [] : facts(row)),
  );
}

function cardHead(row, person, heading, isPublic) {
  const name = person?.name ?? t("Patient not loaded yet");
  const age = person?.age_years === undefined ? null : t("%(age)s years", { age: digits(person.age_years) });
  return h(
    "div",
    { class: "card-head" },
    h(
      "h3",
      { id: heading, class: "who" },
      h("span", { class: "bed" }, h("span", { class: "visually-hidden" }, t("Bed"), " "), digits(person?.bed || "–")),
      isPublic ? h("bdi", { class: "name" }, name) : h("span", { class: "who-text" }, h("a", { class: "name", dir: "auto", href: `/sessions/${row.session_id}/` }, name), age && h("small", { class: "age" }, age)),
    ),
    !isPublic && h("span", { class: "badge", "data-state": row.state, "data-test": "state" }, t(stateWords[row.state] ?? row.state)),
  );
}

function facts(row) {
  const moving = row.state === "running";
  return [
    nextLine(row),
    h(
      "div",
      { class: "card-rate" },
      h("span", { class: "now", "data-test": "rate-now" }, quantity((moving && row.rate_ml_per_h) || 0, "mL/h")),
      h("span", { class: "per-kg muted" }, quantity((moving && row.rate_ml_per_kg_h) || 0, "mL/kg/h")),
    ),
    h("div", { class: "card-given" }, meter(row), volumeLine(row), hungLine(row)),
    h("div", { class: "card-signs" }, scoreLine(row.score, vitalsAt(row)), h("p", { class: "card-vitals" }, ...vitalsLine(row.last_vitals)), vitalsAge(row)),
    lastLine(row),
  ];
}

/** The worst alarm in words, and whether somebody has taken it. */
function alarmLine(worst, isPublic) {
  if (!worst) return isPublic ? h("p", { class: "card-calm" }, t("No alarm")) : null;
  return h("p", { class: "card-alarm", "data-test": "card-alarm" }, priorityMark(worst.priority), h("span", { class: "taken" }, takenWords(worst)));
}

function flags(row) {
  const words = [row.reaction_open && ["reaction", t("Reaction goes on")], row.watching && ["watching", t("Watched after the end")]].filter(Boolean);
  return words.length > 0 && h("p", { class: "card-flags" }, words.map(([kind, text]) => h("span", { class: "flag", "data-flag": kind }, text)));
}

function nextLine(row) {
  if (!row.next) return null;
  const { overdue, text } = countdown(row.next.due_at);
  return h(
    "p",
    { class: "card-next", "data-test": "card-next" },
    h("span", { class: "next-word" }, row.next.code === "step_due" && row.next.asked ? t("Rate change waits for you") : t(nextWords[row.next.code] ?? row.next.code)),
    h("span", { class: overdue ? "countdown overdue" : "countdown", "data-countdown": row.next.due_at }, text),
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

/** Counted down with the volume by volume.js. */
function hungLine(row) {
  if (row.hung_left_ml === null || row.hung_left_ml === undefined) return null;
  const left = h("span", { "data-hung-left": row.hung_left_ml, "data-of": `volume-${row.session_id}` });
  const amount = ltr("");
  amount.append(left, "\u00a0mL");
  return h("p", { class: "card-hung muted" }, t("Left in the hung vial:"), " ", amount);
}

const vitalsAt = (row) => row.vitals_at ?? row.last_vitals?.effective_at;

function vitalsAge(row) {
  const at = vitalsAt(row);
  return at ? h("p", { class: "card-age muted" }, t("vital signs"), " ", timeElement(at, "relative")) : null;
}

function lastLine(row) {
  const day = t("Day %(number)s of %(days)s", { number: digits(row.day_number), days: digits(row.days) });
  const by = row.responsible?.name;
  return h("p", { class: "card-last muted small" }, `${row.product}${separator}${day}`, by && h("span", { class: "by" }, separator, h("bdi", {}, by)));
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
  return pieces.flatMap(([word, value], index) => [index ? separator : "", `${word} `, ltr(value)]);
}

/** Who has it, how often nobody was reached, and when the next attempt is. */
function attemptLine(row) {
  const inVain = row.attempts_in_vain > 0 && t("in vain so far: %(count)s", { count: digits(row.attempts_in_vain) });
  const next = row.next_attempt_at && [t("next attempt"), " ", timeElement(row.next_attempt_at, "smart")];
  const pieces = [inVain && [inVain], next, row.responsible && [t("taken on by"), " ", h("bdi", {}, row.responsible.name)]].filter(Boolean);
  if (pieces.length === 0) return null;
  return h("span", { class: "small", "data-test": "follow-up-attempts" }, pieces.flatMap((piece, index) => [index ? separator : "", ...piece]));
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
      attemptLine(row),
    ),
  );
}
