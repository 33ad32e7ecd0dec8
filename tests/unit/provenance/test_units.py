"""Every number that a study may publish has a unit, and lines of R or words in their place."""

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.explain.explain_r import WITHOUT
from disrupting_harm.provenance.explain.explain_survey import MADE
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS
from disrupting_harm.provenance.r_code.recompute_compared import COMPUTED
from disrupting_harm.tables.change_columns import CHANGE_TABLES
from disrupting_harm.tables.quality_facts import FACTS, IN_SHORT, fact_of
from disrupting_harm.tables.units import unit_of

NUMBERS = ("number", "integer", "year")


def test_numbers_of_evidence_and_of_change_have_units() -> None:
    evidence = [
        (name, field.name)
        for name, public in PUBLIC.items()
        for field in public.fields
        if field.kind in NUMBERS
    ]
    change = [
        (name.removesuffix(".csv"), column)
        for name, columns in CHANGE_TABLES.items()
        for column, (kind, _) in columns.items()
        if kind in NUMBERS
    ]
    assert [one for one in evidence + change if not unit_of(*one)] == []
    assert len(evidence) > 40
    assert len(change) > 20


@pytest.mark.parametrize(
    ("table", "column", "statistic", "unit"),
    [
        ("estimates", "estimate", "proportion", "share, from 0 to 1"),
        ("estimates", "whole_low", "proportion", "per cent"),
        ("gaps", "points", "proportion", "percentage points"),
        ("estimates", "shown", "proportion", "per cent"),
        ("prevalence", "estimate", "mean", "the answer's own, as its mean"),
        ("gaps", "ci_low", "proportion", "difference of two shares, from -1 to 1"),
        ("gaps", "ci_low", "mean", "the answer's own, as its mean"),
        ("adjusted", "ci_low", "proportion", "ratio, without a unit"),
        ("denominators", "population", "proportion", "children"),
        ("gaps", "no_such", "proportion", ""),
    ],
)
def test_a_unit_is_that_of_the_column_in_its_table(
    table: str, column: str, statistic: str, unit: str
) -> None:
    assert unit_of(table, column, statistic) == unit


def test_a_table_has_lines_of_r_or_words_in_their_place() -> None:
    with_lines = {*COMPUTED, OPTIONS, PAIRS}
    assert with_lines | {*WITHOUT} == {*COMPARISON_KEYS, *COUNTRY_KEYS} - {ESTIMATES}
    assert not with_lines & {*WITHOUT}
    assert {*MADE} == {*COUNTRY_KEYS} - {ESTIMATES}


def test_a_fact_is_found_by_its_key_and_one_that_nobody_described_is_refused() -> None:
    assert fact_of("quality", "psus").unit == "PSUs"
    assert fact_of("quality", "margins/sex_age:girl+12-13/after_share").meaning.startswith("Weight")
    assert fact_of("quality", "item_nonresponse/high/told_nobody/share").base == "persons asked"
    with pytest.raises(StudyError, match="it is not described"):
        fact_of("quality", "weights/largest")
    assert {*IN_SHORT} == {*FACTS}
