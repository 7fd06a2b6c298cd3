/**
 * Plots over time, drawn by uPlot. Every plot is `<figure data-plot="replacement|cumulative|rate|rates"
 * data-plot-data="id of its json_script">`; the same numbers stand in a table below it. Time runs from left
 * to right in every language. Colours are read when drawing, so that the night theme reaches the canvas.
 */
import { page, readJson } from "./dom.js";
import { number } from "./numbers.js";
import { formatTime } from "./time.js";

const { uPlot } = window;
const DAY = 86400;
const HEIGHT = 340;

/** A colour of the page, by its name in tokens.css. */
export const colour = (name) => getComputedStyle(page).getPropertyValue(name).trim();
export const font = () => `13px ${getComputedStyle(document.body).fontFamily}`;
/** A date or time for a canvas, which itself runs from left to right: isolated, so that a Persian one keeps its order. */
export const isolated = (text) => `${page.dir === "rtl" ? "\u2067" : "\u2066"}${text}\u2069`;
const seconds = (isoDate) => Date.parse(`${isoDate}T00:00:00Z`) / 1000;
const isoDate = (value) => new Date(value * 1000).toISOString().slice(0, 10);

/** Whole days only: numbers of days since the epoch are midnights in UTC. */
const timeAxis = () => ({
  stroke: () => colour("--muted"),
  grid: { stroke: () => colour("--line"), width: 1 },
  ticks: { stroke: () => colour("--line"), width: 1 },
  font: font(),
  size: 44,
  space: 120,
  incrs: [1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820, 3640].map((days) => days * DAY),
  values: (_, splits) => splits.map((value) => isolated(formatTime(isoDate(value), "date"))),
});

/** Minutes from the start, in steps people count in. */
const minuteAxis = (label) => ({
  ...timeAxis(),
  label,
  labelFont: `600 ${font()}`,
  space: 60,
  incrs: [5, 10, 15, 30, 60, 120, 240],
  values: (_, splits) => splits.map((value) => number(value)),
});

const valueAxis = (scale, label, side) => ({
  scale,
  label,
  side,
  stroke: () => colour("--text"),
  grid: { show: side === 3, stroke: () => colour("--line"), width: 1 },
  ticks: { stroke: () => colour("--line"), width: 1 },
  font: font(),
  labelFont: `600 ${font()}`,
  size: 56,
  values: (_, splits) => splits.map((value) => number(value)),
});

const timeScale = {
  time: false,
  range: (_, least, most) => {
    const margin = Math.max((most - least) * 0.04, 3 * DAY);
    return [least - margin, most + margin];
  },
};
const fromZero = (highest = 0) => ({ range: (_, __, most) => [0, Math.max(most ?? 0, highest) * 1.15 || 1] });

const common = {
  height: HEIGHT,
  legend: { show: false },
  cursor: { y: false, points: { show: false } },
};

/** Dose bars, IgG points, the targets as bands behind them, infections as triangles at the foot. */
function replacementPlot(data) {
  const items = [
    ...data.doses.map((item) => ({ x: seconds(item.on), dose: Number(item.value) })),
    ...data.troughs.map((item) => ({ x: seconds(item.on), igg: Number(item.value) })),
    ...data.infections.map((item) => ({ x: seconds(item.on), infection: item.severity })),
  ].sort((one, other) => one.x - other.x);
  const bounds = data.targets.flatMap((target) => [target.minimum, target.maximum]).filter((bound) => bound !== null);
  const options = {
    ...common,
    scales: { x: timeScale, dose: fromZero(), igg: fromZero(Math.max(0, ...bounds.map(Number))) },
    axes: [timeAxis(), valueAxis("dose", data.labels.dose, 3), valueAxis("igg", data.labels.igg, 1)],
    series: [
      {},
      {
        scale: "dose",
        stroke: () => colour("--accent"),
        fill: () => colour("--accent-soft"),
        width: 2,
        paths: uPlot.paths.bars({ size: [0.6, 14, 5] }),
        points: { show: false },
      },
      {
        scale: "igg",
        stroke: () => colour("--ok"),
        paths: () => null,
        points: { show: true, size: 10, width: 2, fill: () => colour("--ok") },
      },
    ],
    hooks: {
      drawClear: [(u) => data.targets.forEach((target) => drawBand(u, target))],
      draw: [(u) => items.filter((item) => item.infection).forEach((item) => drawInfection(u, item))],
    },
  };
  // What another kind of mark stands for is not a missing value of this one: undefined, not null.
  return [options, [items.map((item) => item.x), items.map((item) => item.dose), items.map((item) => item.igg)]];
}

function drawBand(u, target) {
  const { left, top, width, height } = u.bbox;
  const at = (value, other) => (value === null ? other : Math.min(Math.max(u.valToPos(Number(value), "igg", true), top), top + height));
  const high = at(target.maximum, top);
  const low = at(target.minimum, top + height);
  u.ctx.save();
  u.ctx.fillStyle = colour("--ok-soft");
  u.ctx.globalAlpha = target.own ? 0.9 : 0.5;
  u.ctx.fillRect(left, high, width, low - high);
  u.ctx.globalAlpha = 1;
  u.ctx.strokeStyle = colour("--ok");
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.setLineDash(target.own ? [6, 4] : [2, 4]);
  for (const [value, line] of [[target.minimum, low], [target.maximum, high]]) {
    if (value === null) continue;
    u.ctx.beginPath();
    u.ctx.moveTo(left, line);
    u.ctx.lineTo(left + width, line);
    u.ctx.stroke();
  }
  u.ctx.restore();
}

/** A triangle; filled when it was serious. */
function drawInfection(u, item) {
  const half = 7 * devicePixelRatio;
  const x = u.valToPos(item.x, "x", true);
  const foot = u.bbox.top + u.bbox.height - 2 * devicePixelRatio;
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  u.ctx.save();
  u.ctx.strokeStyle = u.ctx.fillStyle = colour("--danger");
  u.ctx.lineWidth = 2 * devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(x, foot - 2 * half);
  u.ctx.lineTo(x + half, foot);
  u.ctx.lineTo(x - half, foot);
  u.ctx.closePath();
  if (item.infection === "serious") u.ctx.fill();
  u.ctx.stroke();
  u.ctx.restore();
}

/** What was given in all, as two staircases: grams, and grams per kg. */
function cumulativePlot(data) {
  const stairs = (scale, name, dash) => ({
    scale,
    stroke: () => colour(name),
    width: 2.5,
    dash,
    paths: uPlot.paths.stepped({ align: 1 }),
    points: { show: false },
  });
  const options = {
    ...common,
    scales: { x: timeScale, grams: fromZero(), per_kg: fromZero() },
    axes: [timeAxis(), valueAxis("grams", data.labels.grams, 3), valueAxis("per_kg", data.labels.per_kg, 1)],
    series: [{}, stairs("grams", "--accent"), stairs("per_kg", "--warn", [8, 5])],
  };
  return [options, [data.days.map((day) => seconds(day.on)), data.days.map((day) => Number(day.grams)), data.days.map((day) => Number(day.per_kg))]];
}

/** The pump's rate as a staircase up to the end of the infusion, and the highest rate as a line above it. */
function ratePlot(data, { minutes }) {
  const steps = data.steps.map((step) => ({ minute: Number(step.from_minute), rate: Number(step.rate_ml_per_h) }));
  const points = [...steps, { minute: Number(data.total_minutes), rate: steps.at(-1).rate }];
  const options = {
    ...common,
    scales: { x: { time: false, range: (_, __, most) => [0, most] }, rate: fromZero() },
    axes: [minuteAxis(minutes), valueAxis("rate", "mL/h", 3)],
    series: [
      {},
      {
        scale: "rate",
        stroke: () => colour("--accent"),
        fill: () => colour("--accent-soft"),
        width: 2.5,
        paths: uPlot.paths.stepped({ align: 1 }),
        points: { show: false },
      },
      { scale: "rate", stroke: () => colour("--danger"), width: 2, dash: [8, 5], points: { show: false } },
    ],
  };
  const ceiling = Number(data.ceiling.rate_ml_per_h);
  return [options, [points.map((point) => point.minute), points.map((point) => point.rate), points.map(() => ceiling)]];
}

/** Each month's rate as a point on the line between its exact limits. */
function ratesPlot(data) {
  const points = { show: true, size: 10, width: 2, fill: () => colour("--ok") };
  const hidden = { scale: "rate", paths: () => null, points: { show: false } };
  const months = data.months.map((month) => seconds(month.on));
  const everyFew = Math.ceil(months.length / 8);
  const options = {
    ...common,
    scales: { x: { time: false, range: () => [months[0] - 16 * DAY, months.at(-1) + 16 * DAY] }, rate: fromZero() },
    axes: [
      { ...timeAxis(), splits: () => months.filter((_, index) => index % everyFew === 0) },
      valueAxis("rate", data.labels.rate, 3),
    ],
    series: [{}, { scale: "rate", stroke: () => colour("--ok"), paths: () => null, points }, hidden, hidden],
    hooks: { drawClear: [(u) => data.months.forEach((month) => drawLimits(u, month))] },
  };
  const along = (name) => data.months.map((month) => month[name]);
  return [options, [months, along("value"), along("low"), along("high")]];
}

function drawLimits(u, month) {
  const x = u.valToPos(seconds(month.on), "x", true);
  u.ctx.save();
  u.ctx.strokeStyle = colour("--ok");
  u.ctx.lineWidth = 2 * devicePixelRatio;
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.valToPos(month.low, "rate", true));
  u.ctx.lineTo(x, u.valToPos(month.high, "rate", true));
  u.ctx.stroke();
  u.ctx.restore();
}

const kinds = { replacement: replacementPlot, cumulative: cumulativePlot, rate: ratePlot, rates: ratesPlot };

function start(figure) {
  const area = figure.querySelector("[data-plot-area]");
  const [options, data] = kinds[figure.dataset.plot](readJson(figure.dataset.plotData), figure.dataset);
  const plot = new uPlot({ ...options, width: area.clientWidth }, data, area);
  new ResizeObserver(() => plot.setSize({ width: area.clientWidth, height: HEIGHT })).observe(area);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());
  document.fonts.ready.then(() => plot.redraw());
}

for (const figure of document.querySelectorAll("[data-plot]")) start(figure);
