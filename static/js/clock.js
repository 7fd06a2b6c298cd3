/**
 * The clinical clock: the server's time carried on by the monotonic clock of this device, at the
 * server's speed. The device's own wall clock is never believed.
 */
import { page } from "./dom.js";

let anchorServer = Date.parse(page.dataset.serverNow ?? "") || Date.now();
let anchorLocal = performance.now();
let speed = Number(page.dataset.clockSpeed) || 1;

/** Set the clock from an answer of the server. */
export function anchor(serverNow, clockSpeed) {
  const parsed = Date.parse(serverNow ?? "");
  if (Number.isNaN(parsed)) return;
  anchorServer = parsed;
  anchorLocal = performance.now();
  if (Number(clockSpeed) > 0) speed = Number(clockSpeed);
}

/** Clinical now, in milliseconds since the epoch. */
export function now() {
  return anchorServer + (performance.now() - anchorLocal) * speed;
}

/** Seconds of clinical time until the moment; negative when it has passed. */
export function secondsUntil(iso) {
  return (Date.parse(iso) - now()) / 1000;
}
