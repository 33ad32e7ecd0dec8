"""PDF files as they are published: the same pages and tags in fewer bytes, text for all readers.

The judges are four readers, pypdf's view of all objects, and fontTools' of the fonts.
"""

import io
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pymupdf
import pypdf
import pypdfium2
import pytest
import typst
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont
from pdf_readers import READERS, pieces_of, share_found, sort_by_poppler
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject
from repository import PROJECT

from disrupting_harm.report.language.fonts import find_published_fonts, load_typst_fonts
from disrupting_harm.report.rendering.pdf_files import finish_pdf

LOCALE = PROJECT / "workflow" / "templates" / "locale"
# More objects than go into one stream.
TABLE = """
#set document(title: "A book")
#set text(lang: "en")
= Chapter one
#link("https://example.org")[A link.] *Bold.* #image(bytes(
  "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
), alt: "A triangle")
#table(columns: 6, table.header(..range(6).map(at => [H#at])), ..range(900).map(at => [C#at]))
"""
# A size that differs, marks over each other, letters that move before others, a turned text.
LOOK = """
#set document(title: "Texts")
#set page(width: 170mm, height: auto)
#set text(font: ("Noto Sans", "Kantumruy Pro", "Noto Sans Thai"), size: 9pt)
"""
# Universal Declaration of Human Rights, article 1, and words of the field with lam before alef.
FROM_THE_RIGHT = {
    "ar": (
        "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل "
        "بعضهم بعضا بروح الإخاء. الأطفال الذين يستخدمون الإنترنت لا يتحملون مسؤولية الاستغلال "
        "والإساءة. لأن الآن خلاص ثلاثة"
    ),
    "ur": (
        "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔ انہیں ضمیر اور عقل ودیعت "
        "ہوئی ہے۔ اس لئے انہیں ایک دوسرے کے ساتھ بھائی چارے کا سلوک کرنا چاہیئے۔ سوالات اور اطلاعات"
    ),
}


def read_messages(language: str) -> list[str]:
    """Return texts of a language as the project prints them, by length; none with places."""
    with (LOCALE / language / "LC_MESSAGES" / "report.po").open("rb") as file:
        texts = {str(message.string) for message in read_po(file) if message.id}
    plain = [text for text in texts if re.fullmatch(r"[^{}<>@`*_#\\\[\]\n$\"/'~=+-]{40,}", text)]
    return sorted(plain)[:150]


def typeset(source: str) -> bytes:
    fonts = load_typst_fonts(find_published_fonts()["NotoSans.ttf"].parent)
    return typst.compile(source.encode(), font_paths=fonts, pdf_standards=["ua-1"], timestamp=0)


class Sample:
    """Texts of a language, and the PDF of them before and after."""

    def __init__(self, language: str, folder: Path):
        self.texts = read_messages(language)
        # As documents do: of two Thai marks the font raises one, for which Typst repeats a letter.
        level = "features: (mark: 0, mkmk: 0)" if language == "th" else ""
        marks = f'#set text(lang: "{language}", {level})\n= {self.texts[0]}\n'
        body = "\n\n".join([*self.texts, f"#rotate(7deg, reflow: true)[{self.texts[1]}]"])
        linked = f'#link("https://example.org")[{self.texts[2]}]'
        self.written = typeset(f"{LOOK}{marks}{body}\n\n{linked}\n\n10–\u206020 10\u00a0000")
        self.finished = finish_pdf(self.written)
        self.before, self.after = folder / "before.pdf", folder / "after.pdf"
        self.before.write_bytes(self.written)
        self.after.write_bytes(self.finished)


@pytest.fixture(scope="module", params=["km", "th", "vi", "id"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return Sample(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def table() -> bytes:
    return typst.compile(TABLE.encode(), pdf_standards=["ua-1"], timestamp=0)


def open_pdf(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf), strict=True)


def pairs(before: bytes, after: bytes) -> Iterator[tuple[str, Any, Any]]:
    """Yield what stands in the same place of two files, with its path; numbers of objects differ.

    A pair of objects that was met before is passed over.
    """
    one, other = (open_pdf(pdf).trailer for pdf in (before, after))
    waiting = [(key, one.raw_get(key), other.raw_get(key)) for key in ("/Root", "/Info")]
    met = set()
    while waiting:
        path, left, right = waiting.pop()
        if isinstance(left, IndirectObject):
            numbers = left.idnum, right.idnum
            if numbers in met:
                continue
            met.add(numbers)
            left, right = left.get_object(), right.get_object()
        yield path, left, right
        if isinstance(left, DictionaryObject) and isinstance(right, DictionaryObject):
            keys = (left.keys() & right.keys()) - {"/Length", "/Filter", "/DecodeParms"}
            waiting += [(f"{path}{key}", left.raw_get(key), right.raw_get(key)) for key in keys]
        elif isinstance(left, ArrayObject) and isinstance(right, ArrayObject):
            waiting += [(f"{path}[]", *each) for each in zip(left, right, strict=False)]


def differences(before: bytes, after: bytes) -> set[str]:
    """Return the last name of each place in which two files differ."""
    found = set()
    for path, left, right in pairs(before, after):
        name = path.rpartition("/")[2]
        if isinstance(left, StreamObject) and left.get_data() != right.get_data():
            found.add(name)
        if isinstance(left, DictionaryObject):
            found |= {key[1:] for key in left.keys() ^ right.keys()} - {"Filter", "DecodeParms"}
        elif isinstance(left, ArrayObject):
            if len(left) != len(right):
                found.add(name)
        elif left != right:
            found.add(name)
    return found


def test_every_object_of_a_table_stays_as_it_was(table: bytes) -> None:
    assert len(list(pairs(table, table))) > 10000
    assert differences(table, finish_pdf(table)) == set()
    assert "Alt" in differences(table, table.replace(b"/Alt(A tri", b"/Alt(B tri"))


def test_of_clusters_fonts_alone_and_what_is_drawn_change(sample: Sample) -> None:
    changed = differences(sample.written, sample.finished)
    assert changed <= {"Contents", "CIDSet", "FontFile2", "Length1", "ToUnicode", "W"}
    assert {"Contents", "FontFile2"} <= changed or sample.texts == read_messages("id")


def test_it_is_a_third_of_the_size_and_always_the_same(table: bytes, sample: Sample) -> None:
    small = finish_pdf(table)
    assert len(small) < len(table) / 3
    assert finish_pdf(table) == small
    assert finish_pdf(sample.written) == sample.finished
    identifiers = [open_pdf(pdf).trailer["/ID"][0] for pdf in (table, small)]
    assert identifiers[0] == identifiers[1]


def test_a_finished_file_is_valid_and_stays_as_it_is(sample: Sample) -> None:
    with pikepdf.open(sample.after) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert differences(sample.finished, finish_pdf(sample.finished)) == set()


@pytest.mark.parametrize("reader", [*READERS, "sorted"])
def test_four_readers_find_every_word(sample: Sample, reader: str) -> None:
    pieces = pieces_of(sample.texts)
    assert len(pieces) > 500
    text = (READERS | {"sorted": sort_by_poppler})[reader](sample.after)
    assert share_found(pieces, text) > 0.995
    assert "10–20" in text.replace("\u2060", "")


@pytest.mark.parametrize("sample", ["km"], indirect=True)
@pytest.mark.parametrize("reader", ["MuPDF", "pdf.js"])
def test_two_readers_do_not_find_what_typst_wrote(sample: Sample, reader: str) -> None:
    pieces = pieces_of(sample.texts)
    assert share_found(pieces, READERS[reader](sample.before)) < 0.6


def test_no_text_stands_beside_its_glyphs_nor_a_letter_without_shape(sample: Sample) -> None:
    with pikepdf.open(sample.after) as pdf:
        contents = [page.Contents.read_bytes() for page in pdf.pages]
    assert contents
    assert not any(b"ActualText" in content for content in contents)
    assert not re.search("[\u00ad\u200b\u2060\ufeff]", _letters_said(sample.finished))


def fonts_of(pdf: bytes) -> list[tuple[DictionaryObject, DictionaryObject]]:
    """Return the fonts of the first page, each with what describes its glyphs."""
    fonts = open_pdf(pdf).pages[0]["/Resources"]["/Font"].values()
    found = [font.get_object() for font in fonts]
    return [(font, font["/DescendantFonts"][0].get_object()) for font in found]


def _letters_said(pdf: bytes) -> str:
    tables = b"".join(font["/ToUnicode"].get_data() for font, _ in fonts_of(pdf))
    texts = re.findall(rb"^<\w{4}> <(\w+)>$", tables, re.MULTILINE)
    return "".join(bytes.fromhex(text.decode()).decode("utf-16-be") for text in texts)


def widths_of(described: DictionaryObject) -> dict[int, float]:
    """Return the widths that a font of a PDF says, by glyph."""
    widths, items = {}, list(described["/W"])
    while items:
        first, second, *items = items
        if isinstance(second, ArrayObject):
            widths |= {int(first) + at: float(width) for at, width in enumerate(second)}
        else:
            width, *items = items
            widths |= dict.fromkeys(range(int(first), int(second) + 1), float(width))
    return widths


def test_fonts_hold_what_veraPDF_asks_of_them(sample: Sample) -> None:  # noqa: N802
    """ISO 14289-1, 7.21: each glyph is embedded, as wide as is said, and says its letters."""
    for font, described in fonts_of(sample.finished):
        truetype = TTFont(io.BytesIO(described["/FontDescriptor"]["/FontFile2"].get_data()))
        names, units = truetype.getGlyphOrder(), truetype["head"].unitsPerEm
        widths = widths_of(described)
        assert described["/CIDToGIDMap"] == "/Identity"
        assert "/CIDSet" not in described["/FontDescriptor"] or not any(
            name.startswith("cluster") for name in names
        )
        table = font["/ToUnicode"].get_data()
        entries = re.findall(rb"^<(\w{4})> <(\w+)>$", table.split(b"bfchar", 1)[1], re.MULTILINE)
        for number in [int(code, 16) for code, _ in entries]:
            in_font = truetype["hmtx"][names[number]][0] * 1000 / units
            assert abs(widths.get(number, float(described["/DW"])) - in_font) < 1
        drawn = {int(code, 16) for code, _ in entries}
        added = [number for number, name in enumerate(names) if name.startswith("cluster")]
        assert drawn.issuperset(added)
        lists = [int(count) for count in re.findall(rb"(\d+) beginbfchar", table)]
        assert sum(lists) == len(entries)
        assert max(lists) <= 100


def draw_by_mupdf(path: Path) -> np.ndarray:
    with pymupdf.open(path) as pdf:
        return np.frombuffer(pdf[0].get_pixmap(dpi=72).samples, np.uint8).astype(int)


def draw_by_pdfium(path: Path) -> np.ndarray:
    """Return the top of the page, large: PDFium moves small glyphs to whole pixels."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        below = page.get_height() - 500
        picture = page.render(scale=8, grayscale=True, crop=(0, below, 0, 0))
        return picture.to_numpy().astype(int)


# The largest shares of pixels that were seen to differ by a quarter: 8 and 140 of a million.
@pytest.mark.parametrize(("draw", "bound"), [(draw_by_mupdf, 2e-5), (draw_by_pdfium, 3e-4)])
def test_pages_look_as_before(
    sample: Sample, draw: Callable[[Path], np.ndarray], bound: float
) -> None:
    before, after = draw(sample.before), draw(sample.after)
    assert before.shape == after.shape
    assert before.min() < 60
    assert np.mean(np.abs(before - after) > 64) < bound


def test_links_and_tags_are_as_many_as_before(sample: Sample) -> None:
    counts = []
    for path in (sample.before, sample.after):
        with pikepdf.open(path) as pdf:
            tags = [each.get("/S") for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
            links = [str(link.A.URI) for page in pdf.pages for link in page.Annots]
            marked = sum(page.Contents.read_bytes().count(b"/MCID") for page in pdf.pages)
            counts.append((tags.count("/Link"), tags.count("/P"), len(links), marked))
    assert counts[0] == counts[1]
    assert min(counts[0]) > 0


@pytest.mark.parametrize("language", FROM_THE_RIGHT)
def test_words_from_the_right_are_found(language: str, tmp_path: Path) -> None:
    text = FROM_THE_RIGHT[language]
    settings = f'#set document(title: "T")\n#set text(font: "Cairo", lang: "{language}", size: 9pt)'
    source = f"{settings}\n#set page(width: 170mm, height: auto)\n= {text[:20]}\n{text} 22 (17–28)"
    written = typst.compile(
        source.encode(), pdf_standards=["ua-1"], timestamp=0,
        font_paths=[PROJECT / "tests" / "data" / "typefaces"],
    )  # fmt: skip
    finished = finish_pdf(written)
    assert differences(finished, finish_pdf(finished)) == set()
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(written)
    after.write_bytes(finished)
    with pikepdf.open(after) as pdf:
        assert pdf.check_pdf_syntax() == []
    words = set(re.findall("[\u0620-\u06d3]+", text))
    assert len(words) > 25
    for reader, read in READERS.items():
        missing = [
            words - set(re.findall("[\u0620-\u06d3]+", read(path))) for path in (before, after)
        ]
        assert missing[0], reader
        assert missing[1] == set(), reader
    for draw in (draw_by_mupdf, draw_by_pdfium):
        pages = [draw(path) for path in (before, after)]
        assert np.mean(np.abs(pages[0] - pages[1]) > 64) < 3e-4


def test_what_is_not_as_typst_writes_it_stays_as_it_is() -> None:
    """Another program may put text beside a picture, or between pieces of two sizes."""
    odd = b"".join(
        b"BT/Span<</ActualText(%b)>>BDC 0 Tr/%b EMC ET\n" % letters_and_glyphs
        for letters_and_glyphs in (
            (b"sizes", b"f0 9 Tf 1 0 0 1 9 9 Tm<0001>Tj 0 Tr/f0 8 Tf 1 0 0 1 9 9 Tm<0002>Tj"),
            (b"spaced", b"f0 9 Tf 3 Tc 1 0 0 1 9 9 Tm<00010002>Tj"),
            (b"", b"f0 9 Tf 1 0 0 1 9 9 Tm<00010002>Tj"),
            (b"unknown", b"f9 9 Tf 1 0 0 1 9 9 Tm<00010002>Tj"),
        )
    )
    with pikepdf.open(io.BytesIO(typeset(f"{LOOK}\n= Ab\n"))) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(odd)
        changed = io.BytesIO()
        pdf.save(changed)
    finished = finish_pdf(changed.getvalue())
    with pikepdf.open(io.BytesIO(finished)) as pdf:
        assert pdf.pages[0].Contents.read_bytes() == odd


def test_lxml_is_not_needed(table: bytes, tmp_path: Path) -> None:
    """pikepdf names it, and a run does without: docs/dependencies.md."""
    (tmp_path / "table.pdf").write_bytes(table)
    program = """
        import pathlib, sys
        sys.modules["lxml"] = None
        from disrupting_harm.report.rendering.pdf_files import finish_pdf
        print(len(finish_pdf(pathlib.Path("table.pdf").read_bytes())))
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(finish_pdf(table))
