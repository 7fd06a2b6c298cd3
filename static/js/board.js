/** Entry of the live ward board. */
import { alertItem, callsMe, displayedAlert, spokenAlert } from "./alert-view.js";
import { followUpItem, sessionCard } from "./board-cards.js";
import { Filters } from "./board-filters.js";
import { BoardList } from "./board-list.js";
import { compareAlerts, compareFollowUps, sortSessions, weight, worstAlerts } from "./board-order.js";
import { secondsUntil } from "./clock.js";
import { readJson } from "./dom.js";
import { startKeys } from "./keys.js";
import { statusView } from "./live-status.js";
import { digits } from "./numbers.js";
import { say, sayAtOnce } from "./say.js";
import { beep, startSound, toggleSound } from "./sound.js";
import { t } from "./texts.js";
import { refreshTicking } from "./time.js";
import { startView } from "./board-view.js";
import { refreshVolumes } from "./volume.js";
import { WardFeed } from "./ward-socket.js";

const CALM_MS = 2000;
const board = document.querySelector("[data-board]");
const { view, names } = board.dataset;
const isPublic = view === "kiosk";
const lists = new Map([...board.querySelectorAll("[data-list]")].map((element) => [element.dataset.list, new BoardList(element)]));
const announced = new Set();
let lastTouch = -Infinity;

const personOf = (row) => feed.people[String(row.patient_id)];

function rowsOf(kind) {
  return [...feed.rows.values()].filter((row) => row.kind === kind && !(kind === "alert" && row.state === "resolved"));
}

/** On a screen nobody signed in to work at nothing is anybody's. */
const isMine = (row) => view === "normal" && callsMe(row, feed.rows.get(`session:${row.session_id}`), Number(board.dataset.me));

function wantedSessions() {
  const worst = worstAlerts(feed.rows.values());
  const rows = filters.apply(rowsOf("session"), worst);
  return sortSessions(rows, worst, feed.people).map((row) => {
    const alert = worst.get(row.session_id);
    const about = alert && [alert.alert_id, alert.priority, alert.state, alert.escalated];
    return wanted(row, () => listed(sessionCard(row, personOf(row), alert, isPublic)), about);
  });
}

function wantedAlerts() {
  const build = (row) => (view === "normal" ? alertItem(row, personOf(row), isMine(row)) : displayedAlert(row, personOf(row), isPublic));
  return rowsOf("alert").sort(compareAlerts).map((row) => wanted(row, () => build(row), isMine(row)));
}

function wantedFollowUps() {
  return rowsOf("follow_up").sort(compareFollowUps).map((row) => wanted(row, () => followUpItem(row, personOf(row))));
}

/** The mark is everything an element shows. */
function wanted(row, build, more = null) {
  return { key: row.row_id, mark: JSON.stringify([row, personOf(row), more]), build };
}

function listed(card) {
  const item = document.createElement("li");
  item.append(card);
  return item;
}

/** Bring the page up to date; returns how many cards are shown. `hold` leaves every element in its place. */
function render(hold = performance.now() - lastTouch < CALM_MS) {
  const shown = { alert: wantedAlerts(), session: wantedSessions(), follow_up: wantedFollowUps() };
  for (const [kind, list] of lists) {
    list.show(shown[kind], { hold });
    board.querySelector(`[data-empty="${kind}"]`).hidden = rowsOf(kind).length > 0;
  }
  for (const count of document.querySelectorAll("[data-count]")) count.textContent = digits(shown[count.dataset.count].length);
  for (const card of board.querySelectorAll(".session-card")) markOverdue(card);
  refreshTicking(board);
  refreshVolumes(board);
  return shown.session.length;
}

function markOverdue(card) {
  const due = card.querySelector("[data-countdown]")?.dataset.countdown;
  card.dataset.overdue = String(Boolean(due) && secondsUntil(due) < 0);
}

/** New untaken alerts are said and sounded once; the sound comes again by itself. */
function announce(rows, quiet) {
  const fresh = rows.filter((row) => {
    if (row.kind !== "alert" || row.removed || row.state !== "raised") return false;
    const key = `${row.row_id}/${row.priority}/${row.level}`;
    return !announced.has(key) && announced.add(key);
  });
  if (quiet || fresh.length === 0) return;
  fresh.sort((first, second) => weight(second) - weight(first));
  beep(fresh[0].priority);
  for (const row of fresh) sayAtOnce(spokenAlert(row, personOf(row), isPublic));
}

const snapshot = readJson("board");
const filters = new Filters(board, () => render(false));
const feed = new WardFeed(board.dataset.ward, {
  names,
  onStatus: statusView(board),
  onRows(changed) {
    announce(changed, false);
    render();
  },
});

for (const type of ["pointerdown", "pointermove", "touchmove", "wheel", "keydown", "focusin"]) {
  board.addEventListener(type, () => (lastTouch = performance.now()), { passive: true });
}
document.addEventListener("scroll", () => (lastTouch = performance.now()), { passive: true });

document.addEventListener("saved", (event) => {
  const rowId = event.detail.form.dataset.acknowledge;
  if (!rowId) return;
  event.preventDefault();
  const row = feed.rows.get(rowId);
  if (!row) return;
  // Shown at once, in its place: a second tap must not meet the next alert. The ward's own row follows.
  feed.rows.set(rowId, { ...row, ...event.detail.answer, row_id: rowId, kind: "alert", sequence: row.sequence });
  render();
  say(t("Acknowledged"));
});

startSound(document.querySelector("[data-sound]"));
startKeys({
  s: toggleSound,
  "?": () => document.getElementById("keys").showModal(),
  ...Object.fromEntries(filters.buttons.map((button, index) => [String(index + 1), () => filters.choose(button.dataset.filter)])),
});
startView(view);
announce(snapshot.rows, true);
for (const row of snapshot.rows) feed.rows.set(row.row_id, row);
Object.assign(feed.people, snapshot.people);
feed.cursor = snapshot.sequence;
render(false);
feed.start();
setInterval(() => render(), 1000);
