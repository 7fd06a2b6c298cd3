/** An early-warning score: its own tints, a bar for each level, a word, and an arrow for the trend. */
import { scoreRank } from "./board-order.js";
import { h, ltr } from "./dom.js";
import { digits, separator } from "./numbers.js";
import { t } from "./texts.js";
import { timeElement } from "./time.js";

const names = { news2: "NEWS2", bedside_pews: "PEWS" };
const levelWords = { none: "no points", low: "low risk", single: "low to medium risk", urgent: "medium risk", emergency: "high risk" };
const trends = { up: ["↑", "rising"], down: ["↓", "falling"], same: ["=", "unchanged"] };
const signWords = {
  systolic_mmhg: "blood pressure",
  pulse_per_min: "pulse",
  respiratory_rate_per_min: "breathing",
  spo2_percent: "SpO2",
  temperature_c: "temperature",
  consciousness: "consciousness",
  oxygen_l_per_min: "oxygen given or not",
  capillary_refill_s: "capillary refill",
  respiratory_effort: "effort of breathing",
};

/** The score of a card; a set with gaps has no total and says what is missing. */
export function scoreLine(score, shownAt) {
  if (!score) return null;
  const name = names[score.code] ?? score.code;
  const complete = score.total !== null && score.total !== undefined;
  const chip = h(
    "span",
    { class: "score", "data-level": String(scoreRank(score)), "data-test": "score" },
    bars(),
    h("span", { class: "score-name" }, ltr(name)),
    h("span", { class: "score-total" }, complete ? digits(score.total) : "?"),
    complete && trend(score.trend),
    complete ? levelWords[score.level] && h("span", { class: "score-word" }, t(levelWords[score.level])) : h("span", { class: "score-gap" }, t("incomplete")),
  );
  const older = score.as_of && score.as_of !== shownAt;
  return h("p", { class: "card-score" }, chip, !complete && missing(score.missing), older && h("span", { class: "muted small" }, timeElement(score.as_of, "relative")));
}

function bars() {
  return h("span", { class: "score-bars", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"));
}

function trend(code) {
  const [arrow, word] = trends[code] ?? [];
  return arrow && h("span", { class: "score-trend" }, h("span", { "aria-hidden": "true" }, arrow), h("span", { class: "visually-hidden" }, t(word)));
}

function missing(signs) {
  if (!signs?.length) return null;
  const known = signs.every((sign) => sign in signWords);
  const list = known ? signs.map((sign) => t(signWords[sign])).join(separator) : digits(signs.length);
  return h("span", { class: "small" }, t("missing: %(signs)s", { signs: list }));
}
