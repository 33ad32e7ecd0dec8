// Elements of the page. Texts are set as texts: nothing in a name or a label is read as HTML.

/** Return an element with attributes; those with `null` are left out. */
export function make(tag, attributes = {}, ...parts) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, value);
  }
  element.append(...parts.filter((part) => part !== ""));
  return element;
}

/** Return a list of terms and what is said of each; pairs that say nothing are left out. */
export function described(pairs) {
  const said = pairs.filter(([, told]) => told);
  return make("dl", {}, ...said.flatMap(([term, told]) => [make("dt", {}, term), make("dd", {}, told)]));
}
