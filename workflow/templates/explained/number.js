// Gives what is shown alone the first heading and the title of the page, by which tabs and the
// history tell numbers apart, and puts the steps that all numbers share among its own, in the order
// in which they are read. Without this script the heading of its section stands there, and steps
// are in their order for the eye alone.
"use strict";
const whole = document.title, heading = document.querySelector(".alone");

function describe(target) {
  const section = target?.closest(".numbers");
  if (!section) return "";
  const name = (target.querySelector("h3") || section.querySelector("h2, h3")).textContent;
  // The row of everyone has no address beside that of its section.
  const row = target.closest("tr") || section.querySelector(":scope > table tr:not([id]) > td")?.parentNode;
  if (!row) return [heading.dataset.place, name].filter(Boolean).join(": ");
  const [group, number] = [...row.cells].map((cell) => cell.textContent.trim());
  // A section that is not about all says of whom it is itself.
  const special = section.querySelector(":scope > p")?.textContent.startsWith("Of ");
  const named = [name, row.id && group, !special && heading.dataset.base, heading.dataset.place]
    .filter(Boolean).join(", ");
  if (!section.querySelector(".step")) return named;
  return /^\d/.test(number) ? `${number}: ${named}` : `${named}: ${number}`;
}

const shared = document.querySelector(".steps > .step"), all = [...(shared?.children || [])];
let gathered = null;

function gather(target) {
  const own = target?.closest(".numbers")?.querySelector(":scope > .step");
  // All groups of an indicator have the same steps; everyone has others.
  const place = own && (target.closest("tr") ? own : own.parentNode);
  if (!shared || place === gathered) return;
  gathered = place;
  shared.replaceChildren(...all);
  shared.hidden = Boolean(own);
  if (!own) return;
  for (const step of all.filter((each) => getComputedStyle(each).display !== "none")) {
    const later = [...own.children].find((each) => each.value > (step.value || 2));
    own.insertBefore(step, later || null);
  }
}

function show() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const text = describe(target);
  gather(target);
  heading.textContent = text;
  document.title = text ? `${text} · ${whole}` : whole;
}

addEventListener("hashchange", show);
// Before, browsers have not yet marked what the address points to.
addEventListener("load", show);
