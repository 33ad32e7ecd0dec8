from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.design import coding
from designbased.design.deviations import scaled_deviations
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates import linearisation
from designbased.estimates.linearisation import estimate

NUMBERS = ["population", "estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]


def sample(seed: int, missing: float = 0.1) -> pd.DataFrame:
    """A survey of 3 strata and 12 PSUs with two yes-or-no outcomes and one amount."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(80, 160))
    frame = pd.DataFrame({"psu": np.arange(n) % 12, "weight": rng.lognormal(0, 0.7, n)})
    frame["stratum"] = frame["psu"] % 3
    frame["yes"] = (rng.random(n) < 0.2 + 0.04 * (frame["psu"] % 5)).astype(float)
    frame["rare"] = (rng.random(n) < 0.05).astype(float)
    frame["amount"] = rng.normal(5, 2, n)
    for name in ("yes", "rare", "amount"):
        frame.loc[rng.random(n) < missing, name] = np.nan
    frame["total"] = pd.Categorical(["all"] * n)
    frame["group"] = pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c"])
    return frame


def table(frame: pd.DataFrame, **options) -> pd.DataFrame:
    return estimate(
        SurveyDesign.from_frame(frame),
        frame[["yes", "rare", "amount"]],
        frame[["total", "group"]],
        statistics={"amount": "mean"},
        **options,
    )


def assert_same(one: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> None:
    np.testing.assert_allclose(one[columns], other[columns], rtol=1e-11, atol=1e-13)


def refusal(*arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        estimate(*arguments, **options)
    return str(caught.value)


def test_worked_example() -> None:
    """Two strata of two PSUs, by hand: p = 7/17, residuals of the PSUs over 17."""
    frame = pd.DataFrame({"stratum": [1, 1, 2, 2], "psu": [1, 2, 1, 2], "weight": [2, 3, 5, 7]})
    all_rows = pd.DataFrame({"total": pd.Categorical(["all"] * 4)})
    found = estimate(SurveyDesign.from_frame(frame), pd.DataFrame({"y": [1, 0, 1, 0]}), all_rows)
    p = 7 / 17
    z = np.array([2 - 2 * p, -3 * p, 5 - 5 * p, -7 * p]) / 17
    # With two PSUs a stratum's variance is the squared difference between them.
    variance = (z[0] - z[1]) ** 2 + (z[2] - z[3]) ** 2
    row = found.iloc[0]
    assert row["estimate"] == pytest.approx(p)
    assert row["se"] == pytest.approx(np.sqrt(variance))
    assert row["deff"] == pytest.approx(variance / (p * (1 - p) / 4))
    assert row["n_eff"] == pytest.approx(p * (1 - p) / variance)
    assert row[["n", "n_yes", "population", "df", "df_design"]].tolist() == [4, 2, 17, 2, 2]


def test_columns_and_order() -> None:
    found = table(sample(1))
    keys = ["indicator", "domain", "level"]
    results = ["estimate", "se", "ci_low", "ci_high", "deff", "n_eff", "df", "df_design"]
    counts = ["n", "n_yes", "population"]
    assert list(found.columns) == [*keys, *counts, *results, "interval"]
    assert found["indicator"].unique().tolist() == ["yes", "rare", "amount"]
    assert found["level"].tolist() == ["all", "a", "b", "c"] * 3
    assert found["interval"].tolist() == ["korn_graubard"] * 8 + ["wald_t"] * 4
    assert found["n_yes"].isna().tolist() == [False] * 8 + [True] * 4


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_same_table_whatever_the_order_of_rows(seed: int) -> None:
    frame = sample(seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    assert_same(table(frame), table(shuffled), NUMBERS)


@given(seed=st.integers(0, 10_000), factor=st.floats(1e-3, 1e6))
@settings(max_examples=15, deadline=None)
def test_scale_of_weights_is_irrelevant(seed: int, factor: float) -> None:
    frame = sample(seed)
    scaled = table(frame.assign(weight=frame["weight"] * factor))
    assert_same(table(frame), scaled, NUMBERS[1:])
    np.testing.assert_allclose(scaled["population"], table(frame)["population"] * factor)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_domain_proportion_is_a_ratio_on_the_full_design(seed: int) -> None:
    """The same numbers from the residuals of the ratio Σ w y d / Σ w d over every row."""
    frame = sample(seed)
    design = SurveyDesign.from_frame(frame)
    found = table(frame).query("indicator == 'yes' and domain == 'group'").set_index("level")
    for level in "abc":
        inside = ((frame["group"] == level) & frame["yes"].notna()).to_numpy(float)
        weight = design.weight * inside
        answer = frame["yes"].fillna(0).to_numpy()
        p = (weight * answer).sum() / weight.sum()
        residual = np.bincount(design.psu, weight * (answer - p) / weight.sum(), design.n_psus)
        variance = 0.0
        for h in range(design.n_strata):
            z = residual[design.psu_stratum == h]
            variance += len(z) / (len(z) - 1) * ((z - z.mean()) ** 2).sum()
        assert found.loc[level, "estimate"] == pytest.approx(p, rel=1e-12)
        assert found.loc[level, "se"] == pytest.approx(np.sqrt(variance), rel=1e-11)


def test_total_of_a_domain_is_the_total_of_its_indicator() -> None:
    frame = sample(3, missing=0.0)
    design = SurveyDesign.from_frame(frame)
    by_domain = estimate(design, frame[["yes"]], frame[["group"]], {"yes": "total"})
    in_b = pd.DataFrame({"yes": frame["yes"].where(frame["group"] == "b", 0.0)})
    on_all = estimate(design, in_b, frame[["total"]], {"yes": "total"})
    assert_same(by_domain[by_domain["level"] == "b"], on_all, ["estimate", "se"])


def test_mean_of_zeros_and_ones_is_the_proportion() -> None:
    frame = sample(4)
    design = SurveyDesign.from_frame(frame)
    domains = frame[["total", "group"]]
    proportion = estimate(design, frame[["yes"]], domains)
    mean = estimate(design, frame[["yes"]], domains, {"yes": "mean"})
    assert_same(proportion, mean, ["n", "population", "estimate", "se", "df"])
    n = proportion["n"]
    np.testing.assert_allclose(mean["deff"], proportion["deff"] * (n - 1) / n)


def test_spread_survives_a_large_common_offset() -> None:
    frame = sample(5)
    shifted = frame.assign(amount=frame["amount"] + 1e6)
    near, far = (table(each).query("indicator == 'amount'") for each in (frame, shifted))
    np.testing.assert_allclose(near["deff"], far["deff"], rtol=1e-6)


def test_missing_answers_leave_the_design_alone() -> None:
    """Dropping the rows without an answer would drop a PSU and change the variance."""
    frame = sample(6, missing=0.0)
    frame.loc[frame["psu"] == 4, "yes"] = np.nan
    full = table(frame).iloc[0]
    dropped = table(frame[frame["yes"].notna()]).iloc[0]
    assert full["estimate"] == pytest.approx(dropped["estimate"], rel=1e-12)
    assert full["se"] != pytest.approx(dropped["se"], rel=1e-3)
    assert (full["df"], full["df_design"]) == (8, 9)


def test_every_category_has_its_row() -> None:
    frame = sample(7)
    frame["group"] = frame["group"].cat.add_categories("nobody")
    empty = table(frame).query("level == 'nobody'")
    assert len(empty) == 3
    assert (empty[["n", "df", "population"]] == 0).all(axis=None)
    assert empty[["estimate", "se", "ci_low", "ci_high", "deff", "n_eff"]].isna().all(axis=None)
    assert empty["n_yes"].tolist()[:2] == [0, 0]


def test_total_of_nobody_is_not_zero_but_missing() -> None:
    frame = sample(7)
    frame["group"] = frame["group"].cat.add_categories("nobody")
    found = estimate(
        SurveyDesign.from_frame(frame), frame[["yes"]], frame[["group"]], {"yes": "total"}
    )
    assert found.set_index("level").loc["nobody", ["estimate", "se"]].isna().all()


@pytest.mark.parametrize("seed", range(20))
def test_a_single_answer_has_a_standard_error_and_no_design_effect(seed: int) -> None:
    frame = sample(seed, missing=0.0)
    alone = frame.index == len(frame) // 2
    frame["group"] = pd.Categorical(np.where(alone, "a", "b"), ["a", "b"])
    found = estimate(
        SurveyDesign.from_frame(frame), frame[["amount"]], frame[["group"]], {"amount": "total"}
    ).iloc[0]
    assert found["n"] == 1
    # One PSU of four has a total, of which the others have nothing.
    assert found["se"] == pytest.approx(abs(found["estimate"]), rel=1e-12)
    assert np.isnan(found["deff"])


def test_rows_of_weight_zero_are_outside_the_sample() -> None:
    frame = sample(8)
    frame.loc[:9, "weight"] = 0.0
    kept = frame[frame["weight"] > 0]
    assert_same(table(frame), table(kept), [*NUMBERS, "n", "df"])


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_or_nobody(value: float) -> None:
    frame = sample(9).assign(yes=value)
    row = table(frame).iloc[0]
    assert (row["estimate"], row["se"], row["n_eff"]) == (value, 0, row["n"])
    assert np.isnan(row["deff"])
    # The limit on the other side solves (1 - U)^n = 2.5 %.
    bound = 1 - 0.025 ** (1 / row["n"])
    expected = (0, bound) if value == 0 else (1 - bound, 1)
    np.testing.assert_allclose((row["ci_low"], row["ci_high"]), expected, rtol=1e-12)


def test_no_interval_when_a_domain_has_one_psu_per_stratum() -> None:
    frame = sample(10, missing=0.0)
    frame["group"] = frame["group"].where(frame["psu"] < 3)
    few = table(frame).query("indicator == 'yes' and domain == 'group'")
    assert (few["df"] == 0).all()
    assert few["se"].gt(0).any()
    assert few[["ci_low", "ci_high"]].isna().all(axis=None)


def test_rounding_noise_is_no_standard_error() -> None:
    """Equal shares in every PSU: R gives 1e-17, which no interval should build on."""
    frame = pd.DataFrame({"psu": np.repeat(np.arange(6), 3), "stratum": 1, "weight": 0.1})
    answers = pd.DataFrame({"y": np.tile([1.0, 0.0, 0.0], 6)})
    found = estimate(
        SurveyDesign.from_frame(frame), answers, pd.DataFrame({"all": pd.Categorical(["x"] * 18)})
    ).iloc[0]
    assert (found["se"], found["deff"], found["n_eff"]) == (0, 0, 18)


def test_groups_of_psus_and_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = table(sample(11))
    monkeypatch.setattr(coding, "BLOCK_SIZE", 1)
    pd.testing.assert_frame_equal(whole, table(sample(11)), rtol=0, atol=0)
    monkeypatch.setattr(linearisation, "CACHE_SIZE", 1)
    monkeypatch.setattr(linearisation, "ROWS_AT_ONCE", 5)
    monkeypatch.setattr(linearisation, "ROWS_AT_ONCE", 5)
    pd.testing.assert_frame_equal(whole, table(sample(11)), rtol=1e-13, atol=0)


def test_rows_alike_are_summed_together_where_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = pd.concat([sample(seed) for seed in range(12)], ignore_index=True)
    frame["weight"] = frame["weight"].where(frame.index % 7 > 0, 0.0)
    frame["area"] = pd.Categorical.from_codes(np.arange(len(frame)) % 3 - 1, ["east", "west"])
    design = SurveyDesign.from_frame(frame)
    arguments = frame[["yes", "rare", "amount"]], frame[["area"]], {"amount": "mean"}
    whole = estimate(design, *arguments)
    monkeypatch.setattr(coding, "BLOCK_SIZE", 1)
    monkeypatch.setattr(linearisation, "MANY_ROWS", 100)
    monkeypatch.setattr(
        linearisation, "_sum_alike_rows", spy := Mock(wraps=linearisation._sum_alike_rows)
    )
    pd.testing.assert_frame_equal(whole, estimate(design, *arguments), rtol=1e-13, atol=0)
    spy.assert_called_once()


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("yes", 2.0, "column 'yes': an answer other than 0 and 1 in data row 41"),
        ("amount", np.inf, "column 'amount': an infinite answer in data row 41"),
        ("rare", "often", "outcomes: "),
    ],
)
def test_faults_of_large_frames_are_told_as_those_of_small_ones(
    column: str, value: object, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = sample(11)
    frame[column] = frame[column].astype(object)
    frame.loc[40, column] = value
    with pytest.raises(InputError) as small:
        table(frame)
    monkeypatch.setattr(coding, "BLOCK_SIZE", 1)
    with pytest.raises(InputError) as large:
        table(frame)
    assert found in str(large.value)
    assert str(large.value) == str(small.value)


def test_without_domains_the_whole_population_is_estimated() -> None:
    frame = sample(11)
    design = SurveyDesign.from_frame(frame)
    found = estimate(design, frame[["yes"]])
    everyone = frame[["total"]].assign(total=pd.Categorical(["all"] * len(frame)))
    pd.testing.assert_frame_equal(found, estimate(design, frame[["yes"]], everyone))


def test_deviations_give_covariances() -> None:
    """Var(a + b) = Var(a) + Var(b) + 2 Cov(a, b), also with a lonely PSU and an fpc."""
    frame = sample(12)
    frame["stratum"] = np.where(frame["psu"] == 11, 9, frame["stratum"])
    frame["psus"] = 20
    design = SurveyDesign.from_frame(frame, fpc="psus", lonely_psu="centre")
    a, b = np.random.default_rng(1).normal(size=(2, design.n_psus))
    totals = scaled_deviations(design, np.column_stack([a, b, a + b]))
    variance = (totals**2).sum(axis=0)
    covariance = (totals[:, 0] * totals[:, 1]).sum()
    assert variance[2] == pytest.approx(variance[0] + variance[1] + 2 * covariance)


def test_interval_and_confidence_are_used() -> None:
    frame = sample(13)
    wide, narrow = (table(frame, confidence=level).iloc[0] for level in (0.99, 0.9))
    assert wide["ci_low"] < narrow["ci_low"] < narrow["ci_high"] < wide["ci_high"]
    assert table(frame, interval="logit")["interval"].iloc[0] == "logit"
    assert table(frame, interval="logit")["ci_low"].iloc[0] != wide["ci_low"]


def test_wrong_input_is_named() -> None:
    frame = sample(14)
    design = SurveyDesign.from_frame(frame)
    answers, domains = frame[["yes", "rare"]], frame[["total", "group"]]
    assert "wald_t" in refusal(design, answers, domains, interval="wald_t")
    assert "confidence" in refusal(design, answers, domains, confidence=95)
    assert "80 rows for a design of" in refusal(design, answers.iloc[:80], domains)
    assert "rows for a design of" in refusal(design, answers, domains.iloc[1:])
    assert "outcomes: no columns" in refusal(design, answers[[]], domains)
    assert "domains: no columns" in refusal(design, answers, domains[[]])
    assert "'yes' stands twice" in refusal(design, frame[["yes", "yes"]], domains)
    assert "no outcome 'no'" in refusal(design, answers, domains, {"no": "mean"})
    assert "'median' for 'yes'" in refusal(design, answers, domains, {"yes": "median"})
    as_numbers = domains.assign(group=1.5)
    assert "domains, column 'group'" in refusal(design, answers, as_numbers)
    coded = answers.assign(rare=answers["rare"].where(answers.index != 4, 8))
    message = refusal(design, coded, domains)
    assert "outcomes, column 'rare': an answer other than 0 and 1 in data row 5" in message
    assert "an infinite answer in data row" in refusal(
        design, answers * np.inf, domains, {"rare": "mean", "yes": "mean"}
    )
    assert "outcomes: " in refusal(design, answers.assign(rare="yes"), domains)


def test_labels_of_columns_may_be_anything() -> None:
    frame = sample(15)
    design = SurveyDesign.from_frame(frame)
    named = estimate(design, frame[["yes", "amount"]], frame[["group"]], {"amount": "mean"})
    for labels in ((0, 1), (("q", 1), ("q", 2)), (2021.5, None)):
        answers = frame[["yes", "amount"]].set_axis(pd.Index(labels, dtype=object), axis=1)
        found = estimate(design, answers, frame[["group"]], {labels[1]: "mean"})
        assert found["indicator"].unique().tolist() == [str(label) for label in labels]
        pd.testing.assert_frame_equal(
            found.drop(columns="indicator"), named.drop(columns="indicator")
        )
    same = frame[["yes", "rare"]].set_axis([1, "1"], axis=1)
    assert "column '1' stands twice" in refusal(design, same, frame[["group"]])
