/** The reaction on the bedside page: the key R, the panel that opens after the tap, the symptoms. */

const ALONE_MS = 400;
let lastKey = -Infinity;
let waiting = null;
let tapped = false;

const typing = (element) => element?.matches?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

/** R pressed by itself. A scanner types letters too, but never one alone: keys shortly before or after call it off. */
function onKey(event) {
  const alone = event.timeStamp - lastKey > ALONE_MS;
  lastKey = event.timeStamp;
  clearTimeout(waiting);
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (event.code !== "KeyR" || !plain || !alone || typing(event.target) || document.querySelector("dialog[open]")) return;
  waiting = setTimeout(() => document.querySelector("[data-reaction-key]")?.click(), ALONE_MS);
}

/** A symptom counts with its grade once it is chosen. */
function onChange(event) {
  const box = event.target.closest?.("[data-symptom]");
  if (box) for (const grade of box.closest(".symptom").querySelectorAll("input[type=radio]")) grade.disabled = !box.checked;
  const picker = event.target.closest?.("form[data-picker]");
  if (picker) picker.dataset.dirty = "";
}

function show() {
  const heading = document.querySelector("[data-reaction-heading]");
  if (!heading) return false;
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
  return true;
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("change", onChange);
document.addEventListener("saved", (event) => {
  const { form } = event.detail;
  delete form.dataset.dirty;
  if ("oneTap" in form.dataset) tapped = true;
});
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-reaction-key]");
  if (link && show()) event.preventDefault();
});
new MutationObserver(() => {
  if (tapped && show()) tapped = false;
}).observe(document.querySelector('[data-live="reaction-head"]'), { childList: true });
