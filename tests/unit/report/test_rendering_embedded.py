"""The embedded renderer: what the sample must contain in each of its three outputs."""

import base64
import html.parser
import io
import os
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont
from preconditions import needs
from rendering_sample import ROOT, TEMPLATES, document, sample_folder

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.settings import read_language
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.pandoc_typst import run_pandoc

ALT = "Two bars: younger children 11 per cent, older children 16 per cent."
ALT_QUOTED = 'Estimates run from 7.5 to 20.1 per cent, "highest" in country A.'


class Page(html.parser.HTMLParser):
    """An HTML file as the list of its start tags and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        self._hidden = tag in ("style", "script")

    def handle_endtag(self, tag):
        self._hidden = False

    def handle_data(self, data):
        if not self._hidden:
            self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def docx_part(path: Path, name: str) -> str:
    return zipfile.ZipFile(path).read(name).decode()


def bookmarks(xml: str) -> list[str]:
    return re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]*)"', xml)


def docx_text(xml: str) -> str:
    paragraphs = re.findall(r"<w:p>.*?</w:p>", xml, re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t[^>]*>([^<]*)", p)) for p in paragraphs)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    qmd = sample_folder(tmp_path_factory.mktemp("sample") / "folder")
    return render(qmd, renderer="embedded", language="en")


@pytest.fixture(scope="module")
def page(rendered):
    return Page(rendered.files["html"].read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pdf(rendered):
    return pypdf.PdfReader(rendered.files["pdf"])


@pytest.fixture(scope="module")
def word(rendered):
    return docx_part(rendered.files["docx"], "word/document.xml")


def test_record_names_engine_versions_and_files(rendered, pdf):
    assert rendered.engine == "embedded"
    assert set(rendered.versions) == {"pandoc", "typst"}
    # The number is that of the program, which the PDF names, and not of the package around it.
    assert pdf.metadata.creator == f"Typst {rendered.versions['typst']}"
    assert {k: p.name for k, p in rendered.files.items()} == {
        "html": "report.html",
        "pdf": "report.pdf",
        "docx": "report.docx",
    }


def test_html_has_language_landmarks_and_no_remote_resource(page):
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len(page.all("main")) == len(page.all("h1")) == len(page.all("nav")) == 1
    assert page.all("a", class_="skip-link")[0]["href"] == "#content"
    pictures = page.all("img")
    assert pictures
    assert all(re.fullmatch(r"[\w./-]+\.svg", picture["src"]) for picture in pictures)
    assert not any(page.all(tag) for tag in ("script", "iframe", "link"))


def test_html_style_sheet_refers_to_nothing_outside(rendered):
    text = rendered.files["html"].read_text(encoding="utf-8")
    style = "".join(re.findall(r"<style.*?</style>", text, re.DOTALL))
    assert "--teal" in style
    assert all(u.startswith("data:font/woff") for u in re.findall(r"url\(['\"]?([^)]*)", style))


def test_html_links_lead_to_places_in_the_page(page):
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    inner = [a["href"][1:] for a in page.all("a") if a.get("href", "").startswith("#")]
    assert len(inner) > 10
    assert set(inner) <= set(ids)
    labelled = [a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a]
    assert set(labelled) <= set(ids)


def test_alternative_text_reaches_every_format(page, pdf, word):
    assert [i["alt"] for i in page.all("img")][1] == ALT
    assert words(page.all("img")[0]["alt"]).endswith(ALT_QUOTED)
    assert f'descr="{ALT}"' in word
    assert ALT_QUOTED.replace('"', "&quot;") in words(word)
    alts = [words(a) for a in structure_texts(pdf, "/Alt")]
    assert ALT in alts
    assert any(a.endswith(ALT_QUOTED) for a in alts)


def structure_texts(reader, key):
    """Return the texts under ``key`` in the structure tree of a tagged PDF."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += list(node)
        elif isinstance(node, dict):
            if key in node:
                found.append(str(node[key]))
            if "/K" in node and not isinstance(node["/K"], int):
                waiting.append(node["/K"])
    return found


def test_references_carry_word_number_and_link(page, pdf, word):
    sentence = "Table 1 and Figure 1 show the estimates; 1 is the number of the table alone"
    tail = "and Figure 1, Figure 2 are two figures. Section 2 describes the survey."
    pdf_text = words(" ".join(p.extract_text() for p in pdf.pages))
    for text in (page.text, docx_text(word), pdf_text):
        assert sentence in words(text)
        assert tail in words(text)
    targets = {a["href"] for a in page.all("a", class_="quarto-xref")}
    assert targets == {"#fig-prevalence", "#fig-age", "#tbl-prevalence", "#sec-method"}
    anchors = set(re.findall(r'w:anchor="([^"]*)"', word))
    assert "sec-method" in anchors
    pointed = set(re.findall(r" REF (\w+) ", word))
    assert pointed == {"fig_prevalence", "fig_age", "tbl_prevalence", "tbl_prevalence_number"}
    assert anchors | pointed <= set(bookmarks(word))


def test_captions_are_numbered_in_order(page, pdf, word):
    pdf_text = words(" ".join(p.extract_text() for p in pdf.pages))
    for text in (page.text, docx_text(word), pdf_text):
        text = words(text)
        assert "Figure 2: Older children report more." in text
        assert "Table 2: What was asked and what it means" in text


def test_tables_have_scopes_and_scroll(page):
    assert len(page.all("th", scope="col")) == 4 + 2 + 2
    assert len(page.all("th", scope="row")) == 4 + 2 + 1
    regions = page.all("div", class_="table-scroll")
    assert len(regions) == 3
    assert all(r["tabindex"] == "0" for r in regions)
    # Each has the name of its caption, or of the heading above it.
    named = [table["aria-labelledby"] for table in page.all("table")]
    assert named == [region["aria-labelledby"] for region in regions]
    identified = {place["id"] for tag in ("figcaption", "h2", "h3") for place in page.all(tag)}
    assert set(named) <= identified


def test_conditional_content(page, pdf, word):
    assert "Only the page on the screen" in page.text
    assert "Only paper says" not in page.text
    for text in (docx_text(word), " ".join(p.extract_text() for p in pdf.pages)):
        assert "Only paper says this." in text
        assert "Only the page on the screen" not in text


def test_callouts(page, word):
    kinds = [
        a["class"].split()[-1] for a in page.all("div", role="note") if "callout" in a["class"]
    ]
    assert kinds == ["callout-important", "callout-note", "callout-warning", "callout-caution"]
    assert [a["class"] for a in page.all("details")] == ["callout callout-tip"]
    assert "open" not in page.all("details")[0]
    text = docx_text(word)
    assert "Important: The main finding" in text
    assert "Warning: A warning with its title as a heading" in text
    assert word.count('"CalloutAlertTitle"') == 3


def test_tabset_is_radio_buttons_on_screen_and_headings_on_paper(page, pdf):
    radios = page.all("input", type="radio")
    assert [r["id"] for r in radios] == ["tabset-1-1", "tabset-1-2"]
    assert [("checked" in r) for r in radios] == [True, False]
    assert len(page.all("div", class_="tab-panel")) == 2
    assert "By sex" not in outline_titles(pdf)
    assert "By sex" in pdf.pages[2].extract_text() + pdf.pages[1].extract_text()


def outline_titles(reader):
    def walk(items):
        for item in items:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield item.title

    return [words(t) for t in walk(reader.outline)]


def test_headings_are_numbered_alike(page, pdf, word):
    expected = [
        "Summary",
        "1 How many children",
        "1.1 A table with long words",
        "2 Method",
        "2.1 Lists and quotations",
        "References",
    ]
    assert outline_titles(pdf)[-6:] == expected
    headings = re.findall(r'pStyle w:val="Heading\d".*?</w:p>', word, re.DOTALL)
    texts = [
        words("".join(re.findall(r"<w:t[^>]*>([^<]*)", h)).replace("\u2002", " ")) for h in headings
    ]
    assert [t for t in texts if t not in ("By age", "By sex")] == expected
    contents = re.findall(r'pStyle w:val="TOC\d".*?</w:p>', word, re.DOTALL)
    assert len(contents) == 6
    assert len(page.all("span", class_="header-section-number")) == 2 * 4


def test_shortcodes_footnotes_and_citations(page, pdf, word):
    pdf_text = words(" ".join(p.extract_text() for p in pdf.pages))
    for text in (page.text, docx_text(word), pdf_text):
        assert re.search("This report is about Children.s safety online", words(text))
        assert "undo unequal chances" in words(text)
        assert "as Kish (1965) defines it" in words(text)
        assert "Kish, Leslie. 1965. Survey Sampling." in words(text)
    assert page.all("section", role="doc-endnotes")
    assert page.all("div", class_="page-break")
    assert "<w:pageBreakBefore/>" in word


def test_pdf_is_tagged_titled_and_dated(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert re.fullmatch("Children.s safety online", pdf.metadata.title)
    assert pdf.metadata.creation_date.isoformat() == "2026-11-24T00:00:00+00:00"
    metadata = root["/Metadata"].get_data()
    assert b"pdfuaid:part>1<" in metadata


def test_watermark_stands_on_every_page(rendered, page, pdf):
    assert all("Simulated data" in p.extract_text() for p in pdf.pages)
    assert len(pdf.pages) >= 4
    assert page.all("aside", class_="watermark")
    assert "Simulated data" in docx_part(rendered.files["docx"], "word/header1.xml")


def test_a_status_stands_on_the_cover_and_at_the_foot_of_every_page(tmp_path):
    qmd = sample_folder(tmp_path / "marked")
    status = "Draft translation: not reviewed."
    qmd.write_text(
        qmd.read_text("utf-8").replace("---\n", f'---\nstatus: "{status}"\n', 1), "utf-8"
    )
    files = render(qmd, renderer="embedded").files
    page = files["html"].read_text("utf-8")
    cover = page.partition("<header")[2].partition("</header>")[0]
    assert status in cover
    assert status in page.partition("</main>")[2]
    pages = [words(each.extract_text()) for each in pypdf.PdfReader(files["pdf"]).pages]
    assert len(pages) > 1
    assert all(status in text for text in pages)
    assert pages[0].count(status) == 2
    assert status in docx_part(files["docx"], "word/footer1.xml")
    assert status in docx_part(files["docx"], "word/document.xml").partition("Heading")[0]


MM = 72 / 25.4  # points


def lines_of(page: pypdf.PageObject) -> list[tuple[float, str]]:
    """The texts of a page, each with the height of its letters above the foot in millimetres."""
    found = []

    def visit(text, cm, tm, font, size):
        if text.strip():
            found.append(((cm[1] * tm[4] + cm[3] * tm[5] + cm[5]) / MM, words(text).strip()))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("height", [60, 230, 244, 400])
def test_a_figure_and_its_caption_stand_above_the_foot_however_high_the_picture(tmp_path, height):
    caption = "Many words. " * 60 + "Finis."
    body = f'Words.\n\n![{caption}](figures/tall){{#fig-a fig-alt="Tall"}}\n\n## After\n\nWords.'
    qmd = document(tmp_path / "d", body)
    size = f'width="160mm" height="{height}mm"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect {size}/></svg>'
    (qmd.parent / "figures" / "tall.svg").write_text(picture)
    paper = pypdf.PdfReader(render(qmd, ["pdf"], "embedded", language="en").files["pdf"])
    ends = [y for page in paper.pages for y, text in lines_of(page) if "Finis." in text]
    assert len(ends) == 1
    assert ends[0] > 20  # the margin, in which the foot stands
    # The picture is on the page of its caption: no page between them, and none that is empty.
    assert len(paper.pages) <= 3


def test_the_lines_of_a_long_title_stand_apart(tmp_path):
    title = "High blood pressure, diabetes and high lead in the United States: four regions"
    qmd = document(tmp_path / "d", "## A\n\nWords.")
    qmd.write_text(
        re.sub("title: .*", f'title: "{title}"', qmd.read_text("utf-8"), count=1), "utf-8"
    )
    paper = pypdf.PdfReader(render(qmd, ["pdf"], "embedded", language="en").files["pdf"])
    heights = sorted(
        {round(y, 1) for y, text in lines_of(paper.pages[0]) if len(text) > 3 and text in title}
    )
    gaps = [b - a for a, b in pairwise(heights)]
    assert len(heights) > 1
    assert min(gaps) * MM > 25 * 1.15


def test_without_watermark_no_format_says_so(tmp_path):
    qmd = document(tmp_path / "d", "## A\n\nWords.")
    files = render(qmd, renderer="embedded", language="en").files
    page = Page(files["html"].read_text(encoding="utf-8"))
    assert not page.all("aside", class_="watermark")
    assert "Simulated" not in pypdf.PdfReader(files["pdf"]).pages[0].extract_text()
    assert "Watermark" not in docx_part(files["docx"], "word/header1.xml")


def test_docx_holds_png_twins(rendered):
    with zipfile.ZipFile(rendered.files["docx"]) as archive:
        media = [n for n in archive.namelist() if n.startswith("word/media/")]
        assert [archive.read(n)[:4] for n in media] == [b"\x89PNG"] * 2


@pytest.mark.parametrize(("classes", "breaks"), [(".page-break", 1), (".page-break .of-paper", 0)])
def test_a_break_of_paper_is_none_in_word(tmp_path, classes, breaks):
    qmd = document(tmp_path / "d", f"One\n\n::: {{{classes}}}\n:::\n\nTwo\n")
    path = render(qmd, ["docx"], "embedded", language="en").files["docx"]
    word = docx_part(path, "word/document.xml")
    assert word.count("<w:pageBreakBefore/>") == breaks
    assert "<w:br " not in word


def test_lists_in_word_leave_room_for_their_text(tmp_path):
    qmd = document(tmp_path / "d", "- one\n- two\n\n1. first\n2. second\n")
    numbering = docx_part(
        render(qmd, ["docx"], "embedded", language="en").files["docx"], "word/numbering.xml"
    )
    first = re.findall(r'w:ilvl="0">.*?<w:ind w:left="(\d+)"', numbering)
    assert len(first) >= 2
    assert {*first} == {"340"}


def test_svg_named_in_the_source_becomes_png_in_docx(tmp_path):
    qmd = document(tmp_path / "d", '![A](figures/age.svg){#fig-a fig-alt="Bars"}')
    path = render(qmd, ["docx"], "embedded", language="en").files["docx"]
    names = zipfile.ZipFile(path).namelist()
    assert [Path(n).suffix for n in names if "media/" in n] == [".png"]


TABLE = "| a | b |\n|---|--:|\n| c | 1 |\n\n: Cap {#tbl-a}"


def test_words_follow_the_language(tmp_path):
    body = f"## A {{#sec-a}}\n\nSee @tbl-a and @sec-a.\n\n{TABLE}\n\n::: {{.callout-note}}\nx\n:::"
    qmd = document(tmp_path / "d", body, language="vi")
    files = render(qmd, renderer="embedded", language="vi").files
    page = words(Page(files["html"].read_text(encoding="utf-8")).text)
    docx = words(docx_text(docx_part(files["docx"], "word/document.xml")))
    for text in (page, docx):
        for expected in ("See Bảng 1 and Mục 1.", "Bảng 1: Cap", "Ghi chú", "Mục lục"):
            assert expected in text
    # pypdf leaves out the text that Typst gives for composed letters such as 'ụ'.
    paper = words(" ".join(p.extract_text() for p in pypdf.PdfReader(files["pdf"]).pages))
    assert "Bảng 1: Cap" in paper
    assert "Ghi chú" in paper


def test_words_of_the_document_overlay_those_of_its_language(tmp_path):
    front = "report:\n  words:\n    crossref-fig-title: Chart\n    crossref-fig-prefix: chart\n"
    qmd = document(tmp_path / "d", '![C](figures/age){#fig-a fig-alt="Bars"}\n\nSee @fig-a.', front)
    path = render(qmd, ["html"], "embedded", language="en").files["html"]
    text = words(Page(path.read_text(encoding="utf-8")).text)
    assert "Chart 1: C" in text
    assert "See chart 1." in text


KHMER = "កុមារភាគច្រើនប្រើអ៊ីនធឺណិតរាល់ថ្ងៃ ហើយមិនបានប្រាប់នរណាម្នាក់ឡើយ។ ចំនួន ១២៣"
THAI = "เด็กส่วนใหญ่ใช้อินเทอร์เน็ตทุกวัน และไม่ได้บอกใคร"


@pytest.mark.parametrize(("language", "text"), [("km", KHMER), ("th", THAI)])
def test_scripts_have_every_glyph(tmp_path, language, text):
    front = f'watermark: "{text[:12]}"\n'
    qmd = document(tmp_path / "d", f"## {text[:20]}\n\n{text} **{text}**", front, language=language)
    files = render(qmd, ["html", "pdf"], "embedded", language=language).files
    css = files["html"].read_text(encoding="utf-8")
    covered = set()
    for data in re.findall(r"data:font/woff;base64,([^)]*)\)", css):
        covered |= set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    assert {ord(c) for c in text} <= covered
    fonts = set()
    for pdf_page in pypdf.PdfReader(files["pdf"]).pages:
        for font in pdf_page["/Resources"]["/Font"].values():
            fonts.add(str(font.get_object()["/BaseFont"]))
    family = {"km": "KantumruyPro", "th": "NotoSansThai"}[language]
    assert any(family in name for name in fonts)


MARKS = "สิ่งที่เด็กถูกกระทำ ที่นี่ น้ำ ผู้ใหญ่ เมื่อ ฝั่ง ฟ้า ญี่ปุ่น ป้า กี้ ปั๊ม"


@needs("no Poppler")
def test_a_thai_letter_with_two_marks_is_found_once(tmp_path):
    """Typst wrote it again for a mark that the font raises: a search then finds "สิ่สิ่ง"."""
    qmd = document(tmp_path / "d", MARKS, language="th")
    pdf = render(qmd, ["pdf"], "embedded", language="th").files["pdf"]
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout.decode()
    assert MARKS in text.splitlines()


def test_a_missing_glyph_is_an_error(tmp_path):
    qmd = document(tmp_path / "d", "## A\n\nA letter outside the fonts: \u12a2.")
    with pytest.raises(StudyError, match="could not be displayed"):
        render(qmd, ["pdf"], "embedded", language="en")


@pytest.mark.parametrize("output", ["html", "pdf", "docx"])
def test_missing_figure_is_an_error(tmp_path, output):
    qmd = document(tmp_path / "d", '![A](figures/none){#fig-a fig-alt="Bars"}')
    with pytest.raises(StudyError, match="none"):
        render(qmd, [output], "embedded", language="en")
    assert not qmd.with_suffix(f".{output}").exists()


def test_unknown_citation_is_an_error(tmp_path):
    qmd = document(
        tmp_path / "d", "As @nobody2000 says.", "bibliography: refs.bib\nciteproc: true\n"
    )
    with pytest.raises(StudyError, match="nobody2000"):
        render(qmd, ["html"], "embedded", language="en")


def test_wrong_language_and_format_are_errors(tmp_path):
    qmd = document(tmp_path / "d", "Words.")
    with pytest.raises(StudyError, match="'th' is expected"):
        render(qmd, ["html"], "embedded", language="th")
    with pytest.raises(StudyError, match="epub"):
        render(qmd, ["epub"], "embedded", language="en")


SCRIPT = """
import sys
from itertools import pairwise
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from rendering_sample import sample_folder
from disrupting_harm.report.rendering import render
render(sample_folder(Path(sys.argv[3])), renderer="embedded", language="en")
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_place_clock_zone_or_locale(rendered, tmp_path):
    folder = tmp_path / "b é" / "folder"
    folder.parent.mkdir()
    elsewhere = {"TZ": "Asia/Kathmandu", "LANG": "fr_FR.UTF-8", "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", SCRIPT, str(ROOT / "src"), str(Path(__file__).parents[1])]
    environment = os.environ | elsewhere | {"SOURCE_DATE_EPOCH": "1000"}
    subprocess.run([*command, str(folder)], env=environment, check=True)
    results = []
    for place in (folder.parent, rendered.files["pdf"].parents[1]):
        made = [path for path in place.rglob("*") if path.is_file()]
        results.append({path.relative_to(place): path.read_bytes() for path in made})
        assert {"report.html", "report.pdf", "report.docx"} <= {path.name for path in made}
    assert results[0] == results[1]


@pytest.mark.parametrize("output", ["html", "pdf", "docx"])
def test_a_language_for_which_pandoc_has_no_words_is_printed(tmp_path, output):
    words = read_language(TEMPLATES / "locale", "en").layout
    lines = [f'    {key}: "{word}"\n' for key, word in words.items()]
    front = f"report:\n  words:\n{''.join(lines)}"
    qmd = document(tmp_path / "d", "Maneno.", front, language="sw")
    assert render(qmd, [output], "embedded").files[output].is_file()


def test_a_format_is_the_same_alone_and_beside_others(tmp_path, rendered):
    qmd = sample_folder(tmp_path / "folder")
    for output, file in rendered.files.items():
        alone = render(qmd, [output], "embedded").files[output]
        assert alone.read_bytes() == file.read_bytes(), output


def test_the_text_is_read_as_by_the_command_line_of_pandoc(tmp_path):
    """No line ends after an abbreviation, a tab is four columns, and pictures get their kind."""
    text = "See Kish et al. 1965.\n\n```\na\tb\n```\n\n![A line](figures/age)\n"
    page = render(document(tmp_path / "d", text), ["html"], "embedded").files["html"].read_text()
    assert "et al.\N{NO-BREAK SPACE}1965" in page
    assert "a   b" in page
    assert '<img src="figures/age.svg" data-external="1" alt="A line" />' in page


def test_any_other_warning_of_pandoc_is_a_failure():
    with pytest.raises(StudyError, match="Div at line 1 column 1 unclosed"):
        run_pandoc(
            ["--from", "markdown", "--to", "html"],
            location="x",
            standard_input="::: {.a}\n\nText.\n",
        )
