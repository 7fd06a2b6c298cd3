/**
 * Entry of forms with vital signs: keypad, temperature unit, time of measuring, oxygen, signs that were not done,
 * and correcting a set. Starts by itself.
 */
import { readJson } from "./dom.js";
import { startKeypad } from "./keypad.js";
import { setMoment, startMoments } from "./moment.js";
import { number } from "./numbers.js";
import { putTemperature, startTemperatures } from "./temperature.js";
import { formatTime } from "./time.js";

const form = document.getElementById("vitals-form");
const wasChecked = new WeakMap();

function closest(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** A sign is either measured or not done. */
function showNotDone(sign, open) {
  const panel = sign.querySelector("[data-not-done]");
  if (!panel) return;
  panel.hidden = !open;
  sign.querySelector("[data-sign-entry]").hidden = open;
  sign.querySelector("[data-not-done-open]").setAttribute("aria-expanded", String(open));
  const fields = panel.querySelectorAll("input:not([type=hidden])");
  if (open) clearSign(sign);
  else for (const field of fields) field.type === "radio" ? (field.checked = false) : (field.value = "");
  carryNotDone(panel);
}

/** The sign is named only once it is said why it was not done. */
function carryNotDone(panel) {
  const hidden = panel.querySelector("[data-not-done-sign]");
  hidden.value = panel.querySelector("input[type=radio]:checked") ? hidden.dataset.notDoneSign : "";
}

function clearSign(sign) {
  for (const field of sign.querySelectorAll("[data-sign-entry] input")) {
    if (field.type === "radio") field.checked = false;
    else if (field.type !== "hidden") field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  refreshOxygen(sign);
}

/** Litres per minute only while oxygen is given; air sends 0 by itself. */
function refreshOxygen(root = document) {
  const groups = root.matches?.("[data-oxygen]") ? [root] : root.querySelectorAll("[data-oxygen]");
  for (const group of groups) {
    const given = group.querySelector("[data-oxygen-given]").checked;
    const flow = group.querySelector("[data-oxygen-flow]");
    flow.hidden = !given;
    flow.querySelector("input").disabled = !given;
  }
}

/** The form as the old set was, to be sent in its place. */
function correct(id) {
  const old = readJson("observations-data").find((set) => set.id === Number(id));
  if (!old) return;
  form.reset();
  form.closest("section").hidden = false;
  setCorrecting(true);
  form.elements.namedItem("replaces").value = id;
  form.querySelector("[data-correcting-time]").textContent = formatTime(old.effective_at, "smart");
  for (const sign of form.querySelectorAll("[data-sign]")) putOld(sign, old[sign.dataset.sign], old.not_done[sign.dataset.sign]);
  form.elements.namedItem("note").value = old.note;
  setMoment(form.querySelector("[data-moment]"), Date.parse(old.effective_at));
  form.scrollIntoView({ block: "start" });
  document.getElementById("correct_reason").focus({ preventScroll: true });
}

function putOld(sign, value, notDone) {
  const slot = sign.closest("[data-unneeded]");
  if (slot) slot.hidden = value === null && !notDone;
  if (notDone) {
    showNotDone(sign, true);
    const panel = sign.querySelector("[data-not-done]");
    panel.querySelector(`input[value="${notDone.code}"]`).checked = true;
    panel.querySelector("input[type=text]").value = notDone.reason;
    carryNotDone(panel);
  } else if (value !== null && value !== undefined) putValue(sign, String(value));
}

function putValue(sign, value) {
  const field = sign.querySelector("[data-sign-entry] input[type=text]");
  const radios = [...sign.querySelectorAll("[data-sign-entry] input[type=radio]")];
  if (!radios.length) {
    if ("temperature" in field.dataset) putTemperature(field, value);
    else field.value = number(value, { fixed: Number(field.dataset.places) });
    return;
  }
  const told = radios.find((radio) => radio.value !== "" && radio.value === value) ?? radios.find((radio) => "oxygenGiven" in radio.dataset);
  if (told) told.checked = true;
  refreshOxygen(sign);
  if (field && told && "oxygenGiven" in told.dataset) field.value = number(value, { places: 1 });
}

function setCorrecting(on) {
  const box = form.querySelector("[data-correcting]");
  box.hidden = !on;
  document.getElementById("correct_reason").disabled = !on;
  if (!on) form.elements.namedItem("replaces").value = "";
  form.querySelector("[data-save-text]").hidden = on;
  form.querySelector("[data-correct-text]").hidden = !on;
}

function reset(target) {
  setTimeout(() => {
    for (const slot of target.querySelectorAll("[data-unneeded]")) if (!target.querySelector("[data-correcting]:not([hidden])")) slot.hidden = true;
    for (const sign of target.querySelectorAll("[data-sign]")) if (sign.querySelector("[data-not-done]")?.hidden === false) showNotDone(sign, false);
    refreshOxygen(target);
  });
}

document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-not-done-open]");
  if (opener) showNotDone(opener.closest("[data-sign]"), opener.getAttribute("aria-expanded") !== "true");
  const closer = closest(event, "[data-not-done-close]");
  if (closer) showNotDone(closer.closest("[data-sign]"), false);
  const corrected = closest(event, "[data-correct]");
  if (corrected) correct(corrected.dataset.correct);
  if (closest(event, "[data-correct-cancel]")) form.reset();
  const radio = closest(event, "input[data-clearable]");
  if (radio && wasChecked.get(radio)) {
    radio.checked = false;
    refreshOxygen(radio.closest("[data-sign]"));
  }
  if (radio) wasChecked.delete(radio);
});
// A second tap takes a wrong choice back.
document.addEventListener("pointerdown", (event) => {
  const radio = closest(event, ".choice")?.querySelector("input[data-clearable]");
  if (radio) wasChecked.set(radio, radio.checked);
});
document.addEventListener("change", (event) => {
  const panel = closest(event, "[data-not-done]");
  if (panel) carryNotDone(panel);
  const oxygen = closest(event, "[data-oxygen]");
  if (oxygen) {
    refreshOxygen(oxygen);
    if (event.target.matches("[data-oxygen-given]")) oxygen.querySelector("[data-oxygen-flow] input").focus();
  }
});
document.addEventListener("reset", (event) => {
  if (event.target === form) setCorrecting(false);
  reset(event.target);
});

startTemperatures();
startKeypad();
startMoments();
refreshOxygen();
