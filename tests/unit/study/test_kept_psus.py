"""The table of PSUs that a wave kept."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.kept_psus import read_kept_psus

BEFORE = [("a", "1"), ("a", "2")]
NOW = [("a", "7"), ("b", "1")]
HEADER = "stratum_before,psu_before,stratum,psu\n"


def read(tmp_path: Path, rows: str):
    path = tmp_path / "kept.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return read_kept_psus(path, BEFORE, NOW)


def test_places_are_named_in_both_waves(tmp_path: Path):
    pairs = read(tmp_path, "a,1,b,1\na,2,a,7\n")
    assert pairs == [(("a", "1"), ("b", "1")), (("a", "2"), ("a", "7"))]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("a,9,a,7\n", "row 2: the wave before has no PSU 9 in stratum a"),
        ("a,1,a,1\n", "row 2: this wave has no PSU 1 in stratum a"),
        ("a,1,a,7\na,1,b,1\n", "row 3: PSU 1 of stratum a of the wave before stands twice"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, rows: str, found: str):
    with pytest.raises(StudyError, match=found):
        read(tmp_path, rows)


def test_other_columns_are_refused(tmp_path: Path):
    path = tmp_path / "kept.csv"
    path.write_text("psu,psu_before\n1,2\n", encoding="utf-8")
    with pytest.raises(StudyError, match="Write stratum_before,psu_before,stratum,psu"):
        read_kept_psus(path, BEFORE, NOW)
