/**
 * A screen that nobody touches covers itself. The page stays where it is, with everything typed and not sent;
 * what stands on it cannot be seen or reached until the same person is there again. The server locks by itself:
 * this only covers. Without contact nothing is covered, because only the server could open it again.
 */
import { ApiError, request } from "./api.js";
import { page } from "./dom.js";
import { idleSeconds, startTouch, touched } from "./touch.js";
import { startUnlockForms } from "./unlock-form.js";

const LOOK_MS = 5000;
const TELL_S = 30;
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("ivig-lock") : null;
const isPublic = () => document.body.dataset.view === "kiosk";
let title = "";

function cover(dialog) {
  if (page.dataset.locked) return;
  title = document.title;
  document.title = dialog.dataset.title;
  page.dataset.locked = "true";
  dialog.showModal();
}

function uncover(dialog) {
  if (!page.dataset.locked) return;
  delete page.dataset.locked;
  document.title = title;
  dialog.close();
  touched();
  // What waited is sent, and what was pulled meanwhile in vain is pulled again.
  document.dispatchEvent(new CustomEvent("contact"));
}

async function lock(dialog) {
  try {
    await request("POST", "/api/v1/screen/lock/");
  } catch (error) {
    if (!(error instanceof ApiError)) return;
  }
  cover(dialog);
  tabs?.postMessage({ locked: true });
}

export function startScreenLock() {
  const dialog = document.querySelector("[data-lock-screen]");
  const limit = Number(dialog?.dataset.minutes ?? 0) * 60;
  if (!limit) return;
  startTouch();
  let toldAt = 0;
  setInterval(() => {
    if (page.dataset.locked) return;
    const idle = idleSeconds();
    toldAt += LOOK_MS / 1000;
    if (idle >= limit && !isPublic()) lock(dialog);
    else if (idle < TELL_S && toldAt >= TELL_S) {
      toldAt = 0;
      request("POST", "/api/v1/screen/touch/").catch(() => null);
    }
  }, LOOK_MS);
  // A corridor's screen goes on by itself; only what a person wants to do there is refused.
  document.addEventListener("screen-locked", ({ detail }) => (isPublic() && detail.method === "GET") || cover(dialog));
  document.addEventListener("click", ({ target }) => target.closest?.("[data-lock-now]") && lock(dialog));
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => page.dataset.locked && dialog.showModal());
  startUnlockForms(dialog, {
    onOpen() {
      uncover(dialog);
      tabs?.postMessage({ opened: page.dataset.user });
    },
    onSwitch() {
      tabs?.postMessage({ switched: true });
      location.assign("/");
    },
  });
  tabs?.addEventListener("message", ({ data }) => {
    if (data.locked && !isPublic()) cover(dialog);
    else if (data.opened === page.dataset.user) uncover(dialog);
  });
}
