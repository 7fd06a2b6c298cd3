/**
 * The course of one infusion as strips on one axis of time, drawn by uPlot: pressure as bars from systolic to
 * diastolic, the other signs as lines, the rate as a staircase; under them what was seen, done and alerted. Time
 * runs from left to right in every language; the newest value stands beside each strip's name.
 */
import { digits, number } from "./numbers.js";
import { h, page, readJson } from "./dom.js";
import { colour, font } from "./plots.js";
import { shownTemperature } from "./temperature.js";
import { formatTime } from "./time.js";

const { uPlot } = window;
const chart = document.querySelector("[data-vitals-chart]");
const said = document.querySelector("[data-marks-said]");
const AXIS = 52;
const RIGHT = 14;
const TOUCH = 44;
const STRIP = 84;
const TALL = 140;
const TICKS = 34;
const SHAPES = { reaction: "◆", intervention: "✚", alert_high: "▲", alert_medium: "▲", alert_low: "●" };
const URGENCY = ["alert_high", "reaction", "alert_medium", "intervention", "alert_low"];
// What is usually seen stays in view, so that a small change does not fill the strip.
const VIEW = { pressure: [50, 160], pulse_per_min: [50, 120], respiratory_rate_per_min: [8, 28], spo2_percent: [86, 100], temperature_c: [35.5, 39], rate: [0, 60] };
const places = (name) => (name === "temperature_c" ? 1 : 0);
const seconds = (iso) => Date.parse(iso) / 1000;
const plots = new Map();
let marked = null;

function read() {
  const data = readJson("chart-data");
  const baseline = readJson("chart-baseline") ?? {};
  const times = [...data.observations, ...data.rates, ...data.marks].map((item) => seconds(item.at));
  const until = Math.max(seconds(data.until), ...times);
  const since = Math.min(until, ...times);
  const margin = Math.max(240, (until - since) * 0.04);
  return { ...data, baseline, since: Math.min(since - margin, until - 1800), until: until + margin };
}

const value = (name, raw) => (raw === null || raw === undefined ? null : name === "temperature_c" ? shownTemperature(raw) : Number(raw));
const written = (name, raw) => number(raw, { fixed: places(name), places: 1 });

function series(name, data) {
  if (name === "rate") {
    const points = [...data.rates.map((rate) => [seconds(rate.at), Number(rate.rate_ml_per_h)])];
    if (points.length) points.push([seconds(data.until_iso), points.at(-1)[1]]);
    return [points.map(([x]) => x), points.map(([, y]) => y)];
  }
  const xs = data.observations.map((set) => seconds(set.at));
  if (name === "pressure") return [xs, ...["systolic_mmhg", "diastolic_mmhg"].map((sign) => data.observations.map((set) => value(sign, set[sign])))];
  return [xs, data.observations.map((set) => value(name, set[name]))];
}

function range(name) {
  const [low, high] = VIEW[name].map((bound) => (name === "temperature_c" ? shownTemperature(bound) : bound));
  return (_, least, most) => {
    const bottom = Math.min(low, least ?? low);
    const top = Math.max(high, most ?? high);
    const space = (top - bottom) * 0.1;
    return [name === "rate" ? 0 : bottom - (least < low ? space : 0), most > high || name === "rate" ? top + space : top];
  };
}

/** Seconds by which the ward's clock is ahead of UTC at a moment. */
function wardOffset(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.timeZone || "UTC", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment * 1000));
  const [hours, minutes] = parts.split(":").map(Number);
  const utc = Math.floor((moment % 86400) / 60);
  return (((hours * 60 + minutes - utc + 720 + 1440) % 1440) - 720) * 60;
}

function timeAxis(last) {
  return {
    show: true,
    stroke: () => colour("--text"),
    font: font(),
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { show: last, stroke: () => colour("--line"), width: 1 },
    size: last ? TICKS : 0,
    splits: (u) => {
      const { min, max } = u.scales.x;
      const offset = wardOffset(min);
      const room = Math.max(2, Math.floor((u.width - AXIS) / 76));
      const step = [300, 600, 900, 1800, 3600, 7200, 14400, 21600].find((size) => (max - min) / size <= room) ?? 43200;
      const splits = [];
      for (let at = Math.ceil((min + offset) / step) * step - offset; at <= max; at += step) splits.push(at);
      return splits;
    },
    values: (_, splits) => splits.map((at) => (last ? formatTime(new Date(at * 1000).toISOString(), "time") : "")),
  };
}

function valueAxis(name) {
  return {
    scale: name,
    stroke: () => colour("--text"),
    font: font(),
    size: AXIS,
    space: 26,
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map((split) => number(split, { places: 1 })),
  };
}

function looks(name) {
  if (name === "pressure") return [{}, { scale: name, paths: () => null, points: { show: false } }, { scale: name, paths: () => null, points: { show: false } }];
  if (name === "rate") return [{}, { scale: name, stroke: () => colour("--accent"), fill: () => colour("--accent-soft"), width: 2.5, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false } }];
  return [{}, { scale: name, stroke: () => colour("--accent"), width: 2.5, spanGaps: true, points: { show: true, size: 8, fill: () => colour("--accent") } }];
}

function drawBaseline(u, name, baseline) {
  const known = (name === "pressure" ? ["systolic_mmhg", "diastolic_mmhg"] : [name]).map((sign) => value(sign, baseline[sign])).filter((number) => number !== null);
  if (!known.length) return;
  const { ctx, bbox } = u;
  const rows = known.map((number) => u.valToPos(number, name, true));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (rows.length === 2) {
    ctx.fillStyle = colour("--ok-soft");
    ctx.fillRect(bbox.left, Math.min(...rows), bbox.width, Math.abs(rows[1] - rows[0]));
  }
  ctx.strokeStyle = colour("--ok");
  ctx.lineWidth = devicePixelRatio * 1.5;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const row of rows) line(ctx, bbox.left, row, bbox.left + bbox.width, row);
  ctx.restore();
}

function line(ctx, fromX, fromY, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** A bar from systolic to diastolic with a cap at each measured end. */
function drawPressures(u) {
  const { ctx } = u;
  const half = 5 * devicePixelRatio;
  const [xs, highs, lows] = u.data;
  ctx.save();
  ctx.strokeStyle = colour("--accent");
  xs.forEach((at, index) => {
    const x = u.valToPos(at, "x", true);
    const ends = [highs[index], lows[index]].filter((end) => end !== null).map((end) => u.valToPos(end, "pressure", true));
    ctx.lineWidth = 3 * devicePixelRatio;
    if (ends.length === 2) line(ctx, x, ends[0], x, ends[1]);
    for (const end of ends) line(ctx, x - half, end, x + half, end);
  });
  ctx.restore();
}

/** Oxygen given, in litres per minute, above the saturation measured on it. */
function drawOxygen(u, sets) {
  const { ctx } = u;
  ctx.save();
  ctx.fillStyle = colour("--warn");
  ctx.font = `600 ${12 * devicePixelRatio}px sans-serif`;
  ctx.textAlign = "center";
  for (const set of sets) {
    if (!(Number(set.oxygen_l_per_min) > 0)) continue;
    ctx.fillText(`O₂ ${number(set.oxygen_l_per_min, { places: 1 })}`, u.valToPos(seconds(set.at), "x", true), u.bbox.top + u.bbox.height - 5 * devicePixelRatio);
  }
  ctx.restore();
}

/** A line through every strip at the mark that was chosen. */
function drawMarked(u) {
  if (marked === null) return;
  const x = u.valToPos(marked, "x", true);
  u.ctx.save();
  u.ctx.strokeStyle = colour("--danger");
  u.ctx.lineWidth = 2 * devicePixelRatio;
  line(u.ctx, x, u.bbox.top, x, u.bbox.top + u.bbox.height);
  u.ctx.restore();
}

let data = null;

function make(figure) {
  const name = figure.dataset.strip;
  const area = figure.querySelector("[data-strip-area]");
  const last = name === "rate";
  const height = (name === "pressure" ? TALL : STRIP) + (last ? TICKS : 0);
  const options = {
    width: area.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, RIGHT, last ? 0 : 4, 0],
    scales: { x: { time: false, range: () => [data.since, data.until] }, [name]: { range: range(name) } },
    axes: [timeAxis(last), valueAxis(name)],
    series: looks(name),
    hooks: {
      drawClear: [(u) => name !== "rate" && drawBaseline(u, name, data.baseline)],
      draw: [(u) => name === "pressure" && drawPressures(u), (u) => name === "spo2_percent" && drawOxygen(u, data.observations), drawMarked],
    },
  };
  const plot = new uPlot(options, series(name, data), area);
  plots.set(figure, plot);
  new ResizeObserver(() => {
    if (plot.width === area.clientWidth || !area.clientWidth) return;
    plot.setSize({ width: area.clientWidth, height });
    placeMarks();
  }).observe(area);
}

function newest(name) {
  const find = (sign) => data.observations.findLast((set) => set[sign] !== null)?.[sign];
  if (name === "rate") return data.rates.length ? number(data.rates.at(-1).rate_ml_per_h) : "–";
  if (name !== "pressure") return written(name, value(name, find(name)));
  const both = data.observations.findLast((set) => set.systolic_mmhg !== null);
  return both ? `${number(both.systolic_mmhg)}/${number(both.diastolic_mmhg)}` : "–";
}

/** Marks that would lie on each other are one button. */
function grouped(xOf) {
  const groups = [];
  for (const mark of data.marks) {
    const x = xOf(seconds(mark.at));
    const close = groups.at(-1);
    if (close && x - close.x < TOUCH) close.marks.push(mark);
    else groups.push({ x, marks: [mark] });
  }
  return groups;
}

function placeMarks() {
  const place = chart.querySelector("[data-marks]");
  const [plot] = plots.values();
  const left = plot.over.offsetLeft;
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.at : null;
  place.replaceChildren(...grouped((at) => left + plot.valToPos(at, "x")).map(button));
  if (held) place.querySelector(`[data-at="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

function button({ x, marks }) {
  const kind = URGENCY.find((one) => marks.some((mark) => mark.kind === one)) ?? marks[0].kind;
  const words = marks.map((mark) => `${formatTime(mark.at, "time")} ${mark.text}`).join("; ");
  const at = seconds(marks[0].at);
  const element = h(
    "button",
    { type: "button", "aria-label": words, "aria-pressed": String(marked === at), "data-at": at, "data-test": "mark" },
    h("span", { class: "mark-shape", "data-kind": kind, "aria-hidden": "true" }, SHAPES[kind] ?? "●"),
    marks.length > 1 && h("small", { "aria-hidden": "true" }, digits(String(marks.length))),
  );
  element.style.left = `${x}px`;
  const choose = () => tell(at, words);
  element.addEventListener("click", choose);
  element.addEventListener("focus", choose);
  return element;
}

function tell(at, words) {
  if (marked === at) return;
  marked = at;
  said.textContent = words;
  for (const one of chart.querySelectorAll("[data-marks] button")) one.setAttribute("aria-pressed", String(Number(one.dataset.at) === at));
  for (const plot of plots.values()) plot.redraw();
}

function refresh() {
  data = read();
  data.until_iso = readJson("chart-data").until;
  for (const figure of chart.querySelectorAll("[data-strip]")) {
    if (plots.has(figure)) plots.get(figure).setData(series(figure.dataset.strip, data));
    else make(figure);
    figure.querySelector("[data-strip-last]").textContent = newest(figure.dataset.strip);
  }
  placeMarks();
}

/** Drawn anew, because the scales themselves changed. */
function rebuild() {
  for (const plot of plots.values()) plot.destroy();
  plots.clear();
  refresh();
}

refresh();
document.addEventListener("page-refreshed", refresh);
document.addEventListener("temperature-unit", rebuild);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((plot) => plot.redraw()));
document.fonts.ready.then(() => plots.forEach((plot) => plot.redraw()));
