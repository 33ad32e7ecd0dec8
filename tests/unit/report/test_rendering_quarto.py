"""Rendering with Quarto, by a stand-in that behaves like it: the same from both engines."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from quarto_stand_in import VERSION, environment
from rendered import Page, paper_pages, word_parts
from rendering_sample import document, sample_folder

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.rendering import find_engine, render
from disrupting_harm.report.rendering.word_pictures import draw_for_word


@pytest.fixture
def quarto(tmp_path, monkeypatch):
    """Return a function that puts the stand-in on PATH and returns the file of its calls."""

    def put(version=VERSION, behaviour="", warns=()):
        folder = tmp_path / "bin"
        for name, value in environment(folder, version).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("STAND_IN", behaviour)
        monkeypatch.setenv("STAND_IN_WARNS", json.dumps(list(warns)))
        return folder / "calls"

    return put


@pytest.fixture
def qmd(tmp_path):
    return document(tmp_path / "results" / "folder", "## A\n\nWords.")


@pytest.mark.parametrize("language", ["en", "km", "th"])
def test_both_engines_make_the_same_document(quarto, tmp_path, language):
    source = sample_folder(tmp_path / "results" / "folder")
    text = source.read_text().replace("lang: en\n", f'lang: {language}\nstatus: "A draft"\n')
    source.write_text(text + "\nRendered by []{.rendered-by}.\n")
    render(source, renderer="embedded")
    own = Path(shutil.copytree(source.parent, tmp_path / "own"))
    quarto()
    files = render(source, renderer="quarto").files
    assert 'class="caption-top"' in files["html"].read_text(encoding="utf-8")
    assert Page(files["html"]).events == Page(own / "report.html").events
    assert paper_pages(files["pdf"]) == paper_pages(own / "report.pdf")
    parts, others = word_parts(files["docx"]), word_parts(own / "report.docx")
    assert [*parts.items()] == [*others.items()]


@pytest.mark.parametrize("renderer", ["embedded", "quarto"])
def test_a_page_may_hold_its_pictures(quarto, tmp_path, renderer):
    quarto()
    front = "report:\n  linked-pictures: false\n"
    source = document(tmp_path / "folder", "![A line](figures/age)\n", front)
    page = render(source, ["html"], renderer=renderer).files["html"].read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml") == 1
    assert "figures/age" not in page


@pytest.mark.parametrize("renderer", ["embedded", "quarto"])
def test_a_picture_may_lie_elsewhere_below_the_public_results(quarto, tmp_path, renderer):
    quarto()
    figure = '![Ages](../shared/age){#fig-a fig-alt="Bars"}'
    source = document(tmp_path / "results" / "folder", figure)
    (source.parent / "figures").rename(tmp_path / "results" / "shared")
    files = render(source, renderer=renderer).files
    assert '<img src="../shared/age.svg"' in files["html"].read_text(encoding="utf-8")
    assert "Ages" in " ".join(paper_pages(files["pdf"]))
    with zipfile.ZipFile(files["docx"]) as package:
        assert [name for name in package.namelist() if name.endswith(".png")]
    assert sorted(path.name for path in (tmp_path / "results" / "shared").iterdir()) == [
        "age.png", "age.svg", "prevalence.png", "prevalence.svg",
    ]  # fmt: skip


def test_quarto_by_itself_makes_the_word_file_of_a_published_source(quarto, tmp_path):
    """Figures are published as SVG; its file holds PNG, which do not stay beside the document."""
    quarto()
    text = '![Ages](../shared/age){#fig-a fig-alt="Bars"}\n\n![Own](figures/prevalence)'
    source = document(tmp_path / "results" / "folder", text)
    (source.parent / "figures").rename(tmp_path / "results" / "shared")
    (source.parent / "figures").mkdir()
    shutil.move(tmp_path / "results/shared/prevalence.svg", source.parent / "figures")
    for picture in (tmp_path / "results" / "shared").glob("*.png"):
        picture.unlink()
    render(source, ["docx"], "embedded")
    drawings = [tmp_path / "results/shared/age.svg", source.parent / "figures/prevalence.svg"]
    pictures = [draw_for_word(drawing) for drawing in drawings]
    assert _pictures_in_word(source.with_suffix(".docx")) == sorted(pictures)
    assert not (source.parent / "word-pictures").exists()
    # The first bar is 110 of 300 pixels of 1/96 inch wide, in its colour, at 150 dots an inch.
    with Image.open(io.BytesIO(pictures[0])) as picture:
        row = [picture.convert("RGB").getpixel((x, 20)) for x in range(picture.width)]
    assert abs(picture.width - 300 * 150 / 96) <= 1
    assert abs(row.count((11, 79, 108)) - 110 * 150 / 96) <= 2
    # Who calls Quarto by hand gets the drawings.
    source.with_suffix(".docx").unlink()
    subprocess.run(["quarto", "render", source.name, "--to", "docx"], cwd=source.parent, check=True)
    held = _pictures_in_word(source.with_suffix(".docx"))
    assert {drawing.read_bytes() for drawing in drawings} <= {*held}


def test_a_png_beside_an_svg_is_that_of_word(tmp_path):
    source = document(tmp_path / "results" / "folder", '![A](figures/age.svg){fig-alt="Bars"}')
    render(source, ["docx"], "embedded")
    beside = (source.parent / "figures" / "age.png").read_bytes()
    assert _pictures_in_word(source.with_suffix(".docx")) == [beside]
    assert not (source.parent / "word-pictures").exists()


def test_a_drawing_that_is_none_is_named(tmp_path):
    source = document(tmp_path / "results" / "folder", '![A](own){fig-alt="Bars"}')
    (source.parent / "own.svg").write_text("<svg")
    with pytest.raises(StudyError, match=r"own\.svg: no picture for Word"):
        render(source, ["docx"], "embedded")


def _pictures_in_word(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as package:
        return sorted(package.read(n) for n in package.namelist() if n.startswith("word/media/"))


def test_a_picture_that_no_copy_of_the_results_would_have_is_refused(tmp_path):
    source = document(tmp_path / "results" / "folder", '![A](../../x){#fig-a fig-alt="B"}')
    with pytest.raises(StudyError, match=r"the picture '../../x' lies outside"):
        render(source, renderer="embedded")


def test_without_a_colophon_pdf_and_docx_are_the_same_bytes(quarto, tmp_path, monkeypatch):
    """The versions alone tell them apart: in a filter that cannot see them, nothing does."""
    source = sample_folder(tmp_path / "results" / "folder")
    shared = tmp_path / "results" / "_shared" / "report-filter.lua"
    code = shared.read_text()
    assert "options.programs = programs()" in code
    shared.write_text(code.replace("options.programs = programs()", 'options.programs = "x"'))
    own = {n: p.read_bytes() for n, p in render(source, ["pdf", "docx"], "embedded").files.items()}
    quarto()
    files = render(source, ["pdf", "docx"], "quarto").files
    assert {name: path.read_bytes() for name, path in files.items()} == own


def test_a_note_with_five_lines_of_front_matter_has_the_same_face(quarto, tmp_path):
    """An author's document, rendered by Quarto alone: without our command and its clean-up."""
    folder = tmp_path / "results" / "notes" / "deep"
    note = document(folder, "## A\n\n| a |\n|---|\n| b |\n\n: Cap {#tbl-a}\n\nSee @tbl-a.")
    assert note.read_text().index("\n---\n") == len(
        "---\ntitle: A title\nlang: en\ndate: 2026-11-24"
    )
    quarto()
    subprocess.run(["quarto", "render", "report.qmd"], cwd=folder, check=True)
    page = note.with_suffix(".html").read_text(encoding="utf-8")
    assert "Noto Sans" in page
    assert "<main>" in page
    assert "Table\u00a01" in page
    fonts = set()
    for sheet in pypdf.PdfReader(note.with_suffix(".pdf")).pages:
        fonts |= {str(f.get_object()["/BaseFont"]) for f in sheet["/Resources"]["/Font"].values()}
    assert fonts
    assert all("NotoSans" in name for name in fonts)
    with zipfile.ZipFile(note.with_suffix(".docx")) as archive:
        assert "STYLEREF Title" in archive.read("word/header1.xml").decode()
        assert "SEQ Table" in archive.read("word/document.xml").decode()


def test_arguments_folder_and_environment(quarto, qmd, monkeypatch):
    calls = quarto()
    monkeypatch.setenv("TYPST_FONT_PATHS", "/nowhere")
    record = render(qmd, ["html", "pdf", "docx"], "quarto", language="en")
    seen = [line.split("|") for line in calls.read_text().splitlines()[1:]]
    assert [call[0] for call in seen] == [
        f"render report.qmd --to {name}" for name in ("html", "typst", "docx")
    ]
    assert str(qmd.parent) not in {folder for _, folder, *_ in seen}
    assert {tuple(call[2:4]) for call in seen} == {("1795478400", "")}
    assert seen[0][4] == "_quarto.yml _shared folder fonts"
    assert record.engine == "quarto"
    assert record.versions == {"quarto": VERSION}
    assert sorted(p.name for p in record.files.values()) == [
        "report.docx",
        "report.html",
        "report.pdf",
    ]
    left = {path.name for path in qmd.parent.iterdir()}
    assert not {name for name in left if name.startswith(".")}


def test_word_files_hold_no_path_of_the_machine(quarto, qmd):
    quarto()
    path = render(qmd, ["docx"], "quarto").files["docx"]
    with zipfile.ZipFile(path) as archive:
        named = re.findall(r'name="([^"]*)"', archive.read("docProps/custom.xml").decode())
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert named == [f"disrupting-harm-{key}" for key in ("document", "language", "source")]
    assert everything.count(b"docProps/custom.xml") == 2
    assert b"/tmp/" not in everything
    assert str(Path.home()).encode() not in everything


def test_only_the_formats_asked_for_are_written(quarto, qmd):
    calls = quarto()
    qmd.with_suffix(".pdf").write_text("kept")
    render(qmd, ["html"], "auto", language="en")
    assert calls.read_text().splitlines()[-1].startswith("render report.qmd --to html|")
    assert qmd.with_suffix(".pdf").read_text() == "kept"
    assert not qmd.with_suffix(".docx").exists()


def test_failure_shows_the_log_and_writes_nothing(quarto, qmd):
    quarto(behaviour="fail")
    with pytest.raises(StudyError) as failed:
        render(qmd, ["html"], "quarto", language="en")
    assert failed.value.found == "Quarto failed: ERROR: schema\n(line 3) Field has value"
    assert not qmd.with_suffix(".html").exists()


@pytest.mark.parametrize(
    "warning",
    [
        "WARNING (refs.lua:218) Unable to resolve crossref @fig-x",
        "warning: unknown font family: noto sans",
        "  warning: layout did not converge",
        "\x1b[33mwarning: layout did not converge\x1b[0m",
        "Typst says: unknown font family",
    ],
)
def test_a_warning_is_a_failure_though_quarto_ends_with_0(quarto, qmd, warning):
    quarto(warns=["Output created: report.html", warning])
    told = re.escape(re.sub(r"\x1b\[\d+m", "", warning).strip())
    with pytest.raises(StudyError, match=told):
        render(qmd, ["html"], "quarto", language="en")
    assert not qmd.with_suffix(".html").exists()


def test_a_missing_checker_of_pdf_is_no_failure(quarto, qmd):
    quarto()
    record = render(qmd, ["pdf"], "quarto")
    assert "verapdf is not installed" in record.log


def test_fonts_that_are_not_there_are_a_failure(quarto, qmd):
    for path in (qmd.parents[1] / "fonts").iterdir():
        path.unlink()
    quarto()
    with pytest.raises(StudyError, match="unknown font family: noto sans"):
        render(qmd, ["pdf"], "quarto")


def test_unresolved_reference_in_the_page_is_an_error(quarto, qmd):
    quarto(behaviour="unresolved")
    with pytest.raises(StudyError, match=r"unresolved '\?@fig-x'"):
        render(qmd, ["html"], "quarto", language="en")
    assert not qmd.with_suffix(".html").exists()


def test_missing_output_is_an_error(quarto, qmd):
    quarto(behaviour="leave-out")
    qmd.with_suffix(".html").write_text("old")
    with pytest.raises(StudyError, match=r"made no report\.html"):
        render(qmd, ["html"], "quarto", language="en")
    assert qmd.with_suffix(".html").read_text() == "old"


@pytest.mark.parametrize("version", ["1.9.38", "1.8.27", "0.9", "1.3.450"])
def test_too_old_quarto(quarto, version):
    quarto(version=version)
    assert find_engine("auto")[0] == "embedded"
    with pytest.raises(StudyError, match=rf"Quarto {version} is too old.*Quarto 1\.10 or later"):
        find_engine("quarto")


@pytest.mark.parametrize("version", ["1.10.0", "1.10.18", "1.11.0", "2.0.1", "99.9.9"])
def test_recent_quarto_is_chosen(quarto, version):
    quarto(version=version)
    assert find_engine("auto") == ("quarto", {"quarto": version})
    assert find_engine("embedded")[0] == "embedded"


def test_broken_quarto_counts_as_missing(quarto):
    quarto(version="no version")
    assert find_engine("auto")[0] == "embedded"


def test_missing_quarto(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine("auto")[0] == "embedded"
    with pytest.raises(StudyError, match=r"no working Quarto on PATH.*Install"):
        find_engine("quarto")
    with pytest.raises(StudyError, match="knitr"):
        find_engine("knitr")


def test_the_stand_in_hurts_where_quarto_did(quarto, tmp_path, monkeypatch):
    """Without the settings that documents share it does what made reports fail or lose parts."""
    folder = tmp_path / "results" / "folder"
    note = document(folder, "## A\n\n| a |\n|---|\n| b |\n\n: Cap {#tbl-a}\n")
    quarto()
    plain = tmp_path / "plain"
    plain.mkdir()
    shutil.copy(note, plain / "report.qmd")
    done = subprocess.run(
        ["quarto", "render", "report.qmd", "--to", "html,docx"],
        cwd=plain, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert "{#tbl-a}" in (plain / "report.html").read_text()
    with zipfile.ZipFile(plain / "report.docx") as archive:
        assert str(plain) in archive.read("docProps/custom.xml").decode()
    settings = tmp_path / "results" / "_quarto.yml"
    settings.write_text(settings.read_text().replace("font-paths: [fonts]", "papersize: a4"))
    monkeypatch.setenv("TYPST_FONT_PATHS", str(plain))
    command = ["quarto", "render", "report.qmd", "--to", "typst"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert "unknown font family" in done.stderr
