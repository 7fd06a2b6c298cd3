/**
 * Alarm sound: a burst for a new alert, and again as long as the page shows an untaken one (IEC 60601-1-8:
 * high at most 15 s apart, medium at most 30 s). Sound can be paused for two minutes, the condition cannot.
 */
import { h } from "./dom.js";
import { say } from "./say.js";
import { t } from "./texts.js";
import { duration } from "./time.js";

const bursts = {
  high: { tones: [0, 0.18, 0.36, 0.62, 0.8], frequency: 880, againAfterMs: 10_000 },
  medium: { tones: [0, 0.25, 0.5], frequency: 660, againAfterMs: 25_000 },
};
const PAUSE_MS = 120_000;
const STORED = "sound-paused-until";

let context = null;
let wasRunning = false;
let button = null;
let soundedAt = -Infinity;
let pausedUntil = Number(sessionStorage.getItem(STORED)) || 0;

/** Milliseconds of pause left. Never more than a whole pause, whatever this device's clock did meanwhile. */
const pauseLeft = () => Math.max(0, Math.min(PAUSE_MS, pausedUntil - Date.now()));
const isReady = () => context?.state === "running";

/** Wire the button; browsers allow sound only after the first touch or key, unless a display was set up to. */
export function startSound(element) {
  button = element;
  context = new AudioContext();
  context.addEventListener("statechange", show);
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
  button.addEventListener("click", toggleSound);
  setInterval(tick, 1000);
  show();
}

function wake() {
  wasRunning = isReady();
  if (context.state === "suspended") context.resume().catch(() => {});
}

/** Pause for two minutes, or end the pause. The touch that wakes the sound does not pause it at once. */
export function toggleSound() {
  const pausing = wasRunning && pauseLeft() === 0;
  pausedUntil = pausing ? Date.now() + PAUSE_MS : 0;
  sessionStorage.setItem(STORED, String(pausedUntil));
  say(pausing ? t("Sound paused for two minutes. Alarms stay on the screen.") : t("Sound is on."));
  show();
}

function tick() {
  if (pausedUntil && pauseLeft() === 0) {
    pausedUntil = 0;
    say(t("Sound is on."));
    soundedAt = -Infinity;
  }
  const priority = ["high", "medium"].find((name) => document.querySelector(`.alert[data-state="raised"][data-priority="${name}"]`));
  if (priority && performance.now() - soundedAt >= bursts[priority].againAfterMs) beep(priority);
  show();
}

function show() {
  const left = pauseLeft();
  const text = left ? t("Sound paused %(time)s", { time: duration(Math.ceil(left / 1000)) }) : isReady() ? t("Pause sound") : t("Turn sound on");
  button.setAttribute("aria-pressed", String(left > 0));
  button.dataset.sound = left ? "paused" : isReady() ? "on" : "off";
  const words = button.querySelector("[data-sound-words]") ?? button.appendChild(h("span", { "data-sound-words": true }));
  if (words.textContent !== text) words.textContent = text;
}

/** Sound the burst of this priority, unless paused. Low alerts are silent. */
export function beep(priority) {
  const burst = bursts[priority];
  if (!burst || pauseLeft() || !isReady()) return;
  soundedAt = performance.now();
  for (const offset of burst.tones) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    const from = context.currentTime + offset;
    tone.frequency.value = burst.frequency;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.25, from + 0.02);
    gain.gain.setValueAtTime(0.25, from + 0.1);
    gain.gain.linearRampToValueAtTime(0, from + 0.13);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.15);
  }
}
