"""The documents of a note, its record, and what is refused before anything is written."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from note_study import CONFIG, study, write_note, write_results
from public_results import row, shown
from rendering_sample import TEMPLATES

from disrupting_harm.__main__ import main
from disrupting_harm.core.files import read_json
from disrupting_harm.notes.fill import fill_note
from disrupting_harm.notes.render_note import make_record

BODY = """\
Of {{< number uses_daily/n >}} children, {{< share uses_daily >}} said so.
See @fig-by-group-clear_examples.

{{< figure by-group-clear_examples >}}

{{< table uses_daily/sex >}}
"""
OTHER = row("uses_daily", "total", "all", **shown(0.5, 0.45, 0.55, n=1042))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_results(tmp_path / "results" / "public")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def render(note: Path, *arguments: str) -> int:
    return main(["render", str(note), "--config", str(CONFIG), *arguments])


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_note_becomes_three_documents_with_addresses(place: Path, capsys) -> None:
    note = write_note(place, BODY).path
    assert render(note, "--renderer", "embedded") == 0
    made = [place / "note" / f"note.{kind}" for kind in ("html", "pdf", "docx")]
    made += [place / "note" / "filled" / "note.qmd", place / "note" / "note.numbers.json"]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in made]
    page = made[0].read_text()
    assert 'data-n="KHM/uses_daily/n KHM/uses_daily/estimate KHM/quality/confidence' in page
    assert "Simulated data: not for citation" in page
    with zipfile.ZipFile(made[2]) as word:
        document = word.read("word/document.xml").decode()
    assert '<w:tag w:val="KHM/uses_daily/sex:girl/estimate"/>' in document
    assert "sdtContentLocked" in document
    assert made[1].read_bytes().startswith(b"%PDF")
    assert main(["lint-numbers", str(made[3]), "--config", str(CONFIG)]) == 0


def test_what_thefilled_note_needs_lies_beside_it(place: Path) -> None:
    note = write_note(place, BODY)
    picture = place / "note" / "images" / "own.svg"
    picture.parent.mkdir()
    shutil.copy(place / "results/public/figures/KHM/en/cybertips.svg", picture)
    note.path.write_text(note.text + '\n![Own](images/own){#fig-own fig-alt="A square"}\n')
    assert render(note.path, "--to", "html,docx", "--renderer", "embedded") == 0
    text = (place / "note" / "filled" / "note.qmd").read_text()
    assert "](../images/own)" in text
    assert "](../figures/KHM/en/by-group-clear_examples)" in text
    there = files(place / "note")
    assert {"_quarto.yml", "_shared/report-filter.lua", "fonts/NotoSans.ttf"} <= there
    assert {"figures/KHM/en/by-group-clear_examples.svg", "images/own.svg"} <= there
    # Word takes pixels: Quarto by itself finds them beside the figure.
    figure = (place / "note/figures/KHM/en/by-group-clear_examples.png").read_bytes()
    with zipfile.ZipFile(place / "note" / "note.docx") as word:
        held = [word.read(name) for name in word.namelist() if name.startswith("word/media/")]
    assert figure in held
    assert len(held) == 2
    # The filled note by itself is a document of the study.
    assert main(["render", str(place / "note/filled/note.qmd"), "--to", "html"]) == 0


def test_a_faulty_note_leaves_nothing_and_tells_all(place: Path, capsys) -> None:
    note = write_note(place, "46 {{< number nothing >}}\n\n{{< number clear_examples/sex:boy >}}")
    assert render(note.path) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("note.qmd, line") == 3
    assert "3 faults; nothing was written" in said.err
    assert files(place / "note") == {"note.qmd"}


def test_a_render_that_fails_leaves_nothing(place: Path, capsys) -> None:
    note = write_note(place, '![A](images/none){#fig-a fig-alt="Nothing"}')
    assert render(note.path, "--renderer", "embedded") == 1
    assert files(place / "note") == {"note.qmd"}


def test_one_fault_is_no_plural(place: Path, capsys) -> None:
    assert render(write_note(place, "{{< number nothing >}}").path) == 1
    assert capsys.readouterr().err.endswith("\n1 fault; nothing was written\n")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ({"tree": "0" * 64, "commit": "ab" * 20}, "other code (commit abababababab)"),
        ({"tree": "0" * 64, "commit": None}, "other code"),
        (None, "older code, which they do not name"),
    ],
)
def test_results_of_other_code_are_told_before_they_are_read(
    place: Path, capsys, code: dict | None, said: str
) -> None:
    note = write_note(place, BODY)
    path = note.public / "manifest.json"
    path.write_text(json.dumps({**read_json(path), "code": code}))
    told = (
        f"warning: {path}: results of {said}. Run the study again (make run), or use that code.\n"
    )
    # What can be read is rendered all the same.
    assert render(note.path, "--to", "html", "--renderer", "embedded") == 0
    assert capsys.readouterr().err.startswith(told)
    assert render(note.path, "--check") == 0
    assert capsys.readouterr().err.startswith(told)
    # A list of figures without what this code looks for.
    listed = note.public / "figures" / "KHM" / "en" / "figures.json"
    listed.write_text(json.dumps([{"id": "by-group-clear_examples"}]))
    assert render(note.path, "--check") == 1
    err = capsys.readouterr().err
    assert err.startswith(told)
    assert "which this code cannot read (KeyError). Run the study again" in err


@pytest.mark.slow
def test_changes_since_the_last_render_are_told(place: Path, capsys) -> None:
    note = write_note(place, BODY).path
    assert render(note, "--check") == 1
    assert "Render the note first" in capsys.readouterr().err
    assert render(note, "--to", "html", "--renderer", "embedded") == 0
    capsys.readouterr()
    assert render(note, "--check") == 0
    assert capsys.readouterr().out == ""
    shutil.rmtree(place / "results")
    write_results(place / "results" / "public", [OTHER])
    before = {path: path.read_bytes() for path in (place / "note").rglob("*") if path.is_file()}
    assert render(note, "--check") == 1
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "changed  KHM/uses_daily/ci_high  52.6 -> 55.0",
        "changed  KHM/uses_daily/ci_low  43.7 -> 45.0",
        "changed  KHM/uses_daily/estimate  48.2 -> 50.0",
    ]
    assert {p: p.read_bytes() for p in (place / "note").rglob("*") if p.is_file()} == before
    assert render(note, "--to", "html", "--renderer", "embedded") == 0
    assert told[0] in capsys.readouterr().err
    assert render(note, "--check") == 0


def test_the_record_names_every_number_figure_and_the_results(place: Path) -> None:
    note = write_note(place, BODY, "numbers-allowed: [116]\n")
    record = make_record(note, fill_note(note, study(), TEMPLATES))
    assert record["numbers"]["KHM/uses_daily/n"] == "1,042"
    assert set(record["figures"]) == {"by-group-clear_examples"}
    assert record["allowed"] == ["116"]
    assert len(record["manifest"]) == 64
    assert json.dumps(record) == json.dumps(make_record(note, fill_note(note, study(), TEMPLATES)))


def test_a_folder_of_other_documents_is_left_alone(place: Path, capsys) -> None:
    note = write_note(place, BODY).path
    (place / "note" / "_quarto.yml").write_text("project: {type: book}\n")
    assert render(note) == 1
    assert "the settings of other documents" in capsys.readouterr().err
    assert files(place / "note") == {"note.qmd", "_quarto.yml"}


def test_another_document_is_no_note(place: Path, capsys) -> None:
    other = place / "other.qmd"
    other.write_text("---\ntitle: T\nlang: en\n---\n\nWords.\n")
    assert render(other, "--check") == 1
    assert "--check is for notes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--country", "KHM"),
        pytest.param(("--country", "KHM", "--lang", "pt"), marks=pytest.mark.slow),
    ],
)
def test_a_new_note_renders_as_it_is(place: Path, capsys, arguments: tuple[str, ...]) -> None:
    started = main(["note", "new", "notes/first", "--config", str(CONFIG), *arguments])
    said = capsys.readouterr()
    if not arguments:
        # Without a country the example is of the study's first, of which there are no results here.
        assert started == 1
        assert "there is no such file" in said.err
        assert not (place / "notes").exists()
        return
    assert started == 0
    note = place / "notes" / "first" / "first.qmd"
    assert said.out.strip() == "notes/first/first.qmd"
    assert note.read_text().count("\n", 0, note.read_text().index("\n---\n", 4)) == 4
    assert render(note, "--to", "html", "--renderer", "embedded") == 0
    assert read_json(note.with_suffix(".numbers.json"))["numbers"]
    assert main(["note", "new", "notes/first", "--config", str(CONFIG), *arguments]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err
