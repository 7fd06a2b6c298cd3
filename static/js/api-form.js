/**
 * `<form data-api="/api/v1/…" data-method="post" data-next="/x/{id}/">`: fields become JSON, errors
 * come back beside the fields, nothing typed is ever lost, and one filled form is one write: its
 * Idempotency-Key stays while the same body is tried again. A form with `data-offline` waits on this
 * device when the network is away (offline-queue.js).
 */
import { ApiError, newKey, request } from "./api.js";
import { page } from "./dom.js";
import { clearErrors, clearField, showFailure, showKept, showNotSent, showSaved } from "./form-messages.js";
import { isOutOfReach, keep, mayWait, sessionOf } from "./offline-form.js";
import { isWaiting, send } from "./offline-queue.js";

/** How long a form that may wait on this device waits for an answer first. */
const PATIENCE_MS = 8000;
const attempts = new WeakMap(); // form -> {body, key}

/** The JSON body of a form: dotted names nest, lists stay lists, empty optional fields are left out. */
export function gather(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.name === "csrfmiddlewaretoken") continue;
    if (field.type === "checkbox") gatherCheckbox(body, field);
    else if (field.type === "radio") {
      if (field.checked && field.value !== "") put(body, field.name, typed(field));
    } else if (field.value.trim() !== "") put(body, field.name, typed(field));
  }
  return body;
}

function gatherCheckbox(body, field) {
  if ("list" in field.dataset) {
    if (read(body, field.name) === undefined) put(body, field.name, []);
    if (field.checked) read(body, field.name).push(field.value);
  } else if ("boolean" in field.dataset) put(body, field.name, field.checked);
  else if (field.checked) put(body, field.name, field.value);
}

function typed(field) {
  const text = field.value.trim();
  if ("integer" in field.dataset && /^\d+$/.test(text)) return Number(text);
  return text;
}

const read = (source, path) => path.split(".").reduce((place, part) => place?.[part], source);

function put(target, path, value) {
  const parts = path.split(".");
  let place = target;
  parts.slice(0, -1).forEach((part, index) => {
    place[part] ??= /^\d+$/.test(parts[index + 1]) ? [] : {};
    place = place[part];
  });
  place[parts.at(-1)] = value;
}

/** Lists as they are meant: an entry that was taken out leaves no gap. */
export function withoutHoles(value) {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined && item !== null).map(withoutHoles);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutHoles(item)]));
  }
  return value;
}

async function submit(form, submitter) {
  if (form.dataset.busy === "true") return;
  const body = JSON.stringify(withoutHoles(gather(form)));
  const attempt = attempts.get(form);
  const attempted = attempt?.body === body;
  const key = attempted ? attempt.key : newKey();
  attempts.set(form, { body, key });
  setBusy(form, true, submitter);
  clearErrors(form);
  try {
    if (await mustWait(form)) await keepForLater(form, { body, key, attempted });
    else await sendNow(form, { body, key });
  } finally {
    setBusy(form, false, submitter);
  }
}

/** Entries of a session keep their order: none overtakes one that waits. */
async function mustWait(form) {
  return mayWait(form) && (!navigator.onLine || (await isWaiting(sessionOf(form))));
}

async function sendNow(form, { body, key }) {
  const method = (form.dataset.method || "post").toUpperCase();
  const timeout = mayWait(form) ? PATIENCE_MS : undefined;
  let answer;
  try {
    answer = await request(method, form.dataset.api, { body, key, performer: page.dataset.user, timeout });
  } catch (error) {
    if (mayWait(form) && isOutOfReach(error)) return keepForLater(form, { body, key, attempted: true });
    return failed(form, error);
  }
  attempts.delete(form);
  finish(form, answer);
}

function failed(form, error) {
  if (!(error instanceof ApiError)) return showNotSent(form);
  // A definite answer: the next try is a new request. Anything vague keeps the key.
  const vague = error.status >= 500 || error.status === 429 || error.status === 408;
  if (!vague) attempts.delete(form);
  if (error.status >= 500) showNotSent(form);
  else showFailure(form, error);
  form.dispatchEvent(new CustomEvent("refused", { detail: { error } }));
}

async function keepForLater(form, entry) {
  try {
    await keep(form, entry);
  } catch {
    return showNotSent(form);
  }
  attempts.delete(form);
  form.reset();
  form.closest("dialog")?.close();
  showKept(form);
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true, detail: { form } }));
  send();
}

function setBusy(form, busy, submitter) {
  form.dataset.busy = String(busy);
  const button = submitter ?? form.querySelector("button[type=submit], button:not([type])");
  if (button) button.setAttribute("aria-disabled", String(busy));
}

function finish(form, answer) {
  form.closest("dialog")?.close();
  const event = new CustomEvent("saved", { bubbles: true, cancelable: true, detail: { answer, form } });
  // A push may have replaced the form before its answer came: the page still hears of it.
  const handled = !(form.isConnected ? form : document).dispatchEvent(event);
  if (form.dataset.next) {
    location.assign(form.dataset.next.replace(/\{(\w+)\}/, (_, name) => answer?.[name] ?? ""));
  } else if (handled) {
    if (form.dataset.savedText) showSaved(form, form.dataset.savedText);
  } else {
    location.reload();
  }
}

/** Listen once for every API form on the page, also those that appear later. */
export function startApiForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.api) return;
    event.preventDefault();
    submit(form, event.submitter);
  });
  document.addEventListener("input", (event) => clearField(event.target));
}
