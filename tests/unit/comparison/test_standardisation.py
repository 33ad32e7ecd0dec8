"""Direct standardisation: estimates, errors from the full covariance matrix, effective size."""

import numpy as np
import pandas as pd
import pytest
from clustered import LEVELS

from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import korn_graubard
from disrupting_harm.comparison.standardisation import NO_ANSWERS, effective_se, standardise
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.reliability import smaller_n

SHARES = dict(zip(LEVELS, (0.2, 0.3, 0.5), strict=True))


def row_of(design, data, name="yes", shares=SHARES, **options):
    return standardise(design, data[[name]], data["level"], shares, **options).iloc[0]


def test_the_estimate_and_its_error_by_the_definition(design, data):
    row = row_of(design, data)
    joint = joint_estimates(design, data[["yes"]], data[["level"]])
    w = np.array(list(SHARES.values()))
    p, n = joint.cells["estimate"].to_numpy(), joint.cells["n"].to_numpy()
    variance = w @ joint.matrix @ w
    assert row["estimate"] == pytest.approx(w @ p, rel=1e-12)
    assert row["se"] ** 2 == pytest.approx(variance, rel=1e-12)
    assert row["deff"] == pytest.approx(variance / (w**2 * p * (1 - p) / n).sum(), rel=1e-9)
    assert row["n_eff"] == pytest.approx(row["n"] / row["deff"], rel=1e-12)
    # Levels that share PSUs: the diagonal alone is another number.
    assert abs(variance / (w**2 @ np.diag(joint.matrix)) - 1) > 0.02
    crude = estimate(design, data[["yes"]]).iloc[0]
    assert row["crude"] == pytest.approx(crude["estimate"], rel=1e-12)
    assert row["df"] == crude["df"]


def test_the_interval_stands_on_the_effective_sample_size_of_the_standardised_estimate(
    design, data
):
    row = row_of(design, data)
    se = np.sqrt(row["estimate"] * (1 - row["estimate"]) / row["n_eff"])
    expected = korn_graubard(row["estimate"], se, row["n"], row["df"])
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(list(map(float, expected)), rel=1e-12)
    # What presentation standards compute from n_eff = p(1-p)/se² is that same size.
    table = standardise(design, data[["yes"]], data["level"], SHARES)
    effective = effective_se(table, [True])
    size = smaller_n(table["estimate"].to_numpy(), effective, np.array([np.inf]))
    assert size == pytest.approx(table["n_eff"].to_numpy(), rel=1e-9)


def test_with_the_samples_own_shares_it_is_the_crude_estimate(design, data):
    weight = data.groupby("level", observed=False)["weight"].sum()
    whole = data.assign(yes=data["yes"].fillna(0.0))
    row = row_of(design, whole, shares=weight.to_dict())
    assert row["estimate"] == pytest.approx(row["crude"], rel=1e-12)


def test_only_relations_of_shares_count(design, data):
    times = {level: 700 * share for level, share in SHARES.items()}
    pd.testing.assert_series_equal(row_of(design, data, shares=times), row_of(design, data))


def test_where_nobody_says_yes_the_interval_is_that_of_n_answers(design, data):
    row = row_of(design, data.assign(yes=0.0))
    assert (row["estimate"], row["se"], row["n_eff"], row["ci_low"]) == (0, 0, len(data), 0)
    expected = float(korn_graubard(0.0, 0.0, len(data), row["df"])[1])
    assert row["ci_high"] == pytest.approx(expected)
    assert np.isnan(row["deff"])


def test_a_mean_has_a_t_interval(design, data):
    row = row_of(design, data, "hours", statistics={"hours": "mean"})
    assert row["ci_high"] - row["estimate"] == pytest.approx(row["estimate"] - row["ci_low"])
    levels = estimate(design, data[["hours"]], data[["level"]], {"hours": "mean"})
    simple = levels["se"] ** 2 / levels["deff"]
    w = np.array(list(SHARES.values()))
    assert row["deff"] == pytest.approx(row["se"] ** 2 / (w**2 @ simple), rel=1e-9)


def test_a_level_without_answers_is_named_and_its_share_goes_to_the_others(design, data):
    some = data.assign(yes=data["yes"].where(data["level"] != "b"))
    row = row_of(design, some)
    assert row["note"].startswith("no valid answers in b:")
    p = joint_estimates(design, some[["yes"]], data[["level"]]).cells["estimate"]
    assert row["estimate"] == pytest.approx((0.2 * p[0] + 0.5 * p[2]) / 0.7, rel=1e-12)


def test_without_any_answer_there_is_a_row_that_says_so(design, data):
    row = row_of(design, data.assign(yes=np.nan))
    assert (row["n"], row["note"]) == (0, NO_ANSWERS)
    assert row[["estimate", "se", "ci_low", "ci_high", "crude"]].isna().all()


def test_children_of_unknown_level_count_in_the_crude_estimate_only(design, data):
    unknown = data["level"].where(np.arange(len(data)) % 5 > 0)
    table = standardise(design, data[["yes"]], unknown, SHARES)
    assert table.loc[0, "crude"] == row_of(design, data)["crude"]
    assert table.loc[0, "n"] == (data["yes"].notna() & unknown.notna()).sum()


def test_shares_have_to_be_of_the_levels(design, data):
    with pytest.raises(StudyError, match="level 'd' is not in both"):
        row_of(design, data, shares={**SHARES, "d": 0.1})
    with pytest.raises(StudyError, match="level 'c' is not in both"):
        row_of(design, data, shares={"a": 1, "b": 1})
    with pytest.raises(StudyError, match="no positive number"):
        row_of(design, data, shares={**SHARES, "a": 0})


def test_totals_are_not_standardised(design, data):
    with pytest.raises(StudyError, match="'hours' is a total"):
        row_of(design, data, "hours", statistics={"hours": "total"})
