/** Time that only runs forward and does not stop while the device sleeps. */

const LEAP_MS = 5000;
let slept = 0;
let wall = Date.now();
let ran = performance.now();

/**
 * Milliseconds since this page was opened. Many tablets stop `performance.now()` while they sleep: when
 * the wall clock leapt past it between two looks, the leap is counted too, so that old data never looks young.
 */
export function elapsed() {
  const wallNow = Date.now();
  const ranNow = performance.now();
  const missed = wallNow - wall - (ranNow - ran);
  if (missed > LEAP_MS) slept += missed;
  wall = wallNow;
  ran = ranNow;
  return ranNow + slept;
}
