"""The release: statuses, the public contract, and nothing of a hidden cell in it."""

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts, random_survey, released

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.release import NUMBERS, is_shown, public_table
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.statuses import STATUSES
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table

RULES = Publication()
SHOW = Publication(review="show")


def one(n, n_yes, publication=RULES, **options):
    return released(from_counts([("x", "total", "all", n, n_yes)], **options), publication)


def test_the_public_contract():
    table = released(random_survey(3, indicators=12), RULES)
    public = public_table(table, RULES.rounding)
    check_table(table, restricted_contract("country/release"), "release")
    assert public.columns.tolist() == [
        "country", "indicator", "domain", "level", "n", "population", "estimate", "ci_low",
        "ci_high", "whole", "whole_low", "whole_high", "interval", "interval_note", "shown",
        "bound_low", "bound_high", "status", "reason",
    ]  # fmt: skip
    assert set(public["status"]) <= set(STATUSES)
    assert {"present", "suppress_reliability", "suppress_disclosure"} <= set(public["status"])


@pytest.mark.parametrize("seed", range(4))
def test_nothing_of_a_hidden_cell_is_public(seed):
    table = released(random_survey(seed), RULES)
    public = public_table(table, RULES.rounding)
    hidden = ~is_shown(public)
    numbers = [*NUMBERS, "interval"]
    assert public.loc[hidden, numbers].replace("", None).isna().all(axis=None)
    assert public.loc[~hidden, numbers].replace("", None).notna().all(axis=None)
    bounded = public["shown"].str.match(r"[<>] \d+$")
    assert set(public.loc[hidden & ~bounded, "shown"]) <= {"*", "c"}
    assert public.loc[bounded, ["bound_low", "bound_high"]].notna().all(axis=None)
    assert public.loc[~bounded, ["bound_low", "bound_high"]].isna().all(axis=None)
    confidential = public["status"] == "suppress_disclosure"
    assert set(public.loc[confidential, "reason"]) == {"confidential"}
    assert not (~confidential & (bounded | (public["shown"] == "c"))).any()
    # The written file has no more than the frame: keys, mark, bounds, status, reason.
    line = public.loc[public["shown"] == "c"].iloc[[0]].to_csv(index=False, header=False)
    assert ",,,,,,c,,,suppress" in line


def test_shown_cells_are_rounded_as_printed():
    row = public_table(one(1000, 201), RULES.rounding).iloc[0]
    assert (row["estimate"], row["shown"], row["n"]) == (0.201, "20.1", 1000)
    assert row["population"] == 1_000_000
    assert [row["ci_low"], row["ci_high"]] == pytest.approx([0.176, 0.228], abs=1e-12)
    small = public_table(one(300, 60), RULES.rounding).iloc[0]
    assert (small["estimate"], small["shown"]) == (0.2, "20")


def test_whole_numbers_are_written_without_decimals():
    text = public_table(one(1000, 201), RULES.rounding).to_csv(index=False)
    assert ",1000,1000000,0.201," in text


def test_cells_for_review_are_held_or_shown_with_their_status():
    held = one(400, 80, df=5).iloc[0]
    assert (held["status"], held["shown"], held["reason"]) == (
        "suppress_reliability",
        "*",
        "df_below_8",
    )
    shown = one(400, 80, SHOW, df=5).iloc[0]
    assert (shown["status"], shown["shown"], shown["reason"]) == ("review", "20", "df_below_8")


def test_an_estimate_is_never_shown_without_its_interval():
    estimates = from_counts([("x", "total", "all", 400, 80)])
    estimates.loc[0, ["ci_low", "ci_high"]] = np.nan
    row = released(estimates, SHOW).iloc[0]
    assert (row["status"], row["reason"]) == ("suppress_reliability", "no_interval")


def test_disclosure_comes_before_reliability():
    row = one(28, 2).iloc[0]
    assert row["reliability"] == "suppress"
    assert (row["status"], row["shown"]) == ("suppress_disclosure", "c")
    assert row["reason"].startswith("small_count;n_eff_below_30")


def test_a_mean_prints_its_number_and_needs_only_enough_answers():
    mean = {"x": "mean"}
    estimates = from_counts([("x", "total", "all", 400, 80)]).assign(
        estimate=13.244, se=0.3, ci_low=12.65, ci_high=13.84, n_yes=np.nan, interval="wald_t"
    )
    table = released(estimates.assign(reliability="present", reason=""), RULES, statistics=mean)
    row = public_table(table, RULES.rounding, mean).iloc[0]
    assert (row["shown"], row["estimate"], row["ci_low"]) == ("13.2", 13.2, 12.6)
    few = estimates.assign(n=9.0, reliability="present", reason="")
    assert released(few, RULES, statistics=mean)["shown"].tolist() == ["c"]


def test_countries_are_protected_one_by_one():
    cells = [("x", "total", "all", 1000, 105), ("x", "sex", "boy", 500, 100)]
    cells += [("x", "sex", "girl", 500, 5)]
    safe = [("x", "total", "all", 1000, 200), ("x", "sex", "boy", 500, 100)]
    safe += [("x", "sex", "girl", 500, 100)]
    both = pd.concat([from_counts(cells), from_counts(safe, "UGA")], ignore_index=True)
    status = released(both, RULES)["status"].tolist()
    assert status == ["present", *["suppress_disclosure"] * 2, *["present"] * 3]


@pytest.mark.parametrize(
    ("break_it", "where"),
    [
        (lambda t: t.drop(columns="n_yes"), "column 'n_yes'"),
        (lambda t: pd.concat([t, t]), "KEN, x, total, all stands twice"),
        (lambda t: t.assign(reliability="fine"), "row 1: 'fine'"),
    ],
)
def test_faulty_estimates_are_refused(break_it, where):
    with pytest.raises(StudyError, match=where):
        released(break_it(from_counts([("x", "total", "all", 400, 80)])), RULES)
