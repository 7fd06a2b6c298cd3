/** A vial's code: asked of the server, and filled in only when nothing speaks against hanging the vial. */
import { ApiError, newKey, request } from "./api.js";
import { isolated } from "./dom.js";
import { ask, tell } from "./scan-dialog.js";
import { show, targetOf } from "./scan-result.js";
import { t } from "./texts.js";

const field = (widget, name) => targetOf(widget).querySelector(`[data-scan-${name}]`);

/** Whether nothing was scanned or typed for this vial yet. */
export function isEmpty(widget) {
  return ["lot", "expiry", "gtin"].every((name) => !field(widget, name)?.value);
}

/** Read a code for the vial of this widget. */
export async function readVial(widget, data) {
  show(widget, "busy", t("Reading the code"));
  try {
    const body = { data, course_id: numberOf(widget.dataset.course), session_id: numberOf(widget.dataset.session) };
    const scan = await request("POST", "/api/v1/barcodes/vial/", { body });
    if (await mayHang(widget, scan)) fill(widget, scan);
  } catch (error) {
    const refused = error instanceof ApiError && error.status < 500;
    show(widget, "bad", refused ? error.message : t("The code was not read: no contact with the server. Try again, or type it from the label."));
  }
}

const numberOf = (text) => (text ? Number(text) : null);

async function mayHang(widget, scan) {
  const stops = scan.problems.filter((problem) => problem.code !== "unknown_package").map((problem) => problem.text);
  if (inTheList(widget, scan)) stops.push(t("This vial is in the list already. Scan the next one."));
  if (stops.length) {
    show(widget, "bad", t("Not filled in."), ...stops);
    await tell(t("Do not hang this vial"), stops);
    return false;
  }
  return scan.known || isConfirmed(widget, scan);
}

function inTheList(widget, scan) {
  if (!scan.serial) return false;
  return [...document.querySelectorAll('[data-scan="vial"]')].some(
    (other) => other !== widget && field(other, "serial")?.value === scan.serial && field(other, "gtin")?.value === scan.gtin,
  );
}

/** Nobody knows this package yet: a person reads the name on the box, once. */
async function isConfirmed(widget, scan) {
  const product = isolated(scan.expected.name);
  const texts = scan.problems.map((problem) => problem.text);
  show(widget, "ask", ...texts);
  const yes = await ask(t("Which product is it?"), texts, {
    yes: t("The box says %(product)s", { product }),
    no: t("The box says something else"),
  });
  if (!yes) {
    show(widget, "bad", t("Not filled in: the box says something else than %(product)s. Ask the pharmacy.", { product }));
    return false;
  }
  const body = { gtin: scan.gtin, product_code: scan.expected.code };
  await request("POST", "/api/v1/barcodes/packages/", { body, key: newKey() });
  return true;
}

function fill(widget, scan) {
  const whole = Boolean(scan.lot_number && scan.expires_on);
  putRead(field(widget, "lot"), scan.lot_number);
  putRead(field(widget, "expiry"), scan.expires_on);
  put(field(widget, "gtin"), scan.gtin);
  put(field(widget, "serial"), scan.serial);
  put(field(widget, "scanned"), whole ? "true" : "");
  show(widget, whole ? "good" : "ask", whole
    ? t("Filled in from the code. Compare it with the label.")
    : t("The code does not say everything for certain. Type what is missing from the label."));
  if (!whole) field(widget, "lot")?.focus();
}

/** A code without a lot leaves one that was typed, and wipes one that an earlier code had filled in. */
function putRead(element, value) {
  if (!element || (!value && !element.dataset.scanFilled)) return;
  element.dataset.scanFilled = value ?? "";
  put(element, value);
}

function put(element, value) {
  if (!element) return;
  element.value = value ?? "";
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What was read and then changed by hand is no longer what the code says. */
export function noticeHandwork(event) {
  const { scanFilled } = event.target.dataset ?? {};
  if (!scanFilled || event.target.value === scanFilled) return;
  const widget = targetOf(event.target)?.querySelector('[data-scan="vial"]');
  if (!widget) return;
  forget(widget);
  show(widget, "ask", t("Changed by hand: this vial counts as typed, not as scanned."));
}

/** Nothing of an earlier code may stay behind in fields nobody sees. */
export function forget(widget) {
  for (const name of ["gtin", "serial", "scanned"]) put(field(widget, name), "");
  for (const name of ["lot", "expiry"]) delete field(widget, name)?.dataset.scanFilled;
  show(widget, "");
}
