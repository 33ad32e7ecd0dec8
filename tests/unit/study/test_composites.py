"""Composites with missing parts: imputed shares, their errors, and what is counted."""

import numpy as np
import pandas as pd
import pytest

from designbased.design.coding import code_levels
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite, CompositeEstimator, complete_only
from designbased.estimates.linearisation import estimate
from designbased.inference.contrasts import estimate_contrasts
from designbased.replication.replicates import jackknife, supplied_replicates
from designbased.variance.scores import unit_totals
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.reliability import POLICIES, judge

NAN = float("nan")


def composite(*rows: tuple[float, ...], times: int = 1) -> Composite:
    parts = np.array(rows * times, dtype=float)
    return Composite(parts, np.full(len(parts), True))


def design_of(rows: int, psus: int = 5, weight: float = 1.0) -> SurveyDesign:
    frame = pd.DataFrame({"psu": np.arange(rows) % psus, "weight": weight})
    return SurveyDesign.from_frame(frame, stratum=None)


def decided(parts: Composite) -> pd.DataFrame:
    return pd.DataFrame({"any": np.where(parts.yes, 1, np.where(parts.complete, 0, np.nan))})


def estimated(parts: Composite, domains: pd.DataFrame | None = None) -> pd.DataFrame:
    return estimate(design_of(len(parts.parts)), decided(parts), domains, composites={"any": parts})


def test_an_open_child_counts_with_the_share_of_those_who_said_the_same_noes():
    # Of four complete children without a yes to part 1, one said yes to part 2.
    rows = [(1, 0), (0, 1), (0, 0), (0, 0), (0, 0), (0, NAN)]
    cell = estimated(composite(*rows)).iloc[0]
    assert cell["estimate"] == pytest.approx((2 + 1 / 4) / 6)
    assert (cell["n"], cell["n_yes"], cell["population"]) == (6, 2, 6)
    assert cell["imputed"] == pytest.approx(1 / 6)


def test_who_answered_no_part_has_the_share_of_all_and_is_no_answer():
    cell = estimated(composite((1, 0), (0, 0), (0, 0), (0, 0), (NAN, NAN))).iloc[0]
    assert cell["estimate"] == pytest.approx(1 / 4)
    assert (cell["n"], cell["n_yes"], cell["population"]) == (4, 1, 5)


def test_a_yes_decides_and_without_open_children_nothing_changes():
    parts = composite((1, NAN), (NAN, 1), (0, 0), (0, 1), times=10)
    plain = estimate(design_of(40), decided(parts))
    pd.testing.assert_frame_equal(
        estimated(parts).drop(columns="imputed"), plain, check_exact=False, rtol=1e-12
    )


def test_parts_missing_at_random_leave_no_bias_where_the_old_rule_has_one():
    rng = np.random.default_rng(5)
    truth = (rng.random((200_000, 4)) < 0.05).astype(float)
    parts = np.where(rng.random(truth.shape) < 0.1, np.nan, truth)
    whole = Composite(parts, np.full(len(parts), True))
    share = truth.any(axis=1).mean()
    table = estimated(whole)
    old = estimate(design_of(len(parts)), decided(whole))["estimate"].iloc[0]
    assert abs(table["estimate"].iloc[0] - share) < 0.002
    # p (1 - p) times the difference of the shares left open: about 5 points here.
    assert 0.04 < old - share < 0.07


def test_levels_with_few_donors_take_the_shares_of_all_levels():
    rows = [(0, 1)] * 50 + [(0, 0)] * 250 + [(0, NAN)] * 10
    parts = composite(*rows)
    small = np.arange(310) >= 290
    names = np.where(small, "small", "large").tolist()
    domain = pd.DataFrame({"d": pd.Categorical(names, ["small", "large"])})
    table = estimated(parts, domain).set_index("level")
    # 10 donors in the small level, none with a yes: the share of the country is 1 in 6.
    assert table.loc["small", "estimate"] == pytest.approx(10 / 6 / 20)
    assert table.loc["large", "estimate"] == pytest.approx(50 / 290)
    # The donors outside the level are part of its error.
    psu = pd.DataFrame({"psu": np.where(small, np.arange(310) % 2, np.arange(310) ** 2 % 7)})
    design = SurveyDesign.from_frame(psu.assign(weight=1.0), stratum=None)
    found = estimate(design, decided(parts), domain, composites={"any": parts})
    assert found.set_index("level").loc["small", "se"] > 0
    alone = estimate(design, complete_only(decided(parts), {"any": parts}), domain)
    assert alone.set_index("level").loc["small", "se"] == 0


def test_a_composite_that_nobody_answered_whole_has_no_estimate():
    cell = estimated(composite((1, NAN), (0, NAN), (0, NAN), times=5)).iloc[0]
    assert np.isnan([cell["estimate"], cell["se"], cell["ci_low"]]).all()
    assert (cell["n"], cell["n_yes"]) == (0, 0)


def test_children_who_were_not_asked_and_rows_without_weight_do_not_count():
    parts = composite((1, 0), (0, 0), (0, NAN), (1, 1), times=5)
    asked = np.tile([True, True, True, False], 5)
    frame = pd.DataFrame({"psu": np.arange(20) % 5, "weight": 1.0 * (np.arange(20) % 7 > 0)})
    design = SurveyDesign.from_frame(frame, stratum=None)
    whole = Composite(parts.parts, asked)
    kept = asked & (design.weight > 0)
    fewer = Composite(parts.parts[kept], asked[kept])
    found = estimate(design, decided(whole), composites={"any": whole}).iloc[0]
    expected = estimate(
        SurveyDesign.from_frame(frame[kept].reset_index(drop=True), stratum=None),
        decided(fewer),
        composites={"any": fewer},
    ).iloc[0]
    for name in ("n", "n_yes", "population", "estimate", "se", "imputed"):
        assert found[name] == pytest.approx(expected[name])


def test_replicates_given_as_weights_equal_those_made_from_the_design():
    parts = composite((1, 0), (0, 1), (0, 0), (0, NAN), (NAN, 0), (0, 0), (0, 0), times=15)
    design = design_of(105, psus=7)
    made = jackknife(design)
    names = [f"r{k}" for k in range(7)]
    weights = pd.DataFrame(made.base[:, None] * made.multiplier[made.unit], columns=names)
    given = supplied_replicates(weights.assign(weight=1.0), "weight", names, 6 / 7, df=6)
    tables = [
        estimate(each, decided(parts), everyone(105), df_rule="full", composites={"any": parts})
        for each in (made, given)
    ]
    pd.testing.assert_frame_equal(*tables)


def everyone(rows: int) -> pd.DataFrame:
    return pd.DataFrame({"total": pd.Categorical(["all"] * rows)})


def test_a_difference_between_levels_has_the_covariance_of_shared_donors():
    rows = [(0, 1), (0, 0), (0, 0), (0, NAN), (1, 0), (0, NAN), (0, 0)]
    parts = composite(*rows, times=15)
    design = design_of(105, psus=7)
    domain = pd.DataFrame(
        {"d": pd.Categorical(np.array(["a", "b", "a"])[np.arange(105) % 3].tolist())}
    )
    wanted = {"a - b": {("d", "a"): 1.0, ("d", "b"): -1.0}}
    frame, given = decided(parts), {"any": parts}
    found = estimate_contrasts(design, frame, domain, wanted, composites=given).iloc[0]
    cells = estimate(design, frame, domain, composites=given).set_index("level")
    assert found["estimate"] == pytest.approx(cells["estimate"]["a"] - cells["estimate"]["b"])
    # The jackknife of the difference, with the same donors from both levels.
    replicates = jackknife(design)
    weight = replicates.multiplier[replicates.unit]
    each = [
        estimate(
            SurveyDesign.from_frame(
                pd.DataFrame({"psu": np.arange(105) % 7, "weight": column}), stratum=None
            ),
            frame, domain, composites=given,
        ).set_index("level")["estimate"]
        for column in weight.T
    ]  # fmt: skip
    spread = np.array([one["a"] - one["b"] for one in each])
    jack = np.sqrt(6 / 7 * ((spread - spread.mean()) ** 2).sum())
    assert found["se"] == pytest.approx(jack, rel=0.02)


def test_models_take_children_with_all_parts():
    parts = composite((1, NAN), (1, 0), (0, NAN), (0, 0))
    found = complete_only(decided(parts).assign(other=[1.0, 0.0, 1.0, 0.0]), {"any": parts})
    np.testing.assert_array_equal(found["any"], [NAN, 1, NAN, 0])
    assert found["other"].tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_cell_with_more_than_a_tenth_imputed_is_marked_whatever_the_standard(policy):
    table = pd.DataFrame(
        {
            "indicator": "any", "estimate": 0.3, "se": 0.02, "n": 600, "df": 60,
            "ci_low": 0.26, "ci_high": 0.34, "item_nonresponse": 0.0,
            "imputed": [0.0, 0.1, 0.101],
        }
    )  # fmt: skip
    judged = judge(table, policy)
    assert judged["reliability"].tolist() == ["present", "present", "caution"]
    assert judged["reason"].tolist() == ["", "", "imputed_above_10"]
    assert (judge(table.drop(columns="imputed"), policy)["reliability"] == "present").all()


@pytest.mark.parametrize(
    ("parts", "asked", "words"),
    [
        (np.array([[2.0]]), np.array([True]), "other than one, zero and NaN"),
        (np.zeros((1, 0)), np.array([True]), "no parts"),
        (np.zeros((2, 1)), np.array([True]), r"shape \(1,\)"),
        (np.zeros((1, 1)), np.array([1]), "type int"),
    ],
)
def test_parts_that_are_no_parts(parts, asked, words):
    with pytest.raises(StudyError, match=words):
        Composite(parts, asked)


def test_a_composite_of_other_rows_or_of_no_outcome_is_refused():
    parts = composite((1, 0), (0, 0), times=5)
    frame = decided(parts)
    with pytest.raises(StudyError, match="8 rows for a design of 10"):
        estimate(
            design_of(10),
            frame,
            composites={"any": Composite(parts.parts[:8], parts.asked[:8])},
        )
    with pytest.raises(StudyError, match="no outcome 'some'"):
        estimate(design_of(10), frame, composites={"some": parts})


def test_scores_of_rows_add_up_to_those_of_units():
    """One level has donors of its own, the other takes those of the whole sample."""
    rng = np.random.default_rng(3)
    answers = rng.integers(0, 2, (400, 3)).astype(float)
    answers[rng.random((400, 3)) < 0.2] = NAN
    given = Composite(answers, rng.random(400) < 0.9)
    frame = pd.DataFrame({"psu": np.arange(400) % 20, "weight": rng.lognormal(0, 0.5, 400)})
    frame.loc[::9, "weight"] = 0.0
    design = SurveyDesign.from_frame(frame, stratum=None)
    group = pd.Categorical(np.where(np.arange(400) < 40, "few", "many"))
    levels = code_levels(pd.DataFrame({"group": group}), design.rows)
    cells = CompositeEstimator.from_composite(design, given, levels)
    assert cells.anywhere[:, 0].any()
    assert not cells.anywhere[:, 1].all()
    scores = cells.scores(design.weight)
    np.testing.assert_allclose(scores.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(cells.unit_totals(), unit_totals(design, scores), atol=1e-15)
