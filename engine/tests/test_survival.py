"""Curves and Cox models: what they have to agree with, and what they refuse."""

import numpy as np
import pandas as pd
import polars
import pytest

from designbased import (
    SurveyDesign,
    estimate,
    estimate_margins,
    estimate_survival,
    fit_cox,
    fit_model,
    jackknife,
    predict,
    wald_tests,
)
from designbased.errors import InputError


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(33)
    n = 480
    frame = pd.DataFrame({"psu": np.arange(n) % 40, "weight": rng.lognormal(0, 0.5, n)})
    frame["stratum"] = frame["psu"] % 4
    frame["sex"] = rng.choice(["boy", "girl"], n)
    frame["age"] = pd.Categorical.from_codes(rng.integers(0, 3, n), ["12-13", "14-15", "16-17"])
    frame["hours"] = rng.gamma(2, 1, n)
    told = rng.weibull(2, n) * 14 / np.exp(0.2 * (frame["sex"] == "girl"))
    frame["years"] = np.minimum(np.floor(told), 15)
    frame["told"] = told < 16
    return frame


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


def refusal(call, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_without_censoring_a_curve_is_a_table_of_shares(frame, design) -> None:
    everyone = frame.assign(told=True)
    curve = estimate_survival(design, everyone, "years", "told", by="sex")
    later = pd.DataFrame({f"{t:g}": (frame["years"] > t) * 1.0 for t in range(16)})
    shares = estimate(design, later, frame["sex"].astype("category").to_frame())
    shares = shares.assign(time=shares["indicator"].astype(float))
    both = curve.merge(shares, on=["level", "time"])
    both = both[both["survival"] > 1e-9]
    np.testing.assert_allclose(both["survival"], both["estimate"], rtol=1e-10)
    np.testing.assert_allclose(both["se_log"], both["se"] / both["estimate"], rtol=1e-9)
    # At the end nobody is left: zero, whose logarithm has no error.
    last = curve.groupby("level").tail(1)
    assert (last["survival"] == 0).all()
    assert last[["se_log", "ci_low", "ci_high"]].isna().all().all()


def test_limits_hold_the_curve(frame, design) -> None:
    curve = estimate_survival(design, frame, "years", "told")
    assert curve["survival"].is_monotonic_decreasing
    assert curve["survival"].between(curve["ci_low"], curve["ci_high"]).all()
    assert curve[["ci_low", "ci_high"]].stack().between(0, 1).all()
    assert (curve["n_at_risk"].diff().dropna() < 0).all()
    assert curve["n_events"].sum() == frame["told"].sum()
    assert curve["df"].eq(36).all()
    at = estimate_survival(design, frame, "years", "told", at=[3, 7.5])
    of_times = curve[curve["time"].isin([3, 7])].reset_index(drop=True)
    pd.testing.assert_frame_equal(at.drop(columns="time"), of_times.drop(columns="time"))
    assert at["time"].tolist() == [3, 7.5]


def test_a_domain_is_a_subset_of_the_answers(frame, design) -> None:
    girls = frame["sex"] == "girl"
    by_sex = estimate_survival(design, frame, "years", "told", by="sex")
    expected = by_sex[by_sex["level"] == "girl"].drop(columns="level").reset_index(drop=True)
    for found in (
        estimate_survival(design, frame, "years", "told", where=girls),
        estimate_survival(design, frame.assign(years=frame["years"].where(girls)), "years", "told"),
    ):
        pd.testing.assert_frame_equal(found.drop(columns="level"), expected)


def test_frames_of_polars_are_taken(frame, design) -> None:
    """Whole years and a column of true and false, as such files have them."""
    whole = frame.assign(years=frame["years"].astype(int))
    columns = whole.drop(columns="age").to_dict(orient="list")
    other = polars.DataFrame(columns)
    of_other = SurveyDesign.from_frame(other)
    found = estimate_survival(of_other, other, "years", "told", by="sex")
    pd.testing.assert_frame_equal(
        found, estimate_survival(design, whole, "years", "told", by="sex"), check_dtype=False
    )
    fits = [
        fit_cox(of_other, other, "years ~ sex + hours", "told"),
        fit_cox(design, whole, "years ~ sex + hours", "told"),
    ]
    np.testing.assert_array_equal(fits[0].covariance, fits[1].covariance)


def test_only_the_order_of_times_counts(frame, design) -> None:
    formula = "years ~ sex * age + hours"
    fit = fit_cox(design, frame, formula, "told")
    stretched = fit_cox(design, frame.assign(years=frame["years"] ** 3), formula, "told")
    np.testing.assert_array_equal(fit.coefficient, stretched.coefficient)
    np.testing.assert_array_equal(fit.covariance, stretched.covariance)
    size = np.abs(fit.influence).sum(axis=0)
    assert (np.abs(fit.influence.sum(axis=0)) < 1e-11 * size).all()
    assert fit.n_events == frame["told"].sum()
    assert wald_tests(fit)["term"].tolist() == ["sex", "age", "sex:age", "hours"]


def test_small_hazards_in_whole_years_are_a_complementary_log_log_model(frame, design) -> None:
    """Rows of a person and year, Prentice & Gloeckler 1978: the same ratio of hazards, nearly."""
    cox = fit_cox(design, frame, "years ~ sex", "told").coefficient[0]
    rows = frame.loc[frame.index.repeat(frame["years"].astype(int) + 1)].copy()
    rows["year"] = rows.groupby(level=0).cumcount()
    rows["now"] = ((rows["year"] == rows["years"]) & rows["told"]).astype(float)
    rows["period"] = pd.cut(rows["year"], [-1, 3, 6, 8, 10, 12, 15]).astype(str)
    rows = rows.reset_index(drop=True)
    discrete = fit_model(SurveyDesign.from_frame(rows), rows, "now ~ period + sex", "cloglog")
    place = discrete.model.columns.index("sex[T.girl]")
    assert discrete.coefficient[place] == pytest.approx(cox, abs=0.02)


def test_ties_do_not_matter_where_there_are_none(frame, design) -> None:
    jitter = np.random.default_rng(1).permutation(len(frame)) / 1000
    exact = frame.assign(years=frame["years"] + jitter)
    fits = [fit_cox(design, exact, "years ~ sex", "told", ties) for ties in ("efron", "breslow")]
    np.testing.assert_allclose(fits[0].coefficient, fits[1].coefficient, rtol=1e-12)
    np.testing.assert_allclose(fits[0].covariance, fits[1].covariance, rtol=1e-12)


def test_refusals_of_curves(frame, design) -> None:
    def refuse(**changes) -> str:
        options = {"time": "years", "event": "told"} | changes
        return refusal(estimate_survival, design, options.pop("data", frame), **options)

    assert "Choose one of product, exponential" in refuse(curve="fleming")
    assert "column 'since': not in the data" in refuse(time="since")
    assert "Give numbers" in refuse(time="sex")
    negative = frame.assign(years=frame["years"].where(frame.index != 4, -1))
    assert "column 'years': another value in data row 5" in refuse(data=negative)
    odd = frame.assign(told=frame["told"] * 2)
    assert "Give 0, 1 or true, false" in refuse(data=odd)
    none = frame.assign(told=frame["told"] & (frame["sex"] == "girl"))
    assert "no row of 'boy' has the event" in refuse(data=none, by="sex")
    assert "column 'wealth': not in the data" in refuse(by="wealth")
    assert "at: the time 40. Give times from 0, the first event, to 15" in refuse(at=[40])


def test_refusals_of_cox_models(frame, design) -> None:
    assert "Choose one of efron, breslow" in refusal(
        fit_cox, design, frame, "years ~ sex", "told", "exact"
    )
    assert "no variable" in refusal(fit_cox, design, frame, "years ~ 1", "told")
    assert "no intercept" in refusal(fit_cox, design, frame, "years ~ sex - 1", "told")
    assert "no row has the event" in refusal(
        fit_cox, design, frame.assign(told=False), "years ~ sex", "told"
    )
    old = frame["age"] == "16-17"
    none = frame.assign(told=frame["told"] & ~old)
    text = refusal(fit_cox, design, none, "years ~ sex + age", "told")
    assert "separation: no row of level '16-17' of 'age' has the event" in text
    fit = fit_cox(design, frame, "years ~ sex", "told")
    assert "no mean to predict" in refusal(predict, fit, frame[["sex"]])
    assert "no mean to predict" in refusal(estimate_margins, fit, "sex")


def test_a_replicate_without_events_of_a_level_is_named(frame, design) -> None:
    """One PSU holds all events of the oldest: the jackknife takes them away once."""
    kept = frame["told"] & ((frame["age"] != "16-17") | (frame["psu"] == 3))
    few = frame.assign(told=kept)
    assert fit_cox(design, few, "years ~ sex + age", "told").n_events == kept.sum()
    text = refusal(fit_cox, jackknife(design), few, "years ~ sex + age", "told")
    assert "in 1 of 40 replicates" in text
    assert "at the term 'age'" in text
    old = few["age"] == "16-17"
    curve = estimate_survival(jackknife(design), few, "years", "told", where=old)
    assert np.isfinite(curve["se_log"]).all()


def test_fits_describe_themselves(frame, design) -> None:
    fit = fit_cox(design, frame, "years ~ sex + hours", "told")
    assert repr(fit) == (
        "<CoxFit: Cox (efron), 'years ~ sex + hours', 480 rows, 2 coefficients, df 34>"
    )
    assert "Cox (efron) model: years ~ sex + hours" in fit.summary()
    assert fit.ratios()["estimate"].tolist() == pytest.approx(np.exp(fit.coefficient))
