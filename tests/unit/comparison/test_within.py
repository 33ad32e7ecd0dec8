"""Gaps between the levels of a domain inside one country."""

import numpy as np
import pytest

from designbased.estimates.covariance import joint_estimates
from designbased.inference.contrasts import estimate_contrasts
from disrupting_harm.comparison.differences.within_country import estimate_gaps
from disrupting_harm.tables.contracts import restricted_contract


def test_a_gap_is_the_later_level_less_the_earlier_one(design, data):
    table = estimate_gaps(design, data[["yes", "hours"]], data[["sex", "level"]], {"hours": "mean"})
    assert table.columns.tolist() == list(restricted_contract("contrasts/gaps").columns)[1:]
    pairs = [("girl", "boy"), ("b", "a"), ("c", "a"), ("c", "b")]
    assert list(zip(table["level_a"], table["level_b"], strict=True)) == pairs * 2
    assert table["difference"].to_numpy() == pytest.approx(
        (table["estimate_a"] - table["estimate_b"]).to_numpy()
    )


def test_differences_are_those_of_the_contrasts_of_the_design(design, data):
    table = estimate_gaps(design, data[["yes"]], data[["level"]], confidence=0.9)
    wanted = {
        f"{a} - {b}": {("level", a): 1.0, ("level", b): -1.0}
        for a, b in zip(table["level_a"], table["level_b"], strict=True)
    }
    expected = estimate_contrasts(design, data[["yes"]], data[["level"]], wanted, confidence=0.9)
    found = table.rename(columns={"difference": "estimate"})
    for name in ("estimate", "se", "df", "ci_low", "ci_high"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12)


def test_the_error_of_the_log_ratio_uses_the_covariance(design, data):
    row = estimate_gaps(design, data[["yes"]], data[["sex"]]).iloc[0]
    joint = joint_estimates(design, data[["yes"]], data[["sex"]])
    boy, girl = joint.cells["estimate"]
    slope = np.array([-1 / boy, 1 / girl])
    assert row["log_ratio"] == pytest.approx(np.log(girl / boy), rel=1e-12)
    variance = slope @ joint.matrix @ slope
    assert row["log_ratio_se"] == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert abs(variance / (slope**2 @ np.diag(joint.matrix)) - 1) > 0.02


def test_a_level_without_answers_leaves_its_gaps_empty(design, data):
    some = data.assign(yes=data["yes"].where(data["level"] != "b"))
    table = estimate_gaps(design, some[["yes"]], data[["level"]])
    assert table["n_b"].tolist()[2] == 0
    assert table["difference"].isna().tolist() == [True, False, True]
    assert table["ci_low"].isna().tolist() == [True, False, True]
    whole = estimate_gaps(design, data[["yes"]], data[["level"]])
    columns = ["difference", "se", "log_ratio_se"]
    np.testing.assert_allclose(
        table.loc[1, columns].astype(float), whole.loc[1, columns].astype(float), rtol=1e-12
    )


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_where_nothing_varies_there_are_no_limits(design, data, answer):
    row = estimate_gaps(design, data.assign(yes=answer)[["yes"]], data[["sex"]]).iloc[0]
    assert (row["difference"], row["se"]) == (0, 0)
    assert np.isnan([row["ci_low"], row["ci_high"]]).all()
    assert np.isnan(row["log_ratio"]) == (answer == 0)


def test_without_domains_the_table_is_empty_and_typed(design, data):
    table = estimate_gaps(design, data[["yes"]], data[[]])
    assert (len(table), table.columns.tolist()) == (
        0,
        list(restricted_contract("contrasts/gaps").columns)[1:],
    )
    assert table["n_a"].dtype == np.int64
    assert table["se"].dtype == np.float64
