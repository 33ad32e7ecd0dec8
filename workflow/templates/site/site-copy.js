// Puts a button behind each text that may be copied. Without this script a reader marks the text.
"use strict";

// What the buttons say stands beside the script's address, in the language of the page.
const said = document.currentScript.dataset;

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = said.copied;
  } catch {
    button.textContent = said.failed;
  }
}

for (const place of document.querySelectorAll("dd[data-copy]")) {
  const text = place.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said.copy;
  // The button says what happened; aloud, too.
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(text, button));
  place.append(" ", button);
}
