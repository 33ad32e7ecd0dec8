// Start: unpack the tables, then draw again whenever a choice changes.

import { controlsOf } from "./controls.js";
import { tell } from "./details.js";
import { csvOf, fileOf, save } from "./download.js";
import { make } from "./elements.js";
import { assumed, bound, chosenRows, rankedIn, sentenceOf } from "./rows.js";
import { domains, frameOf, fromHash, indicators, toHash, TOTAL } from "./state.js";
import { tableOf } from "./table.js";
import { unpack } from "./tables.js";
import { facts, say } from "./words.js";

const tables = await unpack(document.getElementById("data").textContent);
const place = document.getElementById("explorer");
const status = make("p", { role: "status", class: "unseen" });
const result = make("div", { class: "result" });
const panel = make("section", { class: "panel", "aria-label": say("about") });
const below = make("div", { class: "below" });
const controls = controlsOf(change, { download, print: () => window.print() });
let state = fromHash(location.hash);
let rows = [];
let told = "";

result.addEventListener("keydown", walk);
place.append(controls.group, make("div", { class: "halves" }, result, panel, below), status);
redraw();
place.hidden = false;
document.getElementById("still").hidden = true;
window.addEventListener("hashchange", () => {
  if (location.hash === told) return;
  state = fromHash(location.hash);
  redraw();
});

/** Take over what was chosen, and draw. */
function change(chosen) {
  const { toggled, ...rest } = chosen;
  state = { ...state, ...rest };
  if (toggled) {
    const countries = new Set(state.countries);
    if (!countries.delete(toggled)) countries.add(toggled);
    state.countries = countries;
  }
  redraw();
  status.textContent = say("changed", { title: title(), count: rows.length });
}

/** Draw the table of what is chosen, and what is told beside and below it. */
function redraw() {
  const overall = state.domain === TOTAL;
  const all = chosenRows(tables, { ...state, everyone: false });
  // Nothing is put in order of its estimates where no ranks tell what the order is worth.
  const ranked = overall && all.some((row) => row.rank);
  const can = { everyone: overall && all.some((row) => row.everyone), ranks: ranked, order: ranked };
  const shown = {
    ...state,
    everyone: state.everyone && can.everyone,
    // An order by estimates stands beside what it is worth.
    ranks: (state.ranks || state.byEstimate) && can.ranks,
    byEstimate: state.byEstimate && can.order,
  };
  rows = chosenRows(tables, shown);
  controls.show(state, { ...can, download: rows.length > 0 });
  const caption = frameOf(indicators.get(state.indicator), shown.everyone);
  result.replaceChildren(
    make("h2", { id: "title" }, title()),
    ...(rows.length
      ? [
          make("p", { id: "hint", class: "small" }, say("choose_row"), " ", make("span", { id: "keys" }, say("keys"))),
          tableOf(rows, shown, caption, reach),
        ]
      : [make("p", {}, state.countries.size ? say("empty") : say("none_chosen"))]),
  );
  below.replaceChildren(notes(shown));
  const asked = rows.find((row) => row.key === state.row);
  const chosen = asked ?? rows[0];
  // On paper nothing is told of a row that nobody chose.
  panel.classList.toggle("unasked", !asked);
  if (chosen) point(chosen);
  else panel.replaceChildren();
  result.querySelector("button[tabindex='0']")?.setAttribute("aria-describedby", "keys");
  remember();
}

function title() {
  const label = indicators.get(state.indicator).label;
  const group = domains.get(state.domain);
  return group ? `${label} – ${group.label}` : label;
}

/** Return what to keep in mind of the rows, and what their pictures mean. */
function notes(shown) {
  const entry = indicators.get(state.indicator);
  const hidden = rows.filter((row) => !row.estimate);
  const has = (test, name) => (rows.some(test) ? say(name) : "");
  const places = new Map(rows.filter((row) => row.apart).map((row) => [row.place, row.apart]));
  const said = [
    entry.note,
    ...[...places].map(([name, reason]) => say("apart", { name, reason })),
    hidden.length ? say("hidden", { count: hidden.length, all: rows.length }) : "",
    ...assumed(rows),
    shown.ranks && rankedIn(rows) ? say("note_ranks", { count: rankedIn(rows) }) : "",
    shown.byEstimate ? say("note_order") : "",
    rows.length > 1 ? say("note_chance") : "",
    entry.silent ? say("note_silence") : "",
    has((row) => row.estimate, "legend"),
    has((row) => row.estimate && row.status !== "present", "legend_caution"),
    has((row) => row.interval_note, "legend_short"),
    has((row) => row.estimate && row.apart, "legend_apart"),
    has((row) => bound(row), "legend_bound"),
    has((row) => row.status === "suppress_disclosure" && !bound(row), "legend_protected"),
    has((row) => row.status === "suppress_reliability", "legend_uncertain"),
    // The foot of the page names the table of estimates alone.
    shown.everyone && rows.length ? `${rows[0].source}, SHA-256 ${facts.files[rows[0].source]}` : "",
  ];
  return make("ul", { class: "notes" }, ...said.filter(Boolean).map((text) => make("li", {}, text)));
}

/** Tell of a row, and let the keyboard find it. */
function point(row) {
  const open = panel.querySelector("details")?.open ?? false;
  tell(panel, row, indicators.get(state.indicator), tables, open);
  for (const button of result.querySelectorAll("button[data-row]")) {
    const here = button.dataset.row === row.key;
    button.tabIndex = here ? 0 : -1;
    button.setAttribute("aria-pressed", String(here));
  }
}

function choose(row, button) {
  state = { ...state, row: row.key };
  panel.classList.remove("unasked");
  point(row);
  // Who goes from row to row knows the keys.
  result.querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
  button.focus();
  status.textContent = sentenceOf(row);
  remember();
}

/** Choose a row that was pressed; where the window is narrow, what is told of it stands below. */
function reach(row, button) {
  choose(row, button);
  panel.scrollIntoView({ block: "nearest" });
}

/** Go from row to row with the arrow keys, Home and End. */
function walk(event) {
  const buttons = [...result.querySelectorAll("button[data-row]")];
  const here = buttons.indexOf(event.target);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (here < 0 || to === undefined || !buttons[to]) return;
  event.preventDefault();
  choose(rows[to], buttons[to]);
}

/** Keep what is chosen in the address of the page, so that it can be sent. */
function remember() {
  told = toHash(state);
  try {
    history.replaceState(null, "", told);
  } catch {
    location.hash = told;
  }
}

function download() {
  const entry = indicators.get(state.indicator);
  save(csvOf(rows, entry), fileOf(rows, state, entry));
}
