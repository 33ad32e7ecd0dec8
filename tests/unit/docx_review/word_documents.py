"""Small documents made by hand for tests of edited Word files, and ways to edit them.

``python tests/unit/docx_review/word_documents.py`` writes the files that LibreOffice saved,
``tests/data/word/*.docx``, anew: it needs LibreOffice (``soffice``). No test does.
"""

import copy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

DATA = Path(__file__).parents[2] / "data" / "word"
EDITED = "report-en-edited-and-saved-by-libreoffice.docx"
# Of each document: its language, and its front matter besides the title.
DOCUMENTS = {
    "report-en": ("en", "watermark: Made by hand\n"),
    "brief-km": ("km", "watermark: Made by hand\nbrief: true\ntoc: false\n"),
}


def made(name: str, folder: Path) -> Path:
    """Make one of the documents in ``folder``/x below a furnished root; return its Word file."""
    from rendering_sample import document

    from disrupting_harm.report.rendering import render

    language, front = DOCUMENTS[name]
    body = (DATA / f"{name}.md").read_text(encoding="utf-8")
    qmd = document(folder / "x", body, front, language)
    return render(qmd, ["docx"], "embedded").files["docx"]


@contextmanager
def editing(path: Path, name: str = "edited.docx") -> Iterator[Document]:
    """Yield the document of a Word file; it is saved beside it under another name."""
    document = docx.Document(str(path))
    yield document
    document.save(str(path.with_name(name)))


def edited(path: Path, edit: Callable[[Document], None]) -> Path:
    """Return an edited copy of a Word file."""
    with editing(path) as document:
        edit(document)
    return path.with_name("edited.docx")


def paragraph(document: Document, text: str) -> Paragraph:
    """Return the first paragraph of the body that holds ``text``, numbers included."""
    for element in document.element.body.iter(qn("w:p")):
        if text in "".join(t.text or "" for t in element.iter(qn("w:t"))):
            return Paragraph(element, document._body)
    raise KeyError(text)


def type_over(document: Document, old: str, new: str) -> None:
    """Put ``new`` where ``old`` stands in one run of the document, not in its contents."""
    for element in document.element.body.iter(qn("w:t")):
        linked = element.getparent().getparent().tag == qn("w:hyperlink")
        if old in (element.text or "") and not linked:
            element.text = element.text.replace(old, new)
            return
    raise KeyError(old)


def control(document: Document, address: str) -> BaseOxmlElement:
    """Return the first control of a number."""
    for element in document.element.body.iter(qn("w:sdt")):
        if element.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == address:
            return element
    raise KeyError(address)


def edit_much(document: Document) -> None:
    """Change something of each kind in the report."""
    type_over(document, "Most people like", "Many people like")
    type_over(document, "fewer did", "61 fewer did")
    type_over(document, "Girls", "Young women")
    next(control(document, "XYZ/apples/ci_low").iter(qn("w:t"))).text = "19"
    end = paragraph(document, "The end of the page")
    end.insert_paragraph_before("Somebody adds a thought.")
    end._p.append(copy.deepcopy(control(document, "XYZ/apples/ci_high")))
    end._p.addnext(paragraph(document, "Do you like apples")._p)
    gone = paragraph(document, "Pears are soft")._p
    gone.getparent().remove(gone)
    document.tables[0].add_row().cells[0].text = "Others"
    picture = list(document.element.body.iter(qn("w:drawing")))[1]
    picture.getparent().remove(picture)
    runs = paragraph(document, "Nobody knows why").runs
    document.add_comment(runs=runs[:1], text="Is this so?", author="A ministry")


def _saved_by_libreoffice() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name in DOCUMENTS:
            source = made(name, Path(scratch) / name)
            _convert(source, DATA / f"{name}-saved-by-libreoffice.docx")
            if name == "report-en":
                _convert(edited(source, edit_much), DATA / EDITED)


def _convert(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{scratch}/profile"]
        kind = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", scratch]
        subprocess.run([*command, *kind, source], check=True)
        shutil.copyfile(Path(scratch) / source.name, target)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    _saved_by_libreoffice()
