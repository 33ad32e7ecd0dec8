"""What a heading may claim: the strongest form that the printed numbers bear, and no other."""

from typing import Any

import pytest
from printed_bounds import bounds_of
from whole_per_cents_by_hand import DIFFERENCE, whole, with_wholes

from disrupting_harm.report.findings.headings import (
    find_claims_of_gap,
    find_claims_of_share,
    find_strongest_claim,
    format_gap_points,
    read_gap_points,
)
from disrupting_harm.report.findings.key_figures import find_claims_of_reports
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval

FORMS = ("most", "one_in", "fewer_than_half", "in_100", "fewer", "plain")


def cell(low: float, estimate: float, high: float) -> Cell:
    printed = PercentInterval(*(whole(share) or 0 for share in (estimate, low, high)))
    return Cell("x", "total", "all", 900, estimate, low, high, "", "present", percent=printed)


def hidden(shown: str) -> Cell:
    bounds: dict[str, Any] = {k: float(v) for k, v in bounds_of(shown).items() if v != ""}
    none = (None, None, None, None)
    return Cell("x", "total", "all", *none, shown, "suppress_disclosure", **bounds)


@pytest.mark.parametrize(
    ("low", "estimate", "high", "rule", "values"),
    [
        (0.139, 0.171, 0.208, "one_in", {"k": 6}),
        (0.52, 0.60, 0.66, "most", {}),
        # Limits as printed: 50.4 is printed 50, and "most" needs more than 50.
        (0.504, 0.55, 0.60, "in_100", {"x": 55}),
        (0.506, 0.55, 0.60, "most", {}),
        (0.43, 0.462, 0.497, "in_100", {"x": 46}),  # 50 is in the interval as printed
        (0.39, 0.42, 0.45, "fewer_than_half", {}),  # neither 1 in 2 nor 1 in 3 fits
        (0.43, 0.50, 0.57, "one_in", {"k": 2}),  # 100/2 is the share as printed
        (0.36, 0.46, 0.496, "in_100", {"x": 46}),  # half is in the interval, and is not 46
        (0.044, 0.06, 0.083, "fewer_than_half", {}),  # 1 in 17 is no easier to see
    ],
)
def test_the_strongest_form_that_a_share_bears(
    low: float, estimate: float, high: float, rule: str, values: dict[str, int]
) -> None:
    assert find_strongest_claim(
        FORMS, find_claims_of_share(cell(low, estimate, high), coded=False)
    ) == (
        rule,
        values,
    )


def test_a_form_that_is_not_offered_is_not_taken() -> None:
    share = find_claims_of_share(cell(0.044, 0.06, 0.083), coded=False)
    assert find_strongest_claim(("most", "one_in", "in_100", "plain"), share) == (
        "in_100",
        {"x": 6},
    )
    assert find_strongest_claim(("most", "one_in", "plain"), share) == ("plain", {})


@pytest.mark.parametrize(
    ("shown", "rule", "values"),
    [
        ("< 10", "fewer", {"x": 10}),
        ("> 90", "most", {}),
        ("c", "plain", {}),
    ],
)
def test_a_bound_bears_what_lies_beyond_it(shown: str, rule: str, values: dict[str, int]) -> None:
    assert find_strongest_claim(FORMS, find_claims_of_share(hidden(shown), coded=False)) == (
        rule,
        values,
    )
    # A coded bound follows the estimate: the true share may lie on its other side.
    assert find_strongest_claim(FORMS, find_claims_of_share(hidden(shown), coded=True)) == (
        "plain",
        {},
    )


def test_a_bound_fills_its_own_form() -> None:
    assert find_strongest_claim(
        ("in_100", "fewer"), find_claims_of_share(hidden("< 5"), coded=False)
    ) == (
        "fewer",
        {"x": 5},
    )


def gap(difference: str, low: str, high: str, clear: bool) -> PublicRow:
    row = {
        "difference": difference,
        "ci_low": low,
        "ci_high": high,
        "clear": str(clear),
    }
    return PublicRow(with_wholes(row, DIFFERENCE))


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (gap("0.18", "0.07", "0.29", True), "more"),
        (gap("-0.17", "-0.31", "-0.04", True), "less"),
        (gap("0.033", "-0.054", "0.112", False), "no_difference"),
        # The verdict alone decides; the limit is printed as 1, not as 0.
        (gap("0.09", "0.004", "0.17", True), "more"),
        (gap("", "", "", False), "plain"),
        (None, "plain"),
    ],
)
def test_a_gap_is_one_only_where_it_was_tested(row: PublicRow | None, rule: str) -> None:
    assert (
        find_strongest_claim(
            ("more", "less", "no_difference"), find_claims_of_gap(read_gap_points(row))
        )[0]
        == rule
    )


def test_what_would_fit_is_the_end_farther_from_zero() -> None:
    found = read_gap_points(gap("0.033", "-0.122", "0.112", False))
    assert found is not None
    # Outwards: 12 would be too little.
    assert found.largest == 13
    assert format_gap_points(found) == "points 3 (-13 to 12)"


def test_a_limit_of_a_clear_difference_is_never_printed_as_0() -> None:
    found = read_gap_points(gap("0.09", "0.004", "0.171", True))
    assert found is not None
    assert format_gap_points(found) == "points 9 (1 to 17)"


@pytest.mark.parametrize(
    ("reports", "rule"),
    [
        ((10, 12, 30), "rose"),
        ((30, 12, 12), "fell"),
        # Higher at the end than at the start, with a peak between them: neither rose nor fell.
        ((10, 40, 30), None),
        ((10,), None),
    ],
)
def test_reports_rose_only_where_they_never_fell(
    reports: tuple[int, ...], rule: str | None
) -> None:
    common = {"class": "unsplit", "status": "reported", "series_break": "False"}
    rows = [
        PublicRow(common | {"year": str(2019 + at), "reports": str(number)})
        for at, number in enumerate(reports)
    ]
    assert next(iter(find_claims_of_reports(rows)), None) == rule
