// The chosen rows as a CSV file: the columns of the public table, with what it needs to stand alone.

import { assumed } from "./rows.js";
import { baseOf } from "./state.js";
import { facts, say } from "./words.js";

const COLUMNS = [
  "country", "indicator", "domain", "level", "n", "population", "estimate", "ci_low", "ci_high",
  "interval", "interval_note", "shown", "bound_low", "bound_high", "status", "reason",
];

/** Return the file as text: a byte order mark tells spreadsheets that it is UTF-8. */
export function csvOf(rows, entry) {
  const head = [
    "address", "name", "label", "question", "base", "period", ...COLUMNS, "not_compared", "note", "data_kind",
    "source", "source_sha256", "release",
  ];
  const lines = rows.map((row) => [
    `${row.address}/${row.column}`,
    row.name,
    entry.label,
    entry.question,
    baseOf(entry, row.everyones),
    say(`recall_${entry.recall}`),
    ...COLUMNS.map((column) => row[column] ?? ""),
    row.apart,
    row.everyones ? [say("offline"), ...assumed([row])].join(" ") : "",
    facts.kind,
    row.source,
    facts.files[row.source],
    [facts.mark, facts.release].filter(Boolean).join(". "),
  ]);
  return `\uFEFF${[head, ...lines].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Return the name of the file: the same indicator may be downloaded of two bases. */
export function fileOf(rows, state, entry) {
  const base = rows[0]?.everyones ? facts.codes.everyone : facts.bases[entry.base].name;
  return `${state.indicator}-${state.domain}-${base}.csv`;
}

/** Hand a text to the reader as a file. */
export function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Return a cell: no spreadsheet may take a text for a formula, as in all public tables. */
function cell(text) {
  const formula = /^'*[=+\-@\t\r\n]/.test(text) && Number.isNaN(Number(text));
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
