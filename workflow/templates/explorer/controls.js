// The choices above the table. They hold no state: each says what was chosen, and shows what is.

import { make } from "./elements.js";
import { baseOf, indicators, TOTAL } from "./state.js";
import { facts, say } from "./words.js";

/** Return the group of choices and a function that shows a state in it. */
export function controlsOf(change, actions) {
  const chosen = {
    indicator: select("indicator", (value) => change({ indicator: value, row: "" })),
    domain: select("groups", (value) => change({ domain: value, row: "" })),
    everyone: select("share_of", (value) => change({ everyone: value === "all", row: "" })),
    byEstimate: select("order", (value) => change({ byEstimate: value === "estimate" })),
  };
  chosen.indicator.field.append(
    ...facts.modules.map((module) =>
      make("optgroup", { label: module.label }, ...module.indicators.map((e) => option(e.id, e.label))),
    ),
  );
  chosen.domain.field.append(
    option(TOTAL, say("no_groups")),
    ...facts.domains.map((domain) => option(domain.id, domain.label)),
  );
  chosen.byEstimate.field.append(option("name", say("by_name")), option("estimate", say("by_estimate")));
  const download = button("download", actions.download);
  const ranks = make("input", { type: "checkbox" });
  ranks.addEventListener("change", () => change({ ranks: ranks.checked }));
  const waves = make("input", { type: "checkbox" });
  waves.addEventListener("change", () => change({ waves: waves.checked, row: "" }));
  const several = Object.keys(facts.surveys).length > 0;
  const boxes = new Map(facts.countries.map((country) => [country.code, box(country, change)]));
  const group = make(
    "div",
    { class: "choices", role: "group", "aria-label": say("choices") },
    make("div", { class: "main-choices" }, chosen.indicator.label, chosen.domain.label),
    make(
      "details",
      {},
      make("summary", {}, say("more")),
      areas(boxes, change),
      make(
        "div",
        { class: "row" },
        chosen.everyone.label,
        chosen.byEstimate.label,
        make("label", { class: "check" }, ranks, say("ranks")),
        several ? make("label", { class: "check" }, waves, say("waves")) : "",
      ),
      make("div", { class: "row" }, download, button("print", actions.print)),
    ),
  );
  return { group, show: (state, can) => show(state, can, chosen, { ranks, waves, download }, boxes) };
}

/** Show a state in the fields; `can` says which choices there are for it. */
function show(state, can, chosen, { ranks, waves, download }, boxes) {
  const base = baseOf(indicators.get(state.indicator));
  chosen.everyone.field.replaceChildren(option("own", base), option("all", say("everyone")));
  chosen.indicator.field.value = state.indicator;
  chosen.domain.field.value = state.domain;
  chosen.everyone.field.value = state.everyone && can.everyone ? "all" : "own";
  chosen.everyone.field.disabled = !can.everyone;
  chosen.everyone.label.hidden = !say("everyone");
  chosen.byEstimate.field.disabled = !can.order;
  const ordered = state.byEstimate && can.order;
  chosen.byEstimate.field.value = ordered ? "estimate" : "name";
  ranks.checked = (state.ranks || ordered) && can.ranks;
  ranks.disabled = !can.ranks || ordered;
  waves.checked = state.waves;
  download.disabled = !can.download;
  for (const [code, { field }] of boxes) field.checked = state.countries.has(code);
}

function areas(boxes, change) {
  const all = [...boxes.keys()];
  const fields = make("div", { class: "row" }, ...[...boxes.values()].map(({ label }) => label));
  return make(
    "fieldset",
    {},
    make("legend", {}, say("areas")),
    fields,
    button("all", () => change({ countries: new Set(all) })),
    button("none", () => change({ countries: new Set() })),
  );
}

function box(country, change) {
  const field = make("input", { type: "checkbox", value: country.code });
  field.addEventListener("change", () => change({ toggled: country.code }));
  return { field, label: make("label", { class: "check" }, field, country.name) };
}

function select(name, choose) {
  const field = make("select");
  field.addEventListener("change", () => choose(field.value));
  return { field, label: make("label", {}, say(name), field) };
}

function option(value, text) {
  return make("option", { value }, text);
}

function button(name, press) {
  const found = make("button", { type: "button", class: "action" }, say(name));
  found.addEventListener("click", press);
  return found;
}
