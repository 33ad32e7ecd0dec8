// Lets a reader choose two countries of a table of pairs. Without this script the boxes are hidden,
// and the table has all pairs.
"use strict";

const NUMBER = /[+\u2212]?\d[\d.,]*/gu;
const OPPOSITE = { higher: "lower", lower: "higher", open: "open" };

// A number with the other sign; zero has none.
function turn(number) {
  if (number.startsWith("+")) return `\u2212${number.slice(1)}`;
  return number.startsWith("\u2212") ? `+${number.slice(1)}` : number;
}

// What the table has of a pair, in the order chosen: the difference, its limits and the verdict.
function readPair(table, first, second) {
  const straight = table.querySelector(`[data-pair="${first} ${second}"]`);
  const row = straight || table.querySelector(`[data-pair="${second} ${first}"]`);
  if (!row) return null;
  const [difference, low, high] = [...row.cells].slice(1, 3)
    .flatMap((cell) => cell.textContent.match(NUMBER));
  const { verdict, way } = row.dataset;
  return straight ? { difference, low, high, verdict, way }
    : { difference: turn(difference), low: turn(high), high: turn(low), verdict: OPPOSITE[verdict], way };
}

// A country's estimate and interval, as the table of countries has them.
function readEstimate(code, estimates) {
  const cells = estimates.querySelector(`tr[data-n="${code}"]`).cells;
  return [...cells].map((cell) => cell.textContent.trim());
}

for (const chooser of document.querySelectorAll("[data-pairs]")) {
  const { pairs, estimates, words } = chooser.dataset;
  const table = document.getElementById(pairs).closest("table");
  const countries = document.getElementById(estimates).closest("table");
  const status = chooser.querySelector("[role=status]");
  const link = chooser.querySelector("a");
  const selects = [...chooser.querySelectorAll("select")];
  const verdicts = JSON.parse(words);
  const show = () => {
    const [a, b] = selects.map((select) => select.selectedOptions[0].textContent);
    const pair = readPair(table, ...selects.map((select) => select.value));
    link.hidden = !pair;
    if (!pair) {
      status.textContent = verdicts.same;
      return;
    }
    const [one, other] = selects.map((select) => readEstimate(select.value, countries));
    const said = { a, b, ...pair, verdict: verdicts[pair.verdict] };
    const result = status.dataset.said.replace(/\{(\w+)\}/g, (whole, name) => said[name] ?? whole);
    status.textContent = `${a}: ${one[2]}% (${one[3]}). ${b}: ${other[2]}% (${other[3]}). ${result}`;
    link.href = link.dataset.page + pair.way;
  };
  chooser.hidden = false;
  for (const event of ["input", "change"]) chooser.addEventListener(event, show);
  show();
}
