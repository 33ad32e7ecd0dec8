// The rows that the choices ask for, as the public tables hold them, and what they say in words.

import { addressOf, part, rowAt, rowsWith } from "./tables.js";
import { facts, perCent, printed, say } from "./words.js";
import { domains, indicators, TOTAL } from "./state.js";

const ESTIMATES = "estimates.csv";
const names = new Map(facts.countries.map((country) => [country.code, country.name]));

/** Return the chosen rows, by country and within it in the order of the codebook. */
export function chosenRows(tables, state) {
  const sources = state.waves ? [tables.earlier, tables.estimates] : [tables.estimates];
  const found = sources
    .flatMap((table) => ofTable(tables, table, state))
    .filter((row) => state.countries.has(row.of));
  const levels = Object.keys(domains.get(state.domain)?.levels ?? {});
  const order = facts.countries.map((country) => country.code);
  // Surveys of one country keep the order of the tables: the first one first.
  const place = (row) => order.indexOf(row.of) * 1000 + levels.indexOf(row.level);
  found.sort((a, b) => place(a) - place(b));
  if (state.byEstimate) {
    found.sort((a, b) => Number(b.estimate) - Number(a.estimate));
    // What has no estimate has no place among the others, neither the last one nor any other.
    found.sort((a, b) => Number(!a.estimate) - Number(!b.estimate));
  }
  // What is not compared stands below what is, in any order.
  return found.sort((a, b) => Number(Boolean(a.apart)) - Number(Boolean(b.apart)));
}

/** Return the rows of a table of estimates that the choices ask for. */
function ofTable(tables, table, state) {
  const entry = indicators.get(state.indicator);
  return rowsWith(table, { indicator: entry.id, domain: state.domain }).map((at) => {
    const cells = rowAt(table, at);
    // Each earlier survey has a file of its own, in which its rows are the only ones.
    const now = table === tables.estimates;
    const source = now ? ESTIMATES : `countries/${cells.country}/estimates.csv`;
    const line = 2 + (now ? at : at - table.country.indexOf(cells.country));
    return ofEstimates(tables, { ...cells, source, line }, entry, state);
  });
}

/** Return one row of estimates as it is printed. */
function ofEstimates(tables, cells, entry, state) {
  const { of = cells.country, year } = facts.surveys[cells.country] ?? {};
  const country = names.get(of) ?? of;
  const level = state.domain === TOTAL ? "" : domains.get(state.domain).levels[cells.level];
  const dated = (name) => (state.waves && year ? say("in_year", { name, year }) : name);
  const row = {
    ...cells,
    of,
    name: dated(level ? `${country}, ${level}` : country),
    label: dated(level || country),
    place: country,
    statistic: entry.statistic,
    mean: entry.statistic !== "proportion",
    apart: whyApart(of, entry.id),
    key: addressOf(cells),
    address: addressOf(cells),
    column: "estimate",
    digits: (cells.shown.split(".")[1] ?? "").length,
  };
  if (state.domain !== TOTAL || of !== cells.country) return row;
  row.everyone = ofDenominators(tables, row, facts.codes.everyone);
  row.own = ofDenominators(tables, row, facts.codes.asked);
  const ranks = rowsWith(tables.rank_sets, { indicator: entry.id, country: cells.country });
  if (ranks.length) row.rank = rowAt(tables.rank_sets, ranks[0]);
  return state.everyone ? ofEveryone(tables, row) : row;
}

/** Return a country's row of the table of denominators; nothing where there is none. */
function ofDenominators(tables, row, denominator) {
  const wanted = { indicator: row.indicator, country: row.country, denominator };
  const [at] = rowsWith(tables.denominators, wanted);
  return at === undefined ? null : { ...rowAt(tables.denominators, at), line: at + 2 };
}

/** Return a row with the share of everyone of that age in place of its own. */
function ofEveryone(tables, row) {
  const none = { estimate: "", ci_low: "", ci_high: "", rank_low: "", population: "", line: 0 };
  const share = row.everyone ?? none;
  const { estimate, ci_low, ci_high, population, line } = share;
  return {
    ...row,
    estimate,
    ci_low,
    ci_high,
    shown: estimate && perCent(estimate, row.digits),
    status: estimate ? row.status : "unpublished",
    n: "",
    population,
    interval: "",
    interval_note: "",
    bound_low: "",
    bound_high: "",
    reason: "",
    rank: share.rank_low ? { ...share, countries: ranked(tables.denominators, row.indicator) } : null,
    everyones: true,
    invented: isInvented(share),
    address: `compare/denominators/${part(row.indicator)}/${part(row.country)}/${facts.codes.everyone}`,
    source: "comparison/denominators.csv",
    line,
  };
}

/** Return whether nobody counted those within reach of the survey: their source says so. */
export function isInvented(share) {
  return /^\s*invented/i.test(share?.[facts.codes.source] ?? "");
}

/** Return what nobody measured of the shares of everyone that some rows show. */
export function assumed(rows) {
  const shown = rows.filter((row) => row.everyones && row.estimate);
  const names = shown.filter((row) => row.invented).map((row) => row.place);
  const error = shown.some((row) => row.everyone.rate_uncertainty === "invented");
  return [
    names.length ? say("invented_in", { names: names.join(", ") }) : "",
    error ? say("invented_error") : "",
  ].filter(Boolean);
}

/** Return how many countries have a rank by their share of everyone. */
function ranked(table, indicator) {
  const rows = rowsWith(table, { indicator, denominator: facts.codes.everyone });
  return rows.filter((at) => table.rank_low[at]).length;
}

/** Return why a country is not compared on an indicator; empty where it is. */
function whyApart(country, indicator) {
  const bears = ({ indicators: on }) => !on.length || on.includes(indicator);
  return (facts.apart[country] ?? []).find(bears)?.reason ?? "";
}

/** Return the two limits of a row's interval, in per cent or as the mean has them. */
export function limits(row) {
  const of = (text) => (row.mean ? Number(text).toFixed(row.digits) : perCent(text, row.digits));
  return [of(row.ci_low), of(row.ci_high)];
}

/** Return the ends in per cent of the range that is printed in place of a number. */
export function bound(row) {
  if (row.estimate || !row.bound_high) return null;
  return [100 * Number(row.bound_low), 100 * Number(row.bound_high)].map(Math.round);
}

/** Return in few words why a row has no number, or which range stands in its place. */
export function shortReason(row) {
  const ends = bound(row);
  if (!ends) return facts.words[row.status] ?? row.status;
  const [low, high] = ends;
  return high < 100 ? say("below", { limit: high }) : say("above", { limit: low });
}

/** Return all that is published on why a row has no number. */
export function reasonOf(row) {
  const why = bound(row) ? say("range") : facts.reasons[row.reason];
  return why ? `${shortReason(row)} (${why})` : shortReason(row);
}

/** Return a set of ranks as printed: "2–7", or one rank alone. */
export function ranksOf({ rank_low, rank_high }) {
  return rank_low === rank_high ? rank_low : `${rank_low}–\u2060${rank_high}`;
}

/** Return how many are ranked of what some rows show; nothing where none is. */
export function rankedIn(rows) {
  return rows.find((row) => row.rank)?.rank.countries;
}

/** Return what a row says, as a sentence. */
export function sentenceOf(row) {
  if (!row.estimate) return say("told_reason", { name: row.name, reason: reasonOf(row) });
  const [low, high] = limits(row).map(printed);
  const told = row.mean ? "told_mean" : "told_share";
  const said = [say(told, { name: row.name, estimate: printed(row.shown), low, high })];
  if (row.n) said.push(say("answers", { n: printed(row.n) }));
  if (row.status !== "present") {
    const reason = facts.reasons[row.reason];
    said.push(reason ? say("caution_because", { reason }) : say(row.status));
  }
  if (row.interval_note) said.push(say(row.interval_note));
  return said.join(" ");
}
