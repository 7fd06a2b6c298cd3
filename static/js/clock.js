/**
 * The clinical clock: the server's time carried on by the monotonic clock of this device, at the
 * server's speed. The device's own wall clock is believed only for how long ago a copy of the page
 * was kept (`data-kept-at`), because nothing else runs on while no page is open.
 */
import { page } from "./dom.js";
import { elapsed } from "./monotonic.js";

let anchorServer = Date.parse(page.dataset.serverNow ?? "") || Date.now();
let anchorLocal = elapsed() - (page.dataset.keptAt ? Math.max(0, Date.now() - Number(page.dataset.keptAt)) : 0);
let speed = Number(page.dataset.clockSpeed) || 1;

/** Set the clock from an answer of the server. */
export function anchor(serverNow, clockSpeed) {
  const parsed = Date.parse(serverNow ?? "");
  if (Number.isNaN(parsed)) return;
  anchorServer = parsed;
  anchorLocal = elapsed();
  if (Number(clockSpeed) > 0) speed = Number(clockSpeed);
}

/** The last answer of the server: its time there, and its time here in `elapsed()` milliseconds. */
export function lastContact() {
  return { server: anchorServer, local: anchorLocal };
}

/** Clinical now, in milliseconds since the epoch. */
export function now() {
  return anchorServer + (elapsed() - anchorLocal) * speed;
}

/** Seconds of clinical time until the moment; negative when it has passed. */
export function secondsUntil(iso) {
  return (Date.parse(iso) - now()) / 1000;
}
