// What is chosen, and how it stands in the address of the page: nothing unknown is taken from there.

import { part } from "./tables.js";
import { facts, say } from "./words.js";

export const TOTAL = "total";
export const indicators = new Map(
  facts.modules.flatMap((module) => module.indicators).map((entry) => [entry.id, entry]),
);
export const domains = new Map(facts.domains.map((domain) => [domain.id, domain]));
const codes = facts.countries.map((country) => country.code);

/** Return who an indicator is about; on request everyone of that age, asked or not. */
export function baseOf(entry, everyone = false) {
  return everyone ? say("everyone") : facts.bases[entry.base].label;
}

/** Return what every number of an indicator is read with: of whom, what is assumed, and when. */
export function frameOf(entry, everyone) {
  const period = say(`recall_${entry.recall}`);
  return [
    say("base", { base: baseOf(entry, everyone) }),
    everyone ? say("offline") : "",
    period && say("when", { period }),
  ].filter(Boolean);
}

/** Return the choices that the page opens with. */
export function initial() {
  return {
    indicator: facts.first,
    domain: TOTAL,
    countries: new Set(codes),
    everyone: false, // share of everyone of that age, asked or not
    byEstimate: false,
    ranks: false,
    waves: false, // earlier surveys, too
    row: "", // the address, among the estimates, of the row whose details are told
  };
}

/** Return the choices that a hash names; what is unknown in it is left out. */
export function fromHash(hash) {
  const state = initial();
  const given = valuesIn(hash);
  takeRow(state, given.get("a") ?? "");
  if (indicators.has(given.get("i"))) state.indicator = given.get("i");
  if (domains.has(given.get("d"))) state.domain = given.get("d");
  const chosen = (given.get("c") ?? "").split(".").filter((code) => codes.includes(code));
  if (chosen.length || given.get("c") === "") state.countries = new Set(chosen);
  state.everyone = given.get("b") === "all";
  state.byEstimate = given.get("o") === "estimate";
  state.ranks = given.get("r") === "1";
  state.waves ||= given.get("w") === "1";
  return state;
}

/** Return the names and values of a hash; a plus in it is a plus, as in addresses. */
function valuesIn(hash) {
  const found = new Map();
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const [name, value = ""] = pair.split("=");
    try {
      found.set(name, decodeURIComponent(value));
    } catch {
      // Percent signs that encode nothing: no value.
    }
  }
  return found;
}

/** Choose the row at an address, such as KEN/told_nobody/sex:girl/estimate, if there may be one. */
function takeRow(state, address) {
  const [country, indicator, group = ""] = address.split("/");
  if (![...codes, ...Object.keys(facts.surveys)].includes(country)) return;
  if (!indicators.has(indicator)) return;
  const [domain, level] = group.split(":");
  const levels = Object.keys(domains.get(domain)?.levels ?? {}).map(part);
  const known = levels.includes(level);
  state.indicator = indicator;
  state.waves = !codes.includes(country);
  if (known) state.domain = domain;
  state.row = [country, indicator, ...(known ? [`${domain}:${level}`] : [])].join("/");
}

/** Return choices as a hash, without those that the page opens with. */
export function toHash(state) {
  const parts = [`i=${state.indicator}`];
  if (state.domain !== TOTAL) parts.push(`d=${state.domain}`);
  if (state.countries.size < codes.length) {
    parts.push(`c=${codes.filter((code) => state.countries.has(code)).join(".")}`);
  }
  if (state.everyone) parts.push("b=all");
  if (state.byEstimate) parts.push("o=estimate");
  if (state.ranks) parts.push("r=1");
  if (state.waves) parts.push("w=1");
  if (state.row) parts.push(`a=${state.row}`);
  return `#${parts.join("&")}`;
}
