"""Non-response adjustment by response propensity.

A logistic regression on what is known of every sampled unit gives each its probability to respond.
Units of similar propensity form classes (Little 1986, International Statistical Review 54), and the
respondents of a class take over the weight of its non-respondents.
"""

import warnings
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.design.table_columns import (
    Labels,
    is_among,
    read_categories,
    read_column,
    read_numbers,
    refuse_rows,
)
from designbased.errors import InputError, require
from designbased.weighting.nonresponse import (
    NonresponseAdjustment,
    adjust_for_nonresponse,
    eligibility_factors,
    keep_base_weights,
)
from designbased.weighting.response_rates import ELIGIBLE

PropensityFactor: TypeAlias = Literal["response_rate", "mean_propensity", "inverse_propensity"]
CLASS = "propensity class"
SOLVED = 1e-8
# Beyond this linear predictor a propensity is 0 or 1 for all that can be told: a group that
# responded altogether, or not at all.
SEPARATED = 15.0
# Propensities of units with the same values are equal but for rounding.
DIGITS = 12


@dataclass(frozen=True)
class PropensityOptions:
    """How propensities become factors.

    Attributes:
        classes: number of classes, cut at quantiles of the propensity of eligible units.
        factor: in each class ``response_rate``, one over the weighted response rate, or
            ``mean_propensity``, one over the mean propensity of its eligible units;
            ``inverse_propensity`` gives each respondent one over its own, without classes.
        weighted: fit the regression, and take the mean, with base weights.
    """

    classes: int = 5
    factor: PropensityFactor = "response_rate"
    weighted: bool = True


RATE_OF_FIVE_CLASSES = PropensityOptions()


@dataclass(frozen=True, eq=False)
class ResponseModel:
    """A fitted response model.

    Attributes:
        terms: names of the coefficients.
        coefficients: of the logit of the propensity.
        propensity: (n,) of every sampled unit, eligible or not.
    """

    terms: tuple[str, ...]
    coefficients: NDArray[np.float64]
    propensity: NDArray[np.float64]


def adjust_by_propensity(
    sample: pd.DataFrame,
    base_weight: np.ndarray,
    household_weight: np.ndarray,
    disposition: Labels,
    responded: np.ndarray,
    covariates: tuple[str, ...],
    options: PropensityOptions = RATE_OF_FIVE_CLASSES,
    min_respondents: int = 20,
    max_factor: float = 3.0,
) -> NonresponseAdjustment:
    """Adjust base weights for non-response by estimated response propensity.

    Classes are collapsed by the rule of ``nonresponse.adjust_for_nonresponse``, where the nearest
    class is the one with the closest weighted response rate. Unknown eligibility is taken into
    account as there, in propensity classes (in one class for ``inverse_propensity``).

    Args:
        sample: as there, like the other arguments that are not named here.
        covariates: columns known for every unit; numbers enter linearly, anything else by
            category.

    Raises:
        InputError: no covariate, a missing value, a group that responded altogether or not at all,
            or limits that cannot be kept; with ``inverse_propensity`` also one factor above
            ``max_factor``.
    """
    _check_options(options, covariates)
    eligible = is_among(disposition, ELIGIBLE)
    if not ((disposition == "unknown_eligibility").any() or (eligible & ~responded).any()):
        return keep_base_weights(responded)
    if not (eligible & ~responded).any():
        return adjust_for_nonresponse(
            sample, base_weight, household_weight, disposition, responded, (), 1, max_factor
        )
    weights = base_weight if options.weighted else np.ones(base_weight.size)
    model = fit_response_model(sample, responded, eligible, weights, covariates)
    if options.factor == "inverse_propensity":
        adjustment, classes = keep_base_weights(responded), np.zeros(len(sample), dtype="int64")
    else:
        code = cut_propensity_classes(model.propensity, eligible, options.classes)
        adjustment = adjust_for_nonresponse(
            sample.assign(**{CLASS: [f"{c + 1:02d}" for c in code]}),
            base_weight,
            household_weight,
            disposition,
            responded,
            (CLASS,),
            min_respondents,
            max_factor,
        )
        classes = pd.factorize(adjustment.classes)[0]
    if options.factor != "response_rate":
        propensity = model.propensity
        if options.factor == "mean_propensity":
            inside = weights * eligible
            mean = np.bincount(classes, inside * propensity) / np.bincount(classes, inside)
            propensity = mean[classes]
        eligibility_factor = eligibility_factors(household_weight, classes, disposition)
        factor = np.where(responded, eligibility_factor / propensity, 0.0)
        _refuse_large_factor(factor, max_factor)
        adjustment = replace(adjustment, factor=factor)
    return replace(adjustment, model=_describe_model(model, eligible, covariates, options))


def _describe_model(
    model: ResponseModel,
    eligible: np.ndarray,
    covariates: tuple[str, ...],
    options: PropensityOptions,
) -> dict[str, Any]:
    inside = model.propensity[eligible]
    return {
        "covariates": list(covariates),
        "classes": options.classes,
        "factor": options.factor,
        "weighted": options.weighted,
        "coefficients": dict(zip(model.terms, model.coefficients.tolist(), strict=True)),
        "smallest_propensity": float(np.min(inside)),
        "largest_propensity": float(np.max(inside)),
    }


def _check_options(options: PropensityOptions, covariates: tuple[str, ...]) -> None:
    if not covariates:
        raise InputError("response propensity", "no covariate is named", "Name columns")
    if options.factor not in get_args(PropensityFactor):
        choice = ", ".join(get_args(PropensityFactor))
        raise InputError("response propensity, factor", f"{options.factor!r}", f"Choose {choice}")
    if options.classes < 2:
        finding = f"{options.classes} classes"
        raise InputError("response propensity, classes", finding, "Use 2 or more")


def _refuse_large_factor(factor: np.ndarray, max_factor: float) -> None:
    if factor.max() > max_factor:
        raise InputError(
            "response propensity",
            f"the factor of data row {int(np.argmax(factor)) + 1} is {factor.max():.4g}, above "
            f"max_factor {max_factor:g}",
            "Use propensity classes, which are collapsed to keep the limit, or raise max_factor",
        )


def cut_propensity_classes(
    propensity: np.ndarray, eligible: np.ndarray, classes: int
) -> NDArray[np.intp]:
    """Cut all units at the quantiles of the propensities of eligible ones (closed above).

    Units of one propensity share a class, so that there can be fewer classes than asked for.
    """
    rounded = np.round(propensity, DIGITS)
    boundaries = np.quantile(rounded[eligible], np.arange(1, classes) / classes)
    code: NDArray[np.intp] = np.searchsorted(np.round(boundaries, DIGITS), rounded, side="left")
    return code


def fit_response_model(
    sample: pd.DataFrame,
    responded: np.ndarray,
    eligible: np.ndarray,
    weights: np.ndarray,
    covariates: tuple[str, ...],
) -> ResponseModel:
    """Fit the logistic regression of response among eligible units (statsmodels).

    Args:
        sample: n sampled units with the covariates.
        responded, eligible: (n,) booleans.
        weights: (n,) weights of the score equations; ones for an unweighted fit.
        covariates: columns; numbers enter linearly, anything else as categories, of which the
            first in sorted order is the reference.

    Raises:
        InputError: a missing covariate, or a fit that does not exist because some group of units
            responded altogether or not at all.
    """
    require("models", "statsmodels")
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    terms, x = _model_matrix(sample, covariates)
    relative = weights[eligible] / weights[eligible].mean()
    response = responded[eligible].astype("float64")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = GLM(response, x[eligible], family=Binomial(), freq_weights=relative).fit(
            maxiter=100, tol=1e-14, tol_criterion="params"
        )
    coefficients = np.asarray(fit.params, dtype="float64")
    predictor = x @ coefficients
    propensity = 1 / (1 + np.exp(-predictor))
    score = (relative * (response - propensity[eligible])) @ x[eligible]
    solved = np.abs(score) <= SOLVED * (relative @ np.abs(x[eligible]))
    if not solved.all() or np.abs(predictor[eligible]).max() > SEPARATED:
        raise InputError(
            "response propensity",
            "the logistic regression has no solution with propensities between 0 and 1: some "
            f"group by {', '.join(covariates)} responded altogether or not at all",
            "Combine categories or take a covariate out",
        )
    return ResponseModel(terms, coefficients, propensity)


def _model_matrix(
    sample: pd.DataFrame, covariates: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    terms, columns = ["constant"], [np.ones(len(sample))]
    for name in covariates:
        dtype = read_column(sample, name).dtype
        if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype):
            values = read_numbers(sample, name)
            refuse_rows(~np.isfinite(values), name, "a missing or infinite number", "Impute it")
            terms.append(name)
            columns.append(values)
        else:
            categories = read_categories(sample, name)
            for category in categories.categories[1:]:
                terms.append(f"{name}: {category}")
                columns.append((categories == category).astype("float64"))
    return tuple(terms), np.column_stack(columns)
