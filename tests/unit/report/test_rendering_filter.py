"""What the shared filter leaves for the engines: nothing that Quarto would change."""

import re
import subprocess
import zipfile
from pathlib import Path

import pypandoc
import pypdf
import pytest
import yaml
from rendering_sample import document, furnish, sample_folder
from word_contents import find_faulty_entries

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.quarto_project import read_project

# Prints what Quarto would turn into a float of its own.
PROBE = """
local picture_alone = function(block)
  if #block.content == 1 and block.content[1].t == "Image" then io.stderr:write("alone\\n") end
end
return {{
  Para = picture_alone, Plain = picture_alone,
  Div = function(div)
    if div.identifier:match("^fig%-") or div.identifier:match("^tbl%-") then
      io.stderr:write("div ", div.identifier, "\\n")
    end
  end,
  Figure = function() io.stderr:write("figure\\n") end,
  Image = function(image) io.stderr:write("alt ", pandoc.utils.stringify(image.caption), "\\n") end,
}}
"""


def filtered(qmd: Path, to: str, reader: str, *filters: Path) -> subprocess.CompletedProcess[bytes]:
    """Run pandoc alone with the shared filter, as anybody could."""
    front, body = qmd.read_text(encoding="utf-8").removeprefix("---\n").split("\n---\n", 1)
    body = re.sub(r"\{\{<.*?>\}\}", "x", body)
    shared = qmd.parents[1] / "_shared" / "report-filter.lua"
    command = [pypandoc.get_pandoc_path(), "--from", reader, "--to", to, "--standalone"]
    command += [f"--lua-filter={path}" for path in (shared, *filters)]
    command += ["--default-image-extension=png", "--output=-", "--citeproc"]
    settings = qmd.parent / "report.yml"
    settings.write_text("report:\n  number-sections: true\n  contents: true\n")
    command.append(f"--metadata-file={settings}")
    done = subprocess.run(
        command, input=f"---\n{front}\n---\n{body}".encode(), capture_output=True, cwd=qmd.parent
    )
    assert done.returncode == 0, done.stderr.decode()
    return done


def word_document(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


# What is for some formats only stands in blocks or in words, and a text refers to something or not.
SPARED = {
    "nothing": "## A chapter\n\n[17%]{n='KEN/a/whole'} of them [(14–20)]{.limits}.",
    "blocks": "::: {.content-visible when-format='html'}\nOn a page.\n:::\n\nBoth.",
    "words": "::: {.box}\nBoth [on a page]{.content-hidden unless-format='html'}.\n:::",
    "split": "::: {.box\n.content-hidden when-format='typst'}\nNot on paper.\n:::\n\nBoth.",
    "reference": "## A chapter {#sec-a}\n\n::: {.box}\nAs @sec-a says.\n:::",
}


@pytest.mark.parametrize("body", [None, *SPARED.values()], ids=["sample", *SPARED])
def test_the_walks_that_are_spared_would_change_nothing(tmp_path, body):
    formats = ["html", "docx", "pdf"]
    qmd = sample_folder(tmp_path / "d") if body is None else document(tmp_path / "d", body)
    files = render(qmd, formats, "embedded").files
    spared = {output: path.read_bytes() for output, path in files.items()}
    shared = tmp_path / "_shared" / "report-filter.lua"
    every_walk = "EMBEDDED = {extension = EMBEDDED.extension}\n"
    shared.write_text(every_walk + shared.read_text("utf-8"), encoding="utf-8")
    for output, path in render(qmd, formats, "embedded").files.items():
        assert path.read_bytes() == spared[output], output


@pytest.mark.parametrize("to", ["html5", "typst", "docx"])
def test_tables_without_attributes_give_the_same_output(tmp_path, to):
    qmd = sample_folder(tmp_path / "d")
    with_attributes, without = (
        filtered(qmd, to, reader).stdout for reader in ("markdown", "markdown-table_attributes")
    )
    if to == "docx":
        for name, content in (("one", with_attributes), ("other", without)):
            (tmp_path / name).write_bytes(content)
        with_attributes, without = (word_document(tmp_path / n) for n in ("one", "other"))
        assert "SEQ Table" in without
    assert with_attributes == without


def test_a_caption_of_a_label_alone_is_numbered(tmp_path):
    body = "| a |\n|---|\n| b |\n\n: {#tbl-a}\n\n@tbl-a.\n"
    qmd = document(tmp_path / "d", body)
    for reader in ("markdown", "markdown-table_attributes"):
        page = filtered(qmd, "html5", reader).stdout.decode()
        assert "Table\u00a01</span>" in page
        assert "tbl-a}" not in page


@pytest.mark.parametrize("to", ["docx", "html5"])
def test_nothing_is_left_that_quarto_makes_a_float_of(tmp_path, to):
    probe = tmp_path / "probe.lua"
    probe.write_text(PROBE)
    qmd = sample_folder(tmp_path / "d")
    alone = '\n\n![](figures/age){fig-alt="Bars"}\n\n![Bars](figures/age)\n'
    qmd.write_text(qmd.read_text() + alone)
    said = filtered(qmd, to, "markdown-table_attributes", probe).stderr.decode().splitlines()
    assert len([line for line in said if line.startswith("alt ")]) == 4
    assert [line for line in said if not line.startswith("alt ")] == []


def test_bookmarks_are_unique_and_every_field_has_its_own(tmp_path):
    long = "tbl-a-label-that-is-longer-than-the-forty-letters-that-word-allows"
    labels = ["tbl-a-b", "tbl-a_b", long, f"{long}-too"]
    tables = [f"| a |\n|---|\n| b |\n\n: Caption {{#{label}}}\n" for label in labels]
    see = "See " + ", ".join(f"@{label} and [-@{label}]" for label in labels) + "."
    figure = '![A](figures/age){#fig-a fig-alt="Bars"}\n\nSee @fig-a and [chart @fig-a].'
    qmd = document(tmp_path / "d", "\n\n".join([see, *tables, figure]))
    word = word_document(render(qmd, ["docx"], "embedded").files["docx"])
    names = re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]*)"', word)
    ids = re.findall(r'<w:bookmarkStart[^>]*w:id="([^"]*)"', word)
    ends = re.findall(r'<w:bookmarkEnd[^>]*w:id="([^"]*)"', word)
    assert len(names) == len(set(names)) == 2 * 5
    assert len(ids) == len(set(ids))
    assert sorted(ids) == sorted(ends)
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    pointed = re.findall(r" REF (\w+) ", word)
    assert len(pointed) == 2 * 5
    assert set(pointed) == set(names)
    assert len(re.findall(r" SEQ Table ", word)) == 4
    assert len(re.findall(r" SEQ Figure ", word)) == 1
    assert [word.count(f'"{kind}"') for kind in ("begin", "separate", "end")] == [15, 15, 15]


def test_contents_of_word_can_be_left_out(tmp_path):
    body = "## A\n\n### B\n\nWords."
    with_contents = word_document(render(document(tmp_path / "a", body), ["docx"]).files["docx"])
    assert re.findall(r'w:val="(TOC\d)"', with_contents) == ["TOC1", "TOC2"]
    front = "report:\n  contents: false\n  number-sections: false\n"
    without = word_document(render(document(tmp_path / "b", body, front), ["docx"]).files["docx"])
    assert "TOC1" not in without
    assert "\u2002" not in without
    assert "\u2002" in with_contents


def test_each_entry_of_the_contents_of_word_has_the_page_of_its_heading(tmp_path):
    """A field inside a field of contents keeps what was written, so there is none round them."""
    long_name = "a-heading-whose-name-is-longer-than-forty-letters"
    body = f"## A {{#sec-a}}\n\n### B {{#{long_name}}}\n\nWords."
    word = word_document(render(document(tmp_path / "a", body), ["docx"]).files["docx"])
    entries = re.findall(r'<w:p><w:pPr><w:pStyle w:val="TOC\d".*?</w:p>', word, re.DOTALL)
    pages = [re.findall(r"PAGEREF (\S+) \\h", entry) for entry in entries]
    assert [len(fields) for fields in pages] == [1, 1]
    anchors = [re.findall(r'w:anchor="([^"]+)"', entry) for entry in entries]
    assert pages == anchors
    bookmarks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', word)
    assert {name for fields in pages for name in fields} <= {*bookmarks}
    assert all('w:dirty="true"' in entry and "<w:tab" in entry for entry in entries)
    assert " TOC " not in word


def test_the_contents_of_word_point_to_the_words_of_headings_alone(tmp_path):
    """A bookmark round a section that ends with a table is none for LibreOffice."""
    long_name = "a-heading-whose-name-is-longer-than-forty-letters"
    table = "| a | b |\n|---|--:|\n| c | 1 |\n\n: Cap {#tbl-a}\n"
    body = f"## A *b* c {{#sec-a}}\n\n{table}\n### កុមារ\n\nWords.\n\n## D {{#{long_name}}}\n\nE."
    files = render(document(tmp_path / "a", body), ["docx"]).files
    assert find_faulty_entries(files["docx"]) == []
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(files["docx"]) as package, zipfile.ZipFile(broken, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            copy.writestr(name, part.replace(b'w:name="heading_sec_a"', b'w:name="sec_b"'))
    assert find_faulty_entries(broken) == ["1 A b c"]


def paper(qmd: Path) -> list[str]:
    reader = pypdf.PdfReader(render(qmd, ["pdf"], "embedded").files["pdf"])
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize(("language", "words"), [("en", "Table 1 (continued)"), ("km", "(ត)")])
def test_a_table_that_runs_over_pages_says_so_on_all_but_the_first(tmp_path, language, words):
    rows = "".join(f"| row {number} | {number} |\n" for number in range(140))
    body = f"| a | b |\n|---|--:|\n{rows}\n: Cap {{#tbl-a}}\n\nSee @tbl-a."
    pages = paper(document(tmp_path / "d", body, "toc: false\n", language))
    assert len(pages) >= 3
    assert words not in pages[0]
    with_rows = [page for page in pages[1:] if "row " in page]
    assert with_rows
    assert all(words in page for page in with_rows)
    shown = re.findall(r"row (\d+)", " ".join(pages))
    assert shown == [str(number) for number in range(140)]


@pytest.mark.parametrize("cell", ["@tbl-a", "[b](https://example.org/)", "b^[note]"])
def test_the_head_of_a_table_holds_nothing_that_cannot_be_repeated(tmp_path, cell):
    qmd = document(tmp_path / "d", f"| a | {cell} |\n|---|---|\n| c | d |\n\n: Cap {{#tbl-a}}")
    for output in ("html", "pdf", "docx"):
        with pytest.raises(StudyError, match="the head of a table holds a reference, link or note"):
            render(qmd, [output], "embedded")


def test_a_short_table_stays_whole_and_never_continues(tmp_path):
    table = "| a | b |\n|---|--:|\n" + "".join(f"| row{n} | {n} |\n" for n in range(6))
    for lines in range(20, 36):
        body = "\n\n".join(["Words."] * lines) + f"\n\n{table}\n: Cap {{#tbl-a}}\n"
        pages = paper(document(tmp_path / str(lines) / "d", body, "toc: false\n"))
        holding = [page for page in pages if "row0" in page or "row5" in page]
        assert len(holding) == 1, lines
        assert "continued" not in " ".join(pages)


def test_few_rows_that_are_high_break_where_a_page_would_end_far_too_early(tmp_path):
    cell = " ".join(["correspondent"] * 4)
    rows = "".join(f"| row{n} {cell} |{f' {cell} |' * 3}\n" for n in range(6))
    body = "\n\n".join(["Words."] * 20)
    body += f"\n\n| a | b | c | d |\n|---|---|---|---|\n{rows}\n: Cap {{#tbl-a}}\n"
    first, second = paper(document(tmp_path / "d", body, "toc: false\n"))
    shown = [re.findall(r"row(\d)", page) for page in (first, second)]
    assert shown[0] + shown[1] == list("012345")
    # What is torn off is no last row alone.
    assert len(shown[0]) >= 2
    assert len(shown[1]) == 3


def test_no_figure_stands_above_the_cover_or_cuts_a_sentence(tmp_path):
    figure = '![Caption {n}](figures/tall.svg){{#fig-{n} fig-alt="A tall picture"}}'
    sentence = " ".join(f"word{number}" for number in range(160)) + "."
    parts = [part for n in range(6) for part in (figure.format(n=n), f"Begin{n} {sentence}")]
    qmd = document(tmp_path / "d", "\n\n".join(parts), "toc: false\n")
    (qmd.parent / "figures" / "tall.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400">'
        '<rect width="300" height="400" fill="#0B4F6C"/></svg>'
    )
    pages = paper(qmd)
    assert pages[0].index("A title") < pages[0].index("Caption 0")
    text = " ".join(re.sub(r"^A title | \d+ / \d+$", "", page) for page in pages)
    for n in range(6):
        assert f"Begin{n} {sentence}" in text


def test_pages_paper_and_word_name_what_rendered_them(tmp_path):
    head = "toc: false\nsubtitle: A report on a place\nwatermark: Simulated data\n"
    qmd = document(tmp_path / "d", "By []{.rendered-by}.", head)
    files = render(qmd, renderer="embedded").files
    page = files["html"].read_text(encoding="utf-8")
    assert '<meta name="generator" content="pandoc 3.9">' in page
    assert "By pandoc 3.9." in " ".join(page.split())
    reader = pypdf.PdfReader(files["pdf"])
    # The compiler names itself; the package that brings it, typst 0.15.2, has a number of its own.
    assert reader.metadata.subject == "A report on a place. Simulated data"
    assert reader.metadata.keywords == "pandoc 3.9, Typst 0.15.1"
    assert "By pandoc 3.9, Typst 0.15.1." in reader.pages[0].extract_text()
    with zipfile.ZipFile(files["docx"]) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:description>pandoc 3.9</dc:description>" in core


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("project", {"type": "default", "render": ["*.qmd"]}),
        ("number-sections", True),
        ("syntax-highlighting", "github"),
        ("filters", [{"path": "_shared/report-filter.lua", "at": "pre_ast"}]),
        ("filters", []),
        ("format.html.minimal", False),
        ("format.html.template", "mine.html"),
        ("format.html.embed-resources", False),
        ("format.typst.template", None),
        ("format.typst.shift-heading-level-by", -1),
        ("format.typst.font-paths", ["letters"]),
        ("format.typst.pdf-standard", None),
        ("format.docx.toc", True),
        ("format.docx.reference-doc", None),
    ],
)
def test_settings_without_which_the_engines_differ_are_checked_by_name(tmp_path, key, value):
    furnish(tmp_path)
    path = tmp_path / "_quarto.yml"
    settings = yaml.safe_load(path.read_text())
    *outer, last = key.split(".")
    block = settings
    for part in outer:
        block = block[part]
    block[last] = value
    path.write_text(yaml.safe_dump(settings))
    with pytest.raises(StudyError, match=rf"key '{re.escape(key)}'"):
        read_project(tmp_path)


@pytest.mark.parametrize("name", ["report-filter.lua", "toc.html", "reference.docx"])
def test_a_missing_shared_file_is_named(tmp_path, name):
    furnish(tmp_path)
    (tmp_path / "_shared" / name).unlink()
    with pytest.raises(StudyError, match=re.escape(name)):
        read_project(tmp_path)


@pytest.mark.parametrize("name", ["_drafts/d/report.qmd", "d/_report.qmd", ".d/report.qmd"])
def test_a_document_that_quarto_takes_for_no_part_of_the_project_is_refused(tmp_path, name):
    qmd = document(tmp_path / "d", "Words.")
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(StudyError, match=r"Quarto takes no such file or folder as part"):
        render(qmd.rename(place), ["html"], "embedded")


def test_a_document_beside_the_settings_is_refused(tmp_path):
    qmd = document(tmp_path / "d", "Words.")
    moved = qmd.rename(tmp_path / "report.qmd")
    with pytest.raises(StudyError, match="a folder of its own"):
        render(moved, ["html"], "embedded")


def test_a_row_that_names_the_rows_below_it_takes_the_whole_width(tmp_path):
    """On paper and in Word; a page marks it. A row with a single empty cell keeps its cells."""
    rows = ["| **Kind** |  |  |", "| 2019 | [at least]{.small} 643 | 5 |", "| 2020 | | 6 |"]
    table = "\n".join(["| Year | Reported | Charged |", "|---|--:|--:|", *rows])
    qmd = document(tmp_path / "d", f"{table}\n\n: Caption {{#tbl-a}}\n")
    page, paper = (
        filtered(qmd, to, "markdown-table_attributes").stdout.decode() for to in ("html", "typst")
    )
    (named,) = re.findall(r'<tr class="names-rows">\n(.*?)</tr>', page, re.S)
    assert '<th scope="row"><strong>Kind</strong></th>' in named
    assert re.findall(r"colspan: (\d)", paper) == ["3"]
    assert "#text(size: 0.85em)[" in paper
    assert re.search(r'<span class="small">at least</span>\s643', page)
    word = word_document(render(qmd, ["docx"], "embedded").files["docx"])
    assert word.count('w:gridSpan w:val="3"') == 1


@pytest.mark.parametrize(
    ("header", "row", "stacked"),
    [
        ("| Year | Reported | Charged |", "| 2019 | 643 | 5 |", False),
        ("| Year | Reported | Investigated (cases) |", "| 2019 | at least 11,643 | 512 |", True),
        ("| Ano | Denúncias | Condenações |", "| 2019 | sem registo de número | 5 |", True),
        ("| ឆ្នាំ | រាយការណ៍ | ករណី |", "| ២០១៩ | ៦៤៣ | ៥ |", False),
    ],
)  # fmt: skip
def test_a_table_without_room_on_a_telephone_has_its_cells_below_each_other(
    tmp_path, header, row, stacked
):
    table = "\n".join([header, "|:--|--:|--:|", row, "| 2020 | | 6 |"])
    qmd = document(tmp_path / "d", f"{table}\n\n: Caption {{#tbl-a}}\n")
    page = filtered(qmd, "html", "markdown-table_attributes").stdout.decode()
    assert ('class="stacked"' in page) is stacked
    labels = [cell.strip() for cell in header.split("|")[2:-1]]
    assert re.findall(r'data-label="([^"]+)"', page) == (2 * labels if stacked else [])
