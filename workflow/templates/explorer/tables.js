// The public tables that the page holds, unpacked: every cell is the text of the public file.

/** Return the tables by name: columns of texts, with the number of rows as `length`. */
export async function unpack(address) {
  const packed = atob(address.slice(address.indexOf(",") + 1));
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const tables = JSON.parse(await new Response(stream).text());
  for (const table of Object.values(tables)) {
    for (const name of Object.keys(table)) table[name] = table[name].split("\n");
    table.length = Object.values(table)[0]?.length ?? 0;
  }
  return tables;
}

/** Return one row of a table as an object. */
export function rowAt(table, at) {
  const names = Object.keys(table).filter((name) => name !== "length");
  return Object.fromEntries(names.map((name) => [name, table[name][at]]));
}

/** Return the numbers of the rows whose columns have these values. */
export function rowsWith(table, wanted) {
  const found = [];
  const pairs = Object.entries(wanted).map(([name, value]) => [table[name] ?? [], value]);
  for (let at = 0; at < table.length; at += 1) {
    if (pairs.every(([column, value]) => column[at] === value)) found.push(at);
  }
  return found;
}

/** Return the address of a row of estimates; docs/addresses.md says how addresses are made. */
export function addressOf(row) {
  const parts = [part(row.country), part(row.indicator)];
  if (row.domain !== "total") parts.push(`${part(row.domain)}:${part(row.level)}`);
  return parts.join("/");
}

/** Return a value of a key as it stands in an address. */
export function part(value) {
  return value.replaceAll("|", "+").replace(/[^\p{L}\p{N}_+.-]+/gu, "_") || "_";
}
