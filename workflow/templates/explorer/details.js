// What is told of one row: its sentence, of whom, what to keep in mind, and how it was made.

import { described, make } from "./elements.js";
import { sentenceOf } from "./rows.js";
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
    described([[say("address"), make("code", {}, `${row.address}/${row.column}`)]]),
    made,
  );
}

function asides(row, entry, tables) {
  const base = row.source === facts.file.name ? entry.base : say("everyone");
  const said = [say("base", { base })];
  if (row.estimate && row.own?.children) {
    const [children, low, high] = ["children", "children_low", "children_high"].map((name) =>
      printed(row.own[name]),
    );
    said.push(say("children", { children, low, high }));
  }
  if (row.estimate && row.rank) {
    const { rank_low: low, rank_high: high, countries: count } = row.rank;
    said.push(say("possible_ranks", { low, high, count }));
    if (row.source === facts.file.name) said.push(...silence(row, tables));
  }
  if (row.apart) said.push(say("apart", { name: row.place, reason: row.apart }));
  return [...said, ...(entry.codes ?? [])];
}

function silence(row, tables) {
  const wanted = { indicator: row.indicator, country: row.country };
  return rowsWith(tables.silence_ranks, wanted)
    .map((at) => rowAt(tables.silence_ranks, at))
    .map(({ silence: share, rank_low: low, rank_high: high }) =>
      say("silence", { share: perCent(share, 0), low, high }),
    );
}

function howMade(row, entry) {
  return [
    [say("question"), entry.question],
    [say("of_whom"), entry.base],
    [say("period"), entry.period],
    [say("missing"), entry.missing],
    [say("interval"), row.estimate ? facts.intervals[row.interval] : ""],
    ...facts.methods,
    [say("file"), say("line", { file: row.source, line: row.line })],
    ["SHA-256", row.source === facts.file.name ? facts.file.digest : ""],
    [say("command"), make("code", {}, `disrupting-harm explain ${row.address}/${row.column}`)],
  ];
}
