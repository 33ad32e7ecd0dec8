"""Rows of public tables: texts stay texts, numbers have addresses, and what is hidden has none."""

import csv
import math
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import Interval, PublicRow

SHOWN = {"indicator": "a", "country": "KEN", "n": "900", "estimate": "0.0", "ci_low": "0.0",
         "ci_high": "0.012", "shown": "0.0"}  # fmt: skip
HIDDEN = {"indicator": "a", "country": "UGA", "n": "", "estimate": "", "ci_low": "", "ci_high": "",
          "shown": "*"}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "prevalence.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(SHOWN))
        writer.writeheader()
        writer.writerows([SHOWN, HIDDEN])
    return path


def test_a_table_is_read_with_the_addresses_of_its_numbers(table: Path) -> None:
    shown, hidden = read_public_rows(table, compared=True)
    assert (shown, hidden) == (SHOWN, HIDDEN)
    estimate, n = shown.number("estimate"), shown.whole_number("n")
    assert (estimate, n) == (0.0, 900)
    assert address_of(estimate) == "compare/prevalence/a/KEN/estimate"
    assert address_of(n) == "compare/prevalence/a/KEN/n"
    assert read_public_rows(table, ("UGA",), compared=True) == [HIDDEN]


def test_an_estimate_of_nought_is_shown_and_an_empty_cell_is_not(table: Path) -> None:
    shown, hidden = read_public_rows(table, compared=True)
    assert (shown.is_shown, shown.decimals, shown.interval()) == (True, 1, (0.0, 0.0, 0.012))
    assert (hidden.is_shown, hidden.interval(), hidden.find_number("n")) == (False, None, None)
    with pytest.raises(StudyError, match="column 'estimate': it has no number"):
        hidden.number("estimate")
    with pytest.raises(StudyError, match="column 'n': it has no number"):
        hidden.whole_number("n")


@pytest.mark.parametrize(
    ("limits", "overlaps"), [((0.3, 0.4), False), ((0.2, 0.4), True), ((0.0, 0.5), True)]
)
def test_intervals_that_share_an_end_overlap(limits: tuple[float, float], overlaps: bool) -> None:
    interval, other = Interval(0.15, 0.1, 0.2), Interval(math.fsum(limits) / 2, *limits)
    assert interval.overlaps(other) is other.overlaps(interval) is overlaps


def test_a_row_is_a_mapping_of_texts() -> None:
    assert PublicRow(SHOWN)["estimate"] == "0.0"
    assert PublicRow(SHOWN) == SHOWN
