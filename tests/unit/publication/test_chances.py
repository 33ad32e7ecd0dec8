"""How likely a planned cell is to be shown, and what selection does to shown figures."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, binom

from disrupting_harm.core.errors import StudyError
from disrupting_harm.planning.plan_table import print_plan
from disrupting_harm.planning.planner import ReleaseRule, describe_chances, yes_distribution

NAN = float("nan")


@pytest.mark.parametrize(("n", "p", "deff"), [(60, 0.02, 1.0), (160, 0.05, 1.6), (2000, 0.4, 3.0)])
def test_yes_answers_have_the_mean_and_the_variance_of_the_design(n, p, deff):
    chance = yes_distribution(n, p, deff)
    share = np.arange(n + 1) / n
    mean = chance @ share
    assert mean == pytest.approx(p, rel=1e-10)
    assert chance @ (share - mean) ** 2 == pytest.approx(deff * p * (1 - p) / n, rel=1e-9)


def test_the_distribution_is_that_of_scipy():
    concentration = (500 - 1.6) / 0.6
    expected = betabinom.pmf(np.arange(501), 500, 0.03 * concentration, 0.97 * concentration)
    np.testing.assert_allclose(yes_distribution(500, 0.03, 1.6), expected, atol=1e-12)
    # No distribution is less dispersed than the binomial one.
    for deff in (1.0, 0.8):
        np.testing.assert_allclose(
            yes_distribution(500, 0.03, deff), binom.pmf(np.arange(501), 500, 0.03), atol=1e-12
        )


def test_a_chance_is_the_share_of_drawn_samples_that_pass():
    rule = ReleaseRule.from_policy(160, 1.6, 88, "nchs2017", 10)
    rng = np.random.default_rng(1)
    concentration = (160 - 1.6) / 0.6
    yes = rng.binomial(160, rng.beta(0.1 * concentration, 0.9 * concentration, 400_000))
    shown = rule.is_shown[yes]
    assert rule.chance_of_showing(0.1) == pytest.approx(shown.mean(), abs=0.003)
    mean, covered = rule.describe_shown(0.1)
    assert mean == pytest.approx((yes[shown] / 160).mean(), rel=0.003)
    assert mean > 0.12
    holds = (rule.low[yes] <= 0.1) & (rule.high[yes] >= 0.1)
    assert covered == pytest.approx(holds[shown].mean(), abs=0.003)


def test_the_rule_asks_for_yes_answers_and_for_others():
    rule = ReleaseRule.from_policy(1000, 1.0, NAN, "vacs", 10)
    yes = np.flatnonzero(rule.is_shown)
    assert (yes[0], yes[-1]) == (10, 990)
    assert np.flatnonzero(ReleaseRule.from_policy(1000, 1.0, NAN, "vacs", 25).is_shown)[0] == 25
    assert np.isnan(ReleaseRule.from_policy(25, 1.0, NAN, "vacs", 13).smallest_shown)


def test_the_share_shown_half_of_the_time():
    rule = ReleaseRule.from_policy(500, 1.6, 88, "nchs2017", 10)
    for chance in (0.5, 0.8, 0.95):
        share = rule.share_with_chance(chance)
        assert rule.chance_of_showing(share) == pytest.approx(chance, abs=1e-9)
        assert rule.chance_of_showing(0.9 * share) < chance
    assert np.isnan(ReleaseRule.from_policy(20, 1.0, NAN, "nchs2017", 10).share_with_chance(0.5))


def test_what_is_never_shown_has_no_average():
    found = describe_chances(ReleaseRule.from_policy(100, 2.5, 88, "nchs2017", 10), [0.001, 0.2])
    assert found["chance for 0.1 %"] < 1e-6
    assert np.isnan([found["mean shown for 0.1 %"], found["coverage shown for 0.1 %"]]).all()
    assert 0.2 < found["mean shown for 20 %"] < 0.3


def test_all_answers_alike_are_refused():
    with pytest.raises(StudyError, match="deff: 60 for 60 answers"):
        yes_distribution(60, 0.1, 60.0)


def plan_of(capsys, **changes) -> str:
    given = {
        "n": 1000, "deff": 1.6, "df": 88.0, "shares": "girls=0.16", "cells": None,
        "policies": "nchs2017", "threshold": 10, "output": None,
    }  # fmt: skip
    print_plan(**{**given, **changes})
    return capsys.readouterr().out


def test_the_command_prints_chances_below_each_cell(capsys):
    out = plan_of(capsys)
    assert out.count("Chance of being shown (standard, and 10 yes, 10 others)") == 2
    line = [row for row in out.splitlines() if row.startswith("nchs2017")][3].split()
    assert line[:5] == ["nchs2017", "10", "9.87", "12.5", "15.3"]
    assert " 51.7 / 12.3 / 95.7" in out
    assert "<0.1 / 10.4 / 0" in out


def test_the_command_writes_chances_beside_the_plan(tmp_path, capsys):
    plan_of(capsys, output=tmp_path / "plan.csv")
    table = pd.read_csv(tmp_path / "plan.csv")
    assert table["cell"].tolist() == ["all", "girls"]
    assert table["smallest shown"].tolist() == [0.01, 0.1]
    assert table["share shown in 50 %"].round(3).tolist() == [0.010, 0.099]
    assert table["chance for 10 %"][1] == pytest.approx(0.517, abs=0.001)


def test_a_threshold_is_a_positive_number(capsys):
    with pytest.raises(StudyError, match="--threshold"):
        plan_of(capsys, threshold=0)
