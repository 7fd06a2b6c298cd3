/** Alarm sound: a short burst for a new alert. Sound can be paused, the condition on the screen cannot. */
import { t } from "./texts.js";

const bursts = {
  high: { tones: [0, 0.18, 0.36, 0.62, 0.8], frequency: 880 },
  medium: { tones: [0, 0.25, 0.5], frequency: 660 },
};

let context = null;
let wasRunning = false;
let paused = sessionStorage.getItem("sound-paused") === "yes";

/** Wire the toggle button; browsers allow sound only after the first touch or key. */
export function startSound(button) {
  const wake = () => {
    wasRunning = context?.state === "running";
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume().then(() => label(button), () => {});
    label(button);
  };
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
  button.addEventListener("click", () => {
    // The touch that wakes the sound must not pause it at once.
    paused = wasRunning ? !paused : false;
    sessionStorage.setItem("sound-paused", paused ? "yes" : "no");
    label(button);
  });
  label(button);
}

function label(button) {
  const ready = context?.state === "running";
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? t("Sound paused: turn on") : ready ? t("Pause sound") : t("Turn sound on");
}

/** Sound the burst of this priority, unless paused. Low alerts are silent. */
export function beep(priority) {
  const burst = bursts[priority];
  if (!burst || paused || context?.state !== "running") return;
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
