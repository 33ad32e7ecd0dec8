// The chosen rows as a CSV file: the columns of the public table, with what it needs to stand alone.

import { facts } from "./words.js";

const COLUMNS = [
  "country", "indicator", "domain", "level", "n", "population", "estimate", "ci_low", "ci_high",
  "interval", "shown", "bound_low", "bound_high", "status", "reason",
];

/** Return the file as text: a byte order mark tells spreadsheets that it is UTF-8. */
export function csvOf(rows, entry) {
  const head = ["address", "name", "label", ...COLUMNS, "not_compared", "data_kind", "release"];
  const lines = rows.map((row) => [
    `${row.address}/${row.column}`,
    row.name,
    entry.label,
    ...COLUMNS.map((column) => row[column] ?? ""),
    row.apart,
    facts.kind,
    [facts.mark, facts.release].filter(Boolean).join(". "),
  ]);
  return `\uFEFF${[head, ...lines].map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
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
