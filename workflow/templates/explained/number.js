// Gives what is shown alone the first heading and the title of the page, by which tabs and the
// history tell numbers apart. Without this script the heading of its section stands there.
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
  const named = [name, row.id && group, heading.dataset.place].filter(Boolean).join(", ");
  if (!section.querySelector(".step")) return named;
  return /^\d/.test(number) ? `${number}: ${named}` : `${named}: ${number}`;
}

function show() {
  const text = describe(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  heading.textContent = text;
  document.title = text ? `${text} · ${whole}` : whole;
}

addEventListener("hashchange", show);
show();
