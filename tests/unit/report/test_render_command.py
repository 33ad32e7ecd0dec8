"""The command that renders an author's document."""

import pytest
from rendering_sample import document

from disrupting_harm.__main__ import main


def test_it_renders_the_formats_asked_for_and_names_files_and_programs(tmp_path, capsys):
    qmd = document(tmp_path / "results" / "notes", "## A\n\nWords.")
    assert main(["render", str(qmd), "--to", "html,docx", "--renderer", "embedded"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(qmd.with_suffix(f".{to}")) for to in ("html", "docx")]
    assert "rendered by pandoc 3.9, typst 0.15.1" in said.err
    assert not qmd.with_suffix(".pdf").exists()


@pytest.mark.parametrize(
    ("body", "arguments", "said"),
    [
        ("See @fig-none.", [], "line 7: unresolved reference '@fig-none'"),
        ("Words.", ["--to", "epub"], "epub"),
        ("Words.", ["--renderer", "word"], "'word'"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, capsys, body, arguments, said):
    qmd = document(tmp_path / "results" / "notes", body)
    assert main(["render", str(qmd), *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_document_elsewhere_has_no_styles(tmp_path, capsys):
    note = tmp_path / "note.qmd"
    note.write_text("---\ntitle: T\nlang: en\ndate: 2026-11-24\n---\n\nWords.\n")
    assert main(["render", str(note)]) == 1
    assert "no _quarto.yml in any folder above" in capsys.readouterr().err
