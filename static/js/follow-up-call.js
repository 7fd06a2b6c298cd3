/**
 * The call of a follow-up: red flags are shown as soon as an answer makes one, and told to the ward at once, before
 * the call is over. The rules come with the page as data; the server judges again whatever is saved.
 */
import { newKey, request } from "./api.js";
import { gather } from "./api-form.js";
import { page, readJson } from "./dom.js";

const ORDER = ["emergency", "same_day", "notice"];
const form = document.querySelector("form[data-call]");
const flags = readJson("script-flags") ?? [];
const words = form.querySelector("[data-words]").dataset;
const box = form.querySelector("[data-flags]");
const told = new Set((box.dataset.toldFlags || "").split(" "));
let shown = "";

const yes = () => new Set([...form.querySelectorAll('[data-symptom] input[value="yes"]:checked')].map((field) => field.closest("[data-symptom]").dataset.symptom));
const nameOf = (code) => form.querySelector(`[data-name="${CSS.escape(code)}"]`)?.textContent ?? code;

/** The rules whose every part has enough of its symptoms. */
export function raised(rules, reported) {
  const holds = (part) => part.any_of.filter((code) => reported.has(code)).length >= part.at_least;
  return rules.filter((rule) => rule.all_of.every(holds)).sort((one, other) => ORDER.indexOf(one.urgency) - ORDER.indexOf(other.urgency));
}

function show(found, reported) {
  const codes = found.map((flag) => flag.code).join(" ");
  if (codes === shown) return;
  shown = codes;
  box.replaceChildren(...found.map((flag) => card(flag, reported)));
}

function card(flag, reported) {
  const element = form.querySelector("[data-flag-template]").content.firstElementChild.cloneNode(true);
  const put = (name, text) => (element.querySelector(`.call-${name}`).textContent = text);
  const because = [...new Set(flag.all_of.flatMap((part) => part.any_of))].filter((code) => reported.has(code));
  element.dataset.urgency = flag.urgency;
  element.dataset.test = `flag-${flag.code}`;
  put("urgency", { emergency: words.emergency, same_day: words.sameDay, notice: words.notice }[flag.urgency]);
  put("name", flag.name);
  put("because", words.because.replace("{symptoms}", because.map(nameOf).join(words.comma)));
  put("advice", flag.advice);
  put("tell", flag.tell_patient ? words.tell.replace("{words}", flag.tell_patient) : "");
  put("source", flag.source);
  return element;
}

/** What must not wait is saved at once, so that the alert goes out while the patient is still on the telephone. */
async function tell(found) {
  const fresh = found.filter((flag) => flag.urgency !== "notice" && !told.has(flag.code));
  if (!fresh.length || form.dataset.busy === "true") return;
  const body = JSON.stringify({ ...gather(form), complete: false });
  for (const flag of fresh) told.add(flag.code);
  const line = form.querySelector("[data-told-line]");
  try {
    await request("POST", form.dataset.api, { body, key: newKey(), performer: page.dataset.user });
    line.textContent = words.told;
    line.classList.remove("warn");
  } catch {
    for (const flag of fresh) told.delete(flag.code);
    line.textContent = words.untold;
    line.classList.add("warn");
  }
  line.hidden = false;
}

function count() {
  const left = [...form.querySelectorAll("[data-symptom][data-required]")].filter((symptom) => !symptom.querySelector("input:checked")).length;
  const progress = form.querySelector("[data-progress]");
  const number = new Intl.NumberFormat(page.lang).format(left);
  progress.textContent = left ? progress.dataset.left.replace("{count}", number) : progress.dataset.all;
}

function look() {
  const reported = yes();
  const found = raised(flags, reported);
  show(found, reported);
  count();
  tell(found);
}

form.addEventListener("change", (event) => {
  if (event.target.closest("[data-symptom]")) look();
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-none]");
  if (!button) return;
  for (const symptom of button.closest("[data-question]").querySelectorAll("[data-symptom]")) {
    if (!symptom.querySelector("input:checked")) symptom.querySelector('input[value="no"]').checked = true;
  }
  look();
});
look();
