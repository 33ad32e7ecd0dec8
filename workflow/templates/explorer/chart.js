// The picture of a row: percentages are coordinates, so it fits every width and prints.

import { bound, limits } from "./rows.js";
import { printed } from "./words.js";

const MOST_TICKS = 5;

/** Return the scale of some rows: where it ends, and its ticks from 0 on. */
export function scaleOf(rows) {
  const ends = rows.map((row) => (row.estimate ? Number(limits(row)[1]) : bound(row)?.[1] ?? 0));
  const most = Math.max(...ends, 0) || 100;
  const least = most / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least * (1 - 1e-9));
  const count = Math.ceil(most / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(10)));
  return { end: ticks.at(-1), ticks };
}

/** Return the numbers of a scale, above the pictures. */
export function axis(scale) {
  const svg = picture("axis");
  scale.ticks.forEach((tick, place) => {
    const anchor = tick === 0 ? "start" : tick === scale.end ? "end" : "middle";
    // Narrow windows leave out every second number.
    const kind = place % 2 ? "second" : "first";
    const text = shape("text", { class: kind, x: along(tick, scale), y: 12, "text-anchor": anchor });
    text.textContent = printed(String(tick));
    svg.append(text);
  });
  return svg;
}

/** Return the picture of one row. */
export function mark(row, scale) {
  const svg = picture("mark");
  for (const tick of scale.ticks) {
    svg.append(shape("line", { class: "tick", x1: along(tick, scale), x2: along(tick, scale), y1: 0, y2: 22 }));
  }
  svg.append(...(row.estimate ? ofNumber(row, scale) : ofNone(row, scale)));
  return svg;
}

function ofNumber(row, scale) {
  const [low, high] = limits(row).map(Number);
  const middle = along(Number(row.shown), scale);
  const kind = row.apart ? "apart" : row.status === "present" ? "firm" : "unsure";
  const line = shape("line", { class: kind, x1: along(low, scale), x2: along(high, scale), y1: 11, y2: 11 });
  if (!row.apart) return [line, shape("circle", { class: kind, cx: middle, cy: 11, r: 4.5 })];
  // A square around its middle: percentages cannot be moved by pixels, so a nested picture is.
  const nest = shape("svg", { x: middle, y: 11, overflow: "visible" });
  nest.append(shape("rect", { class: kind, x: -4.5, y: -4.5, width: 9, height: 9 }));
  return [line, nest];
}

function ofNone(row, scale) {
  const ends = bound(row);
  if (ends) {
    const [low, high] = ends;
    const width = along(Math.min(high, scale.end) - low, scale);
    return [shape("rect", { class: "bound", x: along(low, scale), y: 5, width, height: 12 })];
  }
  const kind = row.status === "suppress_reliability" ? "uncertain" : "protected";
  return ["not_asked", "unpublished"].includes(row.status)
    ? []
    : [shape("rect", { class: kind, x: 0, y: 5, width: "100%", height: 12 })];
}

function along(value, scale) {
  return `${Number(((100 * value) / scale.end).toFixed(2))}%`;
}

function picture(kind) {
  return shape("svg", { class: kind, width: "100%", height: kind === "axis" ? 16 : 22, "aria-hidden": "true" });
}

function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
