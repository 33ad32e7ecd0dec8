"""Every estimator with replicate weights: against fits of each replicate by other libraries."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from designbased import (
    ReplicateDesign,
    SurveyDesign,
    any_change,
    association_test,
    association_tests,
    balanced_replicates,
    calibrated_frame,
    compare_dyads,
    estimate,
    estimate_categories,
    estimate_completed,
    estimate_contrasts,
    estimate_margins,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    fit_multinomial,
    fit_ordinal,
    jackknife,
    joint_estimates,
    margin_indicators,
    pairs_of_levels,
    rescaling_bootstrap,
    shared_covariance,
    stack_replicates,
    stacked_design,
    supplied_replicates,
    trend_model,
    weighted_counts,
    worst_case_bounds,
)
from designbased.errors import InputError

rng = np.random.default_rng(17)
N = 240
FRAME = pd.DataFrame(
    {
        "stratum": np.repeat(np.arange(6), 40),
        "psu": np.repeat(np.arange(12), 20),
        "weight": rng.lognormal(3, 0.4, N),
        "sex": rng.choice(["boy", "girl"], N),
        "age": pd.Categorical.from_codes(rng.integers(0, 3, N), ["12-13", "14-15", "16-17"]),
        "hours": rng.gamma(2, 1, N),
        "messages": rng.poisson(5, N).astype(float),
        "yes": (rng.random(N) < 0.4).astype(float),
    }
)
FRAME.loc[::11, "yes"] = np.nan
DESIGN = SurveyDesign.from_frame(FRAME)
KINDS = {
    "jackknife": jackknife(DESIGN),
    "balanced": balanced_replicates(DESIGN, mse=True),
    "Fay": balanced_replicates(DESIGN, rho=0.3),
    "bootstrap": rescaling_bootstrap(DESIGN, 30, seed=3),
}


def replicate_weights(design: ReplicateDesign) -> np.ndarray:
    return FRAME[["weight"]].to_numpy() * design.multiplier[DESIGN.psu]


def supplied(design: ReplicateDesign) -> ReplicateDesign:
    weights = replicate_weights(design)
    names = [f"r{r}" for r in range(weights.shape[1])]
    frame = FRAME.join(pd.DataFrame(weights, columns=names, index=FRAME.index))
    rscales = design.rscales.tolist()
    return supplied_replicates(
        frame, "weight", names, design.scale, rscales, design.mse, df=design.df
    )


def covariance_by_hand(design: ReplicateDesign, point, replicated) -> np.ndarray:
    centre = point if design.mse else replicated.mean(axis=0)
    deviation = replicated - centre
    return design.scale * (deviation.T * design.rscales) @ deviation


@pytest.mark.parametrize("supply", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("family", "formula", "theirs"),
    [
        ("logistic", "yes ~ sex + age + hours", sm.families.Binomial()),
        ("poisson", "messages ~ sex + age", sm.families.Poisson()),
        ("probit", "yes ~ sex + age", sm.families.Binomial(sm.families.links.Probit())),
        ("cloglog", "yes ~ sex + hours", sm.families.Binomial(sm.families.links.CLogLog())),
        ("linear", "hours ~ sex * age", sm.families.Gaussian()),
    ],
)
def test_models_are_fitted_anew_in_every_replicate(family, formula, theirs, kind, supply) -> None:
    made = KINDS[kind]
    fit = fit_model(supplied(made) if supply else made, FRAME, formula, family)
    complete = (FRAME["yes"] if formula.startswith("yes") else FRAME["sex"]).notna()
    matrix, outcome = fit.model.matrix[fit.model.profile], fit.model.outcome[fit.model.profile]

    def refit(weight: np.ndarray) -> np.ndarray:
        model = sm.GLM(outcome, matrix, theirs, var_weights=weight[complete])
        return model.fit(tol=1e-14, maxiter=200, tol_criterion="params").params

    point = refit(FRAME["weight"].to_numpy())
    replicated = np.array([refit(weight) for weight in replicate_weights(made).T])
    expected = covariance_by_hand(made, point, replicated)
    np.testing.assert_allclose(fit.coefficient, point, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fit.covariance, expected, rtol=1e-8, atol=1e-11)
    assert fit.df == made.df - (len(point) - 1)


@pytest.mark.parametrize("kind", ["jackknife", "Fay"])
def test_models_of_categories_are_fitted_anew_in_every_replicate(kind) -> None:
    """With two answers both are the logistic model, whose replicates are judged above."""
    made = KINDS[kind]
    answers = np.where(FRAME["yes"].isna(), None, np.where(FRAME["yes"] == 1, "yes", "no"))
    data = FRAME.assign(answer=pd.Categorical(answers, ["no", "yes"], ordered=True))
    logistic = fit_model(made, FRAME, "yes ~ sex + hours", "logistic")
    multinomial = fit_multinomial(made, data, "answer ~ sex + hours")
    np.testing.assert_allclose(multinomial.covariance, logistic.covariance, rtol=1e-8)
    ordinal = fit_ordinal(made, data, "answer ~ sex + hours")
    np.testing.assert_allclose(
        ordinal.covariance[:2, :2], logistic.covariance[1:, 1:], rtol=1e-8, atol=1e-12
    )
    expected = estimate_margins(logistic, "sex").table()["se"]
    shares = estimate_margins(multinomial, "sex").table()
    np.testing.assert_allclose(shares["se"][shares["answer"] == "yes"], expected, rtol=1e-8)


def test_a_replicate_without_an_answer_stops_a_model_of_categories() -> None:
    said = np.where(FRAME["psu"] == 3, "often", np.where(FRAME["yes"] == 1, "yes", "no"))
    data = FRAME.assign(said=pd.Categorical(said, ["no", "yes", "often"], ordered=True))
    for fit in (fit_multinomial, fit_ordinal):
        with pytest.raises(InputError, match="separation in 1 of 12 replicates"):
            fit(jackknife(DESIGN), data, "said ~ sex")


@pytest.mark.parametrize("kind", KINDS)
def test_ratios_contrasts_and_covariances_follow_from_the_replicates(kind) -> None:
    made = KINDS[kind]
    weights = replicate_weights(made)
    for design in (made, supplied(made)):
        ratios = estimate_ratios(
            design, FRAME[["messages"]], FRAME[["hours"]].set_axis(["messages"], axis=1)
        )
        both = FRAME[["messages", "hours"]].to_numpy()
        sums, point_sums = weights.T @ both, FRAME["weight"].to_numpy() @ both
        point = point_sums[:1] / point_sums[1:]
        expected = covariance_by_hand(made, point, sums[:, :1] / sums[:, 1:])
        np.testing.assert_allclose(ratios["se"] ** 2, expected[0], rtol=1e-11)
        # Two levels, and their difference with the covariance that they share.
        valid = FRAME["yes"].notna().to_numpy()
        member = np.column_stack([valid & (FRAME["sex"] == sex) for sex in ("boy", "girl")])
        yes = np.nan_to_num(FRAME["yes"].to_numpy())[:, np.newaxis] * member
        shares = (weights.T @ yes) / (weights.T @ member)
        weight = FRAME["weight"].to_numpy()
        expected = covariance_by_hand(made, (weight @ yes) / (weight @ member), shares)
        joint = joint_estimates(design, FRAME[["yes"]], FRAME[["sex"]])
        np.testing.assert_allclose(joint.matrix, expected, rtol=1e-10, atol=1e-16)
        pairs = pairs_of_levels(FRAME[["sex"]])
        contrast = estimate_contrasts(design, FRAME[["yes"]], FRAME[["sex"]], pairs)
        variance = expected[0, 0] + expected[1, 1] - 2 * expected[0, 1]
        np.testing.assert_allclose(contrast["se"] ** 2, variance, rtol=1e-10)


@pytest.mark.parametrize("kind", ["jackknife", "Fay"])
def test_margins_vary_with_rows_and_coefficients(kind) -> None:
    made = KINDS[kind]
    fit = fit_model(made, FRAME, "yes ~ sex + hours", "logistic")
    complete = FRAME["yes"].notna()
    matrix, outcome = fit.model.matrix[fit.model.profile], fit.model.outcome[fit.model.profile]

    def margins(weight: np.ndarray) -> list[float]:
        model = sm.GLM(outcome, matrix, sm.families.Binomial(), var_weights=weight[complete])
        beta = model.fit(tol=1e-14, maxiter=200, tol_criterion="params").params
        found = []
        for girl in (0, 1):
            changed = matrix.copy()
            changed[:, list(fit.model.columns).index("sex[T.girl]")] = girl
            found.append(np.average(1 / (1 + np.exp(-changed @ beta)), weights=weight[complete]))
        return found

    replicated = np.array([margins(weight) for weight in replicate_weights(made).T])
    expected = covariance_by_hand(made, np.array(margins(FRAME["weight"].to_numpy())), replicated)
    np.testing.assert_allclose(estimate_margins(fit, "sex").covariance, expected, rtol=1e-7)


def test_a_replicate_that_separates_stops_with_term_and_count() -> None:
    # All who say no among the oldest live in one PSU: without it age predicts yes.
    oldest = FRAME["age"] == "16-17"
    answers = FRAME.assign(yes=FRAME["yes"].fillna(0.0).mask(oldest, 1.0))
    answers.loc[oldest & (FRAME["psu"] == 3), "yes"] = 0.0
    assert fit_model(DESIGN, answers, "yes ~ sex + age", "logistic").df == 6 - 3
    with pytest.raises(InputError) as caught:
        fit_model(jackknife(DESIGN), answers, "yes ~ sex + age", "logistic")
    assert "separation in 1 of 12 replicates" in str(caught.value)
    assert "at the term 'age'" in str(caught.value)
    # Half-samples leave it out six times of eight or twelve; Fay's keep a part of it.
    balanced = balanced_replicates(DESIGN)
    without = int((balanced.multiplier[3] == 0).sum())
    with pytest.raises(InputError, match=f"separation in {without} of {balanced.n_replicates} "):
        fit_model(balanced, answers, "yes ~ sex + age", "logistic")
    fit = fit_model(balanced_replicates(DESIGN, rho=0.3), answers, "yes ~ sex + age", "logistic")
    assert np.isfinite(fit.covariance).all()


def test_a_level_that_a_replicate_leaves_empty_stops_with_its_term() -> None:
    place = np.where(FRAME["psu"] == 3, "island", FRAME["sex"])
    data = FRAME.assign(place=place)
    with pytest.raises(InputError, match=r"levels apart in 1 of 12 .* at the term 'place'"):
        fit_model(jackknife(DESIGN), data, "hours ~ place", "linear")


def test_an_empty_cell_of_a_replicate_leaves_the_variance_unknown() -> None:
    island = pd.Series(np.where(FRAME["psu"] == 3, "island", "land"), name="place")
    table = estimate(jackknife(DESIGN), FRAME[["yes"]], island).set_index("level")
    assert np.isnan(table["se"]["island"])
    assert table["se"]["land"] > 0
    assert np.isnan(table["ci_low"]["island"])
    totals = estimate(jackknife(DESIGN), FRAME[["yes"]], island, {"yes": "total"})
    assert totals["se"].notna().all()


@pytest.mark.parametrize("mse", [False, True])
def test_independent_waves_have_replicates_of_their_own(mse: bool) -> None:
    """What waves do not share adds up: differences of means, and models with a part for each."""
    first, second = (
        supplied(jackknife(DESIGN, mse=mse)),
        supplied(rescaling_bootstrap(DESIGN, 30, seed=3, mse=mse)),
    )
    both = stack_replicates([first, second])
    waves = pd.concat([FRAME.assign(wave="2021"), FRAME.assign(wave="2024")])
    waves["age"] = waves["age"].cat.codes
    assert both.df == first.df + second.df
    table = estimate(both, waves[["yes", "hours"]], waves[["wave"]], {"hours": "total"})
    for wave, design in (("2021", first), ("2024", second)):
        alone = estimate(design, FRAME[["yes", "hours"]], statistics={"hours": "total"})
        found = table[table["level"] == wave]
        for column in ("estimate", "se", "ci_low", "df"):
            np.testing.assert_allclose(found[column], alone[column], rtol=1e-12, err_msg=column)
    change = estimate_contrasts(
        both,
        waves[["yes"]],
        waves[["wave"]],
        {"change": {("wave", "2024"): 1.0, ("wave", "2021"): -1.0}},
    )
    se = table.loc[table["indicator"] == "yes", "se"]
    np.testing.assert_allclose(change["se"], np.sqrt((se**2).sum()), rtol=1e-12)
    assert change["df"].item() == both.df
    apart = fit_model(both, waves, "hours ~ 0 + wave + wave:age", "linear")
    of_first = fit_model(first, FRAME.assign(age=FRAME["age"].cat.codes), "hours ~ age", "linear")
    np.testing.assert_allclose(
        apart.covariance[::2, ::2], of_first.covariance, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(apart.covariance[::2, 1::2], 0, atol=1e-14)
    test = any_change(both, waves["yes"], waves["wave"])
    assert (test.df1, test.df2) == (1, both.df)


def test_waves_that_do_not_go_together_are_refused() -> None:
    made = supplied(KINDS["jackknife"])
    with pytest.raises(InputError, match="waves: 1 design"):
        stack_replicates([made])
    with pytest.raises(InputError, match="Give mse the same value"):
        stack_replicates([made, supplied(KINDS["balanced"])])


def test_trends_of_replicates_of_stacked_waves() -> None:
    """Three waves in one design, of which the jackknife leaves out a PSU at a time."""
    waves = pd.concat([FRAME.assign(wave=year) for year in (2019, 2021, 2024)], ignore_index=True)
    waves["yes"] = waves["yes"].mask(waves.index % 5 == 0, 1.0)
    stacked = stacked_design(waves, recurring="independent")
    linearised, replicated = (
        trend_model(design, waves["yes"], waves["wave"]) for design in (stacked, jackknife(stacked))
    )
    np.testing.assert_array_equal(replicated["estimate"], linearised["estimate"])
    np.testing.assert_allclose(replicated["se"], linearised["se"], rtol=0.05)
    assert (replicated["df"] == linearised["df"]).all()


def test_left_out_domains_are_all_rows() -> None:
    everyone = pd.DataFrame({"total": pd.Categorical(["all"] * N)})
    yes, hours = FRAME[["yes"]], FRAME[["hours"]]
    asked = pd.DataFrame({"yes": np.ones(N, dtype=bool)})
    completed = [yes.fillna(0.0), yes.fillna(1.0)]
    calls = [
        lambda *domains: estimate(DESIGN, yes, *domains),
        lambda *domains: estimate_ratios(DESIGN, hours, hours, *domains),
        lambda *domains: estimate_quantiles(DESIGN, hours, *domains),
        lambda *domains: weighted_counts(DESIGN, yes, *domains),
        lambda *domains: joint_estimates(DESIGN, yes, *domains).cells,
        lambda *domains: worst_case_bounds(DESIGN, yes, asked, *domains),
        lambda *domains: estimate_completed(DESIGN, completed, *domains),
        lambda *domains: association_tests(DESIGN, yes, *domains),
    ]
    for call in calls:
        pd.testing.assert_frame_equal(call(), call(everyone))
        pd.testing.assert_frame_equal(call(None), call(everyone))


@pytest.mark.parametrize("kind", KINDS)
def test_dyads_and_options_follow_from_the_replicates(kind) -> None:
    made = KINDS[kind]
    weight, weights = FRAME["weight"].to_numpy(), replicate_weights(made)
    child = FRAME["yes"]
    caregiver = (FRAME["hours"] > 2).astype(float)
    paired = child.notna().to_numpy()
    a, b = np.nan_to_num(child.to_numpy()) * paired, caregiver.to_numpy() * paired
    both, either = a * b, a + b

    def measures(w: np.ndarray) -> list[float]:
        no_no = (1 - a) * (1 - b) * paired
        shares = {
            "caregiver_if_child": w @ both / (w @ a),
            "agree": (w @ both + w @ no_no) / (w @ paired),
            "difference": (w @ a - w @ b) / (w @ paired),
            "positive_agreement": 2 * (w @ both) / (w @ either),
        }
        return list(shares.values())

    names = ["caregiver_if_child", "agree", "difference", "positive_agreement"]
    replicated = np.array([measures(w) for w in weights.T])
    expected = np.diag(covariance_by_hand(made, np.array(measures(weight)), replicated))
    for design in (made, supplied(made)):
        found = compare_dyads(design, child, caregiver).set_index("measure")
        np.testing.assert_allclose(found["se"][names] ** 2, expected, rtol=1e-10)
        options = pd.DataFrame({f"o{k}": FRAME["age"].cat.codes == k for k in range(3)})
        categories = estimate_categories(design, options.astype(float), one_answer=True)
        shares = options.to_numpy(float)
        by_replicate = (weights.T @ shares) / weights.sum(axis=0)[:, np.newaxis]
        point = weight @ shares / weight.sum()
        covariance = covariance_by_hand(made, point, by_replicate)
        np.testing.assert_allclose(categories.covariance, covariance, rtol=1e-10, atol=1e-17)
        of_pair = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
        assert categories.pairs["se"].iloc[0] ** 2 == pytest.approx(of_pair, rel=1e-10)


@pytest.mark.parametrize("supply", [False, True])
def test_many_tables_are_tested_as_one_is(supply: bool) -> None:
    """The test of one table is judged against R; a table with replicates has no PSU to count."""
    made = KINDS["Fay"]
    design = supplied(made) if supply else made
    many = association_tests(design, FRAME[["yes"]], FRAME[["sex", "age"]])
    for row, domain in zip(many.itertuples(), ("sex", "age"), strict=True):
        one = association_test(design, FRAME["yes"], FRAME[domain])
        for name in ("statistic", "df1", "df2", "p_value", "mean_deff"):
            assert getattr(row, name) == pytest.approx(getattr(one, name), rel=1e-10)


def test_what_replicates_do_themselves_is_not_asked_of_them() -> None:
    calibration = calibrated_frame(margin_indicators(FRAME, ("sex",)), DESIGN.weight)
    made = KINDS["jackknife"]
    for call in (
        lambda: estimate_ratios(
            made, FRAME[["hours"]], FRAME[["hours"]], None, calibration=calibration
        ),
        lambda: fit_model(made, FRAME, "hours ~ sex", "linear", calibration=calibration),
        lambda: estimate(made, FRAME[["yes"]], calibration=calibration),
    ):
        with pytest.raises(InputError, match="with calibrate_replicates"):
            call()
    with pytest.raises(InputError, match="do not tell PSUs apart"):
        estimate(supplied(made), FRAME[["yes"]], interval="korn_graubard_stabilised")
    with pytest.raises(InputError, match="'replicates' with a design that has none"):
        estimate_quantiles(DESIGN, FRAME[["hours"]], interval="replicates")
    with pytest.raises(InputError, match="'replicates' with jackknife replicates"):
        estimate_quantiles(made, FRAME[["hours"]], interval="replicates")
    with pytest.raises(InputError, match="'domain_only' with supplied weights"):
        fit_model(supplied(made), FRAME, "hours ~ sex", "linear", df_rule="domain_only")
    kept = np.array([[0, 0]])
    deviations = np.zeros((12, 1))
    with pytest.raises(InputError, match="a design with replicate weights"):
        shared_covariance(made, made, deviations, deviations, kept)  # type: ignore[arg-type]
