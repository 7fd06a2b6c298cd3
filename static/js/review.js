/**
 * The review of an adverse event: grades of the chosen term, points of the chosen category, a draft that saves itself,
 * and the signature. Nothing typed is lost: what could not be saved stays on the page and is tried again.
 */
import { newKey, request } from "./api.js";
import { gather, withoutHoles } from "./api-form.js";
import { h, page, readJson } from "./dom.js";
import { clearErrors, showFailure } from "./form-messages.js";

const QUIET_MS = 1200;
const AGAIN_MS = 15000;
const form = document.querySelector("form[data-review]");
const dialog = document.querySelector("[data-signature-dialog]");
const state = form.querySelector("[data-draft-state]");
const terms = new Map((readJson("severity-terms") ?? []).map((term) => [term.code, term]));
let dirty = false;
let waiting = null;
let running = null;
let attempt = null; // the same body keeps its key

const numbered = (number) => new Intl.NumberFormat(page.lang).format(number);

function tell(what) {
  state.textContent = state.dataset[what];
  state.dataset.now = what;
}

/** The grades the chosen term has, in the words of the source. */
function showGrades(block) {
  const box = block.querySelector("[data-grades]");
  const { grades: number, chosen } = box.dataset;
  const term = terms.get(block.querySelector("[data-severity]").value);
  const name = `reactions.${number}.grade`;
  const kept = Number(box.querySelector("input:checked")?.value ?? chosen);
  box.querySelector("[data-grade-choices]").replaceChildren(
    ...(term?.grades ?? []).map(({ grade, text }) => {
      const radio = h("input", { type: "radio", name, value: grade, "data-integer": "", "data-test": `grade-${grade}` });
      radio.checked = grade === kept;
      return h("label", { class: "choice tall" }, radio, h("span", {}, h("span", { class: "strong" }, String(grade)), ` ${text}`));
    }),
  );
  const caution = box.querySelector("[data-caution]");
  caution.textContent = term?.caution ?? "";
  caution.hidden = !term?.caution;
  const note = box.querySelector("[data-note]");
  note.textContent = term?.note ?? "";
  note.hidden = !term?.note;
  askAboutGrade(block);
}

/** Grade 4 asks about danger to life, grade 5 about death. They only ask. */
function askAboutGrade(block) {
  const grade = block.querySelector("[data-grades] input:checked")?.value;
  const met = new Set([...block.querySelectorAll("[data-serious]:checked")].map((field) => field.value));
  for (const question of block.querySelectorAll("[data-asked-by]")) {
    const field = question.querySelector("input");
    field.disabled = question.dataset.askedBy !== grade || met.has(field.value);
    question.hidden = field.disabled;
  }
}

/** A criterion that is met takes "not serious" back, and the other way round. */
function keepConsistent(block, field) {
  if ("serious" in field.dataset && field.checked) block.querySelector("[data-not-serious]").checked = false;
  if ("notSerious" in field.dataset && field.checked) {
    for (const criterion of block.querySelectorAll("[data-serious]:checked")) criterion.checked = false;
  }
}

function showCriteria() {
  const chosen = form.querySelector("[data-category]:checked")?.value;
  for (const group of form.querySelectorAll("[data-criteria-of]")) {
    group.hidden = group.dataset.criteriaOf !== chosen;
    for (const field of group.querySelectorAll("input")) field.disabled = group.hidden;
  }
}

function showAnswer(draft) {
  for (const field of document.querySelectorAll("[data-revision]")) field.value = draft.revision;
  const { score, band_name: band } = draft.naranjo;
  const sign = score > 0 ? "+" : score < 0 ? "−" : "";
  form.querySelector("[data-score]").textContent = sign + numbered(Math.abs(score));
  form.querySelector("[data-band]").textContent = band;
}

const bodyOf = (change) => JSON.stringify(withoutHoles(change(gather(form))));

/** Save the draft; saves follow one another. Resolves with the answer, null when it was not saved. */
async function save(change = (body) => body) {
  while (running) await running;
  running = saveNow(change).finally(() => (running = null));
  return running;
}

async function saveNow(change) {
  clearTimeout(waiting);
  const body = bodyOf(change);
  attempt = attempt?.body === body ? attempt : { body, key: newKey() };
  tell("saving");
  dirty = false;
  try {
    const draft = await request("POST", form.dataset.api, { ...attempt, performer: page.dataset.user });
    attempt = null;
    showAnswer(draft);
    tell(dirty ? "unsaved" : "saved");
    return draft;
  } catch (error) {
    dirty = true;
    const refused = error.status && error.status < 500;
    if (refused) attempt = null;
    tell(refused ? "unsaved" : "failed");
    if (refused) showFailure(form, error);
    else later(AGAIN_MS);
    return null;
  }
}

function later(milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(() => save(), milliseconds);
}

function touched() {
  dirty = true;
  tell("unsaved");
  later(QUIET_MS);
}

function onChange(event) {
  if (event.target.form !== form) return;
  const block = event.target.closest("[data-reaction]");
  if (block) {
    keepConsistent(block, event.target);
    if ("severity" in event.target.dataset) showGrades(block);
    else askAboutGrade(block);
  }
  if ("category" in event.target.dataset) showCriteria();
  touched();
}

/** The dialog opens once everything is there; until then each gap is named at its place. */
async function openSignature() {
  clearErrors(form);
  const draft = await save();
  if (!draft) return;
  if (!draft.missing.length) return dialog.showModal();
  const fields = {};
  for (const { field, text } of draft.missing) (fields[field] ??= []).push(text);
  showFailure(form, { status: 400, code: "review_incomplete", message: form.dataset.incomplete, extra: { fields } });
}

async function withReactions(change) {
  if (await save((body) => ({ ...body, reactions: change(body.reactions ?? []) }))) location.reload();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation(); // api-form.js would save a second time
  clearErrors(form);
  save();
});
document.addEventListener("change", onChange);
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) touched();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if ("openSignature" in button.dataset) openSignature();
  if ("closeSignature" in button.dataset) dialog.close();
  if ("addReaction" in button.dataset) withReactions((reactions) => [...reactions, {}]);
  if ("removeReaction" in button.dataset) {
    withReactions((reactions) => reactions.filter((_, number) => number !== Number(button.dataset.removeReaction)));
  }
});
dialog.addEventListener("refused", (event) => {
  const { error } = event.detail;
  if (error.code !== "review_incomplete" && error.code !== "review_stale") return;
  dialog.close();
  showFailure(form, error);
}, true);
dialog.addEventListener("close", () => (dialog.querySelector("#sign-password").value = ""));
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
window.addEventListener("online", () => dirty && save());

for (const block of form.querySelectorAll("[data-reaction]")) showGrades(block);
showCriteria();
