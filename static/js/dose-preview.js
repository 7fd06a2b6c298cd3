/** Entry of "open a course": the dose as one types, with whole vials and the deviation beside it. */
import { ApiError, request } from "./api.js";
import { h, ltr } from "./dom.js";
import { number, quantity, typedNumber } from "./numbers.js";
import { t } from "./texts.js";

const form = document.querySelector("form[data-dose-form]");
const panel = document.querySelector("[data-dose-panel]");
const needed = ["product_code", "weight_kg", "dose_g_per_kg", "days"];
let timer = null;
let round = 0;
let shown = "";

function values() {
  return Object.fromEntries(needed.map((name) => [name, form.elements.namedItem(name)?.value.trim() ?? ""]));
}

function changed() {
  const body = values();
  const key = JSON.stringify(body);
  if (key === shown) return;
  shown = key;
  clearTimeout(timer);
  round += 1;
  // A dose that no longer belongs to the numbers beside it must not stay readable.
  panel.dataset.busy = "true";
  if (needed.some((name) => body[name] === "")) return waiting(t("Fill in product, weight, dose and days to see the dose."));
  timer = setTimeout(() => preview(body, round), 250);
}

async function preview(body, mine) {
  try {
    const dose = await request("POST", "/api/v1/dose-previews/", { body: { ...body, days: Number(body.days) } });
    if (mine === round) show(dose, body);
  } catch (error) {
    if (mine !== round) return;
    shown = "";
    if (error instanceof ApiError && error.status < 500) {
      const texts = Object.values(error.extra.fields ?? {}).flat().filter((text) => typeof text === "string");
      waiting(texts[0] ?? error.message, true);
    } else {
      waiting(t("The dose could not be calculated: no contact with the server."), true);
      timer = setTimeout(changed, 3000);
    }
  }
}

function waiting(text, problem = false) {
  panel.dataset.busy = "false";
  panel.replaceChildren(h("p", { class: problem ? "field-error" : "muted" }, text));
}

const fact = (word, ...content) => h("div", {}, h("dt", {}, word), h("dd", {}, ...content));

function show(dose, body) {
  panel.dataset.busy = "false";
  const weight = number(typedNumber(body.weight_kg));
  const perKg = number(typedNumber(body.dose_g_per_kg));
  panel.replaceChildren(
    h("p", { class: "muted" }, ltr(`${weight}\u00a0kg × ${perKg}\u00a0g/kg`)),
    h(
      "div",
      { class: "row" },
      h("span", { class: "value", "data-test": "total-g" }, quantity(dose.total_g, "g")),
      h("span", { class: "value", "aria-hidden": "true" }, "="),
      h("span", { class: "value", "data-test": "total-ml" }, quantity(dose.total_ml, "mL")),
    ),
    h(
      "dl",
      { class: "facts" },
      fact(t("Each day"), h("span", { "data-test": "per-day" }, quantity(dose.per_day_g, "g"), " = ", quantity(dose.per_day_ml, "mL"))),
      fact(t("Days"), number(dose.days)),
    ),
    h("div", { class: "notice" }, h("p", { class: "strong" }, t("Whole vials each day")), h("p", { "data-test": "vial-plan" }, vialPlan(dose)), deviation(dose)),
    ...(dose.warnings ?? []).map((warning) => h("p", { class: "notice warn", "data-test": "dose-warning" }, t(warning.text))),
  );
}

/** "1 × 200 mL + 1 × 50 mL = 250 mL" */
function vialPlan(dose) {
  if (!dose.vials?.length) return t("No whole-vial plan for this product.");
  const parts = dose.vials.map((vial) => `${number(vial.count)} × ${number(vial.size_ml)}\u00a0mL`);
  return ltr(`${parts.join(" + ")} = ${number(dose.vial_volume_ml_per_day)}\u00a0mL`);
}

function deviation(dose) {
  const value = Number(dose.deviation_percent);
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  const word = value > 0 ? t("more than calculated") : value < 0 ? t("less than calculated") : t("exactly as calculated");
  const within = dose.within_tolerance ? t("within tolerance") : t("outside tolerance: decide with the physician");
  return h("p", { "data-test": "deviation", class: dose.within_tolerance ? "" : "overdue" }, ltr(`${sign}${number(Math.abs(value), { places: 1 })}\u00a0%`), ` ${word}, ${within}`);
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
changed();
