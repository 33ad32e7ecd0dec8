"""The digest that stands for the code of a stage."""

from pathlib import Path

import pytest

from disrupting_harm.core.paths import PACKAGE, SOURCES
from disrupting_harm.provenance.imports import _line, fingerprint, imported_files


def written(folder: Path, **texts: str) -> list[Path]:
    """Write modules below a folder and return their files."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    _line.cache_clear()
    return sorted(folder.glob("*.py"))


def test_a_digest_is_the_same_in_any_folder_and_order(tmp_path: Path) -> None:
    here = written(tmp_path / "here", one="x = 1\n", two="y = 2\n")
    there = written(tmp_path / "there", one="x = 1\n", two="y = 2\n")
    expected = fingerprint(here, tmp_path / "here")
    assert fingerprint(reversed(there), tmp_path / "there") == expected


def test_any_edit_name_or_further_file_is_another_digest(tmp_path: Path) -> None:
    before = fingerprint(written(tmp_path, one="x = 1\n", two="y = 2\n"), tmp_path)
    edited = fingerprint(written(tmp_path, two="y = 3\n"), tmp_path)
    swapped = fingerprint(written(tmp_path, one="y = 2\n", two="x = 1\n"), tmp_path)
    more = fingerprint(written(tmp_path, one="x = 1\n", two="y = 2\n", three=""), tmp_path)
    assert len({before, edited, swapped, more}) == 4


@pytest.mark.parametrize("stage", ["report", "site", "databook", "explorer", "manifest"])
def test_a_job_that_draws_nothing_loads_nothing_to_draw_with(stage: str) -> None:
    """seaborn and what it loads would be half of the time that a changed text takes."""
    drawing = PACKAGE / "report" / "figures" / "drawing" / "style.py"
    assert drawing in imported_files(PACKAGE / "stages" / "figures.py", *SOURCES)
    assert drawing not in imported_files(PACKAGE / "stages" / f"{stage}.py", *SOURCES)
