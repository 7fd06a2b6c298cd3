/** Entry of the order form: the dose as one types, and every finding with what it asks, beside it. */
import { gather } from "./api-form.js";
import { ApiError, request } from "./api.js";
import { refreshConditional } from "./controls.js";
import { h, ltr } from "./dom.js";
import { digits, number, quantity } from "./numbers.js";
import { t } from "./texts.js";

const form = document.querySelector("form[data-order-form]");
const dosePanel = form.querySelector("[data-dose-panel]");
const findingsPanel = form.querySelector("[data-findings]");
const signatureBox = form.querySelector("[data-signature-box]");
const answers = new Map(); // finding code -> reason; kept while the order is typed, even when a finding comes and goes
let timer = null;
let round = 0;
let shown = "";

function order() {
  const { answers: _answers, signature: _signature, reason: _reason, based_on_version: _version, ...rest } = gather(form);
  return form.dataset.course ? { ...rest, course_id: Number(form.dataset.course) } : rest;
}

const complete = (body) =>
  Boolean(body.product_code && body.profile?.weight_kg && body.profile?.weighed_on && body.dose_g_per_kg && body.days && body.starts_on);

function changed() {
  const body = order();
  const key = JSON.stringify(body);
  if (key === shown) return;
  shown = key;
  clearTimeout(timer);
  round += 1;
  // Figures that no longer belong to the order beside them must not stay readable.
  dosePanel.dataset.busy = "true";
  if (!complete(body)) return waiting(t("Fill in product, weight, dose and days to see the dose."));
  timer = setTimeout(() => assess(body, round), 300);
}

async function assess(body, mine) {
  try {
    const assessment = await request("POST", "/api/v1/course-assessments/", { body });
    if (mine === round) show(assessment, body);
  } catch (error) {
    if (mine !== round) return;
    shown = "";
    if (error instanceof ApiError && error.status < 500) {
      waiting(firstText(error.extra.fields) ?? error.message, true);
    } else {
      waiting(t("The dose could not be calculated: no contact with the server."), true);
      timer = setTimeout(changed, 3000);
    }
  }
}

function firstText(fields) {
  if (typeof fields === "string") return fields;
  for (const item of Object.values(fields ?? {})) {
    const text = firstText(item);
    if (text) return text;
  }
  return undefined;
}

function waiting(text, problem = false) {
  dosePanel.dataset.busy = "false";
  dosePanel.replaceChildren(h("p", { class: problem ? "field-error" : "muted" }, text));
  findingsPanel.replaceChildren(h("p", { class: "muted" }, t("The checks follow once the dose is calculated.")));
  signatureBox.hidden = true;
}

function show(assessment, body) {
  dosePanel.dataset.busy = "false";
  showDose(assessment, body);
  showFindings(assessment.findings);
}

const fact = (word, ...content) => h("div", {}, h("dt", {}, word), h("dd", {}, ...content));

function vials(plan) {
  const parts = plan.vials.map((vial) => `${digits(vial.count)} × ${number(vial.size_ml)} mL`);
  return ltr(`${parts.join(" + ")} = ${number(plan.volume_ml)} mL`);
}

function deviation(plan) {
  const value = Number(plan.deviation_percent);
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return ltr(`${sign}${number(Math.abs(value), { places: 1 })} %`);
}

function showDose(assessment, body) {
  const { dose, rounded, least_waste: leastWaste } = assessment;
  const chosen = body.vial_choice === "least_waste" ? leastWaste : rounded;
  const other = body.vial_choice === "least_waste" ? rounded : leastWaste;
  dosePanel.replaceChildren(
    h("p", { class: "muted" }, ltr(`${number(assessment.dosing_weight_kg)}\u00a0kg × ${number(dose.total_g / assessment.dosing_weight_kg, { places: 3 })}\u00a0g/kg`)),
    h("p", { class: "row" },
      h("span", { class: "value", "data-test": "total-g" }, quantity(dose.total_g, "g")),
      h("span", { class: "value", "aria-hidden": "true" }, "="),
      h("span", { class: "value", "data-test": "total-ml" }, quantity(dose.total_ml, "mL"))),
    h("dl", { class: "facts" },
      fact(t("Days"), digits(dose.days)),
      fact(t("Each day"), quantity(dose.per_day_g, "g"), " = ", quantity(dose.per_day_ml, "mL"))),
    h("div", { class: chosen.within_tolerance ? "notice" : "notice warn" },
      h("p", { class: "strong" }, t("Whole vials each day")),
      h("p", { "data-test": "vial-plan" }, vials(chosen)),
      h("p", { "data-test": "deviation" }, deviation(chosen), " ", t("against the calculated dose")),
      h("p", { class: "muted small", "data-test": "other-vials" }, t("Or:"), " ", vials(other), " (", deviation(other), ")")),
    ratePlan(assessment),
  );
}

/** The rates as they will be offered: cut at the lowest limit of label, disease and risk. */
function ratePlan({ rate_table: table, rates_ml_per_kg_h: allowed }) {
  const rates = allowed.map((rate) => number(rate)).join(" → ");
  return h("details", { "data-test": "rate-plan" },
    h("summary", {}, t("Rate plan"), " ", ltr(`${rates} mL/kg/h`)),
    table.quote ? h("blockquote", { dir: "auto" }, table.quote) : null,
    h("cite", {}, table.source));
}

const LEVELS = {
  note: "For your information",
  acknowledge: "Tick when seen",
  reason: "Needs a reason",
  second_person: "Needs a reason and a second person",
  block: "Cannot be approved",
};

function showFindings(findings) {
  const typing = document.activeElement?.closest?.("[data-finding]") ? document.activeElement : null;
  if (typing && findingsPanel.contains(typing) && sameFindings(findings)) return;
  findingsPanel.replaceChildren(...findings.map((finding, index) => card(finding, index)));
  if (!findings.length) findingsPanel.replaceChildren(h("p", { class: "muted" }, t("Nothing stands against this order.")));
  signatureBox.hidden = !findings.some((finding) => finding.level === "second_person");
}

function sameFindings(findings) {
  const now = [...findingsPanel.querySelectorAll("[data-finding]")].map((element) => element.dataset.finding);
  return JSON.stringify(now) === JSON.stringify(findings.map((finding) => finding.code));
}

function card(finding, index) {
  return h("div", { class: "order-finding", "data-finding": finding.code, "data-level": finding.level, "data-test": "finding" },
    h("p", { class: "level" }, t(LEVELS[finding.level])),
    h("p", {}, finding.text),
    answer(finding, index),
    sources(finding.citations));
}

function answer(finding, index) {
  const code = () => h("input", { type: "hidden", name: `answers.${index}.code`, value: finding.code });
  if (finding.level === "acknowledge") {
    const box = h("input", { type: "checkbox", "data-seen": finding.code, checked: answers.has(finding.code) });
    const hidden = code();
    hidden.disabled = !answers.has(finding.code);
    box.addEventListener("change", () => {
      hidden.disabled = !box.checked;
      if (box.checked) answers.set(finding.code, "");
      else answers.delete(finding.code);
    });
    return h("label", { class: "choice" }, box, t("Seen"), hidden);
  }
  if (finding.level === "reason" || finding.level === "second_person") {
    const id = `answer-${index}`;
    const text = h("textarea", { id, name: `answers.${index}.reason`, dir: "auto", "data-test": "finding-reason" });
    text.value = answers.get(finding.code) ?? "";
    text.addEventListener("input", () => answers.set(finding.code, text.value));
    return h("div", { class: "field" }, h("label", { for: id }, t("Your reason")), text, code());
  }
  return null;
}

function sources(citations) {
  if (!citations.length) return null;
  return h("details", {}, h("summary", {}, t("Why?")),
    citations.map((citation) => h("div", {}, citation.quote ? h("blockquote", { dir: "auto" }, citation.quote) : null,
      h("cite", {}, citation.label, citation.read === "unverified" ? ` (${t("not verified")})` : ""))));
}

/** A refused approval points at the findings that are still open. */
function markMissing(codes) {
  for (const element of findingsPanel.querySelectorAll("[data-finding]")) {
    element.classList.toggle("is-missing", codes.includes(element.dataset.finding));
  }
  findingsPanel.querySelector(".is-missing")?.scrollIntoView({ block: "center" });
}

function offerFittingPlans() {
  const product = form.elements.namedItem("product_code").value;
  const select = form.elements.namedItem("rate_table_code");
  for (const option of select.options) {
    const fits = !option.value || option.dataset.products.split(" ").includes(product);
    option.hidden = Boolean(product) && !fits;
    if (option.selected && option.hidden) select.value = "";
  }
}

form.addEventListener("input", (event) => {
  if (!event.target.closest("[data-finding], [data-signature]")) changed();
});
form.addEventListener("change", (event) => {
  if (event.target.name === "product_code") offerFittingPlans();
  if (!event.target.closest("[data-finding], [data-signature]")) changed();
});
form.addEventListener("refused", (event) => markMissing(event.detail.error.extra.findings ?? []));
offerFittingPlans();
refreshConditional();
changed();
