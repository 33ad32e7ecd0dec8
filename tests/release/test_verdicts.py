"""Every public row, and every sentence, cell and mark on it, has one verdict."""

import csv
import shutil
from pathlib import Path

import pytest
from verdicts import Verdicts, faults, faults_of_row, tables_with_verdicts

TABLES = {"pairwise", "against_region", "gaps", "gap_pairs", "adjusted", "adjusted_countries"}


def test_every_row_is_clear_exactly_where_its_interval_and_its_ratio_say_so(public: Path) -> None:
    found, compared = faults(public)
    assert not found, found[:20]
    assert compared["rows"] >= 100
    assert {path.stem for path, _ in tables_with_verdicts(public)} >= TABLES


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("clear", "True"),
        ("ci_low", "0.001"),
        ("ratio_low", "1.01"),
        ("points_low", "1"),
    ],
)
def test_a_row_that_contradicts_itself_is_found(
    public: Path, tmp_path: Path, name: str, spoilt: str
) -> None:
    folder = tmp_path / "comparison"
    shutil.copytree(public / "comparison", folder)
    path = folder / "gaps.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(one for one in rows if one["clear"] == "False" and one["points_low"])
    assert faults_of_row(row, "gaps") == []
    row[name] = spoilt
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert len(Verdicts(tmp_path).faults) >= 1
