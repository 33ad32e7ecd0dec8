"""Direct standardisation: what a country's estimate would be with the age and sex of a standard.

With the shares ``w`` of the standard's levels, ``Σ w = 1``, and the estimates ``p`` of the levels

    estimate = w'p,    variance = w'Vw,    deff = w'Vw / Σ_k w_k² s²_k/n_k,    n_eff = Σ n_k / deff,

where ``V`` is the full covariance matrix (levels share PSUs) and ``s²_k = p_k(1 - p_k)`` for
proportions. The interval is that of a proportion ``w'p`` on ``n_eff`` answers.

Sources: Parker et al. 2017, NCHS Vital and Health Statistics 2(175), and its SAS macro of 2021; R
``svystandardize``, which gives the same estimate and variance.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic, name_outcomes
from designbased.design.degrees_of_freedom import domain_df
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.tabulation import ROUNDING, check_options
from designbased.intervals.limits import INTERVALS, wald_t
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.reliability import floats

COLUMNS = [
    "indicator", "n", "crude", "estimate", "se", "ci_low", "ci_high", "deff", "n_eff", "df", "note",
]  # fmt: skip
NO_ANSWERS = "no valid answers"
RENORMALISED = "no valid answers in {}: the shares of the other levels were scaled up"


def standardise(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    levels: pd.Series,
    shares: Mapping[str, float],
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Standardise every outcome.

    Args:
        outcomes: (n, K) numbers, proportions or means; NaN where the answer is not valid.
        levels: (n,) categorical; NaN where the level is not known.
        shares: share of every category in the standard population; scaled to add up to 1.
        statistics: statistic by outcome; an outcome left out is a proportion.
        interval: interval of proportions, on the effective sample size; means have ``wald_t``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of :data:`COLUMNS`, one row per outcome. ``n`` and all but ``crude`` are of the
        answers with a known level; ``crude`` is of all valid answers. ``df`` counts PSUs less
        strata with valid answers. A level without valid answers gives its share to the others in
        proportion to theirs, and ``note`` names it.

    Raises:
        StudyError: the shares are not positive or not of the categories, an outcome is a total,
            the frames do not fit, or an argument has no such option.
    """
    check_options(interval, confidence)
    share = _order_shares(levels, shares)
    design.rows.check(levels, "levels")
    indicators, statistic_kinds = name_outcomes(outcomes, design.rows, statistics)
    if (statistic_kinds == "total").any():
        finding = f"indicator '{indicators[int(np.argmax(statistic_kinds == 'total'))]}' is a total"
        raise StudyError("standardisation", finding, "Standardise proportions and means")
    total = pd.Categorical.from_codes(np.zeros(design.n_rows, dtype=np.int8), pd.Index(["all"]))
    groups = pd.DataFrame({"total": total, "level": levels.array}, index=design.index)
    joint = joint_estimates(design, outcomes, groups, statistics, calibration, composites)
    shape = (len(indicators), 1 + len(share))
    crude, point = np.split(floats(joint.cells, "estimate").reshape(shape), [1], axis=1)
    n = joint.cells["n"].to_numpy().reshape(shape)[:, 1:]
    weight = np.where(n > 0, share, 0.0)
    with np.errstate(invalid="ignore"):
        weight /= weight.sum(axis=1, keepdims=True)
    deviations = joint.deviations.values.reshape(-1, *shape)[:, :, 1:]
    # NaN only where the weight is zero.
    variance = (np.where(n > 0, deviations * weight, 0.0).sum(axis=2) ** 2).sum(axis=0)
    simple = _simple_random_variances(
        design, outcomes, levels, np.nan_to_num(point), n, statistic_kinds
    )
    simple = (weight**2 * simple).sum(axis=1)
    count = n.sum(axis=1)
    variance = np.where(count > 0, variance, np.nan)
    variance = np.where(variance <= ROUNDING**2 * simple, 0.0, variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.where(simple > 0, variance / simple, np.nan)
        n_eff = np.where(variance == 0, count, count / deff)
    table = pd.DataFrame(
        {
            "indicator": indicators,
            "n": count,
            "crude": crude[:, 0],
            "estimate": np.where(n > 0, weight * point, 0.0).sum(axis=1) + 0 * variance,
            "se": np.sqrt(variance),
            "deff": deff,
            "n_eff": n_eff,
            "df": _degrees_of_freedom(design, joint.present.reshape(-1, *shape)[:, :, 1:]),
            "note": [_describe_empty_levels(row, levels) for row in n],
        }
    )
    low, high = _estimate_limits(table, statistic_kinds, interval, confidence)
    return table.assign(ci_low=low, ci_high=high)[COLUMNS]


def effective_se(table: pd.DataFrame, proportion: ArrayLike) -> Floats:
    """Standard error with which a proportion has the standardised estimate's effective size.

    ``√(p(1-p)/n_eff)``, which intervals and presentation standards take for a proportion; zero
    where the standardised one is. For means it is the standard error itself.
    """
    p, se, n_eff = (floats(table, name) for name in ("estimate", "se", "n_eff"))
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.sqrt(np.maximum(p * (1 - p), 0.0) / n_eff)
    return np.where(np.asarray(proportion) & (se > 0), effective, se)


def _estimate_limits(
    table: pd.DataFrame, statistic_kinds: np.ndarray, interval: str, confidence: float
) -> tuple[Floats, Floats]:
    p, n, df = (floats(table, name) for name in ("estimate", "n", "df"))
    proportion = statistic_kinds == "proportion"
    se = effective_se(table, proportion)
    inside = np.where(proportion, np.clip(p, 0.0, 1.0), 0.0)
    positive_n = np.where(n > 0, n, np.nan)
    low, high = INTERVALS[interval](inside, se, positive_n, df, confidence)
    low_t, high_t = wald_t(p, se, n, df, confidence)
    return np.where(proportion, low, low_t), np.where(proportion, high, high_t)


def _order_shares(levels: pd.Series, shares: Mapping[str, float]) -> Floats:
    """(L,) shares in the order of the categories."""
    categories = [str(level) for level in levels.cat.categories]
    unmatched = sorted(set(shares) ^ set(categories))
    if unmatched:
        finding = f"level '{unmatched[0]}' is not in both the standard and the domain"
        raise StudyError("comparison.standard.shares", finding, "Give a share for every level")
    share = np.array([shares[level] for level in categories], dtype=np.float64)
    if not (np.isfinite(share) & (share > 0)).all():
        finding = "a share that is no positive number"
        raise StudyError("comparison.standard.shares", finding, "Give positive shares")
    normed: Floats = share / share.sum()
    return normed


def _simple_random_variances(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    levels: pd.Series,
    point: Floats,
    n: np.ndarray,
    statistic_kinds: np.ndarray,
) -> Floats:
    """(K, L) variances of simple random samples with replacement, as the engine has."""
    code = levels.cat.codes.to_numpy()
    variances = np.zeros(point.shape)
    for k, answers in enumerate(outcomes.to_numpy(dtype=np.float64, na_value=np.nan).T):
        rows = (code >= 0) & ~np.isnan(answers)
        answered_level, weight = code[rows], design.weight[rows]
        squares = weight * (answers[rows] - point[k, answered_level]) ** 2
        count_of_levels = point.shape[1]
        with np.errstate(invalid="ignore"):
            variances[k] = np.bincount(answered_level, squares, count_of_levels) / np.bincount(
                answered_level, weight, count_of_levels
            )
    variances = np.where(
        statistic_kinds[:, np.newaxis] == "proportion", point * (1 - point), variances
    )
    lost_degrees = (statistic_kinds != "proportion").astype(int)[:, np.newaxis]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > lost_degrees, variances / (n - lost_degrees), 0.0)


def _degrees_of_freedom(design: SurveyDesign, present: np.ndarray) -> Floats:
    return domain_df(design, present.any(axis=2), "domain_only").astype(float)


def _describe_empty_levels(n: np.ndarray, levels: pd.Series) -> str:
    empty = [str(level) for level, count in zip(levels.cat.categories, n, strict=True) if not count]
    if len(empty) == len(n):
        return NO_ANSWERS
    return RENORMALISED.format(", ".join(empty)) if empty else ""
