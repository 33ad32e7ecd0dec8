"""Generalised linear models of survey data: linear, logistic, probit, cloglog, modified Poisson.

The coefficients solve the weighted score equations ``Σ w_i x_i s_i (y_i - μ_i) = 0``, which is what
a model of the population would give (Binder 1983, International Statistical Review 51); ``s`` and
the slope ``μ'`` are those of the family, see :mod:`.links`. Their covariance is the design-based
sandwich: with the information ``A = Σ w_i s_i μ'_i x_i x_i'`` row i has the influence
``A⁻¹ x_i w_i s_i (y_i - μ_i)``, and the sum of the influences has the variance of the design, with
strata, PSUs and finite populations. The information is the expected one, as in R; the second
derivatives themselves, of which it is the mean if the model holds, differ from it for probit and
complementary log-log models. Tests and intervals use t with PSUs - strata - (p - 1) degrees
of freedom for p coefficients, as R ``svyglm`` does.

A Poisson model with log link for a yes-or-no answer ("modified Poisson", Zou 2004, American Journal
of Epidemiology 159) gives prevalence ratios: ``exp`` of its coefficients.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from scipy.special import expit

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.fits import CoefficientEstimator, Fit, describe_fit, exponentiate
from designbased.models.links import FAMILIES, LOGIT, Family
from designbased.models.model_matrix import ModelMatrix, model_matrix
from designbased.models.replicate_fits import (
    ReplicateFault,
    find_moved_term,
    find_undetermined_column,
    refit_replicates,
    refuse_replicates,
    term_of_column,
)
from designbased.models.separation import find_separated_rows
from designbased.variance.profile_rows import ProfileRows
from designbased.variance.scores import (
    degrees_of_freedom,
    select_domain_rows,
)

# A probability (or a ratio to the mean) below 1 in 22,000 is a reason to look for separation.
FAR_OUT = 10.0
FAR_BELOW = float(expit(-FAR_OUT))
# Least squares are repeated until they change no coefficient by more than the first, relative to
# it, or by more than the second.
PRECISION, NOTHING = 1e-12, 1e-13
STEPS = 100


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ModelFit(Fit):
    """A fitted generalised linear model; make it with :func:`fit_model`.

    Attributes:
        family: the name of its link and variance, see :data:`.links.FAMILIES`.
    """

    family: Family

    @property
    def kind(self) -> str:
        """The name of the family."""
        return self.family

    @property
    def terms(self) -> dict[str, Integers]:
        """The coefficients of each term of the formula."""
        places = np.arange(len(self.coefficient))
        return {name: places[columns] for name, columns in self.model.terms.items()}

    @property
    def predicts_proportions(self) -> bool:
        """Whether the mean is a share of yes."""
        return FAMILIES[self.family].answers == "yes or no"

    def name_coefficients(self) -> dict[str, list[Any]]:
        """Return the ``term`` of each coefficient."""
        return {"term": list(self.model.columns)}

    def predict_matrix(self, matrix: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Return (m, 1) means and their (m, 1, p) derivatives in the coefficients."""
        link = FAMILIES[self.family].link
        predictor = matrix @ self.coefficient + offset
        gradient = link.slope(predictor)[:, np.newaxis] * matrix
        return link.mean(predictor)[:, np.newaxis], gradient[:, np.newaxis]

    def slope_of_prediction(
        self, matrix: Floats, offset: Floats, matrix_slope: Floats, offset_slope: Floats
    ) -> tuple[Floats, Floats]:
        """Return (m, 1) slopes of the mean and their (m, 1, p) derivatives."""
        link = FAMILIES[self.family].link
        predictor = matrix @ self.coefficient + offset
        predictor_slope = matrix_slope @ self.coefficient + offset_slope
        slope = link.slope(predictor)
        gradient = (link.curvature(predictor) * predictor_slope)[:, np.newaxis] * matrix
        gradient += slope[:, np.newaxis] * matrix_slope
        return (slope * predictor_slope)[:, np.newaxis], gradient[:, np.newaxis]

    def ratios(self, confidence: float = 0.95) -> pd.DataFrame:
        """Exponentiated coefficients with t intervals made on the log scale, no intercept.

        Prevalence ratios of a Poisson model, odds ratios of a logistic one, ratios of hazards of a
        complementary log-log one.

        Returns:
            ``term, estimate, se_log, ci_low, ci_high, t, df, p_value``.

        Raises:
            InputError: the model is linear or probit.
        """
        if FAMILIES[self.family].ratios is None:
            remedy = "Fit a poisson model for prevalence ratios"
            raise InputError("ratios", f"a {self.family} model has none", remedy)
        table = exponentiate(self.table(confidence))
        return table[table["term"] != "Intercept"].reset_index(drop=True)


def fit_model(
    design: Design,
    data: pd.DataFrame,
    formula: str,
    family: Family,
    where: Iterable[Any] | None = None,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> ModelFit:
    """Fit a regression model with the weights and the variances of the design.

    Args:
        data: (n, ...) the variables of the formula, in the rows of the design. Rows with a missing
            value in one of them are left out of the fit; their PSUs stay in the design.
        formula: ``"outcome ~ a + b"``, see :func:`.model_matrix.model_matrix`.
        family: ``"linear"`` (identity link); ``"logistic"``, ``"probit"`` or ``"cloglog"``
            (complementary log-log), outcome 0 or 1; ``"poisson"`` (log link; outcome 0 or 1 for
            prevalence ratios, or counts).
        where: (n,) true for the rows of the domain; None for all.
        df_rule: see :func:`.degrees_of_freedom.domain_df`; None is ``domain_only``, which is R's,
            and ``full`` for supplied replicate weights.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Raises:
        InputError: the arguments do not fit together; the outcome does not suit the family or does
            not vary; a level has no rows; columns are combinations of others; the answer is
            predicted perfectly (separation), so that coefficients would be infinite, or a replicate
            of the design has no coefficients.
    """
    if family not in get_args(Family):
        options = ", ".join(get_args(Family))
        raise InputError("family", f"the value {family!r}", f"Choose one of {options}")
    model, rows, df, n_missing = read_model_rows(design, data, formula, where, df_rule)
    return _fit_matrix(model, rows, family, df, n_missing, calibration)


def read_model_rows(
    design: Design,
    data: pd.DataFrame,
    formula: str,
    where: Iterable[Any] | None,
    df_rule: DfRule | None,
) -> tuple[ModelMatrix, ProfileRows, int, int]:
    """Build the model matrix of a domain.

    Returns:
        The matrix, its rows by profile, the degrees of freedom less one for each column but the
        intercept, and the number of rows left out for a missing value.
    """
    data = design.rows.frame(data, "data")
    in_domain = select_domain_rows(design, where)
    model = model_matrix(formula, data, np.flatnonzero(in_domain))
    rows = ProfileRows(design, model.position, model.profile, len(model.matrix))
    used = np.zeros((design.n_rows, 1), dtype=bool)
    used[model.position] = True
    df = int(degrees_of_freedom(design, used, df_rule)[0]) - (model.matrix.shape[1] - 1)
    return model, rows, df, int(in_domain.sum()) - len(model.position)


def fit_again(
    fit: ModelFit, family: Family, calibration: CalibratedFrame | None = None
) -> ModelFit:
    """Fit the rows and columns of a model with another family; as :func:`fit_model` otherwise.

    Raises:
        InputError: the outcome does not suit the family, or the answer is predicted perfectly.
    """
    return _fit_matrix(fit.model, fit.rows, family, fit.df, fit.n_missing, calibration)


def _fit_matrix(
    model: ModelMatrix,
    rows: ProfileRows,
    family: Family,
    df: int,
    n_missing: int,
    calibration: CalibratedFrame | None,
) -> ModelFit:
    _check_outcome(model, family)
    weight = rows.weight
    centred, back = model.centre(weight)
    coefficient = _solve_scores(centred, weight, family)
    link = FAMILIES[family].link
    predictor = centred.matrix @ coefficient + model.offset
    residual = model.outcome - link.mean(predictor)
    slope = link.slope(predictor)
    if not FAMILIES[family].canonical:
        residual_weight = FAMILIES[family].residual_weight(predictor)
        residual, slope = residual * residual_weight, slope * residual_weight
    information = (centred.matrix * (weight * slope)[:, np.newaxis]).T @ centred.matrix
    scores = centred.matrix * residual[:, np.newaxis]
    by_profile = np.linalg.solve(information, scores.T).T
    estimator = CoefficientEstimator(
        rows,
        back @ coefficient,
        by_profile @ back.T,
        lambda weights: _refit_replicates(centred, family, weights, coefficient) @ back.T,
        calibration,
    )
    return ModelFit(family=family, **describe_fit(model, estimator, df, n_missing))


def _refit_replicates(model: ModelMatrix, family: Family, weights: Floats, start: Floats) -> Floats:
    """Coefficients under each of (R, C) other weights of the profiles.

    Raises:
        InputError: a replicate has none: the answer is predicted perfectly in it (separation), a
            level has no rows, or the steps do not converge.
    """
    link, canonical = FAMILIES[family].link, FAMILIES[family].canonical
    residual_weight = FAMILIES[family].residual_weight

    def curve(predictor: Floats) -> tuple[Floats, Floats, Floats | None]:
        mean = link.mean(predictor)
        # Where the steps end is decided by the means; a slope has to be near, no more.
        slope = mean * (1 - mean) if link is LOGIT else link.slope(predictor)
        return mean, slope, None if canonical else residual_weight(predictor)

    coefficients, converged = refit_replicates(model, weights, start, curve, canonical)
    suspect = ~converged
    if FAMILIES[family].answers == "yes or no":
        mean = link.mean(coefficients @ model.matrix.T + model.offset)
        suspect |= ((np.minimum(mean, 1 - mean) < FAR_BELOW) & (weights > 0)).any(axis=1)
    elif FAMILIES[family].answers == "counts":
        change = np.abs((coefficients - start) @ model.matrix.T)
        suspect |= ((change > FAR_OUT) & (weights > 0)).any(axis=1)
    faults = {}
    for r in np.flatnonzero(suspect):
        inside, moved = weights[r] > 0, coefficients[r] - start
        fault = _find_fault(model, family, inside, moved, bool(converged[r]))
        if fault is not None:
            faults[int(r)] = fault
    refuse_replicates(model, faults, len(weights))
    return coefficients


def _find_fault(
    model: ModelMatrix, family: Family, inside: Mask, change: Floats, converged: bool
) -> ReplicateFault | None:
    """Tell why the profiles of a replicate give no coefficients; None where they do."""
    column = find_undetermined_column(model, inside)
    if column is not None:
        return ReplicateFault("no rows to tell levels apart", term_of_column(model, column))
    answers = FAMILIES[family].answers
    if answers != "numbers":
        rows = model.matrix[inside], model.outcome[inside]
        if find_separated_rows(*rows, counts=answers == "counts").any():
            return ReplicateFault("separation", find_moved_term(model, change))
    return None if converged else ReplicateFault("no convergence", find_moved_term(model, change))


def _solve_scores(model: ModelMatrix, weight: Floats, family: Family) -> Floats:
    """Coefficients by statsmodels: iteratively reweighted least squares, to the last digits."""
    # Not statsmodels.api, which loads time series and much else.
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    statsmodels_family = {
        "linear": families.Gaussian,
        "logistic": families.Binomial,
        "probit": lambda: families.Binomial(families.links.Probit()),
        "cloglog": lambda: families.Binomial(families.links.CLogLog()),
        "poisson": families.Poisson,
    }[family]()
    relative = weight / weight.mean()
    offset = model.offset if model.offset.any() else None
    glm = GLM(
        model.outcome,
        model.matrix,
        family=statsmodels_family,
        var_weights=relative,
        offset=offset,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = glm.fit(maxiter=STEPS, tol=NOTHING, rtol=PRECISION, tol_criterion="params")
        except (np.linalg.LinAlgError, ValueError, ArithmeticError) as error:
            _refuse_separation(model, family)
            raise InputError(f"formula '{model.formula}'", str(error), "Simplify it") from error
    coefficient = np.asarray(fit.params, dtype=np.float64)
    if _reaches_far(model, coefficient, weight, family):
        _refuse_separation(model, family)
    if not fit.converged:
        remedy = "Simplify the model, or scale its variables"
        raise InputError(f"formula '{model.formula}'", "the fit did not converge", remedy)
    return coefficient


def _reaches_far(model: ModelMatrix, coefficient: Floats, weight: Floats, family: Family) -> bool:
    """Whether a mean comes so near to a bound that separation has to be looked for."""
    predictor = model.matrix @ coefficient
    if FAMILIES[family].answers == "yes or no":
        mean = FAMILIES[family].link.mean(predictor + model.offset)
        return bool(np.minimum(mean, 1 - mean).min() < FAR_BELOW)
    if FAMILIES[family].answers == "counts":
        centre = np.log((weight @ model.outcome) / (weight @ np.exp(model.offset)))
        return bool(np.abs(predictor - centre).max() > FAR_OUT)
    return False


def _refuse_separation(model: ModelMatrix, family: Family) -> None:
    predicted = find_separated_rows(
        model.matrix, model.outcome, FAMILIES[family].answers == "counts"
    )
    if predicted.any():
        rows = predicted[model.profile].sum()
        answers = " or ".join(f"{value:g}" for value in np.unique(model.outcome[predicted]))
        groups = ", ".join(model.groups_within(predicted)) or "a combination of the variables"
        finding = f"separation: {groups} predicts the answer {answers} in {rows} rows"
        raise InputError(f"formula '{model.formula}'", finding, "Join levels or leave the term out")


def _check_outcome(model: ModelMatrix, family: Family) -> None:
    outcome, name = model.outcome, model.formula.split("~")[0].strip()
    answers = FAMILIES[family].answers
    if answers == "yes or no":
        wrong, expected = (outcome != 0) & (outcome != 1), "0, 1 or a missing value"
    elif answers == "counts":
        wrong, expected = ~((outcome >= 0) & np.isfinite(outcome)), "0, 1 or other counts"
    else:
        wrong, expected = ~np.isfinite(outcome), "finite numbers"
    if wrong.any():
        row = model.position[int(np.argmax(wrong[model.profile]))]
        finding = f"another answer in data row {row + 1}"
        raise InputError(f"outcome '{name}'", finding, f"A {family} model takes {expected}")
    if (outcome == outcome[0]).all():
        finding = f"the same answer in all {len(model.position)} rows: {outcome[0]:g}"
        raise InputError(f"outcome '{name}'", finding, "Choose an outcome that varies")
