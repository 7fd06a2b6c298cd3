/** What comes first on the ward board, what waits for a person, and which cards a filter shows. */
import { secondsUntil } from "./clock.js";

const priorityRank = { high: 3, medium: 2, low: 1 };
const levelRank = { none: 0, low: 1, single: 2, urgent: 3, emergency: 4 };

/** Untaken alerts weigh more than taken ones, then the priority counts. */
export function weight(alert) {
  return (alert.state === "raised" ? 10 : 0) + (priorityRank[alert.priority] ?? 0);
}

/** Session id -> its weightiest unresolved alert. */
export function worstAlerts(rows) {
  const worst = new Map();
  for (const row of rows) {
    if (row.kind !== "alert" || row.state === "resolved" || !row.session_id) continue;
    const known = worst.get(row.session_id);
    if (!known || weight(row) > weight(known)) worst.set(row.session_id, row);
  }
  return worst;
}

export function compareAlerts(first, second) {
  return weight(second) - weight(first) || Number(second.escalated) - Number(first.escalated) || Date.parse(first.raised_at) - Date.parse(second.raised_at);
}

export function compareFollowUps(first, second) {
  return Number(second.status === "overdue") - Number(first.status === "overdue") || Date.parse(first.due_at) - Date.parse(second.due_at);
}

const untilDue = (row) => (row.next?.due_at ? secondsUntil(row.next.due_at) : Infinity);

/** 0 to 4; an incomplete score has the level of what is known, an unknown level counts as none. */
export const scoreRank = (score) => levelRank[score?.level] ?? 0;

/** A sorted copy: worst alarm, then most overdue, then highest score, then due soonest, then by bed. */
export function sortSessions(rows, worst, people) {
  const places = rows.map((row) => {
    const alert = worst.get(row.session_id);
    const due = untilDue(row);
    return { row, keys: [alert ? -weight(alert) : 0, Math.min(0, due), -scoreRank(row.score), due], bed: people[String(row.patient_id)]?.bed ?? "" };
  });
  places.sort((first, second) => {
    const index = first.keys.findIndex((key, place) => key !== second.keys[place]);
    if (index >= 0) return first.keys[index] < second.keys[index] ? -1 : 1;
    return first.bed.localeCompare(second.bed, undefined, { numeric: true });
  });
  return places.map((place) => place.row);
}

/** Somebody should go there now: an untaken alert, a reaction that goes on, or something asked for or overdue. */
export function needsSomebody(row, alert) {
  return alert?.state === "raised" || row.reaction_open === true || row.next?.asked === true || untilDue(row) < 0;
}

export const filterNames = ["all", "now", "mine", "running", "watched"];

/** Whether the filter by its name covers the card. */
export function matches(filter, row, alert, me) {
  if (filter === "now") return needsSomebody(row, alert);
  if (filter === "mine") return row.responsible?.id === me;
  if (filter === "running") return row.state === "running";
  if (filter === "watched") return row.watching === true;
  return true;
}

/** An untaken high alarm is shown whatever the filter says. */
export function isShown(filter, row, alert, me) {
  return matches(filter, row, alert, me) || (alert?.state === "raised" && alert.priority === "high");
}
