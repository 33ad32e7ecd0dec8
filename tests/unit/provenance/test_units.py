"""Every number that a study may publish has a unit, and lines of R or words in their place."""

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.explain.explain_r import WITHOUT_R_LINES
from disrupting_harm.provenance.explain.explain_survey import COUNTRY_TABLE_METHODS
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS
from disrupting_harm.provenance.r_code.recompute_compared import COMPUTED
from disrupting_harm.tables.quality_facts import FACTS, IN_SHORT, find_fact

NUMBERS = ("number", "integer")


def test_numbers_of_evidence_have_units() -> None:
    numbers = [
        (name, field.name, field.unit)
        for name, public in PUBLIC.items()
        for field in public.fields
        if field.kind in NUMBERS
    ]
    assert [each for each in numbers if not each[2]] == []
    assert len(numbers) > 40


@pytest.mark.parametrize(
    ("path", "column", "statistic", "unit"),
    [
        ("estimates.csv", "estimate", "proportion", "share, from 0 to 1"),
        ("countries/KEN/estimates.csv", "whole_low", "proportion", "per cent"),
        ("comparison/gaps.csv", "points", "proportion", "percentage points"),
        ("estimates.csv", "shown", "proportion", "per cent"),
        ("comparison/prevalence.csv", "estimate", "mean", "the answer's own, as its mean"),
        ("comparison/gaps.csv", "ci_low", "", "difference of two shares, from -1 to 1"),
        ("comparison/gaps.csv", "ci_low", "mean", "the answer's own, as its mean"),
        ("comparison/adjusted.csv", "ci_low", "mean", "ratio, without a unit"),
        ("comparison/denominators.csv", "population", "proportion", "children"),
        ("countries/KEN/dyads.csv", "n", "", "pairs of a child and a caregiver"),
        ("evidence/capacity_needs.csv", "weight", "", "share, from 0 to 1"),
        ("figures/KEN/en/told.csv", "value", "mean", "as the axis of its panel says"),
    ],
)
def test_a_unit_is_that_of_the_column_in_its_table(
    path: str, column: str, statistic: str, unit: str
) -> None:
    assert describe_column(path, column).unit_for(statistic) == unit


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(StudyError, match=r"comparison/gaps\.csv, column 'no_such'"):
        describe_column("comparison/gaps.csv", "no_such")


def test_a_table_has_lines_of_r_or_words_in_their_place() -> None:
    with_lines = {*COMPUTED, OPTIONS, PAIRS}
    assert with_lines | {*WITHOUT_R_LINES} == {*COMPARISON_KEYS, *COUNTRY_KEYS} - {ESTIMATES}
    assert not with_lines & {*WITHOUT_R_LINES}
    assert {*COUNTRY_TABLE_METHODS} == {*COUNTRY_KEYS} - {ESTIMATES}


def test_a_fact_is_found_by_its_key_and_one_that_nobody_described_is_refused() -> None:
    assert find_fact("quality", "psus").unit == "PSUs"
    assert find_fact("quality", "margins/sex_age:girl+12-13/after_share").meaning.startswith(
        "Weight"
    )
    assert find_fact("quality", "item_nonresponse/high/told_nobody/share").base == "persons asked"
    with pytest.raises(StudyError, match="it is not described"):
        find_fact("quality", "weights/largest")
    assert {*IN_SHORT} == {*FACTS}
