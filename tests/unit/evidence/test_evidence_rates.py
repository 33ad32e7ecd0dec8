"""Rates of complete counts: over a published number of children, and without an interval."""

import numpy as np
import pytest

from disrupting_harm.evidence.measures.rates import compute_rate, find_denominator
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.findings.evidence.cybertips import format_world_share
from disrupting_harm.report.language.translator import build_english

ROW = {"children": 1000, "children_source": "a census"}


def test_a_denominator_needs_a_published_source():
    size = find_denominator(ROW)
    assert (size.children, size.source) == (1000, "a census")
    for change in (
        {"children_source": None},
        {"children_source": "Invented for the simulation"},
        {"children": None},
    ):
        none = find_denominator(ROW | change)
        assert (none.children, none.source) == (None, "")


def test_a_rate_is_per_thousand():
    assert compute_rate(5, 1000) == 5.0
    assert compute_rate(12_788, 7_539_254) == 1.7
    assert np.isnan(compute_rate(5, None))


@pytest.mark.parametrize(
    "table", ["cybertips", "offence_rates", "offences", "reporters", "hotlines", "transparency"]
)
def test_no_complete_count_has_an_interval(table):
    names = PUBLIC[table].column_names
    assert not [name for name in names if name.endswith(("_low", "_high")) and name != "hhi_high"]
    assert not {"interval", "dispersion", "rate_per_1000"} & set(names)


def test_a_share_of_the_world_that_is_not_zero_is_not_printed_as_zero():
    translator = build_english()
    assert [
        format_world_share(translator, percent) for percent in ("0", "0.004", "0.006", "7.571")
    ] == [
        "0.00",
        "below 0.01",
        "0.01",
        "7.57",
    ]
