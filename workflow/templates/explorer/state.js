// What is chosen, and how it stands in the address of the page: nothing unknown is taken from there.

import { facts } from "./words.js";

export const TOTAL = "total";
export const indicators = new Map(
  facts.modules.flatMap((module) => module.indicators).map((entry) => [entry.id, entry]),
);
export const domains = new Map(facts.domains.map((domain) => [domain.id, domain]));
const codes = facts.countries.map((country) => country.code);

/** Return the choices that the page opens with. */
export function initial() {
  return {
    indicator: facts.first,
    domain: TOTAL,
    countries: new Set(codes),
    everyone: false, // share of all children, online or not
    byEstimate: false,
    ranks: false,
    row: "", // the address of the row whose details are told
  };
}

/** Return the choices that a hash names; what is unknown in it is left out. */
export function fromHash(hash) {
  const state = initial();
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const row = given.get("a") ?? "";
  const [country, indicator, group] = row.split("/");
  if (codes.includes(country) && indicators.has(indicator)) {
    const domain = (group ?? "").split(":")[0];
    state.row = row.replace(/\/(estimate|ci_low|ci_high|n)$/, "");
    state.indicator = indicator;
    if (domains.has(domain)) state.domain = domain;
  }
  if (indicators.has(given.get("i"))) state.indicator = given.get("i");
  if (domains.has(given.get("d"))) state.domain = given.get("d");
  const chosen = (given.get("c") ?? "").split(".").filter((code) => codes.includes(code));
  if (chosen.length) state.countries = new Set(chosen);
  state.everyone = given.get("b") === "all";
  state.byEstimate = given.get("o") === "estimate";
  state.ranks = given.get("r") === "1";
  return state;
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
  if (state.row) parts.push(`a=${state.row}`);
  return `#${parts.join("&")}`;
}
