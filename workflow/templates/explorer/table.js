// The table of the chosen rows: a picture of each stands beside its printed number.

import { axis, mark, scaleOf } from "./chart.js";
import { make } from "./elements.js";
import { limits, rankedIn, ranksOf, shortReason } from "./rows.js";
import { TOTAL } from "./state.js";
import { printed, say, span } from "./words.js";

/** Return the table under a caption of some sentences; `choose` is called with a row whose button is pressed or reached. */
export function tableOf(rows, state, caption, choose) {
  const grouped = state.domain !== TOTAL;
  const scale = scaleOf(rows);
  const kind = grouped ? "rows grouped" : "rows";
  const table = make("table", { class: kind, "aria-labelledby": "title" });
  const sentences = caption.flatMap((sentence) => [make("span", {}, sentence), " "]);
  table.append(make("caption", {}, ...sentences), head(rows, state, scale));
  let body = null;
  let above = null;
  for (const row of rows) {
    const heading = grouped ? row.place : outsideOrder(row, state);
    if (heading !== above) {
      body = make("tbody");
      table.append(body);
      above = heading;
      if (heading) body.append(headOfGroup(heading, state));
    }
    body.append(line(row, state, scale, choose));
  }
  return table;
}

/** Return the heading above rows that stand outside the order of the others; none above those. */
function outsideOrder(row, state) {
  if (row.apart) return say("set_apart");
  return state.byEstimate && !row.estimate ? say("no_place") : "";
}

function head(rows, state, scale) {
  const chart = make("th", { scope: "col", class: "chart" }, make("span", { class: "unseen" }, say("chart")));
  chart.append(axis(scale));
  const cells = [
    make("th", { scope: "col" }, say("area")),
    chart,
    make("th", { scope: "col", class: "number" }, say(rows[0].statistic)),
    make("th", { scope: "col", class: "number" }, say("n")),
  ];
  if (state.ranks) {
    const count = rankedIn(rows);
    const title = count ? say("ranks_to", { count }) : say("ranks");
    cells.push(make("th", { scope: "col", class: "number" }, title));
  }
  return make("thead", {}, make("tr", {}, ...cells));
}

function headOfGroup(heading, state) {
  const width = state.ranks ? 5 : 4;
  return make("tr", {}, make("th", { scope: "rowgroup", colspan: width, class: "place" }, heading));
}

function line(row, state, scale, choose) {
  const button = make("button", { type: "button", tabindex: "-1", "data-row": row.key }, row.label);
  button.addEventListener("click", () => choose(row, button));
  const chart = make("td", { class: "chart" });
  chart.append(mark(row, scale));
  const cells = [make("th", { scope: "row" }, button), chart, ...numbers(row)];
  if (state.ranks) cells.push(make("td", { class: "number" }, row.rank ? ranksOf(row.rank) : "–"));
  return make("tr", {}, ...cells);
}

function numbers(row) {
  if (!row.estimate) return [make("td", { class: "reason", colspan: "2" }, shortReason(row))];
  const sign = row.interval_note ? `\u00a0${say("sign_short")}` : "";
  const text = `${printed(row.shown)} (${span(...limits(row))})${sign}`;
  const number = make("td", { class: "number" }, text);
  if (row.status !== "present") number.append(make("span", { class: "small" }, say(row.status)));
  if (row.invented) number.append(make("span", { class: "small" }, say("online_invented")));
  return [number, make("td", { class: "number n" }, row.n ? printed(row.n) : "–")];
}
