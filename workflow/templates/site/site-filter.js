// Hides what a reader does not look for. Without this script the boxes are hidden, and all is shown.
"use strict";

// Letters and digits alone, so that case, accents and blanks do not matter.
function letters(text) {
  return text.normalize("NFD").replace(/[^\p{Letter}\p{Number}]/gu, "").toLowerCase();
}

// What an entry says: its own words, those in it, or those that describe its picture.
function wordsOf(item) {
  return item.dataset.words || item.textContent.trim() || item.querySelector("img")?.alt || "";
}

function fits(item, wanted, choices) {
  return letters(wordsOf(item)).includes(wanted)
    && choices.every(({ key, value }) => !value || item.dataset[key] === value
      || (item.dataset[key] || "").split(" ").includes(value));
}

for (const finder of document.querySelectorAll("[data-lists]")) {
  const lists = finder.dataset.lists.split(" ")
    .map((id) => [...document.getElementById(id).children]);
  const box = finder.querySelector("input");
  const selects = [...finder.querySelectorAll("select")];
  const status = finder.querySelector("[role=status]");
  // On a phone, boxes that would push a list off the first screen open on request.
  const fold = finder.closest(".fold");
  const filter = () => {
    const wanted = letters(box.value.trim());
    const choices = selects.map((select) => ({ key: select.dataset.key, value: select.value }));
    for (const item of lists.flat()) item.hidden = !fits(item, wanted, choices);
    // A fold opens while something in it is looked for and found.
    for (const list of lists) {
      const topic = list[0]?.closest("details.topic");
      if (topic && box.value) topic.open = list.some((item) => !item.hidden);
    }
    const all = lists.flat();
    const shown = all.filter((item) => !item.hidden).length;
    const searching = wanted || choices.some(({ value }) => value);
    status.textContent = searching
      ? status.dataset.said.replace("{shown}", shown).replace("{all}", all.length) : "";
    if (fold && searching) fold.open = true;
  };
  finder.hidden = false;
  if (fold) {
    const narrow = matchMedia("(max-width: 40rem)");
    const folded = () => { fold.open = !narrow.matches; };
    fold.hidden = false;
    narrow.addEventListener("change", folded);
    folded();
  }
  // Old browsers tell a choice in a list by 'change' alone.
  for (const event of ["input", "change"]) finder.addEventListener(event, filter);
  // A browser that comes back to the page may have kept what was written.
  filter();
}
