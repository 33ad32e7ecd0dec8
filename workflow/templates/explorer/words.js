// Messages and numbers in the reader's language. All texts come from the page.

export const facts = JSON.parse(document.getElementById("facts").textContent);
// What themes and indicators are called stands above the tables for readers without a script.
const called = [...document.querySelectorAll("#still h2, #still caption")];
for (const module of facts.modules) {
  for (const each of [module, ...module.indicators]) each.label = called.shift().firstChild.textContent.trim();
}

/** Return a message with its {placeholders} filled. */
export function say(name, values = {}) {
  return facts.words[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Return a number of a public table with the signs of the language: "1012.5" as "1.012,5". */
export function printed(text) {
  const [whole, fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, facts.signs.group);
  return fraction ? grouped + facts.signs.decimal + fraction : grouped;
}

/** Return a share of a public table in per cent, with so many decimals: "0.384" as "38.4". */
export function perCent(share, digits) {
  return (100 * Number(share)).toFixed(digits);
}

/** Return two limits as printed; no line may end within. */
export function span(low, high) {
  return `${printed(low)}–\u2060${printed(high)}`;
}
