/** Entry of the live ward board. */
import { alertItem, alertText, personLine } from "./alert-view.js";
import { compareSessions, followUpItem, sessionCard, weight, worstAlert } from "./board-cards.js";
import { secondsUntil } from "./clock.js";
import { readJson } from "./dom.js";
import { statusView } from "./live-status.js";
import { digits } from "./numbers.js";
import { beep, startSound } from "./sound.js";
import { t } from "./texts.js";
import { refreshTicking } from "./time.js";
import { refreshVolumes } from "./volume.js";
import { WardFeed } from "./ward-socket.js";

const board = document.querySelector("[data-board]");
const lists = {
  alert: board.querySelector("[data-alerts]"),
  session: board.querySelector("[data-sessions]"),
  follow_up: board.querySelector("[data-follow-ups]"),
};
const announcer = document.querySelector("[data-announcer]");
const made = new Map(); // row id -> {element, mark}
const announced = new Set();
const snapshot = readJson("board");
let lastTouch = -Infinity;
let reorderTimer = null;

function rowsOf(kind) {
  return [...feed.rows.values()].filter((row) => row.kind === kind && !(kind === "alert" && row.state === "resolved"));
}

function sorted(kind) {
  const rows = rowsOf(kind);
  if (kind === "alert") {
    return rows.sort((a, b) => weight(b) - weight(a) || Number(b.escalated) - Number(a.escalated) || Date.parse(a.raised_at) - Date.parse(b.raised_at));
  }
  if (kind === "follow_up") return rows.sort((a, b) => Number(b.status === "overdue") - Number(a.status === "overdue") || Date.parse(a.due_at) - Date.parse(b.due_at));
  return rows.sort((a, b) => compareSessions(a, b, feed.rows, feed.people));
}

function build(row, worst) {
  const person = feed.people[String(row.patient_id)];
  if (row.kind === "alert") return alertItem(row, person);
  if (row.kind === "follow_up") return followUpItem(row, person);
  const item = document.createElement("li");
  item.append(sessionCard(row, person, worst));
  return item;
}

/** Everything an element shows; it is built anew only when this changes. */
function markOf(row, worst) {
  const person = feed.people[String(row.patient_id)];
  return JSON.stringify([row, person, worst && [worst.alert_id, worst.priority, worst.state]]);
}

function render(kind) {
  const list = lists[kind];
  const wanted = sorted(kind);
  const focus = focusIn(list);
  const present = new Set(wanted.map((row) => row.row_id));
  for (const element of [...list.children]) {
    if (!present.has(element.dataset.key)) {
      made.delete(element.dataset.key);
      element.remove();
    }
  }
  wanted.forEach((row, index) => {
    const worst = kind === "session" ? worstAlert(row.session_id, feed.rows) : null;
    const mark = markOf(row, worst);
    let entry = made.get(row.row_id);
    if (entry?.mark !== mark) {
      const element = build(row, worst);
      element.dataset.key = row.row_id;
      keepOpen(entry?.element, element);
      if (entry?.element.parentElement === list) entry.element.replaceWith(element);
      entry = { element, mark };
      made.set(row.row_id, entry);
    }
    if (list.children[index] !== entry.element) list.insertBefore(entry.element, list.children[index] ?? null);
  });
  restoreFocus(list, focus);
  const empty = board.querySelector(`[data-empty="${kind}"]`);
  if (empty) empty.hidden = wanted.length > 0;
  const count = board.querySelector(`[data-count="${kind}"]`);
  if (count) count.textContent = digits(wanted.length);
  refreshTicking(list);
  refreshVolumes(list);
}

function keepOpen(old, fresh) {
  if (old?.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
}

function focusIn(list) {
  const active = document.activeElement;
  const owner = list.contains(active) ? active.closest("[data-key]") : null;
  return owner && { key: owner.dataset.key, tag: active.tagName };
}

function restoreFocus(list, focus) {
  if (!focus || list.contains(document.activeElement)) return;
  const owner = made.get(focus.key)?.element;
  (owner?.querySelector(focus.tag) ?? owner?.querySelector("a, button, summary"))?.focus();
}

function renderAll() {
  for (const kind of Object.keys(lists)) render(kind);
  markOverdue();
}

/** New unacknowledged alerts are said aloud and sounded once. */
function announce(rows, quiet) {
  for (const row of rows) {
    if (row.kind !== "alert" || row.removed || row.state !== "raised") continue;
    const key = `${row.row_id}/${row.priority}/${row.escalated}`;
    if (announced.has(key)) continue;
    announced.add(key);
    if (quiet) continue;
    beep(row.priority);
    announcer.textContent = `${personLine(feed.people[String(row.patient_id)])}: ${alertText(row)}`;
  }
}

/** A card that is overdue says so by weight and place; cards never jump under a finger. */
function markOverdue() {
  for (const { element } of made.values()) {
    const card = element.querySelector(".session-card");
    const due = card?.querySelector("[data-countdown]")?.dataset.countdown;
    if (card) card.dataset.overdue = String(Boolean(due) && secondsUntil(due) < 0);
  }
}

function reorderSoon() {
  clearTimeout(reorderTimer);
  const wait = Math.max(0, 2500 - (performance.now() - lastTouch));
  reorderTimer = setTimeout(renderAll, wait);
}

const feed = new WardFeed(board.dataset.ward, {
  snapshot: null,
  onStatus: statusView(board),
  onRows(changed) {
    announce(changed, false);
    // Alerts and removals show at once; the order of the cards waits for a finger that is near.
    render("alert");
    render("follow_up");
    reorderSoon();
    if (performance.now() - lastTouch > 2500) renderAll();
  },
});

for (const type of ["pointerdown", "pointermove", "keydown"]) {
  board.addEventListener(type, () => (lastTouch = performance.now()), { passive: true });
}
startSound(document.querySelector("[data-sound]"));
document.addEventListener("saved", (event) => {
  const rowId = event.detail.form.dataset.acknowledge;
  if (!rowId) return;
  event.preventDefault();
  const row = feed.rows.get(rowId);
  if (row) {
    // Shown at once; the ward's own row follows with its number.
    feed.rows.set(rowId, { ...row, ...event.detail.answer, row_id: rowId, kind: "alert", sequence: row.sequence });
    renderAll();
    announcer.textContent = t("Acknowledged");
  }
});

announce(snapshot.rows, true);
for (const row of snapshot.rows) feed.rows.set(row.row_id, row);
Object.assign(feed.people, snapshot.people);
feed.cursor = snapshot.sequence;
renderAll();
feed.start();
setInterval(markOverdue, 1000);
setInterval(reorderSoon, 20000);
