"""Three pooled numbers, each with its own question."""

import numpy as np
import pandas as pd
import pytest
from comparison_study import (
    AFRICA,
    ASIA,
    CODEBOOK,
    RULES,
    STATISTICS,
    all_comparable,
    countries,
    means,
    released,
)
from scipy.special import betaincinv, expit, logit, stdtrit

from disrupting_harm.comparison.derived_tables import public_pooled
from disrupting_harm.comparison.judgements import Judgement
from disrupting_harm.comparison.ledger import comparability_ledger
from disrupting_harm.comparison.pooling.families import build_families
from disrupting_harm.comparison.pooling.pooling import (
    MODEL,
    PREDICTION,
    pool_countries,
    pool_without_each,
)
from disrupting_harm.comparison.pooling.prediction import prediction_interval
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

COUNTS = {"KEN": (1000, 220), "KHM": (950, 140), "NAM": (900, 190), "PHL": (950, 270),
          "UGA": (1000, 280)}  # fmt: skip
WEIGHTED, EQUAL, MODELLED = "population_weighted", "equal_country", "random_effects"


def pool(release, rows=None, indicators=("x",), made=None, function=pool_countries):
    rows = countries() if rows is None else rows
    made = all_comparable(rows, indicators) if made is None else made
    entries = [CODEBOOK.indicator(name) for name in indicators]
    families = build_families(release, made, entries, sorted(rows))
    if function is pool_without_each:
        return pool_without_each(families, "simulated")
    return pool_countries(families, rows, "simulated")


def row(table, estimand, group="all", indicator="x"):
    chosen = (table["estimand"] == estimand) & (table["group"] == group)
    return table[chosen & (table["indicator"] == indicator)].iloc[0]


def by_hand(shares, df=60):
    p = np.array([yes / n for n, yes in COUNTS.values()])
    parts = np.array(shares) ** 2 * p * (1 - p) / np.array([n for n, _ in COUNTS.values()])
    mean, variance = (np.array(shares) * p).sum(), parts.sum()
    satterthwaite = variance**2 / (parts**2 / df).sum()
    half = stdtrit(satterthwaite, 0.975) * variance**0.5 / (mean * (1 - mean))
    return mean, expit(logit(mean) - half), expit(logit(mean) + half)


def test_every_indicator_group_and_estimand_has_a_row():
    release = pd.concat([released(COUNTS), released(COUNTS, "y")])
    table = pool(release, indicators=("y", "x"))
    assert table["indicator"].tolist() == ["y"] * 9 + ["x"] * 9
    assert table["group"].tolist() == ["all"] * 3 + [AFRICA] * 3 + [ASIA] * 3 + (
        ["all"] * 3 + [AFRICA] * 3 + [ASIA] * 3
    )
    assert table["estimand"].tolist() == [WEIGHTED, EQUAL, MODELLED] * 6
    assert table["countries"].tolist() == [5, 5, 5, 3, 3, 3, 2, 2, 2] * 2
    check_table(table, restricted_contract("comparison/pooled"), "x")


def test_each_country_counts_the_same():
    found = row(pool(released(COUNTS)), EQUAL)
    expected = by_hand([0.2] * 5)
    assert found[["estimate", "ci_low", "ci_high"]].tolist() == pytest.approx(expected, rel=1e-9)
    assert found[[*PREDICTION, *MODEL]].isna().all()
    assert found["smallest_n"] == 900


def test_children_are_the_weights():
    changed = {"KEN": {"children": 9_000_000}, "PHL": {"internet_use_rate": 0.95}}
    sizes = np.array([4.5, 0.5, 0.5, 0.95, 0.5])
    found = row(pool(released(COUNTS), countries(**changed)), WEIGHTED)
    expected = by_hand(sizes / sizes.sum())
    assert found[["estimate", "ci_low", "ci_high"]].tolist() == pytest.approx(expected, rel=1e-9)
    assert "children: census; internet use: roster" in found["note"]
    assert "internet use taken as exact: KEN KHM NAM PHL UGA" in found["note"]


def test_uncertain_weights_widen_the_interval_by_the_delta_method():
    errors = {code: {"internet_use_se": 0.05} for code in COUNTS}
    plain = row(pool(released(COUNTS)), WEIGHTED)
    wide = row(pool(released(COUNTS), countries(**errors)), WEIGHTED)
    assert wide["estimate"] == pytest.approx(plain["estimate"], rel=1e-12)
    assert "taken as exact" not in wide["note"]
    assert "its standard error: source not available" in wide["note"]
    p = np.array([yes / n for n, yes in COUNTS.values()])
    ns = np.array([n for n, _ in COUNTS.values()])
    # d/dN of sum(N p) / sum(N) is (p - mean) / sum(N), with N = 1e6 r.
    variance = (p * (1 - p) / ns).sum() / 25 + (((p - p.mean()) / 2.5e6 * 5e4) ** 2).sum()
    half = (logit(wide["ci_high"]) - logit(wide["ci_low"])) / 2
    t = half * p.mean() * (1 - p.mean()) / variance**0.5
    parts = (p * (1 - p) / ns) / 25
    assert t == pytest.approx(stdtrit(variance**2 / (parts**2 / 60).sum(), 0.975), rel=1e-9)
    assert wide["ci_high"] - wide["ci_low"] > plain["ci_high"] - plain["ci_low"]


def test_a_country_without_a_number_of_children_is_left_out_of_the_weighted_mean_alone():
    rows = countries(UGA={"children": None, "children_year": None}, KHM={"internet_use_rate": None})
    table = pool(released(COUNTS), rows)
    found = row(table, WEIGHTED)
    assert found["countries"] == 3
    assert found["left_out"] == (
        "KHM: size of the population not available; UGA: size of the population not available"
    )  # fmt: skip
    assert row(table, EQUAL)["countries"] == row(table, MODELLED)["countries"] == 5
    assert row(table, EQUAL)["left_out"] == ""


def test_the_model_works_on_log_odds():
    found = row(pool(released(COUNTS)), MODELLED)
    p = np.array([yes / n for n, yes in COUNTS.values()])
    n = np.array([n for n, _ in COUNTS.values()])
    y, v = logit(p), 1 / (n * p * (1 - p))
    expected = random_effects(y, v)
    for name in ("estimate", "ci_low", "ci_high"):
        assert found[name] == pytest.approx(expit(getattr(expected, name)), rel=1e-9), name
    for name, limit in zip(PREDICTION, prediction_interval([y], [v]), strict=True):
        assert found[name] == pytest.approx(expit(limit[0]), rel=1e-9), name
    for name in MODEL:
        assert found[name] == pytest.approx(getattr(expected, name), rel=1e-9), name
    assert found["q_df"] == 4
    assert "chosen, not sampled" in found["note"]
    assert "log-odds" in found["note"]


def test_the_model_needs_three_countries():
    table = pool(released(COUNTS))
    assert row(table, MODELLED, AFRICA)["estimate"] > 0
    found = row(table, MODELLED, ASIA)
    assert found[["estimate", "ci_low", "tau2", "q"]].isna().all()
    assert found["note"].startswith("fewer than 3 countries")
    assert "chosen, not sampled" in found["note"]
    assert row(table, EQUAL, ASIA)["estimate"] == pytest.approx((140 / 950 + 270 / 950) / 2)


def test_who_is_left_out_and_why():
    release = released(COUNTS).query("country != 'PHL'")
    line = Judgement("UGA", "*", "survey", "", False, "another survey", "report")
    rows = countries()
    made = comparability_ledger(rows, CODEBOOK, ["x"], {}, [line], "simulated")
    found = row(pool(release, rows, made=made), EQUAL)
    assert found["countries"] == 3
    assert found["left_out"] == "PHL: no estimate; UGA: not comparable"
    assert found["bounded"] == ""
    hidden = released({**COUNTS, "UGA": (20, 4)}).query("country != 'PHL'")
    assert row(pool(hidden, rows, made=made), EQUAL)["left_out"] == found["left_out"]
    assert row(pool(release, rows, made=made), EQUAL, AFRICA)["left_out"] == "UGA: not comparable"


def test_one_country_and_none():
    one = pool(released({"KEN": (1000, 220)}), countries(("KEN",)))
    assert set(one["group"]) == {"all"}
    found = row(one, EQUAL)
    assert found["estimate"] == pytest.approx(0.22)
    half = stdtrit(60, 0.975) * (0.22 * 0.78 / 1000) ** 0.5 / (0.22 * 0.78)
    assert found["ci_low"] == pytest.approx(expit(logit(0.22) - half), rel=1e-9)
    assert row(one, WEIGHTED)["estimate"] == pytest.approx(0.22)
    none = pool(released({"KEN": (20, 4)}), countries(("KEN",)))
    assert none["countries"].tolist() == [0, 0, 0]
    assert none["estimate"].isna().all()
    assert none["note"].str.contains("no country can be pooled|fewer than 3").all()
    check_table(none, restricted_contract("comparison/pooled"), "x")
    check_table(
        public_pooled(none, RULES.rounding, STATISTICS), public_contract("comparison/pooled"), "x"
    )


def test_identical_estimates():
    found = row(pool(released(dict.fromkeys(COUNTS, (1000, 200)))), MODELLED)
    assert found["estimate"] == pytest.approx(0.2)
    assert found["tau2"] == found["i2"] == 0
    # Nothing is known of a variance between countries but that it is small.
    assert found["prediction_low"] == pytest.approx(found["ci_low"], rel=0.01)


def test_nobody_said_yes_in_one_country():
    release = released({**COUNTS, "KEN": (1000, 0)}).assign(status="review")
    table = pool(release)
    model, equal = row(table, MODELLED), row(table, EQUAL)
    assert "KEN: from its interval, having no standard error" in model["note"]
    assert "KEN: error from its interval" in equal["note"]
    # Clopper and Pearson: 0 to 1 - 0.025^(1/1000).
    upper = 1 - 0.025**0.001
    p = np.array([upper / 2, 140 / 950, 190 / 900, 270 / 950, 0.28])
    se = (p * (1 - p) / np.array([1.0, 950, 900, 950, 1000])) ** 0.5
    se[0] = upper / 2 / 1.959964
    expected = random_effects(logit(p), (se / (p * (1 - p))) ** 2)
    assert model["estimate"] == pytest.approx(expit(expected.estimate), rel=1e-6)
    # The mean takes the zero as it is, and an error that is not zero.
    assert equal["estimate"] == pytest.approx(p[1:].sum() / 5, rel=1e-9)


def test_a_proportion_without_an_error_takes_that_of_its_interval():
    release = released(COUNTS)
    release.loc[release["country"] == "KEN", "se"] = 0.0
    table = pool(release)
    # Korn and Graubard's limits on n = 1,000, Clopper and Pearson's of 220.
    low, high = betaincinv([220, 221], [781, 780], [0.025, 0.975])
    p = np.array([yes / n for n, yes in COUNTS.values()])
    se = (p * (1 - p) / np.array([n for n, _ in COUNTS.values()])) ** 0.5
    se[0] = (high - low) / 2 / 1.959964
    expected = random_effects(logit(p), (se / (p * (1 - p))) ** 2)
    assert row(table, MODELLED)["tau2"] == pytest.approx(float(expected.tau2), rel=1e-6)
    assert "KEN: error from its interval" in row(table, EQUAL)["note"]


def test_nobody_said_yes_anywhere():
    release = released(dict.fromkeys(COUNTS, (1000, 0))).assign(status="review")
    found = row(pool(release), EQUAL)
    assert found["estimate"] == found["ci_low"] == 0
    assert found["ci_high"] == pytest.approx(1 - 0.025**0.001, rel=1e-9)


def test_means_are_pooled_on_their_own_scale():
    values = {"KEN": (2.0, 0.1), "KHM": (3.0, 0.1), "NAM": (2.5, 0.2), "PHL": (4.0, 0.1),
              "UGA": (2.2, 0.0)}  # fmt: skip
    table = pool(means(values), indicators=("hours",))
    found = row(table, MODELLED, indicator="hours")
    y, se = np.array([[2.0, 3.0, 2.5, 4.0], [0.1, 0.1, 0.2, 0.1]])
    expected = random_effects(y, se**2)
    assert found["estimate"] == pytest.approx(float(expected.estimate), rel=1e-12)
    low, high = prediction_interval(y[np.newaxis], se[np.newaxis] ** 2)
    limits = found[["prediction_low", "prediction_high"]].tolist()
    assert limits == pytest.approx([low[0], high[0]], rel=1e-12)
    assert "not of log-odds" in found["note"]
    assert found["left_out"] == "UGA: no sampling variance"
    equal = row(table, EQUAL, indicator="hours")
    assert equal["estimate"] == pytest.approx(y.mean())
    half = (equal["ci_high"] - equal["ci_low"]) / 2
    parts = se**2 / 16
    df = parts.sum() ** 2 / (parts**2 / 60).sum()
    assert half == pytest.approx(stdtrit(df, 0.975) * parts.sum() ** 0.5, rel=1e-9)


@pytest.mark.parametrize("name", ["sum", "some"])
def test_what_children_are_no_weights_for(name):
    release = means({code: (0.3 + 0.01 * place, 0.02) for place, code in enumerate(COUNTS)}, name)
    table = pool(release, indicators=(name,))
    found = row(table, WEIGHTED, indicator=name)
    assert np.isnan(found["estimate"])
    assert "whose number is not known" in found["note"]
    assert row(table, EQUAL, indicator=name)["estimate"] == pytest.approx(0.32)


def test_without_each_country():
    table = pool(released(COUNTS), function=pool_without_each)
    assert table["without"].tolist() == sorted(COUNTS)
    rest = {code: count for code, count in COUNTS.items() if code != "NAM"}
    found = table[table["without"] == "NAM"].iloc[0]
    whole = row(pool(released(rest), countries(tuple(rest))), MODELLED)
    for name in ("estimate", "ci_low", "ci_high", "tau2"):
        assert found[name] == pytest.approx(whole[name], rel=1e-9), name
    assert table.set_index("without")["smallest_n"].to_dict() == {
        "KEN": 900, "KHM": 900, "NAM": 950, "PHL": 900, "UGA": 900,
    }  # fmt: skip
    check_table(table, restricted_contract("comparison/leave_one_out"), "x")
    public = public_pooled(table, RULES.rounding, STATISTICS)
    check_table(public, public_contract("comparison/leave_one_out"), "x")
    assert public["estimate"].tolist() == table["estimate"].round(3).tolist()


def test_a_hidden_country_of_unknown_sample_leaves_no_number_but_without_it():
    """What a known one gives is compared with R in tests/reference/test_averages_r.py."""
    counts = {**COUNTS, "PHL": (1000, 5)}
    table = pool(released(counts), function=pool_without_each).set_index("without")
    assert table.index.tolist() == sorted(counts)
    assert table["bounded"].to_dict() == {code: "PHL" if code != "PHL" else "" for code in counts}
    with_hidden = table.drop(index="PHL")
    assert with_hidden[["estimate", "set_low", "ci_low"]].isna().all(axis=None)
    assert with_hidden["note"].str.contains("nothing is known of the sample of PHL").all()
    rest = {name: count for name, count in counts.items() if name != "PHL"}
    whole = row(pool(released(rest), countries(tuple(rest))), MODELLED)
    for name in ("estimate", "ci_low", "ci_high", "tau2"):
        assert table.loc["PHL", name] == pytest.approx(whole[name], rel=1e-12), name
    check_table(
        public_pooled(table.reset_index(), RULES.rounding, STATISTICS),
        public_contract("comparison/leave_one_out"),
        "x",
    )


def test_three_countries_are_too_few_to_leave_one_out():
    three = {code: COUNTS[code] for code in ("KEN", "NAM", "UGA")}
    table = pool(released(three), countries(tuple(three)), function=pool_without_each)
    assert table.empty
    check_table(table, restricted_contract("comparison/leave_one_out"), "x")


def test_the_public_form():
    release = released({**COUNTS, "UGA": (480, 130)})
    table = pool(release)
    public = public_pooled(table, RULES.rounding, STATISTICS)
    check_table(public, public_contract("comparison/pooled"), "x")
    assert "smallest_n" not in public
    # The smallest sample of all has fewer than 500 children; that of Asia has not.
    assert row(public, EQUAL)["estimate"] == round(row(table, EQUAL)["estimate"], 2)
    assert row(public, EQUAL, ASIA)["estimate"] == round(row(table, EQUAL, ASIA)["estimate"], 3)
    model = row(public, MODELLED)
    assert model["tau2"] == float(f"{row(table, MODELLED)['tau2']:.3g}")
    assert model["i2"] == round(row(table, MODELLED)["i2"], 2)
