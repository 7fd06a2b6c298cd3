/** What a form says after it was sent: beside the fields and in one summary that is read aloud. */
import { h } from "./dom.js";
import { number } from "./numbers.js";
import { t } from "./texts.js";
import { timeElement } from "./time.js";

const NEEDS_NETWORK =
  "Not sent. A faster rate, going on after a pause and completing need the network: the server checks the vital signs first. Try again when it is back.";

function summaryOf(form) {
  let summary = form.querySelector(":scope > .form-summary");
  if (!summary) {
    summary = h("div", { class: "form-summary", tabindex: "-1" });
    form.prepend(summary);
  }
  summary.className = "form-summary";
  summary.removeAttribute("hidden");
  return summary;
}

function show(form, role, ...children) {
  const summary = summaryOf(form);
  summary.setAttribute("role", role);
  summary.replaceChildren(...children);
  summary.scrollIntoView({ block: "nearest" });
  return summary;
}

export function clearErrors(form) {
  form.querySelector(":scope > .form-summary")?.remove();
  for (const message of form.querySelectorAll(".field-error")) message.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    const kept = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("-error"));
    if (kept.length) field.setAttribute("aria-describedby", kept.join(" "));
    else field.removeAttribute("aria-describedby");
  }
}

/** A corrected field loses its complaint at once. */
export function clearField(field) {
  if (field.getAttribute?.("aria-invalid") !== "true") return;
  field.removeAttribute("aria-invalid");
  for (const id of (field.getAttribute("aria-describedby") ?? "").split(" ")) {
    if (id.endsWith("-error")) document.getElementById(id)?.remove();
  }
}

export function showNotSent(form) {
  const text = "needsNetwork" in form.dataset ? NEEDS_NETWORK : "Not sent. Nothing was lost. Try again.";
  show(form, "alert", h("p", { class: "strong" }, t(text)));
}

export function showKept(form) {
  showSaved(form, t("No contact with the server: kept on this device, not sent yet."));
  form.querySelector(":scope > .form-summary").classList.replace("done", "kept");
}

export function showSaved(form, text) {
  const summary = show(form, "status", h("p", { class: "strong" }, text));
  summary.classList.add("done");
  setTimeout(() => summary.remove(), 6000);
}

/** Show a refused request: sentence, field errors, holds, or what changed meanwhile. */
export function showFailure(form, error) {
  const parts = [h("p", { class: "strong" }, error.message)];
  if (error.status === 401 || error.code === "not_signed_in") {
    parts.push(h("p", {}, t("You are signed out. Open the sign-in page in another tab, then try again: nothing typed is lost.")));
  }
  const rest = showFields(form, flatten(error.extra.fields ?? {}));
  if (rest.length) parts.push(h("ul", {}, rest.map((text) => h("li", {}, text))));
  if (error.extra.holds?.length) {
    parts.push(h("ul", {}, error.extra.holds.map((hold) => h("li", {}, hold.text, " ", hold.source && h("cite", {}, hold.source)))));
  }
  const overtaken = error.status === 409 && error.extra.changes !== undefined;
  if (overtaken) parts.push(...changed(error.extra));
  const first = form.querySelector("[aria-invalid=true]");
  const summary = show(form, "alert", ...parts);
  if (overtaken) offerTheCurrentStatus(summary);
  if (first) first.focus();
  else summary.focus();
}

/** What others did since the version this page showed, and what runs now. */
function changed({ changes = [], state, rate_ml_per_h: rate }) {
  return [
    h("ul", { "data-test": "changes" }, changes.map((entry) => h("li", {}, timeElement(entry.at), " ", entry.text, " ", entry.by && h("span", { class: "muted" }, `(${entry.by})`)))),
    h("p", {}, t("Now: %(state)s, %(rate)s mL/h.", { state: t(state), rate: number(rate ?? "0") })),
  ];
}

/** All that a refusal says, as sentences, where no form is beside it. */
export function sentencesOf(error) {
  const fields = flatten(error.extra.fields ?? {}).map(([, text]) => text);
  const holds = (error.extra.holds ?? []).map((hold) => hold.text);
  const meanwhile = (error.extra.changes ?? []).map((entry) => [entry.text, entry.by && `(${entry.by})`].filter(Boolean).join(" "));
  return [...new Set([error.message, ...fields, ...holds, ...meanwhile])];
}

/** The page brings what it shows up to date by itself; where none listens, the button does. */
function offerTheCurrentStatus(summary) {
  const refreshed = !document.dispatchEvent(new CustomEvent("overtaken", { cancelable: true }));
  const [text, act] = refreshed ? ["Seen", () => summary.remove()] : ["Show the current status", () => location.reload()];
  summary.append(h("button", { type: "button", class: "button", onclick: act }, t(text)));
}

/** {"baseline": {"pulse": ["x"]}} or {"baseline.pulse": ["x"]} -> [["baseline.pulse", "x"]] */
function flatten(fields, prefix = "") {
  if (typeof fields === "string") return [[prefix, fields]];
  if (Array.isArray(fields)) {
    return fields.flatMap((item, index) => (typeof item === "string" ? [[prefix, item]] : flatten(item, `${prefix}.${index}`)));
  }
  return Object.entries(fields ?? {}).flatMap(([name, item]) => flatten(item, prefix ? `${prefix}.${name}` : name));
}

function showFields(form, messages) {
  const rest = [];
  for (const [name, text] of messages) {
    const found = form.elements.namedItem(name);
    // Of several of one name the first that can be answered now.
    const field = found instanceof RadioNodeList ? ([...found].find((one) => !one.disabled) ?? found[0]) : found;
    if (!field || field.type === "hidden") {
      rest.push(text);
      continue;
    }
    const id = `${field.id || name}-error`.replace(/[^\w-]/g, "-");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    (field.closest(".field, fieldset") ?? field.parentElement).append(h("p", { class: "field-error", id }, text));
  }
  return rest;
}
