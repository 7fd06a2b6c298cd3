/**
 * Entries that wait for the network. They are sent one after the other in the order in which they were
 * made, each with one Idempotency-Key for all its tries; a refused one waits for a person and lets the
 * others pass. `document` hears "offline-changed" after every change and "offline-sent" after an entry arrived.
 */
import { ApiError, request } from "./api.js";
import { now } from "./clock.js";
import { page } from "./dom.js";
import { sentencesOf } from "./form-messages.js";
import { canSeal } from "./offline-crypto.js";
import * as sealed from "./offline-store.js";
import * as memory from "./offline-memory.js";
import { t } from "./texts.js";

const BACKOFF_MS = [2000, 5000, 10000, 30000, 60000];
const LATER = [408, 429, 502, 503, 504];
const store = canSeal ? sealed : memory;
const tabs = canSeal ? new BroadcastChannel("ivig-offline") : null;
const state = { sendingId: null, trouble: "", failures: 0, timer: 0, running: null, again: false };

/** The person this page was written for. */
export const userId = page.dataset.user ?? "";
/** Whether entries outlive the page. */
export const durable = canSeal;

function changed() {
  document.dispatchEvent(new CustomEvent("offline-changed"));
  tabs?.postMessage("changed");
}

/** My entries in order, each `{id, sessionId, effectiveAt, state, content: {body, label, refusal}}`. */
export async function myEntries() {
  if (!userId) return [];
  const entries = await store.entriesOf(userId);
  return entries.map((entry) => {
    if (!entry.content) return { ...entry, state: "refused", content: unreadable() };
    return entry.id === state.sendingId ? { ...entry, state: "sending" } : entry;
  });
}

function unreadable() {
  return { body: "", label: { title: "", patient: "", typed: [] }, refusal: [t("This entry cannot be read on this device any more.")] };
}

export const othersCount = () => store.countOthers(userId);
/** Why nothing is being sent: "", "network", "locked", "signed_out" or "other_person". */
export const trouble = () => state.trouble;

/** Whether an entry of this session still waits, so that a new one must stand behind it. */
export async function isWaiting(sessionId) {
  const entries = await myEntries().catch(() => []);
  return entries.some((entry) => entry.sessionId === sessionId && entry.state !== "refused");
}

/**
 * Put an entry in the queue. `effectiveField` names the body's bedside time, filled with clinical now when
 * nothing was typed; `attempted` says that it may have reached the server once already. Rejects when it
 * could not be kept.
 */
export async function enqueue({ url, method, body, idempotencyKey, sessionId, effectiveField, label, attempted }) {
  const typed = JSON.parse(body);
  const moment = new Date(now()).toISOString();
  if (effectiveField) typed[effectiveField] ??= moment;
  await store.addEntry({
    userId,
    sessionId,
    url,
    method,
    idempotencyKey,
    attempted,
    effectiveAt: typed[effectiveField] ?? moment,
    createdAt: moment,
    state: "waiting",
    content: { body: JSON.stringify(typed), label, refusal: [] },
  });
  changed();
}

/** Send what waits, now; resolves when all is sent or the next try has been put off. */
export function send() {
  if (!userId) return Promise.resolve();
  if (state.running) {
    state.again = true;
    return state.running;
  }
  clearTimeout(state.timer);
  state.running = oneTabAtATime(sendAll).catch(() => retryLater()).finally(() => {
    state.running = null;
    if (state.again) send();
    state.again = false;
  });
  return state.running;
}

function oneTabAtATime(work) {
  return navigator.locks ? navigator.locks.request("ivig-offline-send", work) : work();
}

async function sendAll() {
  for (;;) {
    const next = (await myEntries()).find((entry) => entry.state === "waiting");
    if (!next) {
      state.failures = 0;
      return;
    }
    state.sendingId = next.id;
    changed();
    const arrived = await sendOne(next).finally(() => (state.sendingId = null));
    changed();
    if (!arrived) return retryLater();
    state.failures = 0;
  }
}

/** True when the entry is settled, sent or refused; false when it has to wait. */
async function sendOne(entry) {
  try {
    await request(entry.method, entry.url, { body: entry.content.body, key: entry.idempotencyKey, performer: userId });
  } catch (error) {
    state.trouble = reasonToWait(error);
    if (state.trouble) return false;
    // The try that seemed lost had arrived, with the server's own time: the entry is there.
    const arrived = entry.attempted && error.code === "idempotency_key_reused";
    if (!arrived) return refuse(entry, error);
  }
  state.trouble = "";
  await store.removeEntry(entry.id);
  document.dispatchEvent(new CustomEvent("offline-sent", { detail: { entry } }));
  return true;
}

function reasonToWait(error) {
  if (!(error instanceof ApiError) || LATER.includes(error.status)) return "network";
  if (error.code === "screen_locked") return "locked";
  if (error.status === 401 || error.code === "not_signed_in") return "signed_out";
  return error.code === "other_person_signed_in" ? "other_person" : "";
}

async function refuse(entry, error) {
  const failed = error.status >= 500;
  const refusal = failed ? [t("The server could not take this entry. Try again; if it stays so, tell who runs the system.")] : sentencesOf(error);
  await store.changeEntry({ ...entry, state: "refused", content: { ...entry.content, refusal } });
  return true;
}

function retryLater() {
  clearTimeout(state.timer);
  state.timer = setTimeout(send, BACKOFF_MS[Math.min(state.failures, BACKOFF_MS.length - 1)]);
  state.failures += 1;
}

/** A person wants a refused entry sent once more. */
export async function retry(id) {
  const entry = (await store.entriesOf(userId)).find((item) => item.id === id);
  if (entry?.content) await store.changeEntry({ ...entry, state: "waiting", content: { ...entry.content, refusal: [] } });
  changed();
  return send();
}

/** A person no longer wants an entry. */
export async function discard(id) {
  await store.removeEntry(id);
  changed();
}

/** Try again whenever the network may be back. */
export function startQueue() {
  for (const name of ["online", "pageshow"]) window.addEventListener(name, () => send());
  document.addEventListener("contact", () => send());
  document.addEventListener("visibilitychange", () => document.hidden || send());
  tabs?.addEventListener("message", () => document.dispatchEvent(new CustomEvent("offline-changed")));
  send();
}
