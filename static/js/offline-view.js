/** The list "Not sent yet": what waits on this device, what was refused and why, and what to do about it. */
import { ask } from "./ask.js";
import { h, page } from "./dom.js";
import { digits, separator } from "./numbers.js";
import { discard, durable, myEntries, othersCount, retry, send, trouble } from "./offline-queue.js";
import { t } from "./texts.js";
import { timeElement } from "./time.js";

const states = { waiting: "Not sent yet", sending: "Being sent", refused: "Not accepted" };
const troubles = {
  network: "No contact with the server. It is tried again by itself.",
  locked: "The screen is locked. It is tried again when you have unlocked it.",
  signed_out: "You are signed out. Sign in again to send these entries.",
  other_person: "Somebody else has signed in on this device. These entries are sent when you have signed in again.",
};
let drawing = null;
let again = false;
let waited = 0;
let refused = 0;

/** Draw the list again; calls while it is being drawn lead to one more. */
function redraw(place) {
  again = true;
  drawing ??= draw(place).finally(() => (drawing = null));
}

async function draw(place) {
  while (again) {
    again = false;
    const [entries, others] = await Promise.all([myEntries(), othersCount()]).catch(() => [[], 0]);
    fill(place, entries, others);
  }
}

function fill(place, entries, others) {
  const part = (name) => place.querySelector(`[data-offline-${name}]`);
  const waiting = entries.filter((entry) => entry.state !== "refused");
  place.hidden = entries.length === 0 && others === 0;
  part("mine").hidden = entries.length === 0;
  part("count").textContent = digits(String(entries.length));
  part("send").hidden = waiting.length === 0;
  part("alarms").hidden = waiting.length === 0;
  part("memory").hidden = durable || entries.length === 0;
  part("trouble").replaceChildren(...(waiting.length ? explained(trouble()) : []));
  part("others").textContent = others ? t("Entries of another person that wait on this device: %(count)s. They are sent when that person signs in here.", { count: digits(String(others)) }) : "";
  const list = part("list");
  const held = list.contains(document.activeElement);
  list.replaceChildren(...entries.map(item));
  if (held) (list.querySelector("button") ?? part("send")).focus();
  flag(waiting.length, entries.length - waiting.length);
  if (waiting.length > waited) say(t("Not sent yet: %(count)s. Kept on this device.", { count: digits(String(waiting.length)) }));
  else if (waited && !entries.length) say(t("Everything is sent."));
  waited = waiting.length;
}

/** A mark that stays in sight wherever the page is scrolled to; a new refusal is also read aloud. */
function flag(waiting, unaccepted) {
  const mark = document.querySelector("[data-offline-mark]");
  mark.hidden = waiting + unaccepted === 0;
  const parts = [
    waiting && t("Not sent yet: %(count)s", { count: digits(String(waiting)) }),
    unaccepted && t("Not accepted: %(count)s", { count: digits(String(unaccepted)) }),
  ];
  mark.textContent = parts.filter(Boolean).join(separator);
  mark.dataset.state = unaccepted ? "refused" : "waiting";
  if (unaccepted > refused) say(t("Not accepted: %(count)s", { count: digits(String(unaccepted)) }));
  refused = unaccepted;
}

function explained(reason) {
  if (!reason) return [];
  const here = encodeURIComponent(location.pathname);
  const link = reason === "network" || reason === "locked" ? null : h("a", { href: `/sign-in/?next=${here}` }, t("Sign in"));
  return [t(troubles[reason]), ...(link ? [" ", link] : [])];
}

function item(entry) {
  const { label, refusal } = entry.content;
  const typed = label.typed.flatMap((text, place) => [place ? separator : "", h("bdi", {}, text)]);
  return h(
    "li",
    { class: "stack-small", "data-test": "offline-entry", "data-state": entry.state },
    h("p", {}, timeElement(entry.effectiveAt, "smart"), " ", h("strong", {}, label.title), " ", h("span", { class: "badge", "data-state": entry.state === "refused" ? "stopped" : "due" }, t(states[entry.state]))),
    h("p", { class: "muted" }, h("bdi", {}, label.patient)),
    h("p", { "data-test": "offline-typed" }, typed),
    refusal.map((sentence) => h("p", { class: "strong", "data-test": "offline-refusal" }, sentence)),
    entry.state === "refused" && answers(entry),
  );
}

function answers(entry) {
  return h(
    "div",
    { class: "actions" },
    entry.content.body && h("button", { type: "button", class: "button", "data-test": "offline-retry", onclick: () => retry(entry.id) }, t("Try again")),
    h("button", { type: "button", class: "button danger", "data-test": "offline-discard", onclick: () => wantDiscard(entry) }, t("Discard")),
  );
}

async function wantDiscard(entry) {
  const answer = await ask(t("This entry was not accepted and is in no record. Discard it?"), [
    { value: "", text: t("Keep it") },
    { value: "discard", text: t("Discard"), kind: "danger" },
  ]);
  if (answer === "discard") await discard(entry.id);
}

function say(text) {
  document.querySelector("[data-offline-said]").textContent = text;
}

/** Show the queue wherever the page has a place for it. */
export function startQueueView() {
  const place = document.querySelector("[data-offline-queue]");
  if (!place) return;
  place.querySelector("[data-offline-send]").addEventListener("click", () => send());
  document.addEventListener("offline-changed", () => redraw(place));
  page.dataset.offline = durable ? "sealed" : "memory";
  redraw(place);
}
