"""Choosing Quarto, with a stand-in program that behaves like it."""

import stat
import zipfile

import pytest
from rendering_sample import document

from disrupting_harm.errors import StudyError
from disrupting_harm.report.rendering import engine, render

STAND_IN = """#!/bin/sh
if [ "$1" = "--version" ]; then echo "{version}"; exit 0; fi
echo "$@" > "{calls}"
pwd >> "{calls}"
echo "$SOURCE_DATE_EPOCH" >> "{calls}"
echo "$TYPST_FONT_PATHS" >> "{calls}"
{action}
"""
MAKE = 'echo "<html>new</html>" > report.html; echo pdf > report.pdf; cp reference.docx report.docx'


@pytest.fixture
def quarto(tmp_path, monkeypatch):
    """Return a function that puts a stand-in Quarto on PATH and returns the file of its calls."""

    def put(version="1.10.18", action=MAKE):
        programs = tmp_path / "bin"
        programs.mkdir()
        script, calls = programs / "quarto", tmp_path / "calls"
        script.write_text(STAND_IN.format(version=version, calls=calls, action=action))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
        return calls

    return put


@pytest.fixture
def qmd(tmp_path):
    return document(tmp_path / "folder", "## A\n\nWords.")


def test_arguments_folder_and_environment(quarto, qmd):
    calls = quarto()
    record = render(qmd, ["html", "pdf", "docx"], "quarto", language="en")
    arguments, folder, epoch, fonts = calls.read_text().splitlines()
    assert arguments == "render report.qmd --to html,typst,docx"
    assert folder != str(qmd.parent)
    assert epoch == "1795478400"
    assert "fontpkg_noto_sans_khmer" in fonts
    assert record.engine == "quarto"
    assert record.versions == {"quarto": "1.10.18"}
    assert qmd.with_suffix(".html").read_text() == "<html>new</html>\n"
    assert sorted(p.name for p in record.files.values()) == [
        "report.docx",
        "report.html",
        "report.pdf",
    ]


def test_docx_is_normalised(quarto, qmd):
    quarto()
    path = render(qmd, ["docx"], "quarto", language="en").files["docx"]
    assert {i.date_time for i in zipfile.ZipFile(path).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_only_the_formats_asked_for_are_written(quarto, qmd):
    calls = quarto()
    qmd.with_suffix(".pdf").write_text("kept")
    render(qmd, ["html"], "auto", language="en")
    assert calls.read_text().splitlines()[0] == "render report.qmd --to html"
    assert qmd.with_suffix(".pdf").read_text() == "kept"
    assert not qmd.with_suffix(".docx").exists()


def test_failure_shows_the_log_and_writes_nothing(quarto, qmd):
    quarto(action='echo "ERROR: schema" >&2; echo half > report.html; exit 1')
    with pytest.raises(StudyError, match="ERROR: schema"):
        render(qmd, ["html"], "quarto", language="en")
    assert not qmd.with_suffix(".html").exists()


def test_unresolved_reference_in_the_log_is_an_error(quarto, qmd):
    warning = "WARNING (refs.lua:218) Unable to resolve crossref @fig-x"
    quarto(action=f'{MAKE}; echo "{warning}" >&2')
    with pytest.raises(StudyError, match="@fig-x"):
        render(qmd, ["html"], "quarto", language="en")
    assert not qmd.with_suffix(".html").exists()


def test_unresolved_reference_in_the_page_is_an_error(quarto, qmd):
    quarto(action='echo "<p><strong>?@fig-x</strong></p>" > report.html')
    with pytest.raises(StudyError, match=r"unresolved '\?@fig-x'"):
        render(qmd, ["html"], "quarto", language="en")
    assert not qmd.with_suffix(".html").exists()


def test_missing_output_is_an_error(quarto, qmd):
    quarto(action="exit 0")
    qmd.with_suffix(".html").write_text("old")
    with pytest.raises(StudyError, match=r"made no report\.html"):
        render(qmd, ["html"], "quarto", language="en")
    assert qmd.with_suffix(".html").read_text() == "old"


@pytest.mark.parametrize("version", ["1.8.27", "0.9", "1.3.450"])
def test_too_old_quarto(quarto, version):
    quarto(version=version)
    assert engine("auto")[0] == "embedded"
    with pytest.raises(StudyError, match=rf"Quarto {version} is too old.*quarto\.org"):
        engine("quarto")


@pytest.mark.parametrize("version", ["1.9.0", "1.10.18", "2.0.1", "99.9.9"])
def test_recent_quarto_is_chosen(quarto, version):
    quarto(version=version)
    assert engine("auto") == ("quarto", {"quarto": version})
    assert engine("embedded")[0] == "embedded"


def test_broken_quarto_counts_as_missing(quarto):
    quarto(version="no version")
    assert engine("auto")[0] == "embedded"


def test_missing_quarto(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine("auto")[0] == "embedded"
    with pytest.raises(StudyError, match=r"no working Quarto on PATH.*Install"):
        engine("quarto")
    with pytest.raises(StudyError, match="knitr"):
        engine("knitr")
