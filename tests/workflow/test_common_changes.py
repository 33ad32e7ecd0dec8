"""Common changes: what ``docs/common-changes.md`` says is done literally, and the study is run."""

import csv
import html
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from checkout import Checkout, hashes, make_checkout
from openpyxl import load_workbook
from repository import PROJECT

PAGE = (PROJECT / "docs/common-changes.md").read_text(encoding="utf-8")
MOST_FILES = 2
STEP = re.compile(
    r"^(?:In `(?P<path>[^`]+)`, (?P<how>at the end|below|instead of)(?: `(?P<at>[^`]+)`)?"
    r"|New file `(?P<new>[^`]+)`|(?P<run>Run)):\n\n```\w*\n(?P<text>.*?)```$",
    re.MULTILINE | re.DOTALL,
)
CHAPTERS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@dataclass(frozen=True)
class Changed:
    """The default study after changes."""

    checkout: Checkout
    touched: dict[str, list[str]]  # files by chapter of the page

    @property
    def public(self) -> Path:
        return self.checkout.folder / "results/public"

    def table(self, path: str) -> list[dict[str, str]]:
        with (self.public / path).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def follow(checkout: Checkout, chapter: str) -> list[str]:
    """Do what a chapter says, and return the files that a person edits for it."""
    return list(dict.fromkeys(_steps(checkout, chapter)))


def _steps(checkout: Checkout, chapter: str) -> Iterator[str]:
    for step in STEP.finditer(chapter):
        text = step["text"]
        if step["run"]:
            _run(checkout, text)
            continue
        path = checkout.folder / (step["path"] or step["new"])
        if step["new"]:
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif step["how"] == "at the end":
            path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        elif step["how"] == "below":
            checkout.edit(step["path"], f"{step['at']}\n", f"{step['at']}\n{text}")
        else:
            checkout.edit(step["path"], step["at"], text.removesuffix("\n"))
        yield path.relative_to(checkout.folder).as_posix()


def _run(checkout: Checkout, commands: str) -> None:
    for line in commands.splitlines():
        program, *arguments = shlex.split(line)
        assert program.startswith(".venv/bin/")
        module = ["-m", "disrupting_harm"] if program.endswith("/disrupting-harm") else []
        done = subprocess.run(
            [sys.executable, *module, *arguments],
            cwd=checkout.folder,
            env=checkout.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def _translate(path: Path) -> None:
    """Fill three of four entries of a catalogue, as somebody in the midst of the work has."""
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale="st")
    for number, entry in enumerate(entry for entry in catalogue if entry.id):
        if number % 4:
            # Of a text with a number there are two forms, in Sesotho as in English.
            forms = entry.id if entry.pluralizable else (entry.id,)
            filled = tuple(f"«{form}»" for form in forms)
            entry.string = filled if entry.pluralizable else filled[0]
    written = io.BytesIO()
    write_po(written, catalogue, omit_header=True)
    path.write_bytes(path.read_bytes().partition(b"\n\n")[0] + b"\n\n" + written.getvalue())


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    """The default study after all changes."""
    checkout = make_checkout(tmp_path_factory.mktemp("changes") / "checkout")
    touched = {}
    for name, chapter in CHAPTERS.items():
        before = hashes(checkout.folder)
        touched[name] = follow(checkout, chapter)
        after = hashes(checkout.folder)
        assert not set(before) - set(after)
        assert set(touched[name]) <= {path for path in after if after[path] != before.get(path)}
    return Changed(checkout, touched)


@pytest.fixture(scope="module")
def changed_run(followed: Changed) -> Changed:
    """The same, run for the country that is new."""
    checkout = followed.checkout
    _translate(checkout.folder / "workflow/templates/locale/st/LC_MESSAGES/report.po")
    # What the study then says.
    checkout.edit("config/config.yaml", "interval: korn_graubard", "interval: agresti_coull")
    checkout.edit("config/config.yaml", "reliability: nchs2017", "reliability: our_own")
    # Shorter: one page of one report is as good as all formats of all.
    checkout.edit("config/config.yaml", "renderer: auto", "renderer: embedded")
    checkout.edit("config/config.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    checkout.restrict(("LSO",))
    done = checkout.run()
    assert done.returncode == 0, done.stderr
    return followed


def test_each_change_can_be_made_and_touches_two_files_at_most(followed: Changed) -> None:
    for name, files in followed.touched.items():
        assert 1 <= len(files) <= MOST_FILES, f"{name}: {files}"


def test_the_code_that_the_changes_add_finds_what_it_imports(followed: Changed) -> None:
    files = (path for files in followed.touched.values() for path in files)
    modules = [
        path.removesuffix(".py").partition("src/")[2].replace("/", ".")
        for path in files
        if path.endswith(".py")
    ]
    assert len(modules) > 3
    command = [sys.executable, "-c", f"import {', '.join(modules)}"]
    environment = followed.checkout.environment()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_new_country_has_its_report_and_its_rows(changed_run: Changed) -> None:
    assert "Lesotho" in (changed_run.public / "reports/LSO/en/report.html").read_text(
        encoding="utf-8"
    )
    rows = changed_run.table("estimates.csv")
    assert {row["country"] for row in rows} == {"LSO"}


def test_a_new_language_has_a_draft_with_its_words(changed_run: Changed) -> None:
    folder = changed_run.public / "reports/LSO/st"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'lang="st"' in page
    assert "Setšoantšo" in page
    status = json.loads((folder / "status.json").read_text(encoding="utf-8"))
    assert status["draft_translation"] is True
    assert len(status["untranslated"]) > 50
    assert f"{len(status['untranslated'])}" in page


def test_a_new_column_is_published_and_described(changed_run: Changed) -> None:
    rows = changed_run.table("comparison/comparability.csv")
    assert {row["region"] for row in rows} == {"Eastern and Southern Africa"}
    package = json.loads((changed_run.public / "datapackage.json").read_text(encoding="utf-8"))
    (table,) = (r for r in package["resources"] if r["path"] == "comparison/comparability.csv")
    field = {"name": "region", "type": "string", "description": "Region of the country."}
    assert field in table["schema"]["fields"]


def test_a_new_interval_is_computed_and_named(changed_run: Changed) -> None:
    shown = [row for row in changed_run.table("countries/LSO/estimates.csv") if row["estimate"]]
    assert {row["interval"] for row in shown} == {"agresti_coull", "wald_t"}
    notes = load_workbook(changed_run.public / "databooks/LSO/en/databook.xlsx")[
        "For statisticians"
    ]
    told = " ".join(str(cell) for row in notes.values for cell in row)
    assert "Agresti–Coull and Student's t" in told
    assert "Korn–Graubard" not in told


def test_a_new_presentation_standard_decides_and_is_told(changed_run: Changed) -> None:
    estimates = changed_run.table("countries/LSO/estimates.csv")
    # From 40 answers an estimate is shown, unless it could tell of somebody.
    few = [row for row in estimates if row["status"] == "suppress_reliability"]
    marked = [row for row in estimates if row["status"] == "caution"]
    assert few
    assert marked
    assert all(int(row["n"]) >= 40 for row in marked)
    assert "As at the institute, an estimate is shown from 40 answers" in _text(changed_run, "en")


def test_a_new_figure_stands_in_the_report_with_its_table_and_its_texts(
    changed_run: Changed,
) -> None:
    assert 'id="fig-reading"' in (changed_run.public / "reports/LSO/en/report.html").read_text(
        "utf-8"
    )
    rows = changed_run.table("figures/LSO/en/reading.csv")
    # One row for all children each, and none of a group of them.
    assert sorted(row["address"] for row in rows) == ["LSO/looks_for_news", "LSO/reads_books"]
    whole = sorted(
        int(row["whole"])
        for row in changed_run.table("countries/LSO/estimates.csv")
        if row["indicator"] in ("looks_for_news", "reads_books") and row["domain"] == "total"
    )
    # Its title says between what the shares lie.
    title = f"Reading online: from {whole[0]}% to {whole[-1]}%, Lesotho"
    assert title in _text(changed_run, "en")
    path = changed_run.public / "reports/LSO/st/status.json"
    assert "Reading online" in json.loads(path.read_text(encoding="utf-8"))["untranslated"]


def test_a_new_figure_of_evidence_has_each_count_of_the_last_year(changed_run: Changed) -> None:
    page = (changed_run.public / "reports/LSO/en/report.html").read_text("utf-8")
    assert 'id="fig-hotlines"' in page
    published = [
        row for row in changed_run.table("evidence/hotlines.csv") if row["country"] == "LSO"
    ]
    last = [row for row in published if row["year"] == max(row["year"] for row in published)]
    rows = changed_run.table("figures/LSO/en/hotlines.csv")
    assert [row["value"] for row in rows] == [
        f"{float(row['contacts'])}" if row["contacts"] else "" for row in last
    ]
    figures = json.loads((changed_run.public / "figures/LSO/en/figures.json").read_text("utf-8"))
    (figure,) = (figure for figure in figures if figure["id"] == "hotlines")
    for row in last:
        shown = f"{int(row['contacts']):,}" if row["contacts"] else "not recorded"
        assert f": {shown}" in figure["alt"]


def _text(changed: Changed, language: str) -> str:
    page = (changed.public / "reports/LSO" / language / "report.html").read_text(encoding="utf-8")
    return " ".join(html.unescape(page).split())


def test_a_new_indicator_is_estimated_and_its_label_listed_until_it_is_translated(
    changed_run: Changed,
) -> None:
    rows = changed_run.table("countries/LSO/estimates.csv")
    (national,) = (r for r in rows if (r["indicator"], r["level"]) == ("reads_books", "all"))
    assert float(national["ci_low"]) < 0.2 < float(national["ci_high"])
    assert "Read books online" in _text(changed_run, "en")
    assert "Read books online" in _text(changed_run, "st")
    path = changed_run.public / "reports/LSO/st/status.json"
    assert "Read books online" in json.loads(path.read_text(encoding="utf-8"))["untranslated"]
