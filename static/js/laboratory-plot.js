/**
 * One analyte over time, drawn by uPlot: its results as a line with points, the baseline before the course dashed, the
 * infusions as upright lines. Time runs from left to right in every language; the same numbers stand in a table below.
 */
import { readJson } from "./dom.js";
import { number } from "./numbers.js";
import { colour, font, isolated } from "./plots.js";
import { formatTime } from "./time.js";

const { uPlot } = window;
const HEIGHT = 320;
const DAY = 86400;
const figure = document.querySelector("[data-laboratory-plot]");
const area = figure.querySelector("[data-plot-area]");
const choice = figure.querySelector("[data-plot-choice]");
const data = readJson("laboratory-data");
const infusions = data.infusions.map((at) => Date.parse(at) / 1000);
let plot = null;
let shown = null;

function line(u, fromX, fromY, toX, toY) {
  u.ctx.beginPath();
  u.ctx.moveTo(fromX, fromY);
  u.ctx.lineTo(toX, toY);
  u.ctx.stroke();
}

function drawInfusions(u) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.strokeStyle = colour("--warn");
  u.ctx.lineWidth = 2 * devicePixelRatio;
  for (const at of infusions) {
    const x = u.valToPos(at, "x", true);
    if (x >= left && x <= left + width) line(u, x, top, x, top + height);
  }
  u.ctx.restore();
}

function drawBaseline(u) {
  if (shown.baseline === null) return;
  const { left, width } = u.bbox;
  const y = u.valToPos(Number(shown.baseline), "y", true);
  u.ctx.save();
  u.ctx.strokeStyle = colour("--ok");
  u.ctx.lineWidth = 2 * devicePixelRatio;
  u.ctx.setLineDash([8 * devicePixelRatio, 5 * devicePixelRatio]);
  line(u, left, y, left + width, y);
  u.ctx.restore();
}

/** "<" and ">" beside a point that lies beyond the method. */
function drawComparators(u) {
  u.ctx.save();
  u.ctx.fillStyle = colour("--text");
  u.ctx.font = `600 ${13 * devicePixelRatio}px sans-serif`;
  u.ctx.textAlign = "center";
  for (const point of shown.points) {
    if (!point.comparator) continue;
    u.ctx.fillText(point.comparator, u.valToPos(Date.parse(point.at) / 1000, "x", true), u.valToPos(Number(point.value), "y", true) - 10 * devicePixelRatio);
  }
  u.ctx.restore();
}

/** Room for results, baseline and the infusions of about the same time. */
function timeRange(_, least, most) {
  const near = infusions.filter((at) => at > least - 90 * DAY && at < most + 90 * DAY);
  const from = Math.min(least, ...near);
  const to = Math.max(most, ...near);
  const margin = Math.max((to - from) * 0.04, DAY / 2);
  return [from - margin, to + margin];
}

function valueRange(_, least, most) {
  const known = [least, most, ...(shown.baseline === null ? [] : [Number(shown.baseline)])];
  const space = Math.max((Math.max(...known) - Math.min(...known)) * 0.15, Math.max(...known) * 0.05, 0.1);
  return [Math.max(0, Math.min(...known) - space), Math.max(...known) + space];
}

/** Days with the year only where half a year and more is shown. */
function dates(_, splits) {
  const day = splits.at(-1) - splits[0] > 182 * DAY ? "date" : "day";
  return splits.map((at) => isolated(formatTime(new Date(at * 1000).toISOString(), at % DAY ? "time" : day)));
}

function draw() {
  shown = data.analytes.find((item) => item.code === choice.value) ?? data.analytes[0];
  plot?.destroy();
  const axis = { stroke: () => colour("--text"), grid: { stroke: () => colour("--line"), width: 1 }, ticks: { stroke: () => colour("--line"), width: 1 }, font: font() };
  const options = {
    width: area.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: timeRange }, y: { range: valueRange } },
    axes: [
      { ...axis, size: 44, space: 88, incrs: [DAY / 4, DAY / 2, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY], values: dates },
      { ...axis, label: shown.unit, labelFont: `600 ${font()}`, size: 60, values: (_, splits) => splits.map((value) => number(value)) },
    ],
    series: [{}, { stroke: () => colour("--accent"), width: 2.5, points: { show: true, size: 9, fill: () => colour("--accent") } }],
    hooks: { drawClear: [drawInfusions, drawBaseline], draw: [drawComparators] },
  };
  plot = new uPlot(options, [shown.points.map((point) => Date.parse(point.at) / 1000), shown.points.map((point) => Number(point.value))], area);
}

draw();
choice.addEventListener("change", draw);
new ResizeObserver(() => area.clientWidth && plot.width !== area.clientWidth && plot.setSize({ width: area.clientWidth, height: HEIGHT })).observe(area);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());
document.fonts.ready.then(() => plot.redraw());
