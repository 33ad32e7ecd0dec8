"""Recorded offences: nothing is added that does not belong together, no status is merged."""

from collections.abc import Sequence

import pandas as pd
import pytest
from evidence_frames import KENYA, counts, facts, public, status_of

from disrupting_harm.evidence.measures.offences import (
    rate_offences,
    sum_over_victims,
    tabulate_offence_changes,
    total_offences,
)


def offence(count: int | None, **more) -> dict:
    return {"offences": count, "status": status_of(count)} | more


def rates(*frames: pd.DataFrame, order: Sequence[str] = ("s", "t")) -> pd.DataFrame:
    found = rate_offences(pd.concat(frames, ignore_index=True), [KENYA], order)
    return public("offence_rates", found)


@pytest.mark.parametrize(
    "column", ["agency", "year", "category", "technology", "stage", "counting_rule"]
)
def test_what_differs_is_never_added(column):
    other = {
        "agency": "Cyber unit",
        "year": 2018,
        "category": "csea",
        "technology": "not_recorded",
        "stage": "charged",
        "counting_rule": "cases",
    }[column]
    found = rates(facts("offences", offence(20), offence(30, offence_code="O2", **{column: other})))
    assert sorted(found["offences"]) == [20, 30]
    same = rates(facts("offences", offence(20), offence(30, offence_code="O2")))
    assert same["offences"].tolist() == [50]
    assert same["offence_codes"].tolist() == [2]


@pytest.mark.parametrize(
    ("parts", "total", "status"),
    [
        ([0, 0], 0, "zero_reported"),
        ([0, 5], 5, "reported"),
        ([7, None], 7, "incomplete"),
        ([0, None], 0, "incomplete"),
        ([None, None], None, "not_recorded"),
    ],
)
def test_the_status_of_a_total(parts, total, status):
    found = rates(
        facts(
            "offences",
            *(offence(count, offence_code=f"O{at}") for at, count in enumerate(parts)),
        )
    )
    assert found["status"].tolist() == [status]
    assert found["offences"].tolist() == [total] or pd.isna(found["offences"][0])
    assert pd.isna(found["offences"][0]) == (total is None)
    complete = status in ("reported", "zero_reported")
    assert found["rate_per_1000_children"].notna().tolist() == [complete]
    assert found["codes_without_number"].tolist() == [parts.count(None)]


def test_reasons_for_no_number_stay_apart():
    refused = offence(None, status="refused")
    assert rates(facts("offences", refused))["status"].tolist() == ["refused"]
    both = rates(facts("offences", refused, offence(None, status="suppressed", offence_code="O2")))
    assert both["status"].tolist() == ["not_recorded"]
    assert both["offences"].isna().all()


def test_a_hidden_part_is_not_added_up_again():
    found = rates(
        facts("offences", offence(100), offence(None, offence_code="O2", status="suppressed"))
    )
    assert found["offences"].tolist() == [100]
    assert found["status"].tolist() == ["incomplete"]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        # The total of all victims stands beside its parts.
        ([("all", "all", 12), ("girl", "all", 7), ("boy", "all", 5), ("all", "0-11", 4)], 12),
        # By sex and by age: the same victims twice.
        ([("girl", "all", 7), ("boy", "all", 5), ("all", "0-11", 4), ("all", "12-17", 8)], 12),
        ([("all", "0-11", 4), ("all", "12-17", 8), ("girl", "12-17", 3)], 12),
        ([("girl", "0-11", 4), ("boy", "0-11", 5), ("girl", "12-17", 3)], 12),
        ([("girl", "all", 7), ("boy", "all", None)], None),
        ([("girl", "all", 0), ("boy", "all", 0)], 0),
    ],
)
def test_victims_are_counted_once(rows, total):
    told = facts(
        "offences",
        *(offence(count, victim_sex=sex, victim_age_band=age) for sex, age, count in rows),
    )
    found = sum_over_victims(told)
    assert len(found) == 1
    assert found[["victim_sex", "victim_age_band"]].iloc[0].tolist() == ["all", "all"]
    assert found["status"].tolist() == [status_of(total)]
    assert pd.isna(found["offences"][0]) if total is None else found["offences"][0] == total


def test_rates_are_per_thousand_children():
    children = {**KENYA, "children": 10_000}
    found = rate_offences(counts("offences", [10], 2019), [children], ["s"])
    assert found["rate_per_1000_children"].tolist() == [1.0]
    assert found["denominator_source"].tolist() == ["a census"]
    assert "12-17" in found["note"][0]
    unknown = rate_offences(
        counts("offences", [10], 2019), [{**KENYA, "children_source": "invented"}], ["s"]
    )
    assert unknown["rate_per_1000_children"].isna().all()
    assert unknown["offences"].tolist() == [10]


def test_how_much_totals_changed_has_a_table_of_its_own():
    def changes(*frames: pd.DataFrame) -> pd.DataFrame:
        found = tabulate_offence_changes(pd.concat(frames, ignore_index=True), [KENYA], ["s"])
        return public("offence_changes", found)

    row = changes(counts("offences", [40, 20, 30], 2017)).iloc[0]
    assert row[["agency", "counting_rule", "stage"]].tolist() == ["Police", "victims", "reported"]
    assert (row["first_year"], row["last_year"], row["changes"]) == (2017, 2019, 2)
    assert row[["ratio_low", "ratio_median", "ratio_high"]].tolist() == [0.5, 1.0, 1.5]
    # A total of which a part has no number makes no change, nor does one of other codes.
    part = counts("offences", [None], 2018, offence_code="O2")
    assert changes(counts("offences", [40, 20], 2017), part).empty
    assert changes(counts("offences", [40, 20], 2017), part).empty
    assert changes(counts("offences", [40, 20], 2017, country="UGA")).empty


def test_changes_need_the_same_codes_in_both_years():
    first = counts("offences", [10, 20], 2018)
    assert rates(first)["change_percent"].tolist()[1] == 100.0
    more = counts("offences", [5], 2019, offence_code="O2")
    found = rates(first, more)
    assert found["offences"].tolist() == [10, 25]
    assert found["change_percent"].isna().all()
    assert found["series_break"].tolist() == [False, True]


def test_of_two_sources_that_of_the_first_is_used():
    told = [counts("offences", [10], 2019), counts("offences", [70], 2019, source_id="t")]
    assert rates(*told)["offences"].tolist() == [10]
    assert rates(*told, order=("t", "s"))["offences"].tolist() == [70]


def test_other_countries_and_empty_tables():
    assert rates(counts("offences", [10], 2019, country="UGA")).empty
    empty = rates(facts("offences"))
    assert empty.empty
    assert total_offences(facts("offences"), ["s"]).empty
