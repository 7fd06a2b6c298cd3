/**
 * A screen that nobody touches covers itself. The page stays where it is, with everything typed and not sent;
 * what stands on it cannot be seen or reached until the same person is there again. The server locks by itself:
 * this only covers. Without contact nothing is covered, because only the server could open it again. A board is not
 * covered, because alarms are shown and sound on it: it goes on as the view of a corridor, which carries no name.
 */
import { ApiError, request } from "./api.js";
import { page } from "./dom.js";
import { canSeal } from "./offline-crypto.js";
import { isLocked, setLocked } from "./offline-store.js";
import { idleSeconds, startTouch, touched } from "./touch.js";
import { readBadges, startUnlockForms } from "./unlock-form.js";

const LOOK_MS = 5000;
const TELL_S = 30;
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("ivig-lock") : null;
let title = "";

const note = (locked) => canSeal && setLocked(locked).catch(() => null);

function cover(dialog) {
  if (page.dataset.locked) return;
  if (document.body.dataset.view) return location.assign(`${location.pathname}?view=kiosk`);
  title = document.title;
  document.title = dialog.dataset.title;
  page.dataset.locked = "true";
  dialog.showModal();
  readBadges(dialog, true);
}

function uncover(dialog) {
  if (!page.dataset.locked) return;
  delete page.dataset.locked;
  note(false);
  document.title = title;
  readBadges(dialog, false);
  dialog.close();
  touched();
  // What waited is sent, and what was pulled meanwhile in vain is pulled again.
  document.dispatchEvent(new CustomEvent("contact"));
}

async function lock(dialog) {
  try {
    await request("POST", "/api/v1/screen/lock/");
  } catch (error) {
    if (error.code !== "screen_locked") return;
  }
  note(true);
  cover(dialog);
  tabs?.postMessage({ locked: true });
}

/** The browser may show a page from before without asking for it: ask whether the screen is open. */
async function check(dialog) {
  try {
    await request("POST", "/api/v1/screen/touch/");
    note(false);
    uncover(dialog);
  } catch (error) {
    const lost = !(error instanceof ApiError);
    const locked = lost ? canSeal && (await isLocked().catch(() => false)) : error.code === "screen_locked";
    if (locked) cover(dialog);
    else if (lost || error.code === "no_screen") uncover(dialog);
  }
}

export function startScreenLock() {
  const dialog = document.querySelector("[data-lock-screen]");
  const limit = Number(dialog?.dataset.minutes ?? 0) * 60;
  // A corridor's screen shows no name and goes on: a passer-by's touch must not cover the alarms.
  if (!limit || document.body.dataset.view === "kiosk") return;
  startTouch();
  let toldAt = 0;
  setInterval(() => {
    if (page.dataset.locked) return;
    const idle = idleSeconds();
    toldAt += LOOK_MS / 1000;
    if (idle >= limit) lock(dialog);
    else if (idle < TELL_S && toldAt >= TELL_S) {
      toldAt = 0;
      request("POST", "/api/v1/screen/touch/").catch(() => null);
    }
  }, LOOK_MS);
  document.addEventListener("screen-locked", () => {
    note(true);
    cover(dialog);
  });
  document.addEventListener("click", ({ target }) => target.closest?.("[data-lock-now]") && lock(dialog));
  check(dialog);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    cover(dialog);
    check(dialog);
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => page.dataset.locked && dialog.showModal());
  startUnlockForms(dialog, {
    onOpen() {
      uncover(dialog);
      tabs?.postMessage({ opened: page.dataset.user });
    },
    onSwitch: () => location.assign("/"),
  });
  tabs?.addEventListener("message", ({ data }) => {
    if (data.locked) cover(dialog);
    else if (data.opened === page.dataset.user) uncover(dialog);
  });
}
