// What is told of one row: its sentence, of whom, what to keep in mind, and how it was made.

import { described, make } from "./elements.js";
import { isInvented, ranksOf, sentenceOf } from "./rows.js";
import { baseOf, frameOf, TOTAL } from "./state.js";
import { rowAt, rowsWith } from "./tables.js";
import { facts, perCent, printed, say } from "./words.js";

/** Fill the panel with what is known of a row of an indicator. */
export function tell(panel, row, entry, tables, open) {
  const made = make("details", open ? { open: "" } : {}, make("summary", {}, say("made")));
  made.append(described(howMade(row, entry)));
  panel.replaceChildren(
    make("h3", {}, row.name),
    make("p", {}, sentenceOf(row)),
    ...asides(row, entry, tables).map((text) => make("p", {}, text)),
    described([[say("address"), linked(row)]]),
    made,
  );
}

/** Return the address of a row, as a link to the page that explains it. */
function linked(row) {
  const address = make("code", {}, `${row.address}/${row.column}`);
  const [area, ...rest] = row.address.split("/");
  const page = area === "compare" ? `${area}/${rest[1]}` : area;
  return make("a", { href: `../explained/${page}.html#${rest.join("/")}`, hreflang: "en" }, address);
}

function asides(row, entry, tables) {
  const said = frameOf(entry, row.everyones);
  if (row.estimate && row.own?.[facts.codes.number]) {
    const [number, low, high] = ["", "_low", "_high"].map((end) => printed(row.own[`${facts.codes.number}${end}`]));
    said.push(say("scaled", { number, low, high }));
    if (isInvented(row.own)) said.push(say("use_invented"));
  }
  if (row.estimate && !row.everyones) said.push(...unanswered(row, tables));
  if (row.estimate && row.rank) {
    said.push(say("possible_ranks", { ranks: ranksOf(row.rank), count: row.rank.countries }));
  }
  if (!row.mean) said.push(...changes(row, tables));
  if (row.apart) said.push(say("apart", { name: row.place, reason: row.apart }));
  return [...said, ...(entry.codes ?? [])];
}

/** Return which shares fit with chance and with all that those without an answer might have said. */
function unanswered(row, tables) {
  if (row.domain !== TOTAL) return [];
  return rowsWith(tables.bounds, { indicator: row.indicator, country: row.country })
    .map((at) => rowAt(tables.bounds, at))
    .filter(({ ci_low, ci_high }) => ci_low && ci_high)
    .map(({ ci_low: low, ci_high: high }) => say("bounds", { low: perCent(low, 0), high: perCent(high, 0) }));
}

/** Return what the country's table of changes says of a row and the surveys before it. */
function changes(row, tables) {
  const survey = facts.surveys[row.country];
  if (!survey || row.everyones) return [];
  const { indicator, domain, level } = row;
  const wanted = { country: survey.of, indicator, domain, level, wave_to: survey.wave };
  const own = Object.values(facts.surveys).filter((each) => each.of === survey.of);
  const years = Object.fromEntries(own.map((each) => [each.wave, each.year]));
  return rowsWith(tables.changes, wanted).map((at) => {
    const found = rowAt(tables.changes, at);
    const when = { before: years[found.wave_from], after: years[found.wave_to] };
    if (found.change) return say("change", { ...when, ...points(found), verdict: say(found.change) });
    const reason = say(found.status === "break" ? "break" : "hidden_change");
    return say("no_change", { ...when, reason });
  });
}

/** Return a difference and its limits in percentage points with their signs. */
function points(found) {
  const texts = [found.difference, found.ci_low, found.ci_high];
  const digits = Math.max(0, ...texts.map((text) => (text.split(".")[1] ?? "").length - 2));
  const [difference, low, high] = texts.map((text) => {
    const size = printed(perCent(text.replace("-", ""), digits));
    return (text.startsWith("-") ? "−" : "+") + size;
  });
  return { difference, low, high };
}

/** Return which share is within reach of the survey, and who says so. */
function online(share) {
  if (!share) return "";
  const { [facts.codes.rate]: rate, [facts.codes.source]: source } = share;
  const digits = Math.max(0, (rate.split(".")[1] ?? "").length - 2);
  return say("online_share", { share: printed(perCent(rate, digits)), source });
}

function howMade(row, entry) {
  return [
    [say("question"), entry.question],
    [say("of_whom"), baseOf(entry, row.everyones)],
    [say("period"), say(`recall_${entry.recall}`)],
    [say("missing"), say(`missing_${entry.missing}`)],
    [say("interval"), row.estimate ? facts.intervals[row.interval] : ""],
    ...facts.methods,
    [say("online"), row.everyones ? online(row.everyone) : ""],
    [say("file"), row.line ? say("line", { file: row.source, line: row.line }) : ""],
    ["SHA-256", facts.files[row.source]],
  ];
}
