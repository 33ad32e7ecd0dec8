"""What was found right is checked again where anything that the check reads has changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from disrupting_harm.core.files import write_text
from disrupting_harm.report.checks import run_checks
from disrupting_harm.report.checks.documents import StudyTexts
from disrupting_harm.report.checks.run_checks import RightDocuments

DOCUMENT = "reports/KEN/km/report.qmd"
LIST = "figures/KEN/km/figures.json"
EXPLORER = "explorer/km.html"
ALL = (DOCUMENT, LIST, EXPLORER)
# The check imports no such module, and reads its messages.
MODULE = "regional/claims.py"
ESTIMATES = "countries/KEN/estimates.csv"
PUBLIC = {
    DOCUMENT: "text",
    LIST: "[]",
    EXPLORER: "<p>text</p>",
    "figures/KEN/km/a.svg": "<svg/>",
    ESTIMATES: "n\n5\n",
    "countries/KHM/estimates.csv": "n\n7\n",
}
TEMPLATES = {
    "numbers.yml": "[]",
    "report.md.j2": "text",
    "locale/km/LC_MESSAGES/messages.po": "words",
    "locale/th/LC_MESSAGES/messages.po": "words",
}
SETTINGS = {"study": {"date": "2026-01-01"}, "report": {"project_languages": ["km"]}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for below, files in (("public", PUBLIC), ("templates", TEMPLATES)):
        for name, text in files.items():
            write_text(tmp_path / below / name, text)
    write_text(tmp_path / "code" / MODULE, 'words("Ages 1 to 5")')
    monkeypatch.setattr(run_checks, "templates_folder", lambda: tmp_path / "templates")
    monkeypatch.setattr(run_checks, "_MODULES", tmp_path / "code")
    note = found(tmp_path)
    for name in ALL:
        note.keep_right(tmp_path / "public" / name, 1)
    note.write()
    assert still_right(tmp_path) == [True, True, True]
    return tmp_path


def found(folder: Path, said: str = "") -> RightDocuments:
    return RightDocuments(folder / "note.json", folder / "public", said or texts().digest())


def texts(**settings: object) -> StudyTexts:
    return StudyTexts(SETTINGS | settings, {}, [], [], [])


def still_right(folder: Path, said: str = "") -> list[bool]:
    """Return whether the document, the list of figures and the explorer are known to be right."""
    note = found(folder, said)
    return [note.is_right(folder / "public" / name) for name in ALL]


@pytest.mark.parametrize(
    "name",
    [
        "templates/locale/km/LC_MESSAGES/messages.po",
        "templates/numbers.yml",
        "templates/report.md.j2",
        f"public/{ESTIMATES}",
        f"code/{MODULE}",
    ],
)
def test_an_edit_of_what_is_checked_against_makes_every_check_anew(name: str, folder: Path) -> None:
    write_text(folder / name, "edited")
    assert still_right(folder) == [False, False, False]


def test_a_catalogue_concerns_the_documents_of_its_language_alone(folder: Path) -> None:
    write_text(folder / "templates/locale/th/LC_MESSAGES/messages.po", "edited")
    assert still_right(folder) == [True, True, True]


def test_a_drawing_concerns_the_list_that_it_is_in_alone(folder: Path) -> None:
    write_text(folder / "public/figures/KEN/km/a.svg", "<svg></svg>")
    assert still_right(folder) == [True, False, True]


def test_other_settings_or_code_of_the_stage_make_every_check_anew(folder: Path) -> None:
    said = texts(study={"date": "2026-01-02"}).digest()
    assert still_right(folder, said) == [False, False, False]
    assert still_right(folder, f"code{texts().digest()}") == [False, False, False]


def test_the_same_table_in_the_folder_of_another_country_makes_every_check_anew(
    folder: Path,
) -> None:
    countries = folder / "public/countries"
    (countries / "KEN").replace(countries / "AAA")
    assert still_right(folder) == [False, False, False]
    (countries / "AAA").replace(countries / "KEN")
    assert still_right(folder) == [True, True, True]


@pytest.mark.parametrize(
    "newer",
    [
        lambda patch: patch.setattr(run_checks.platform, "python_version", lambda: "4.0"),
        lambda patch: patch.setattr(run_checks, "version", lambda name: f"{name} 99"),
    ],
    ids=["Python", "libraries"],
)
def test_another_version_of_what_reads_and_writes_makes_every_check_anew(
    newer: Callable[[pytest.MonkeyPatch], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer(monkeypatch)
    assert still_right(folder) == [False, False, False]
