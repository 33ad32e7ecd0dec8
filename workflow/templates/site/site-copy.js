// Puts a button behind each text that may be copied. Without this script a reader marks the text.
"use strict";

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: mark the text";
  }
}

for (const place of document.querySelectorAll("[data-copy]")) {
  const text = place.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  // The button says what happened; aloud, too.
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(text, button));
  place.append(" ", button);
}
