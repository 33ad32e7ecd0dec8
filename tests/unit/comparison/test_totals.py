"""Numbers of children of several countries together: who is added, what a bound does, rounding."""

import numpy as np
import pandas as pd
import pytest
from comparison_study import AFRICA, ASIA, CODEBOOK, RULES, all_comparable, countries, released

from disrupting_harm.comparison.denominators import estimate_by_denominator
from disrupting_harm.comparison.derived_tables import public_total
from disrupting_harm.comparison.pooling.families import build_families
from disrupting_harm.comparison.pooling.totals import sum_children
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

COUNTS = {"KEN": (1000, 220), "KHM": (950, 140), "NAM": (900, 190), "PHL": (950, 270),
          "UGA": (1000, 280)}  # fmt: skip


def tables(counts=COUNTS, indicators=("x",), rows=None, method="ranges"):
    rows = rows or countries()
    release = pd.concat([released(counts, name) for name in indicators])
    entries = [CODEBOOK.indicator(name) for name in indicators]
    made = build_families(release, all_comparable(rows, indicators), entries, sorted(rows), method)
    return sum_children(made, rows, "simulated"), estimate_by_denominator(made, rows, "simulated")


def row(table, group="all"):
    return table[table["group"] == group].iloc[0]


def test_distances_of_limits_are_added_by_their_squares() -> None:
    table, shares = tables()
    own = shares[shares["denominator"] == "all_children"]
    found = row(table)
    assert found["children"] == pytest.approx(own["children"].sum(), rel=1e-12)
    below = ((own["children"] - own["children_low"]) ** 2).sum() ** 0.5
    above = ((own["children_high"] - own["children"]) ** 2).sum() ** 0.5
    assert found["children_low"] == pytest.approx(own["children"].sum() - below, rel=1e-12)
    assert found["children_high"] == pytest.approx(own["children"].sum() + above, rel=1e-12)
    assert found["added"] == "KEN KHM NAM PHL UGA"
    assert (found["bounded"], found["left_out"]) == ("", "")
    assert found["note"].startswith("numbers of people taken as exact; internet use taken as")
    assert row(table, AFRICA)["added"] == "KEN NAM UGA"
    assert row(table, ASIA)["countries"] == 2
    check_table(table, restricted_contract("comparison/total"), "total")


def test_a_hidden_country_adds_what_its_bound_allows() -> None:
    table, _ = tables(COUNTS | {"UGA": (1000, 4)})
    found, without = row(table), row(tables({c: COUNTS[c] for c in COUNTS if c != "UGA"})[0])
    assert np.isnan(found["children"])
    assert found["set_low"] == pytest.approx(without["children"], rel=1e-12)
    # Half a million use the internet, and below 5 per cent of them said yes.
    assert found["set_high"] == pytest.approx(without["children"] + 25_000, rel=1e-12)
    assert found["children_high"] == pytest.approx(without["children_high"] + 25_000, rel=1e-12)
    assert found["children_low"] == pytest.approx(without["children_low"], rel=1e-12)
    assert (found["countries"], found["bounded"]) == (5, "UGA")
    assert without["left_out"] == "UGA: no estimate"


def test_who_could_be_almost_anything_leaves_no_number() -> None:
    found = row(tables(COUNTS | {"UGA": (20, 4)})[0])
    assert found[["children", "set_low", "children_low"]].isna().all()
    assert found["note"] == "the share of UGA is hidden, and could be almost any"


def test_a_bound_of_the_estimate_bounds_no_population() -> None:
    """Coded bounds follow from the estimate alone: the true share may lie beyond."""
    counts = COUNTS | {"UGA": (1000, 4)}
    assert np.isfinite(row(tables(counts)[0])["children_high"])
    found = row(tables(counts, method="coded")[0])
    assert found[["children", "set_low", "set_high", "children_low", "children_high"]].isna().all()
    assert found["note"] == "the share of UGA is hidden, and could be almost any"


def test_one_country_alone_is_no_sum_and_who_has_no_number_of_children_is_named() -> None:
    lacking = {"children": None, "children_year": None, "children_source": None}
    rows = countries(KHM=lacking)
    table, _ = tables(rows=rows)
    assert row(table)["left_out"] == "KHM: size of the population not available"
    assert np.isnan(row(table, ASIA)["children"])
    assert "fewer than 2 countries" in row(table, ASIA)["note"]


def test_means_and_what_some_alone_were_asked_have_no_sum() -> None:
    assert tables(indicators=("some",))[0].empty


def test_limits_are_rounded_on_the_grid_of_the_number() -> None:
    exact = row(tables()[0]).to_frame().T
    numbers = {"children": 9_869_803.0, "children_low": 9_407_353.0, "children_high": 10_368_520.0}
    table = exact.assign(**numbers, set_low=np.nan, set_high=np.nan)
    printed = public_total(table, RULES.rounding)
    check_table(printed, public_contract("comparison/total"), "total")
    assert printed.iloc[0][["children", "children_low", "children_high"]].tolist() == [
        9_900_000, 9_400_000, 10_400_000,
    ]  # fmt: skip
