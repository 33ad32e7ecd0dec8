"""Every public function that takes a design takes one of every kind, with the same arguments."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import designbased
from designbased import (
    PpsDesign,
    SurveyDesign,
    balanced_replicates,
    estimate,
    jackknife,
    rescaling_bootstrap,
    stack_replicates,
    supplied_replicates,
)

rng = np.random.default_rng(29)
N = 400
FRAME = pd.DataFrame(
    {
        "stratum": np.repeat(np.arange(10), N // 10),
        "psu": np.repeat(np.arange(20), N // 20),
        "weight": 8.0,
        "chance": 0.125,
        "wave": np.tile(["2019", "2021", "2024", "2024"], N // 4),
        "year": np.tile([2019.0, 2021.0, 2024.0, 2024.0], N // 4),
        "yes": (rng.random(N) < 0.4).astype(float),
        "later": (rng.random(N) < 0.5).astype(float),
        "hours": rng.gamma(2, 1, N),
        "sex": pd.Categorical(rng.choice(["boy", "girl"], N)),
        "told": (rng.random(N) < 0.7).astype(float),
        "often": pd.Categorical(rng.choice(["never", "some", "often"], N), ordered=True),
        "agree": pd.Categorical(rng.choice(["no", "yes"], N)),
        "other": pd.Categorical(rng.choice(["no", "yes"], N)),
    }
)
LINEARISED = SurveyDesign.from_frame(FRAME)
MADE = jackknife(LINEARISED)
NAMES = [f"r{r}" for r in range(MADE.n_replicates)]
WIDE = FRAME.join(
    pd.DataFrame(FRAME[["weight"]].to_numpy() * MADE.multiplier[LINEARISED.psu], columns=NAMES)
)


def supplied(frame: pd.DataFrame) -> Any:
    return supplied_replicates(frame, "weight", NAMES, 1.0, MADE.rscales.tolist())


KINDS: dict[str, Any] = {
    "linearised": LINEARISED,
    "one row, one PSU": SurveyDesign.from_frame(FRAME, stratum=None, psu=None),
    "unequal probabilities": PpsDesign.from_frame(FRAME, "chance", stratum="stratum", psu="psu"),
    "jackknife": MADE,
    "balanced": balanced_replicates(LINEARISED),
    "Fay": balanced_replicates(LINEARISED, rho=0.3, mse=True),
    "bootstrap": rescaling_bootstrap(LINEARISED, 40, seed=1),
    "supplied": supplied(WIDE),
    "stacked": stack_replicates([supplied(WIDE.iloc[:200]), supplied(WIDE.iloc[200:])]),
}
YES, BY_SEX = FRAME[["yes"]], FRAME[["sex"]]
ASKED = pd.DataFrame({"yes": np.ones(N, dtype=bool)})
GIRLS = {"girls - boys": {("sex", "girl"): 1.0, ("sex", "boy"): -1.0}}
OPTIONS = pd.get_dummies(FRAME["often"]).astype(float)
TYPED = pd.DataFrame({"item": np.where(rng.random(N) < 0.1, "refused", "answered")})
CALLS: dict[str, Callable[[Any], Any]] = {
    "adjusted_prevalence_ratios": lambda d: designbased.adjusted_prevalence_ratios(
        d, FRAME, "yes", "sex"
    )["se_log"],
    "any_change": lambda d: designbased.any_change(d, FRAME["yes"], FRAME["wave"]).p_value,
    "association_test": lambda d: (
        designbased.association_test(d, FRAME["often"], FRAME["sex"]).p_value
    ),
    "association_tests": lambda d: designbased.association_tests(d, YES, BY_SEX)["p_value"],
    "compare_dyads": lambda d: designbased.compare_dyads(d, FRAME["yes"], FRAME["later"])["se"],
    "difference_tests": lambda d: designbased.difference_tests(d, YES, FRAME["sex"])["se"],
    "estimate": lambda d: estimate(d, YES, BY_SEX)["se"],
    "estimate_answer_shares": lambda d: designbased.estimate_answer_shares(
        d, TYPED, BY_SEX, ["refused"], "not_asked"
    )["se"],
    "estimate_categories": lambda d: designbased.estimate_categories(d, OPTIONS, True).pairs["se"],
    "estimate_completed": lambda d: designbased.estimate_completed(d, [YES, YES], BY_SEX)["se"],
    "estimate_contrasts": lambda d: designbased.estimate_contrasts(d, YES, BY_SEX, GIRLS)["se"],
    "estimate_quantiles": lambda d: designbased.estimate_quantiles(d, FRAME[["hours"]], BY_SEX)[
        "se"
    ],
    "estimate_ratios": lambda d: designbased.estimate_ratios(
        d, YES, FRAME[["hours"]].set_axis(["yes"], axis=1), BY_SEX
    )["se"],
    "estimate_survival": lambda d: designbased.estimate_survival(
        d, FRAME, "hours", "told", by="sex", at=[1.0, 2.0]
    )["se_log"],
    "fit_cox": lambda d: designbased.fit_cox(d, FRAME, "hours ~ sex", "told").covariance,
    "fit_model": lambda d: (
        designbased.fit_model(d, FRAME, "yes ~ sex + hours", "logistic").covariance
    ),
    "fit_multinomial": lambda d: designbased.fit_multinomial(d, FRAME, "often ~ sex").covariance,
    "fit_ordinal": lambda d: designbased.fit_ordinal(d, FRAME, "often ~ sex").covariance,
    "joint_estimates": lambda d: designbased.joint_estimates(d, YES, BY_SEX).matrix,
    "kappa": lambda d: designbased.kappa(d, FRAME["agree"], FRAME["other"])["se"],
    "mean_tests": lambda d: designbased.mean_tests(d, YES)["se"],
    "paired_tests": lambda d: designbased.paired_tests(d, FRAME["yes"], FRAME["later"])["se"],
    "trend_model": lambda d: designbased.trend_model(d, FRAME["yes"], FRAME["year"])["se"],
    "weighted_counts": lambda d: designbased.weighted_counts(d, YES, BY_SEX)["se"],
    "worst_case_bounds": lambda d: designbased.worst_case_bounds(d, YES, ASKED, BY_SEX)["se_upper"],
}
# Replicates are made from strata and PSUs, and imputation draws among PSUs.
NEED_PSUS = {"balanced_replicates", "jackknife", "rescaling_bootstrap", "impute"}
OF_ONE_KIND = {"calibrate_replicates", "calibrate_second_phase"}


def takes_a_design(name: str) -> bool:
    function = getattr(designbased, name)
    if inspect.isclass(function):
        return False
    return next(iter(inspect.signature(function).parameters)) == "design"


def test_all_functions_that_take_a_design_are_called_here() -> None:
    public = {name for name in designbased.__all__ if takes_a_design(name)}
    assert public - NEED_PSUS - OF_ONE_KIND == set(CALLS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CALLS)
def test_every_function_takes_every_design(name: str, kind: str) -> None:
    numbers = np.asarray(CALLS[name](KINDS[kind]), dtype=float)
    assert np.isfinite(numbers).all()
    # Kinds of one sample agree roughly: none answers another question. P values need not, and
    # children drawn by themselves have other errors.
    of_errors = not name.startswith(("association", "any_change")) and numbers.ndim == 1
    if of_errors and not kind.startswith("one row"):
        reference = np.asarray(CALLS[name](LINEARISED), dtype=float)
        np.testing.assert_allclose(numbers, reference, rtol=0.6)


@pytest.mark.parametrize("name", sorted({*CALLS, *NEED_PSUS}))
def test_domains_and_rules_stand_where_they_do_elsewhere(name: str) -> None:
    parameters = inspect.signature(getattr(designbased, name)).parameters
    if "domains" in parameters:
        required = {"estimate_contrasts", "estimate_answer_shares"}
        # Where an argument after it has no default, None is given in its place.
        assert (parameters["domains"].default is None) is (name not in required)
    if "df_rule" in parameters:
        assert parameters["df_rule"].default is None
    if "confidence" in parameters:
        assert parameters["confidence"].default == 0.95
