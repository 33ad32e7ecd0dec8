"""The tutorials of docs/ are done word by word; the gallery shows what a run draws."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import Checkout
from repository import PROJECT

PAGES = ("your-survey", "tutorial-note", "tutorial-review", "tutorial-module")
BLOCK = re.compile(r"(?:File `([^`]+)`:\n\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"make run CONFIG=(\S+)")


@pytest.fixture(scope="module")
def place(nhanes2: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the example's finished run with the environment that `make` would set up."""
    copy = nhanes2.copy_to(tmp_path_factory.mktemp("tutorials") / "workflow")
    (copy.folder / ".venv").symlink_to(sys.prefix)
    return copy


def read_page(name: str) -> str:
    return (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def run_lines(place: Checkout, lines: str) -> subprocess.CompletedProcess[str]:
    """Run a block of a page as it stands, but for `make run`, whose environment is there."""
    script = MAKE.sub(r".venv/bin/disrupting-harm run --config \1 --cores 2", lines)
    return subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=place.folder,
        env=place.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_tutorial_does_what_it_says(place: Checkout, page: str) -> None:
    said, compared = "", 0
    for path, language, text in BLOCK.findall(read_page(page)):
        if path:
            (place.folder / path).parent.mkdir(exist_ok=True)
            (place.folder / path).write_text(text, encoding="utf-8")
        elif language == "sh":
            done = run_lines(place, text)
            assert done.returncode == 0, (text, done.stderr)
            said = done.stdout + done.stderr
        elif not language and page != "tutorial-note":
            compared += 1
            assert [line for line in text.splitlines() if line.strip() not in said] == [], said
    assert compared or page == "tutorial-note"


def test_a_note_says_and_refuses_what_its_tutorial_says(place: Checkout) -> None:
    """After the tutorial on notes: its first sentence, and the two faults that it names."""
    page = read_page("tutorial-note")
    config = "config/examples/nhanes2/config.yaml"
    note = place.folder / "south" / "south.qmd"
    path, _, text = next(block for block in BLOCK.findall(page) if block[0])
    assert place.folder / path == note
    note.parent.mkdir(exist_ok=True)
    note.write_text(text, encoding="utf-8")
    assert place.say("render", note.as_posix(), "--config", config).returncode == 0
    (sentence,) = re.findall(r'The first sentence reads "(.+)"', page)
    filled = note.with_suffix(".html").read_text(encoding="utf-8")
    assert sentence in re.sub(r"<[^>]+>", "", filled).replace("\n", " ")
    typed, hidden = re.findall(r"`(In the South .+?|\{\{< number .+? >\}\})`", page)
    note.write_text(f"{text}\n{typed}\n\n{hidden}\n", encoding="utf-8")
    refused = place.say("render", note.as_posix(), "--config", config)
    assert refused.returncode != 0
    faults = next(text for _, language, text in BLOCK.findall(page) if not language)
    assert [line for line in faults.splitlines() if line not in refused.stderr] == []


def test_each_picture_of_the_gallery_is_one_that_a_run_draws(public: Path) -> None:
    page = read_page("gallery")
    figures = re.findall(r"^\*\*.+?\*\* \(`(figures/[^`]+)`\)", page, re.MULTILINE)
    pictures = re.findall(r"^!\[.+?\]\((images/gallery/[^)]+)\)$", page, re.MULTILINE | re.DOTALL)
    assert [Path(figure).stem for figure in figures] == [Path(name).stem for name in pictures]
    assert [figure for figure in figures if not (public / figure).is_file()] == []
    assert [name for name in pictures if not (PROJECT / "docs" / name).is_file()] == []
