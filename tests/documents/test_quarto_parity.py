"""Every kind of document is the same from Quarto and from the renderer of the workflow.

The finished study is run again with Quarto on PATH, as in a clone where Quarto is installed: a
stand-in, which tests/unit/report/test_quarto_behaviours.py holds to what Quarto did, or the program
that REAL_QUARTO names. Two engines can be wrong alike: what a document must be stands beside it.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from checkout import Checkout, hashes
from docx import Document
from docx.oxml.ns import qn
from finished import once
from quarto_stand_in import environment
from rendered import Page, alternatives_on_paper, paper_pages, without_spaces, word_parts

from disrupting_harm.notes.fill import FILLED_FOLDER
from disrupting_harm.provenance.signature import verify_public

FORMATS = ("html", "pdf", "docx")
REAL = os.environ.get("REAL_QUARTO")
KINDS = {
    "report": "reports/*/{}/report.qmd",
    "brief": "briefs/[A-Z]*/{}/brief.qmd",
    "brief of all": "briefs/all/{}/brief.qmd",
    "regional": "regional/{}/report.qmd",
    "data book": "databooks/*/{}/databook.qmd",
}
MADE = [(kind, language) for kind in KINDS for language in ("en", "km")]
# The comparison is written in English alone.
MADE.remove(("regional", "km"))
LABEL = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")
REFERENCE = re.compile(r"(?<![\w\\])@((?:fig|tbl|sec)-[\w-]*\w)")


@pytest.fixture(scope="module")
def by_quarto(shared: Path, small: Checkout) -> Checkout:
    """The study of two countries, run again where Quarto is on PATH."""

    def make(folder: Path) -> None:
        shutil.copytree(small.folder, folder, symlinks=True)
        (folder / "home").mkdir()
        found = environment(folder / "bin", program=REAL) | {"HOME": str(folder / "home")}
        done = Checkout(folder).run(environment=found)
        assert done.returncode == 0, done.stderr

    return Checkout(once(shared, "by_quarto", make))


def public(checkout: Checkout) -> Path:
    return checkout.folder / "results" / "public"


def quarto(document: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call Quarto by itself in a document's folder."""
    with tempfile.TemporaryDirectory() as folder:
        found = environment(Path(folder) / "bin", program=REAL)
        return subprocess.run(
            [Path(folder) / "bin" / "quarto", "render", document.name, *arguments],
            cwd=document.parent,
            env={**os.environ, **found},
            capture_output=True,
            text=True,
            check=False,
        )


def of(document: Path, kind: str) -> Path:
    return document.with_suffix(f".{kind}")


def assert_same_pages(one: Path, other: Path) -> None:
    """Hold page and PDF of one document against those of the same document of another engine."""
    if of(other, "html").exists():
        assert Page(of(one, "html")).events == Page(of(other, "html")).events
    assert paper_pages(of(one, "pdf")) == paper_pages(of(other, "pdf"))
    alternatives = alternatives_on_paper(of(one, "pdf"))
    assert alternatives == alternatives_on_paper(of(other, "pdf"))


def assert_same_word(one: Path, other: Path) -> None:
    """Hold the Word file of one document against that of the same document of another engine."""
    parts, others = word_parts(of(one, "docx")), word_parts(of(other, "docx"))
    assert [*parts] == [*others]
    assert [name for name in parts if parts[name] != others[name]] == []


def assert_whole(document: Path, source: Path) -> None:
    """Hold the files of a document to what its source asks for."""
    head, body = source.read_text(encoding="utf-8").split("\n---\n", 1)
    front, labels = yaml.safe_load(head), LABEL.findall(body)
    marks = [str(front[key]) for key in ("watermark", "status") if key in front]
    pages = paper_pages(of(document, "pdf"))
    assert not any("?@" in page for page in pages)
    for mark in marks:
        assert all(without_spaces(mark) in page for page in pages)
    if of(document, "html").exists():
        page = Page(of(document, "html"))
        assert all(text and text not in page.captions for text in page.alternatives)
        assert sorted(page.captioned) == sorted(labels)
        assert {*REFERENCE.findall(body)} == page.references
        assert "?@" not in page.text
        assert all(mark in page.text for mark in marks)
        assert len(alternatives_on_paper(of(document, "pdf"))) >= len(page.alternatives)
    if of(document, "docx").exists():
        parts = word_parts(of(document, "docx"))
        assert b"?@" not in parts["word/document.xml"]
        on_each_page = (parts["word/header1.xml"] + parts["word/footer1.xml"]).decode()
        assert all(mark in on_each_page for mark in marks)
        captions = re.findall(r" SEQ (?:Figure|Table) ", parts["word/document.xml"].decode())
        assert len(captions) == len(labels)


def test_a_run_takes_quarto_where_it_is(small: Checkout, by_quarto: Checkout) -> None:
    """It makes the same files, of which the manifest of each run knows its own."""
    there, own = hashes(public(by_quarto)), hashes(public(small))
    assert there.keys() == own.keys()
    engines = {name for name in there if name.endswith("/renderer.json")}
    assert len(engines) == 9
    for name in engines:
        assert json.loads((public(by_quarto) / name).read_text())["engine"] == "quarto"
        assert json.loads((public(small) / name).read_text())["engine"] == "embedded"
    rendered = {name for name in there if there[name] != own[name]}
    kinds = {Path(name).suffix for name in rendered}
    assert kinds == {".html", ".pdf", ".docx", ".json"}
    done = by_quarto.say("verify")
    assert done.returncode == 0, done.stdout


def test_every_document_is_of_a_kind_that_is_compared(small: Checkout) -> None:
    sources = {path for path in public(small).rglob("*.qmd") if path.parent.name in ("en", "km")}
    compared = {
        path for kind, language in MADE for path in public(small).glob(KINDS[kind].format(language))
    }
    assert sources == compared


def test_no_source_relies_on_what_quarto_does_not_do(small: Checkout) -> None:
    shared = yaml.safe_load((public(small) / "_quarto.yml").read_text(encoding="utf-8"))
    # To filters a document's key would hide the project's.
    assert "report" not in shared
    assert shared["report-defaults"].keys() == {"number-sections", "contents", "linked-pictures"}
    own_formats = 0
    for source in public(small).rglob("*.qmd"):
        front = yaml.safe_load(source.read_text(encoding="utf-8").split("\n---\n", 1)[0])
        # Quarto makes the formats that a document names, and has a heading of contents of its own.
        own_formats += "format" in front
        assert [*front.get("format", shared["format"])] == ["html", "typst", "docx"]
        assert front.keys() & {"toc-title", *shared["report-defaults"]} == set()
        assert not any(
            part.startswith(("_", ".")) for part in source.relative_to(public(small)).parts
        )
    # The regional report was the last one: it has contents, as all others.
    assert own_formats == 0


@pytest.mark.parametrize(("kind", "language"), MADE)
def test_both_engines_make_the_same_document(
    small: Checkout, by_quarto: Checkout, kind: str, language: str
) -> None:
    documents = sorted(public(by_quarto).glob(KINDS[kind].format(language)))
    assert documents
    for document in documents:
        own = public(small) / document.relative_to(public(by_quarto))
        assert document.read_bytes() == own.read_bytes()
        assert_same_pages(document, own)
        assert_whole(document, document)
        if kind != "data book":
            assert_same_word(document, own)
            parts = word_parts(of(document, "docx"))
            assert [name for name in parts if str(by_quarto.folder).encode() in parts[name]] == []


@pytest.mark.parametrize(
    "name", ["regional/en/report.qmd", "briefs/all/km/brief.qmd", "briefs/KEN/en/brief.qmd"]
)
def test_quarto_by_itself_makes_all_formats_and_leaves_nothing_that_counts(
    by_quarto: Checkout, tmp_path: Path, name: str
) -> None:
    """As in 'quarto render report.qmd' in the public folder of a repository."""
    (tmp_path / ".git").mkdir()
    folder = Path(shutil.copytree(public(by_quarto), tmp_path / "results" / "public"))
    document = folder / name
    for kind in FORMATS:
        of(document, kind).unlink()
    done = quarto(document)
    assert done.returncode == 0, done.stderr
    assert_same_pages(document, public(by_quarto) / name)
    assert of(document, "docx").is_file()
    # Times and header of a Word file are the command's; another Quarto may write other PDF.
    changed = {of(document, kind).relative_to(folder).as_posix() for kind in FORMATS}
    found = verify_public(folder)
    assert (found.missing, found.foreign) == ((), ())
    assert {*found.changed} <= changed
    assert (folder / ".quarto").is_dir()


PROSE = {
    "en": "Of those affected {{< share told_nobody >}} told nobody: see @tbl-told_nobody-sex.",
    "km": "{{< share told_nobody >}}៖ @tbl-told_nobody-sex។",
}
# A number of another country, and one in a caption.
BODY = """
{prose}

{{{{< sentence knows_where_to_get_help >}}}}

{{{{< figure by-group-clear_examples >}}}}

{{{{< table told_nobody/sex >}}}}

{{{{< table module-attitudes >}}}}

{{{{< number KEN/quality/weights/kish_deff >}}}} (@tbl-words)

| A | B |
|:--|:--|
| C | D |

: {{{{< number told_nobody/n >}}}} {{#tbl-words}}
"""


@pytest.fixture(scope="module", params=[("KEN", "en"), ("KHM", "km")], ids=["en", "km"])
def note(
    request: pytest.FixtureRequest, small: Checkout, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A note of a country, as it is begun and written on, rendered without Quarto."""
    country, language = request.param
    path = tmp_path_factory.mktemp("note") / "a-note" / "a-note.qmd"
    new = ("note", "new", str(path.parent), "--country", country, "--lang", language)
    assert small.say(*new).returncode == 0
    begun = path.read_text(encoding="utf-8")
    named = re.sub(r"^results: .*", f"results: {public(small)}", begun, flags=re.MULTILINE)
    path.write_text(named + BODY.format(prose=PROSE[language]), encoding="utf-8")
    done = small.say("render", str(path), "--renderer", "embedded")
    assert done.returncode == 0, done.stderr
    return path


def test_a_note_is_the_same_by_our_command(note: Path, small: Checkout, tmp_path: Path) -> None:
    copied = copy_of(note, tmp_path)
    found = environment(tmp_path / "bin", program=REAL)
    done = small.say("render", str(copied), "--renderer", "quarto", environment=found)
    assert done.returncode == 0, done.stderr
    assert hashes(copied.parent).keys() == hashes(note.parent).keys()
    assert_same_pages(copied, note)
    assert_same_word(copied, note)
    assert_whole(copied, copied.parent / FILLED_FOLDER / copied.name)


def test_a_note_is_the_same_by_quarto_alone(note: Path, tmp_path: Path) -> None:
    copied = copy_of(note, tmp_path)
    for kind in FORMATS:
        of(copied, kind).unlink()
    done = quarto(copied)
    assert done.returncode == 0, done.stderr
    assert_same_pages(copied, note)
    assert_whole(copied, copied.parent / FILLED_FOLDER / copied.name)
    for name in ("document", "styles"):
        own, commanded = (
            word_parts(of(each, "docx"))[f"word/{name}.xml"] for each in (copied, note)
        )
        assert unfinished(own) == unfinished(commanded)
    # All that our command adds: rows, captions with their notes and the last lines stay together.
    assert places_kept(of(copied, "docx")) == []
    places = places_kept(of(note, "docx"))
    assert "row 1" in places
    assert set(places) <= {"ImageCaption", "last", *(f"row {count}" for count in range(1, 99))}
    # In Word no row breaks over pages all the same: the style of tables says so.
    assert re.search(rb'w:styleId="Table".*?<w:cantSplit ?/>.*?</w:style>', own, re.DOTALL)


def places_kept(path: Path) -> list[str]:
    """Return, by python-docx, where a paragraph itself, not its style, stays with the next.

    The place of a row of a table is counted from its end: 0 would tie the table to what follows.
    """
    paragraphs = list(Document(str(path)).element.body.iter(qn("w:p")))
    places = []
    for paragraph in paragraphs:
        if paragraph.xpath("w:pPr/w:keepNext"):
            later_rows = paragraph.xpath("count(ancestor::w:tr[1]/following-sibling::w:tr)")
            in_row = bool(paragraph.xpath("ancestor::w:tr"))
            last = paragraph in paragraphs[-3:-1]
            places.append(
                f"row {later_rows:.0f}" if in_row else "last" if last else paragraph.style
            )
    return places


def test_a_filled_note_is_a_document_of_its_own_for_quarto(note: Path, tmp_path: Path) -> None:
    filled = copy_of(note, tmp_path).parent / FILLED_FOLDER / note.name
    done = quarto(filled)
    assert done.returncode == 0, done.stderr
    assert_same_pages(filled, note)


def copy_of(note: Path, folder: Path) -> Path:
    return Path(shutil.copytree(note.parent, folder / "results" / note.parent.name)) / note.name


def unfinished(part: bytes) -> str:
    """Return a part of a Word file as one text, without what our command alone can put into it.

    These are rows that no page tears, lines that stay with what follows, which are judged by
    themselves, no air round pictures, and the place of the picture's file.
    """
    text = re.sub(r"<w:(?:cantSplit|keepNext)\s*/>", "", part.decode())
    text = re.sub(r"<w:trPr>\s*</w:trPr>|(?<=<wp:inline) [^>]*| descr=\"\S*\.png\"", "", text)
    return ElementTree.canonicalize(text)
