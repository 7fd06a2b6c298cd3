/** When this device was last touched, in any of its tabs. Sleep counts as time without a touch. */
import { elapsed } from "./monotonic.js";

const SAID_EACH_MS = 5000;
const SIGNS = ["pointerdown", "keydown", "wheel", "input", "touchstart"];
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("ivig-touch") : null;
let touchedAt = elapsed();
let saidAt = -Infinity;

export const idleSeconds = () => Math.max(0, Math.floor((elapsed() - touchedAt) / 1000));

export function touched() {
  touchedAt = elapsed();
  if (touchedAt - saidAt < SAID_EACH_MS) return;
  saidAt = touchedAt;
  tabs?.postMessage("touched");
}

export function startTouch() {
  for (const sign of SIGNS) window.addEventListener(sign, touched, { capture: true, passive: true });
  tabs?.addEventListener("message", () => (touchedAt = elapsed()));
}
