/**
 * What this device keeps, per person, in IndexedDB: entries that wait, the last bedside pages, and the
 * key that seals both. Only numbers and times that order the entries stand beside the sealed content.
 */
import { makeKey, seal, unseal } from "./offline-crypto.js";

/** A kept page is shown no longer than a sign-in lasts. */
const PAGE_LIFE_MS = 12 * 60 * 60 * 1000;
let opening = null;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("ivig-offline", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "userId" });
      request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("userId", "userId");
      request.result.createObjectStore("pages", { keyPath: ["userId", "sessionId"] });
      request.result.createObjectStore("people", { keyPath: "name" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** One request in a transaction of its own; its result once the transaction is on disk. */
async function once(store, mode, ask) {
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  const request = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Entries and keys in one transaction. */
async function together(work) {
  const transaction = (await database()).transaction(["entries", "keys"], "readwrite", { durability: "strict" });
  work(transaction.objectStore("entries"), transaction.objectStore("keys"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

const read = (store, ask) => once(store, "readonly", ask);
const write = (store, ask) => once(store, "readwrite", ask);
const keyOf = async (userId) => (await read("keys", (keys) => keys.get(userId)))?.key;

async function keyFor(userId) {
  const known = await keyOf(userId);
  if (known) return known;
  const key = await makeKey();
  // Another tab may have made one meanwhile: the first one stays.
  await write("keys", (keys) => keys.add({ userId, key })).catch(() => null);
  return keyOf(userId);
}

const entryPlace = (entry) => `entry/${entry.userId}/${entry.idempotencyKey}`;
const pagePlace = (userId, sessionId) => `page/${userId}/${sessionId}`;

/** Keep a new entry; `content` is sealed. */
export async function addEntry({ content, ...entry }) {
  const key = await keyFor(entry.userId);
  const sealed = await seal(key, content, entryPlace(entry));
  await together((entries, keys) => {
    entries.add({ ...entry, sealed });
    // A sign-out in another tab may just have removed the key: an entry never stays without its own.
    keys.put({ userId: entry.userId, key });
  });
}

/** Replace an entry. One that was removed meanwhile stays removed. */
export async function changeEntry({ content, ...entry }) {
  const sealed = await seal(await keyFor(entry.userId), content, entryPlace(entry));
  if (await read("entries", (entries) => entries.getKey(entry.id))) {
    await write("entries", (entries) => entries.put({ ...entry, sealed }));
  }
}

export function removeEntry(id) {
  return write("entries", (entries) => entries.delete(id));
}

/** A person's entries in the order they were made; `content` is null when its key is gone. */
export async function entriesOf(userId) {
  const key = await keyOf(userId);
  const rows = await read("entries", (entries) => entries.index("userId").getAll(userId));
  return Promise.all(
    rows.map(async ({ sealed, ...entry }) => ({ ...entry, content: await unseal(key, sealed, entryPlace(entry)).catch(() => null) })),
  );
}

/** How many entries of other people wait here. */
export async function countOthers(userId) {
  const all = await read("entries", (entries) => entries.count());
  return all - (userId ? await read("entries", (entries) => entries.index("userId").count(userId)) : 0);
}

/** Keep the last bedside page of a session: its HTML, and when the server wrote it by its clock and by ours. */
export async function keepPage(userId, sessionId, { html, title, server, device }) {
  const sealed = await seal(await keyFor(userId), { html, title }, pagePlace(userId, sessionId));
  await write("pages", (pages) => pages.put({ userId, sessionId, server, device, sealed }));
}

/** The kept page was still right at this moment. */
export async function confirmPage(userId, sessionId, { server, device }) {
  const page = await read("pages", (pages) => pages.get([userId, sessionId]));
  if (page) await write("pages", (pages) => pages.put({ ...page, server, device }));
}

/** The pages kept for a person, opened; those older than a sign-in are removed. */
export async function pagesOf(userId) {
  const key = await keyOf(userId);
  const kept = [];
  for (const { sealed, ...page } of await read("pages", (pages) => pages.getAll())) {
    if (page.userId !== userId) continue;
    const content = await unseal(key, sealed, pagePlace(userId, page.sessionId)).catch(() => null);
    if (content && Date.now() - page.device < PAGE_LIFE_MS) kept.push({ ...page, ...content });
    else await write("pages", (pages) => pages.delete([userId, page.sessionId]));
  }
  return kept;
}

/** Who is signed in on this device, as far as its pages know; "" for nobody. */
export async function signedIn() {
  return (await read("people", (people) => people.get("signed in")))?.userId ?? "";
}

/** Remember whether the screen of this device is locked: kept pages do not open meanwhile. */
export function setLocked(locked) {
  return write("people", (people) => (locked ? people.put({ name: "locked" }) : people.delete("locked")));
}

export async function isLocked() {
  return Boolean(await read("people", (people) => people.get("locked")));
}

/** Remember who is signed in. Pages of everybody else go, and keys that seal nothing any more. */
export async function setSignedIn(userId) {
  await write("people", (people) => people.put({ name: "signed in", userId }));
  for (const [owner, sessionId] of await read("pages", (pages) => pages.getAllKeys())) {
    if (owner !== userId) await write("pages", (pages) => pages.delete([owner, sessionId]));
  }
  for (const owner of await read("keys", (keys) => keys.getAllKeys())) {
    if (owner !== userId) await dropIdleKey(owner);
  }
}

function dropIdleKey(userId) {
  return together((entries, keys) => {
    const waiting = entries.index("userId").count(userId);
    waiting.onsuccess = () => waiting.result || keys.delete(userId);
  });
}
