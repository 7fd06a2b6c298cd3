/**
 * Entry of pages where codes are scanned, by a scanner that types, by the camera, or by hand.
 *
 * `<div data-scan="vial" data-course="7" data-day="1">` (or `data-session`) holds a `[data-scan-field]`, buttons
 * `[data-scan-read]` and `[data-scan-camera]`, and a `[data-scan-result]`. The nearest `[data-scan-target]` holds the
 * fields to fill: `[data-scan-lot]`, `-expiry`, `-gtin`, `-serial`, `-scanned`. `data-scan="wristband"` with
 * `data-patient` sets `[data-scan-confirm]` and `[data-scan-scanned]` of its target.
 */
import { latinDigits } from "./numbers.js";
import { cameraFormats, scanWithCamera } from "./scan-camera.js";
import { dialogIsOpen, tell } from "./scan-dialog.js";
import { listenForScans } from "./scan-keys.js";
import { targetOf } from "./scan-result.js";
import { forget, isEmpty, noticeHandwork, readVial } from "./scan-vial.js";
import { guardBox, readWristband } from "./scan-wristband.js";
import { t } from "./texts.js";

// A GTIN in GS1 form, an EAN by its symbology, or thirteen bare digits: no record number looks like that.
const PACKAGE = /^(?:\][A-Za-z]\d)?[\x1d(]?01\)?\s?\d{14}|^\][EI]\d|^\d{13}$/;
let work = Promise.resolve();

const widgets = (kind) => [...document.querySelectorAll(`[data-scan="${kind}"]`)];

/** One code after the other: the second vial must see which row the first one took. */
function queue(step) {
  work = work.then(step).catch((error) => console.error(error));
}

function read(widget, text) {
  return widget.dataset.scan === "wristband" ? readWristband(widget, text) : readVial(widget, text);
}

/** A code that came from nowhere in particular goes where it belongs. */
async function place(text, focused) {
  const near = focused instanceof Element ? targetOf(focused)?.querySelector("[data-scan]") : null;
  const [wristband] = widgets("wristband");
  const isPackage = PACKAGE.test(latinDigits(text));
  const kind = isPackage || !wristband ? "vial" : near?.dataset.scan ?? expected(wristband, text);
  if (kind === "wristband" || !widgets("vial").length) return read(wristband, text);
  const widget = freeVial(near);
  if (widget) return read(widget, text);
  return tell(t("Not filled in."), [t("Every row is filled. Start with these vials and add the others while the infusion runs.")]);
}

/** First the patient, then the vials; a wristband that is scanned twice stays a wristband. */
function expected(wristband, text) {
  return wristband.dataset.state === "matched" && wristband.dataset.read !== text ? "vial" : "wristband";
}

/** The vial in focus if it is empty, else the first empty one, else one more; the only one is read anew. */
function freeVial(near) {
  const all = widgets("vial");
  const shown = all.filter((widget) => !widget.closest("[hidden]"));
  const empty = [near, ...shown].find((widget) => shown.includes(widget) && isEmpty(widget));
  if (empty || all.length === 1) return empty ?? all[0];
  const next = all.find((widget) => widget.closest("[data-repeat-item][hidden]"));
  const group = next?.closest("[data-repeat]").dataset.repeat;
  document.querySelector(`[data-repeat-add="${group}"]`)?.click();
  return next;
}

function readField(field) {
  const text = field.value;
  field.value = "";
  if (text.trim()) queue(() => read(field.closest("[data-scan]"), text));
}

async function startCamera() {
  const formats = await cameraFormats();
  if (!formats.length) return;
  for (const button of document.querySelectorAll("[data-scan-camera]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const widget = event.target.closest?.("[data-scan-camera]")?.closest("[data-scan]");
    const text = widget && (await scanWithCamera(formats));
    if (text) queue(() => read(widget, text));
  });
}

listenForScans((text, focused) => {
  // A dialog asks something: a code that arrives meanwhile must neither answer it nor wait behind it.
  if (!dialogIsOpen()) queue(() => place(text, focused));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-scan-field]")) return;
  event.preventDefault();
  readField(event.target);
});
document.addEventListener("paste", (event) => {
  const editable = event.target.closest?.("input, textarea, [contenteditable]");
  const text = event.clipboardData?.getData("text") ?? "";
  if (!text.trim() || dialogIsOpen() || (editable && !editable.matches("[data-scan-field]"))) return;
  event.preventDefault();
  queue(() => (editable ? read(editable.closest("[data-scan]"), text) : place(text, null)));
});
document.addEventListener("click", (event) => {
  guardBox(event);
  const button = event.target.closest?.("[data-scan-read]");
  if (button) readField(button.closest("[data-scan]").querySelector("[data-scan-field]"));
});
// On "change": a scanner that types into a filled field is taken out again before the field is left.
document.addEventListener("change", noticeHandwork);
document.addEventListener("reset", (event) => {
  for (const widget of event.target.querySelectorAll('[data-scan="vial"]')) forget(widget);
});
startCamera();
