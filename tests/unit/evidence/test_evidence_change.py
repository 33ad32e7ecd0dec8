"""Changes within a series, shares of reporters, and facts told by several sources."""

import numpy as np
import pandas as pd
import pytest
from evidence_frames import counts, facts, public
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.measures.conflicting_sources import (
    BOTH,
    COUNTED,
    COUNTED_BY,
    EARLIER,
    LATER,
    UNKNOWN,
    find_conflicting_sources,
    select_preferred,
)
from disrupting_harm.evidence.measures.reporter_shares import tabulate_reporters
from disrupting_harm.evidence.measures.yearly_change import compare_with_year_before
from disrupting_harm.evidence.tables import TABLES

ALL_TABLES = list(TABLES.values())
RULE = ["counted", "source_id"]


def changes(*frames, breaks=()):
    frame = pd.concat(frames, ignore_index=True)
    return compare_with_year_before(frame, ["country"], RULE, "reports", breaks)


def test_the_order_of_rows_does_not_matter():
    frame = counts("cybertips", [10, 20, 50], 2019)
    straight = compare_with_year_before(frame, ["country"], RULE, "reports")
    turned = compare_with_year_before(frame[::-1], ["country"], RULE, "reports").sort_index()
    pd.testing.assert_frame_equal(straight, turned)
    assert straight["change_percent"].tolist()[1:] == [100.0, 150.0]


def test_places_do_not_mix():
    found = changes(counts("cybertips", [10], 2019), counts("cybertips", [40], 2020, country="UGA"))
    assert found["change_percent"].isna().all()
    assert not found["series_break"].any()


def test_no_change_without_a_number_in_either_year():
    found = changes(counts("cybertips", [10, None, 30, 0, 5], 2018))
    assert found["change_percent"].isna().tolist() == [True, True, True, False, True]
    assert found["change_percent"][3] == -100.0
    assert not found["series_break"].any()


@pytest.mark.parametrize("other", [{"counted": "referrals"}, {"source_id": "t"}])
def test_another_rule_or_source_is_a_break(other):
    found = changes(counts("cybertips", [10, 20], 2018), counts("cybertips", [5, 6], 2020, **other))
    assert found["series_break"].tolist() == [False, False, True, False]
    assert found["change_percent"].isna().tolist() == [True, False, True, False]


def test_a_break_for_everyone_holds_across_a_gap():
    frame = pd.concat([counts("cybertips", [10], 2023), counts("cybertips", [12, 15], 2025)])
    found = compare_with_year_before(
        frame.reset_index(drop=True), ["country"], RULE, "reports", breaks=(2024,)
    )
    assert found["series_break"].tolist() == [False, True, False]
    assert found["change_percent"].isna().tolist() == [True, True, False]


def shares(*rows, year=2020):
    table = tabulate_reporters(
        facts("reporters", *({"reporter": name, "year": year} | row for name, row in rows))
    )
    return public("reporters", table)


def test_shares_are_of_the_total_and_the_rest_is_unknown():
    found = shares(
        ("all", {"reports": 100}),
        ("A", {"reports": 60}),
        ("B", {"reports": 20}),
        ("C", {"reports": None, "status": "suppressed"}),
    )
    assert found["reporter"].tolist() == ["A", "B", "C"]
    assert found["share_percent"].tolist()[:2] == [60.0, 20.0]
    assert np.isnan(found["share_percent"][2])
    # At least 0.6² + 0.2²; at the most the rest of 0.2 belongs to the largest.
    assert set(found["hhi"]) == {0.4}
    assert set(found["hhi_high"]) == {0.68}


def test_reports_without_a_reporter_are_part_of_the_total_alone():
    found = shares(("A", {"reports": 30}), ("not_recorded", {"reports": 70}))
    assert dict(zip(found["reporter"], found["share_percent"], strict=True)) == {
        "A": 30.0,
        "not_recorded": 70.0,
    }
    assert set(found["hhi"]) == {0.09}
    assert set(found["hhi_high"]) == {1.0}


def test_without_a_total_there_are_no_shares():
    found = shares(("A", {"reports": 30}), ("B", {"reports": None, "status": "refused"}))
    assert found[["share_percent", "hhi", "hhi_high"]].isna().all(axis=None)
    assert found["reports"].tolist()[0] == 30
    zero = shares(("A", {"reports": 0, "status": "zero_reported"}))
    assert zero["hhi"].isna().all()


def test_reporters_beyond_their_total_are_refused():
    with pytest.raises(StudyError, match="KEN 2020 s: the reporters add up to 30, more than"):
        shares(("all", {"reports": 20}), ("A", {"reports": 30}))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8), st.integers(0, 10**6))
def test_concentration_lies_between_its_limits(amounts, rest):
    rows = [(f"R{at}", {"reports": amount}) for at, amount in enumerate(amounts)]
    found = tabulate_reporters(
        facts(
            "reporters",
            {"reporter": "all", "reports": sum(amounts) + rest},
            *({"reporter": name} | row for name, row in rows),
        )
    )
    low, high = found["hhi"][0], found["hhi_high"][0]
    total = sum(amounts) + rest
    # However the rest is cut into reporters, or given to those known, the index lies between.
    for extra in ([], [rest], [rest / 2] * 2, [rest / 50] * 50):
        index = sum((amount / total) ** 2 for amount in [*amounts, *extra])
        assert low - 1e-4 <= index <= high + 1e-4
    index = sum((a / total) ** 2 for a in [max(amounts) + rest, *sorted(amounts)[:-1]])
    assert index == pytest.approx(high, abs=1e-4)
    assert low <= high <= 1


def test_the_first_source_with_a_number_is_preferred():
    frame = pd.concat(
        [
            counts("cybertips", [None], 2019, source_id="a"),
            counts("cybertips", [2], 2019, source_id="c"),
            counts("cybertips", [1], 2019, source_id="b"),
        ],
        ignore_index=True,
    )
    found = select_preferred(frame, ["country", "year"], "reports", ["a", "b", "c"])
    assert found["source_id"].tolist() == ["b"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"counted_by": "the police"}, COUNTED_BY),
        ({"counted": "referrals"}, COUNTED),
        ({"counted": "referrals", "counted_by": "the police"}, BOTH),
        ({}, UNKNOWN),
    ],
)
def test_several_sources_stand_side_by_side_with_a_reason(other, reason):
    told = pd.concat(
        [
            counts("cybertips", [418_422], 2019, source_id="t", source="The other", **other),
            counts("cybertips", [801_272, 5], 2019, source="The one"),
        ],
        ignore_index=True,
    )
    found = public(
        "several_sources", find_conflicting_sources(ALL_TABLES, {"cybertips": told}, ["s", "t"])
    )
    assert found["figure"].tolist() == [801_272, 418_422]
    assert found["used"].tolist() == [True, False]
    assert found["source"].tolist() == ["The one", "The other"]
    assert set(found["difference_reason"]) == {reason}
    assert set(found["year"]) == {2019}


def test_a_figure_that_its_body_revised_says_so_and_is_no_average():
    told = pd.concat(
        [
            counts("cybertips", [801_272, 1_339_597], 2019, source="NCMEC"),
            *(
                counts(
                    "cybertips", figures, 2019, source_id=f"doj{day[:4]}", source="The ministry",
                    counted_by="a ministry", counted="received", as_of=day,
                )
                for day, figures in (
                    ("2021-12-28", [418_422, 1_297_474]),
                    ("2022-12-12", [426_961, 1_297_474]),
                )
            ),
        ],
        ignore_index=True,
    )  # fmt: skip
    found = public(
        "several_sources",
        find_conflicting_sources(ALL_TABLES, {"cybertips": told}, ["s", "doj2021", "doj2022"]),
    )
    assert found[["year", "figure", "difference_reason"]].values.tolist() == [
        [2019, 801_272, BOTH],
        [2019, 418_422, EARLIER],
        [2019, 426_961, LATER],
        [2020, 1_339_597, BOTH],
        [2020, 1_297_474, BOTH],
        [2020, 1_297_474, BOTH],
    ]


def test_one_source_tells_no_fact_twice():
    found = find_conflicting_sources(
        ALL_TABLES, {"cybertips": counts("cybertips", [1, 2], 2019)}, ["s"]
    )
    assert public("several_sources", found).empty
    assert find_conflicting_sources(ALL_TABLES, {}, []).empty
