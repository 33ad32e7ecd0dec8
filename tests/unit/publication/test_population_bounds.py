"""Bounds that hold for the population: by another computation, by hand and by simulation."""

import numpy as np
import pandas as pd
import pytest
from bounds import Rules, limit_of_few
from release_cells import codebook_of, from_counts, released
from scipy.stats import beta

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.group_design import group_design
from disrupting_harm.publication.disclosure.audit_case import build_case_of_release
from disrupting_harm.publication.population_bounds import (
    GroupDesigns,
    least_answers,
    least_share_reaching,
)
from disrupting_harm.study.configuration.publication_config import Publication

GRID, TEN = (0.05, 0.1, 0.2, 0.3), np.array([10.0])


def designs(kish, psus, df):
    return GroupDesigns(*(np.array([float(value)]) for value in (kish, psus, df)))


@pytest.mark.parametrize(
    ("kish", "psus", "df", "least"),
    [
        (1.0, np.inf, np.inf, [400, 200, 100, 67]),
        (1.3, 80, 70, [425, 200, 100, 67]),
        (1.5, 40, 30, [586, 229, 100, 67]),
        # Of five sampling units no number of children is enough for the smallest bounds.
        (1.3, 5, 3, [np.inf, np.inf, np.inf, 175]),
    ],
)
def test_from_how_many_answers_on_each_bound_may_stand(kish, psus, df, least):
    found = least_answers(GRID, 20, TEN, designs(kish, psus, df))[:, 0]
    assert found[:3].tolist() == least[:3]
    rules = Rules(GRID, 20, 10)
    group = {"kish_deff": kish, "psus": psus, "df": df}
    for t, n in zip(GRID, found, strict=True):
        if np.isfinite(n):
            assert rules.smallest(n, group) <= t
            assert not rules.smallest(n - 1, group) <= t


@pytest.mark.parametrize("seed", range(3))
def test_limits_of_few_are_those_of_another_computation(seed):
    random = np.random.default_rng(seed)
    for _ in range(100):
        n, yes = float(random.integers(30, 3000)), float(random.integers(2, 20))
        kish, psus = random.uniform(1, 3), float(random.integers(2, 120))
        df = float(random.integers(1, int(psus) + 1))
        found = designs(kish, psus, df).upper_limit(np.array([yes]), np.array([n]))
        assert found[0] == pytest.approx(limit_of_few(yes, n, kish, psus, df), rel=1e-9)


@pytest.mark.parametrize(
    ("kish_cv", "psus", "t"), [(0.5, 40, 0.1), (0.7, 80, 0.05), (0.3, 20, 0.2)]
)
def test_a_bound_holds_for_the_population_in_975_of_1000_samples(kish_cv, psus, t):
    """A share of ``t`` itself is said to lie below ``t`` in at most 25 of 1,000 samples.

    Answers in a sampling unit are as alike as the rule takes them to be, and weights vary.
    """
    random = np.random.default_rng(7)
    n = int(least_answers(GRID, 20, TEN, designs(1 + kish_cv**2, psus, psus - 1))[GRID.index(t), 0])
    samples, alike = 4000, 0.1
    shares = random.beta(t * (1 / alike - 1), (1 - t) * (1 / alike - 1), (samples, psus))
    yes = random.random((samples, n)) < shares[:, np.arange(n) % psus]
    weights = random.gamma(1 / kish_cv**2, kish_cv**2, (samples, n))
    below = (weights * yes).sum(axis=1) < t * weights.sum(axis=1)
    said = (yes.sum(axis=1) < 10) & below
    assert said.mean() < 0.025 + 3 * np.sqrt(0.025 * 0.975 / samples)


def test_a_cover_prints_the_smallest_bound_beyond_its_own_limit():
    """Of 200 girls 16 said yes: limits of 13, 19, 23 and 32 per cent by scipy.stats.beta."""
    counts = [("x", "total", "all", 400, 20), ("x", "sex", "boy", 200, 4)]
    counts.append(("x", "sex", "girl", 200, 16))
    shown = []
    for deff in (1.0, 4.0, 6.0, 12.0):
        cells = from_counts(counts, deff=deff).assign(reliability="present", reason="")
        table = released(cells).set_index("level")
        shown.append(table.loc["girl", "shown"])
        # Of the boys few said yes: what stands for them is that of their size.
        assert table.loc["boy", "shown"] == "< 10"
    assert shown == ["< 20", "< 20", "< 30", "c"]


def test_where_few_said_yes_the_design_of_the_group_decides_and_no_answer_does():
    group = {"group_kish": 1.5, "group_psus": 40.0, "group_df": 30.0}
    for n, bound in ((585, "< 10"), (586, "< 5"), (228, "< 20"), (229, "< 10")):
        shown = {
            released(from_counts([("x", "total", "all", n, yes)]).assign(**group))["shown"].iloc[0]
            for yes in (0, 3, 9)
        }
        assert shown == {bound}


def test_the_least_share_whose_limit_reaches_a_bound():
    n = np.array([400.0, 20, 67, 400, 100, 20, 5000])
    share = least_share_reaching(0.3, n)
    yes = np.round(share * n)
    np.testing.assert_allclose(yes, share * n, rtol=1e-12)
    assert (beta.ppf(0.975, yes + 1, n - yes) >= 0.3).all()
    assert (beta.ppf(0.975, yes, n - yes + 1) < 0.3).all()


def test_a_bare_c_says_that_no_bound_is_true_or_that_the_own_limit_is_beyond_all():
    """Of 80 girls 22 said yes: 28 per cent, whose limit lies above 30."""
    cells = [("x", "total", "all", 160, 31), ("x", "sex", "boy", 80, 9)]
    cells = from_counts([*cells, ("x", "sex", "girl", 80, 22)]).assign(
        reliability="present", reason=""
    )
    table = released(cells)
    assert table["shown"].tolist() == ["19", "< 30", "c"]
    ordered = table.sort_values("level", ignore_index=True)
    case, step = build_case_of_release(ordered, Publication(), codebook_of(table))
    girl = case.cells.keys["level"].tolist().index("girl")
    system = case.attackers[0].system(step)
    assert system.low[girl] == pytest.approx(80 * least_share_reaching(0.3, np.array([80.0]))[0])
    assert system.low[girl] < 22 < 24


def test_groups_are_described_by_how_they_were_sampled():
    frame = pd.DataFrame(
        {
            "stratum": ["a"] * 4 + ["b"] * 4,
            "psu": ["1", "1", "2", "2", "3", "3", "4", "4"],
            "weight": [1.0, 3, 1, 1, 2, 2, 0, 1],
        }
    )
    sex = pd.Categorical(["boy", "girl", "boy", None, "boy", "girl", "girl", "boy"])
    domains = pd.DataFrame({"total": pd.Categorical(["all"] * 8), "sex": sex})
    design = SurveyDesign.from_frame(frame)
    found = group_design(design, domains).set_index("level")
    # Kish: 7 * (1 + 9 + 1 + 1 + 4 + 4 + 1) / 11^2, and 4 * (1 + 1 + 4 + 1) / 5^2.
    assert found["group_kish"].to_dict() == {"all": 1.22, "boy": 1.12, "girl": 1.04}
    assert found["group_psus"].to_dict() == {"all": 4, "boy": 4, "girl": 2}
    assert found["group_df"].to_dict() == {"all": 2, "boy": 2, "girl": 0}
