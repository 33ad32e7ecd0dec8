"""The parts of a report: findings with notes in the margin, wide parts, boxes, the cover."""

import re
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from PIL import ImageFont
from rendering_sample import document, write_picture

from disrupting_harm.report.language.fonts import find_published_fonts
from disrupting_harm.report.rendering import render

MM = 72 / 25.4  # points
TEXT, MARGIN = 63.5, 20.0  # where the columns begin, in millimetres
NOTE = "**Asked:** " + " ".join(f"note{n}" for n in range(40))
FINDING = """
::::: {{.finding}}
### Heading{n}

Begin{n} words.

::: {{.margin}}
{note}
:::

::: {{.wide}}
Wide{n} words.
:::

::: {{.sure}}
**How sure?** Sure{n}.
:::
:::::
"""
CHAPTER = """
## Chapter {{#sec-a}}

:::: {{.opener}}
Message.

Basis.
::::

::: {{.box}}
**Title**

In the box.
:::

::: {{.slot}}
**To be written**
:::
{finding}
"""


def made(folder: Path, body: str, output: str, front: str = "") -> Path:
    qmd = document(folder / "d", body, front)
    return render(qmd, [output], "embedded", language="en").files[output]


def places(page: pypdf.PageObject) -> dict[str, tuple[float, float, float]]:
    """Return left edge, height above the foot (both in mm) and size (points) of each word."""
    found: dict[str, tuple[float, float, float]] = {}

    def visit(text, cm, tm, font, size):
        for word in text.split():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.setdefault(word, (x / MM, y / MM, abs(tm[0] * size)))

    page.extract_text(visitor_text=visit)
    return found


def test_a_note_stands_in_the_margin_and_a_wide_part_below_it(tmp_path):
    body = "## Chapter\n" + FINDING.format(n=1, note=NOTE)
    seen = places(pypdf.PdfReader(made(tmp_path, body, "pdf")).pages[-1])
    assert seen["Heading1"][0] > TEXT
    assert seen["Begin1"][0] == pytest.approx(TEXT, abs=0.5)
    assert seen["Asked:"][0] == pytest.approx(MARGIN, abs=0.5)
    assert seen["Wide1"][0] == pytest.approx(MARGIN, abs=0.5)
    assert seen["Sure1."][0] > TEXT
    # The note is longer than the text beside it: it begins beside the heading, and what is wide
    # keeps clear of its last line.
    assert seen["Begin1"][1] + 3 < seen["Asked:"][1] < seen["Heading1"][1] + 2
    assert seen["Wide1"][1] < seen["note39"][1] - 3
    short = places(
        pypdf.PdfReader(made(tmp_path / "short", body.replace(NOTE, "**Asked:** x."), "pdf")).pages[
            -1
        ]
    )
    assert short["Asked:"][1] == pytest.approx(short["Begin1"][1], abs=1.5)


def test_what_is_wide_within_what_is_wide_is_no_wider(tmp_path):
    body = "## Chapter\n\n:::: {.wide}\n::: {.wide}\nInner words.\n:::\n::::\n"
    seen = places(pypdf.PdfReader(made(tmp_path, body, "pdf")).pages[-1])
    assert seen["Inner"][0] == pytest.approx(MARGIN, abs=0.5)


def test_a_document_without_notes_uses_the_whole_width(tmp_path):
    (page,) = pypdf.PdfReader(made(tmp_path, "Begin.", "pdf")).pages
    assert places(page)["Begin."][0] == pytest.approx(MARGIN, abs=0.5)


def test_a_finding_moves_to_the_next_page_as_a_whole(tmp_path):
    split = []
    for lines in range(24, 40, 3):
        words = "\n\n".join(["Words."] * lines)
        body = f"## Chapter\n\n{words}\n\n{FINDING.format(n=1, note=NOTE)}"
        pages = pypdf.PdfReader(made(tmp_path / str(lines), body, "pdf")).pages
        texts = [page.extract_text() for page in pages[1:]]
        split.append(len([text for text in texts if "Heading1" in text or "Sure1" in text]))
    assert split == [1] * 6


@pytest.mark.parametrize(("lines", "expected"), [(22, [1, 2, 3]), (6, [1, 1, 2])])
def test_a_chapter_begins_a_page_unless_a_third_of_it_is_free(tmp_path, lines, expected):
    words = "\n\n".join(["Words."] * lines)
    body = "".join(
        f"\n## Chapter{n}\n{FINDING.format(n=n, note='Note.')}\n{words}\n" for n in range(3)
    )
    pages = [places(page) for page in pypdf.PdfReader(made(tmp_path, body, "pdf")).pages]
    begun = {n: at for at, seen in enumerate(pages) for n in range(3) if f"Begin{n}" in seen}
    assert [begun[n] for n in range(3)] == expected
    # Whatever stood before it, a chapter that begins a page begins at its head.
    heads = [pages[at][f"Chapter{n}"][1] for n, at in begun.items() if at not in expected[:n]]
    assert heads == pytest.approx([heads[0]] * len(heads), abs=0.1)


def test_the_title_and_the_message_of_a_chapter_stay_with_its_first_finding(tmp_path):
    opener = "\n:::: {.opener}\nMessage.\n::::\n"
    for lines in range(18, 36, 3):
        words = "\n\n".join(["Words."] * lines)
        body = f"## First\n\n{words}\n\n## Chapter\n{opener}{FINDING.format(n=1, note=NOTE)}"
        pages = pypdf.PdfReader(made(tmp_path / str(lines), body, "pdf")).pages
        seen = [{"Chapter", "Message.", "Begin1", "Sure1."} & {*places(page)} for page in pages[1:]]
        assert [len(words) for words in seen if words] == [4], lines


ITEMS = "\n".join(f"1. Item{n} {'some words ' * 12}last{n}." for n in range(1, 12))


@pytest.mark.parametrize("lines", [0, 14, 20, 26])
def test_columns_end_at_one_height_and_begin_with_enough_of_them(tmp_path, lines):
    words = "\n\n".join(["Words."] * lines)
    wide = "\n::: {.margin}\nNote.\n:::\n"
    body = f"## First\n{wide}\n{words}\n\n## Chapter\n\n:::: {{.two-columns}}\n{ITEMS}\n::::\n"
    pages = [places(page) for page in pypdf.PdfReader(made(tmp_path, body, "pdf")).pages]
    rows = []
    for page in pages:
        ends = {n: page[f"last{n}."] for n in range(1, 12) if f"last{n}." in page}
        # No page tears an item, and each has its own number.
        assert all(f"Item{n}" in page and f"{n}." in page for n in ends)
        columns = [[y for x, y, _ in ends.values() if (x > 105) is right] for right in (0, 1)]
        if ends:
            rows.append(len(ends))
            item = 24
            assert abs(min(columns[0], default=0) - min(columns[1], default=0)) < item
    assert sum(rows) == 11
    # Neither the first nor the last page has a line or two of them, and the last is not nearly
    # empty.
    assert min(rows) >= 3
    assert len(rows) == 1 or rows[-1] >= 6


def test_pages_have_sections_and_notes_after_the_text(tmp_path):
    body = CHAPTER.format(finding=FINDING.format(n=1, note=NOTE))
    page = made(tmp_path, body, "html").read_text("utf-8")
    assert '<body class="margins">' in page
    section = page.partition('<section id="heading1" class="finding">')[2].partition("</section>")[
        0
    ]
    assert section.index("Begin1") < section.index("Asked:") < section.index("Wide1")
    assert 'class="margin" role="note"' in section
    # A finding stands in the contents.
    assert 'href="#heading1"' in page.partition("<main")[0]


def test_word_has_a_style_for_each_part(tmp_path):
    body = CHAPTER.format(finding=FINDING.format(n=1, note=NOTE))
    with zipfile.ZipFile(made(tmp_path, body, "docx")) as archive:
        word = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    found = {}
    for paragraph in re.findall(r"<w:p>.*?</w:p>", word, re.DOTALL):
        style = re.search(r'w:pStyle w:val="(\w+)"', paragraph)
        text = "".join(re.findall(r"<w:t[^>]*>([^<]*)", paragraph))
        found[text.split(" ")[0]] = style[1] if style else ""
    # No page tears a box: it is one paragraph.
    wanted = {"Message.": "Lead", "TitleIn": "Box", "To": "AuthorSlot"}
    # The text of a finding stays with its figure.
    wanted |= {"Begin1": "KeptText", "How": "HowSure", "Asked:": "MarginNote"}
    assert {text: found[text] for text in wanted} == wanted
    assert all(f'w:styleId="{style}"' in styles for style in wanted.values())
    assert list(found).index("How") < list(found).index("Asked:")


def test_no_page_of_word_tears_a_note_or_the_place_of_an_author(tmp_path):
    slot = '::: {.slot file="KEN/en/foreword.md"}\n**To be written**\n\nFile: x.\n\nThird.\n:::\n'
    finding = FINDING.format(n=1, note="Asked.\n\nBase.")
    body = f"## Chapter\n\n{slot}\nAfter.\n{finding}\nWords.\n\nMore.\n\nLast."
    with zipfile.ZipFile(made(tmp_path, body, "docx")) as archive:
        word = archive.read("word/document.xml").decode()
    kept = {}
    for paragraph in re.findall(r"<w:p>.*?</w:p>", word, re.DOTALL):
        text = "".join(re.findall(r"<w:t[^>]*>([^<]*)", paragraph))
        kept[text] = "<w:keepNext/>" in paragraph
    wanted = {"To be written": True, "File: x.": True, "Third.": False, "After.": False}
    wanted |= {"How sure? Sure1.": True, "Asked.": True, "Base.": False, "Last.": False}
    # The last paragraphs of a document stand together.
    wanted |= {"Words.": True, "More.": True}
    assert {text: kept[text] for text in wanted} == wanted


@pytest.mark.parametrize(("rows", "loose"), [(3, []), (9, [2, 3, 4, 5, 6, 7])])
def test_no_row_of_a_table_stands_alone_in_word(tmp_path, rows, loose):
    table = "| a | b |\n|---|---|\n" + "| c | d |\n" * rows
    (found,) = docx.Document(str(made(tmp_path, table, "docx"))).tables
    kept = [
        {each.paragraph_format.keep_with_next for cell in row.cells for each in cell.paragraphs}
        for row in found.rows
    ]
    # What follows a table does not stay with it.
    expected = [{None if row in (*loose, rows) else True} for row in range(rows + 1)]
    assert kept == expected


def test_a_caption_in_word_stays_with_its_note_alone(tmp_path):
    figure = '![Cap.](figures/age){#fig-a fig-alt="x"}\n\n'
    other = figure.replace("#fig-a", "#fig-b")
    body = f"{figure}::: {{.sure}}\nSure.\n:::\n\n{other}## Next\n\na\n\nb\n\nc"
    paragraphs = docx.Document(str(made(tmp_path, body, "docx"))).paragraphs
    captions = [each for each in paragraphs if each.style.name == "Image Caption"]
    assert [each.paragraph_format.keep_with_next for each in captions] == [True, None]
    assert not any(each.style.paragraph_format.keep_with_next for each in captions)


@pytest.mark.parametrize(
    ("columns", "style"), [(4, "Table"), (16, "Narrow Table")], ids=["few", "many"]
)
def test_columns_in_word_hold_their_longest_words(tmp_path, columns, style):
    """Measured in Noto Sans, which is wider than the letters that Word takes."""
    many = ["", *["NAM", "draft"] * 7, "Known"]
    names = ["", "NAM", "MOZ", "Ministries"] if columns == 4 else many
    first = "Companies must keep everything that may be evidence of it"
    shares = [200, *[5] * (columns - 1)]
    lines = [names, [first, *["part"] * (columns - 1)]]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines[:1])
    table += "\n|" + "|".join(":" + "-" * share for share in shares) + "|\n"
    table += "\n".join(f"| {' | '.join(line)} |" for line in lines[1:])
    document_ = docx.Document(str(made(tmp_path, table, "docx")))
    (found,) = document_.tables
    assert found.style.name == style
    size = found.style.font.size.pt
    assert size >= 8
    room = sum(column.width for column in found.columns)
    section = document_.sections[0]
    text = (section.page_width - section.left_margin - section.right_margin) / 12700
    margins = found.style.element.find(f".//{qn('w:tblCellMar')}")
    sides = (int(margins.find(qn(f"w:{side}")).get(qn("w:w"))) for side in ("left", "right"))
    margin = sum(sides) / 20
    for at, column in enumerate(found.columns):
        width = column.width / room * text - margin
        for row, weight in zip(found.rows, ("Bold", "Regular"), strict=True):
            font = ImageFont.truetype(str(find_published_fonts()["NotoSans.ttf"]), 100)
            font.set_variation_by_name(weight)
            for word in row.cells[at].text.split():
                assert font.getlength(word) * size / 100 <= width, word


COVER = """
subtitle: A subtitle
organisation: Two institutes
watermark: "Simulated data"
status: "Machine draft"
cover:
  name: {name}
  series: A series
  low: 14
  estimate: 17
  high: 21
  words: "About 17 of 100."
"""


@pytest.mark.parametrize("name", ["Kenya", "A country with a very long name"])
def test_a_cover_is_a_page_of_its_own_and_the_contents_the_next(tmp_path, name):
    front = COVER.format(name=name).lstrip()
    pages = pypdf.PdfReader(made(tmp_path, "## Chapter\n\nWords.", "pdf", front)).pages
    assert len(pages) == 2
    cover = " ".join(pages[0].extract_text().split())
    for words in (name, "A series", "A subtitle", "Two institutes", "Simulated data"):
        assert cover.count(words) == 1
    assert "Machine draft" in cover
    assert "About 17 of 100." in cover
    size = places(pages[0])[name.split()[-1]][2]
    assert size == pytest.approx(62, abs=0.1) if name == "Kenya" else 20 < size < 62
    assert "Contents" in pages[1].extract_text()
    assert "Words." in pages[1].extract_text()


def test_findings_stand_in_the_contents_below_their_chapter(tmp_path):
    chapters = [f"## Chapter{n}\n\n{FINDING.format(n=n, note='Note.')}" for n in range(1, 5)]
    page = pypdf.PdfReader(made(tmp_path, "\n".join(chapters), "pdf")).pages[0]
    found = places(page)
    for n in range(1, 5):
        (left, top, _), (inner, below, _) = found[f"Chapter{n}"], found[f"Heading{n}"]
        assert inner > left
        assert 0 < top - below < 10
    # In two columns.
    assert found["Chapter4"][0] > found["Chapter1"][0] + 70


def test_word_names_who_publishes_and_keeps_rows_whole(tmp_path):
    table = "| a | b |\n|---|---|\n| c | d |\n| e | f |\n\n: Cap {#tbl-a}"
    path = made(tmp_path, table, "docx", "organisation: Two institutes\n")
    with zipfile.ZipFile(path) as archive:
        word = archive.read("word/document.xml").decode()
        core = archive.read("docProps/core.xml").decode()
    assert re.search(r'w:val="Author".*?Two institutes', word, re.DOTALL)
    assert "<dc:creator>Two institutes</dc:creator>" in core
    assert word.count("<w:cantSplit/>") == word.count("<w:tr>") == 3
    assert word.count("<w:tblHeader") == 1


def test_chapters_of_text_alone_follow_each_other(tmp_path):
    finding = FINDING.format(n=1, note="Note.")
    more = "\n\n".join(["Words."] * 23)
    body = (
        f"## One\n{finding}\n{more}\n\n## Two\n\nWords2.\n\n## Three\n\nWords3.\n\n{more}\n\n"
        f"## Four\n{finding}"
    )
    pages = pypdf.PdfReader(made(tmp_path, body, "pdf")).pages[1:]
    texts = [page.extract_text() for page in pages]
    assert [("Words2" in text, "Words3" in text) for text in texts] == [
        (False, False),
        (True, True),
        (False, False),
    ]


def test_a_picture_with_a_drawing_for_phones_shows_it_in_narrow_windows(tmp_path):
    look = '#fig-a phone="figures/a-phone.svg" fig-alt="What it shows"'
    qmd = document(tmp_path / "d", f"![Caption.](figures/a){{{look}}}\n")
    write_picture(tmp_path / "d" / "figures", "a")
    write_picture(tmp_path / "d" / "figures", "a-phone")
    files = render(qmd, ["html", "docx"], "embedded", language="en").files
    page = files["html"].read_text("utf-8")
    assert page.count('<picture><source media="(max-width: 40rem)" srcset="') == 1
    assert page.count("</picture>") == 1
