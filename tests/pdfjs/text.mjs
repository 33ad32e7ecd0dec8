// Print the text of a PDF file as Firefox sees it.   node text.mjs FOLDER_OF_PDFJS FILE.pdf
import { readFile } from "node:fs/promises";

// What draws is not there: reading needs only that it has a name.
for (const name of ["DOMMatrix", "ImageData", "Path2D"]) globalThis[name] ??= class {};
const [folder, path] = process.argv.slice(2);
const { getDocument, VerbosityLevel } = await import(`${folder}/legacy/build/pdf.mjs`);
const data = new Uint8Array(await readFile(path));
const pdf = await getDocument({ data, verbosity: VerbosityLevel.ERRORS }).promise;
for (let number = 1; number <= pdf.numPages; number += 1) {
  const { items } = await (await pdf.getPage(number)).getTextContent();
  console.log(items.map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str)).join(""));
}
