/** From a form to an entry that can wait: what it is called, and what the person reads of it later. */
import { ApiError } from "./api.js";
import { page } from "./dom.js";
import { enqueue } from "./offline-queue.js";
import { separator } from "./numbers.js";

const GATEWAYS = [502, 503, 504];

/** `<form data-offline="observation" data-effective-field="effective_at">`: may wait on this device. */
export const mayWait = (form) => "offline" in form.dataset;

/** Whether nobody answered for the service: no network, or a gateway without it. */
export const isOutOfReach = (error) => !(error instanceof ApiError) || GATEWAYS.includes(error.status);

export function sessionOf(form) {
  return Number(/\/sessions\/(\d+)\//.exec(form.dataset.api)?.[1] ?? 0);
}

/** Put the form's body in the queue. Rejects when the device could not keep it. */
export function keep(form, { body, key, attempted }) {
  return enqueue({
    url: form.dataset.api,
    method: (form.dataset.method || "post").toUpperCase(),
    body,
    idempotencyKey: key,
    sessionId: sessionOf(form),
    effectiveField: form.dataset.effectiveField,
    label: { title: titleOf(form), patient: patientShown(), typed: [...form.elements].map(said).filter(Boolean) },
    attempted,
  });
}

/** What a person reads of the entry while it waits: the form's own words for it, its heading, or its button. */
function titleOf(form) {
  const said = form.querySelector("h2, h3") ?? form.querySelector("button:not([type=button])");
  return form.dataset.title ?? said?.textContent.trim() ?? "";
}

function patientShown() {
  const bed = document.querySelector(".patient-strip .bed")?.textContent.trim().replace(/\s+/g, " ");
  return [bed, document.querySelector(".patient-strip h1")?.textContent.trim()].filter(Boolean).join(separator);
}

/** "Pulse 72 /min": the field's own label, what was typed, and its unit. */
function said(field) {
  if (!field.name || field.disabled || field.type === "hidden") return "";
  const label = field.labels?.[0];
  if (field.type === "radio" || field.type === "checkbox") return field.checked ? label?.textContent.trim() : "";
  if (!field.value.trim()) return "";
  const value = field instanceof HTMLSelectElement ? field.selectedOptions[0].textContent.trim() : field.value.trim();
  const name = label?.firstChild?.textContent.trim() ?? "";
  const unit = label?.querySelector(".hint bdi")?.textContent.trim();
  return [name, unit ? leftToRight(`${value} ${unit}`) : value].filter(Boolean).join(" ");
}

/** A quantity keeps its order inside right-to-left text; kept as text, so marks stand in for an element. */
function leftToRight(text) {
  return page.dir === "rtl" ? `\u2066${text}\u2069` : text;
}
