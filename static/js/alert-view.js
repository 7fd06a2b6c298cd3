/** One alert as an element: priority by colour, shape and word; acknowledge in one tap; "why?". */
import { h, isolated, ltr, page } from "./dom.js";
import { digits, number } from "./numbers.js";
import { t } from "./texts.js";
import { timeElement } from "./time.js";

const marks = { high: "!!!", medium: "!!", low: "!" };
const words = { high: "High priority", medium: "Medium priority", low: "Low priority" };

/** Shape and word of a priority. */
export function priorityMark(priority, withWord = true) {
  return h("span", { class: "priority" }, h("span", { class: "priority-mark", "aria-hidden": "true" }, marks[priority]), withWord && t(words[priority]));
}

/**
 * A parameter is {number: "36.8"}, {phrase: "an English text"}, one wording per language (guideline data),
 * or a name or code as it is.
 */
function wording(value) {
  if (!value || typeof value !== "object") return isolated(value);
  if ("number" in value) return number(value.number, { places: 6 });
  if ("phrase" in value) return t(value.phrase);
  return value[page.lang] ?? value.en ?? "";
}

/** The alert's sentence in the page's language. */
export function alertText(row) {
  const values = Object.fromEntries(
    Object.entries(row.params ?? {}).map(([name, value]) => [name, wording(value)]),
  );
  return t(row.message, values);
}

/** Whom the alert has reached because nobody took it, as short sentences. */
function callTexts(row) {
  return (row.calls ?? []).map(alertText);
}

/** Whether this untaken alert is mine to take: I was called by name, or it is my own patient's. */
export function callsMe(row, session, me) {
  if (row.state !== "raised" || !me) return false;
  return (row.called ?? []).includes(me) || session?.responsible?.id === me;
}

function climbed(row) {
  if (row.state !== "raised" || !row.escalated) return null;
  const texts = callTexts(row);
  return h(
    "div",
    { class: "alert-escalated", "data-test": "alert-calls" },
    h("p", {}, t("Not acknowledged. Called:")),
    h("ul", {}, texts.map((text) => h("li", {}, text))),
  );
}

export function personLine(person) {
  if (!person) return t("Patient not loaded yet");
  return person.bed ? t("Bed %(bed)s, %(name)s", { bed: digits(person.bed), name: isolated(person.name) }) : isolated(person.name);
}

/** Whom the alert is about; a reminder that failed may be about nobody in particular. */
function subject(row, person) {
  return row.patient_id ? personLine(person) : t("The whole ward");
}

function subjectLink(row, person) {
  if (!row.patient_id) return subject(row, person);
  const elsewhere = row.event_id ? `/adverse-events/${row.event_id}/` : `/patients/${row.patient_id}/`;
  const href = row.session_id ? `/sessions/${row.session_id}/` : elsewhere;
  return h("a", { href }, personLine(person));
}

/** The alert as a list item. `person` may be missing for a moment; `mine` says that the reader is called. */
export function alertItem(row, person, mine = false) {
  const raised = row.state === "raised";
  return item(
    row,
    h("div", { class: "alert-head" }, priorityMark(row.priority), h("span", { class: "alert-age" }, timeElement(row.raised_at, "relative"))),
    h("p", { class: "strong" }, subjectLink(row, person)),
    h("p", { class: "alert-text" }, alertText(row)),
    mine && h("p", { class: "alert-mine", "data-test": "alert-mine" }, t("You are called")),
    climbed(row),
    h("div", { class: "alert-foot" }, why(row), raised ? acknowledgeForm(row) : takenBy(row)),
  );
}

/** The alert on a screen nobody touches; `isPublic` keeps what happened to the staff. */
export function displayedAlert(row, person, isPublic) {
  const raised = row.state === "raised";
  return item(
    row,
    h("div", { class: "alert-head" }, priorityMark(row.priority), h("span", { class: "alert-age" }, timeElement(row.raised_at, "relative"))),
    h("p", { class: "strong" }, subject(row, person)),
    !isPublic && h("p", { class: "alert-text" }, alertText(row)),
    h("p", { class: raised ? "alert-open" : "muted" }, raised && row.escalated ? t("Not acknowledged: escalated") : takenWords(row)),
  );
}

/** What is said aloud of a new alert. */
export function spokenAlert(row, person, isPublic) {
  return [t(words[row.priority]), subject(row, person), !isPublic && alertText(row)].filter(Boolean).join(": ");
}

function item(row, ...children) {
  return h("li", { class: "alert", "data-test": "alert", "data-row": row.row_id, "data-priority": row.priority, "data-state": row.state, "data-code": row.code }, ...children);
}

/** Whether somebody has taken the alert. */
export function takenWords(row) {
  return row.state === "raised" ? t("not acknowledged") : `✓ ${t("acknowledged")}`;
}

function why(row) {
  return h("details", {}, h("summary", {}, t("Why?")), h("p", {}, row.source || t("No source given.")), h("p", { class: "muted small" }, t("Raised at"), " ", timeElement(row.raised_at, "smart")));
}

function takenBy(row) {
  return h(
    "p",
    { class: "muted", "data-test": "alert-acknowledged" },
    t("Acknowledged by %(name)s", { name: row.acknowledged_by ?? "–" }),
    " ",
    row.acknowledged_at && ltr(timeElement(row.acknowledged_at, "time")),
  );
}

function acknowledgeForm(row) {
  return h(
    "form",
    { "data-api": `/api/v1/alerts/${row.alert_id}/acknowledge/`, "data-acknowledge": row.row_id },
    h("button", { class: "button wide", "data-test": "alert-acknowledge" }, t("Acknowledge")),
  );
}
