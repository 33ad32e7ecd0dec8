"""What two respondents say of the same matter: a child and the caregiver of this child.

A pair counts where both gave a valid answer; its design and weight are the child's. Every measure
is a function of the weighted shares of the 2 × 2 table, with one score per pair (weight included,
over the sum of weights) and the variance of the sum of scores (:mod:`.scores`).

Two answers that differ are no error of either side: children keep silent, caregivers do not know.
Nor is a caregiver who did not answer one who says no.

Sources: conditional shares and agreement are ratios (R ``svyratio``; Feinstein & Cicchetti 1990,
Journal of Clinical Epidemiology 43, for positive and negative agreement); the difference is the
mean of ``child - caregiver``, of which the test is McNemar's in a survey; kappa is that of Cohen
(1960), of R ``svykappa`` where unweighted, with the agreement weights of Cohen (1968).
"""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.tabulation import ROUNDING, check_options
from designbased.intervals.limits import INTERVALS, logit, wald_t
from designbased.variance.scores import covariance, degrees_of_freedom, unexplained_scores

Agreement: TypeAlias = Literal["unweighted", "linear", "quadratic"]

# Pairs in which both say yes. With fewer kappa is marked; with fewer than the second it has no
# interval: with 6 on average it held the truth in 92 of 100 samples (benchmarks/questions.py).
FEW_YES_PAIRS, TOO_FEW_YES_PAIRS = 20, 10

# Measures whose interval stays in [0, 1]: shares of children, and ratios that are no share of them.
SHARES = ("both", "only_child", "only_caregiver", "neither", "agree", "child", "caregiver")
CONDITIONAL = ("caregiver_if_child", "child_if_caregiver")
AGREEMENT = ("positive_agreement", "negative_agreement")
MEASURES = (*CONDITIONAL, *SHARES, "difference", *AGREEMENT, "kappa")


def compare_dyads(
    design: SurveyDesign,
    child: pd.Series,
    caregiver: pd.Series,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Compare the yes and no of children with those of their caregivers.

    Args:
        child: (n,) 1 yes, 0 no, NaN no valid answer.
        caregiver: (n,) the same of the child's caregiver.
        interval: of shares and conditional shares; agreement has ``logit``, the difference and
            kappa ``± t_df · se``.
        confidence: of each interval alone.
        df_rule: rule for the degrees of freedom, see :func:`.degrees_of_freedom.domain_df`.
        calibration: what the weights were calibrated to; None takes the weights as given.

    Returns:
        One row per measure in the order of :data:`MEASURES`: ``measure, n`` (pairs, of a
        conditional share those of its base), ``n_yes`` (those that count as yes; missing for the
        difference, agreement and kappa), ``estimate, se, ci_low, ci_high, df`` and ``warning``:
        ``few_pairs`` or ``too_few_pairs`` of kappa, ``undefined`` where nothing can be divided by,
        else empty.

    Raises:
        InputError: an answer other than yes, no or none, no pair, or columns that do not fit.
    """
    check_options(interval, confidence)
    a, b, paired = _read_pairs(design, child, caregiver)
    weight = np.where(paired, design.weight, 0.0)
    weight = weight / weight.sum()
    yes = {
        "both": a & b,
        "only_child": a & ~b,
        "only_caregiver": ~a & b,
        "neither": ~a & ~b & paired,
        "agree": (a == b) & paired,
        "child": a,
        "caregiver": b,
    }
    base: dict[str, Mask] = dict.fromkeys(MEASURES, paired)
    base |= {"caregiver_if_child": a, "child_if_caregiver": b}
    yes |= dict.fromkeys(CONDITIONAL, a & b)
    ratio = {name: (yes[name].astype(float), base[name].astype(float)) for name in yes}
    ratio["difference"] = (a.astype(float) - b, paired.astype(float))
    ratio["positive_agreement"] = (2.0 * (a & b), a.astype(float) + b)
    ratio["negative_agreement"] = (2.0 * yes["neither"], 2.0 * paired - a - b)
    measures = {name: _estimate_ratio(*ratio[name], weight) for name in MEASURES if name != "kappa"}
    measures["kappa"] = _estimate_kappa(a.astype(np.intp), b.astype(np.intp), weight, np.eye(2))
    point = np.array([measures[name][0] for name in MEASURES])
    scores = unexplained_scores(
        design, np.column_stack([measures[name][1] for name in MEASURES]), calibration
    )
    se = _standard_errors(design, scores, point)
    df = degrees_of_freedom(design, np.column_stack([base[name] for name in MEASURES]), df_rule)
    n = np.array([int((base[name] & (weight > 0)).sum()) for name in MEASURES])
    low, high = _measure_limits(point, se, n, df, interval, confidence)
    warning = np.where(np.isnan(point), "undefined", "").astype(object)
    n_both_yes = int((yes["both"] & (weight > 0)).sum())
    of_kappa = MEASURES.index("kappa")
    if not warning[of_kappa] and n_both_yes < FEW_YES_PAIRS:
        warning[of_kappa] = "few_pairs"
        if n_both_yes < TOO_FEW_YES_PAIRS:
            warning[of_kappa], low[of_kappa], high[of_kappa] = "too_few_pairs", np.nan, np.nan
    n_yes = [(yes[name] & (weight > 0)).sum() if name in yes else np.nan for name in MEASURES]
    return pd.DataFrame(
        {
            "measure": MEASURES,
            "n": n,
            "n_yes": n_yes,
            "estimate": point,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": df,
            "warning": warning,
        }
    )


def kappa(
    design: SurveyDesign,
    first: pd.Series,
    second: pd.Series,
    agreement: Agreement = "unweighted",
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
) -> dict[str, float]:
    """Return Cohen's kappa of two answers with the same K categories.

    Args:
        first: (n,) categorical column; missing where there is no valid answer.
        second: (n,) categorical column with the same categories in the same order.
        agreement: what two answers i and j are worth: "unweighted" 1 where they are equal;
            "linear" ``1 - |i - j| / (K - 1)``; "quadratic" ``1 - ((i - j) / (K - 1))²``.
        confidence: confidence level of ``± t_df · se``.

    Returns:
        ``n, estimate, se, ci_low, ci_high, df``; NaN where chance alone would agree always.

    Raises:
        InputError: the categories differ, no pair, or no such weights.
    """
    first_column, second_column = (
        design.rows.column(first, "first"),
        design.rows.column(second, "second"),
    )
    categorical = [
        isinstance(column.dtype, pd.CategoricalDtype) for column in (first_column, second_column)
    ]
    if not all(categorical) or list(first_column.cat.categories) != list(
        second_column.cat.categories
    ):
        raise InputError("answers", "two sets of categories", "Give both columns the same ones")
    x, y = first_column.cat.codes.to_numpy(np.intp), second_column.cat.codes.to_numpy(np.intp)
    paired = (x >= 0) & (y >= 0) & (design.weight > 0)
    if not paired.any():
        raise InputError("answers", "no pair with both answers", "Leave this pair of items out")
    weight = np.where(paired, design.weight, 0.0) / design.weight[paired].sum()
    agreement_weights = _agreement_weights(len(first_column.cat.categories), agreement)
    point, scores = _estimate_kappa(np.maximum(x, 0), np.maximum(y, 0), weight, agreement_weights)
    se = _standard_errors(design, scores[:, np.newaxis], np.array([point]))
    df = degrees_of_freedom(design, paired[:, np.newaxis], df_rule)
    low, high = wald_t(point, se, np.nan, df, confidence)
    keys = ("n", "estimate", "se", "ci_low", "ci_high", "df")
    values = (paired.sum(), point, se[0], low[0], high[0], df[0])
    return {key: float(value) for key, value in zip(keys, values, strict=True)}


def _read_pairs(
    design: SurveyDesign, child: pd.Series, caregiver: pd.Series
) -> tuple[Mask, Mask, Mask]:
    """Return the pairs in which the child says yes, the caregiver does, and all pairs."""
    columns = {"child": child, "caregiver": caregiver}
    values = {}
    for name, column in columns.items():
        values[name] = design.rows.column(column, name).to_numpy(dtype=float, na_value=np.nan)
        if not (np.isnan(values[name]) | np.isin(values[name], [0.0, 1.0])).all():
            raise InputError(f"answers of the {name}", "others than 0 and 1", "Code yes as 1")
    paired = ~np.isnan(values["child"]) & ~np.isnan(values["caregiver"]) & (design.weight > 0)
    if not paired.any():
        raise InputError("answers", "no pair with both answers", "Leave this pair of items out")
    return (values["child"] == 1) & paired, (values["caregiver"] == 1) & paired, paired


def _estimate_ratio(y: Floats, x: Floats, weight: Floats) -> tuple[float, Floats]:
    """Return a ratio of totals and its (n,) scores; NaN, with scores of zero, over nothing."""
    total = float(weight @ x)
    if total <= 0:
        return np.nan, np.zeros(len(weight))
    point = float(weight @ y) / total
    return point, weight * (y - point * x) / total


def _estimate_kappa(
    x: np.ndarray, y: np.ndarray, weight: Floats, agreement_weights: Floats
) -> tuple[float, Floats]:
    """Return kappa and its (n,) scores.

    ``u = (W_xy - p_o)/(1 - p_e) - (1 - p_o)/(1 - p_e)² · (Σ_j W_xj p_·j + Σ_i W_iy p_i· - 2 p_e)``
    """
    n_categories = len(agreement_weights)
    row_shares = np.bincount(x, weight, n_categories)
    column_shares = np.bincount(y, weight, n_categories)
    observed = float(weight @ agreement_weights[x, y])
    expected = float(row_shares @ agreement_weights @ column_shares)
    if 1 - expected <= ROUNDING:
        return np.nan, np.zeros(len(weight))
    by_chance = (
        (agreement_weights @ column_shares)[x] + (row_shares @ agreement_weights)[y] - 2 * expected
    )
    score = (agreement_weights[x, y] - observed) / (1 - expected)
    score -= (1 - observed) / (1 - expected) ** 2 * by_chance
    return (observed - expected) / (1 - expected), weight * score


def _agreement_weights(n_categories: int, agreement: str) -> Floats:
    if agreement not in get_args(Agreement):
        options = ", ".join(get_args(Agreement))
        raise InputError("agreement", f"the value {agreement!r}", f"Choose one of {options}")
    if agreement == "unweighted":
        return np.eye(n_categories)
    distance = np.abs(np.subtract.outer(np.arange(n_categories), np.arange(n_categories))) / (
        n_categories - 1
    )
    return np.asarray(1 - distance ** (1 if agreement == "linear" else 2))


def _standard_errors(design: SurveyDesign, scores: Floats, point: Floats) -> Floats:
    """Return standard errors; NaN beside an estimate that is, zero where rounding alone is left."""
    se = np.sqrt(np.diag(covariance(design, scores)))
    return np.where(np.isnan(point), np.nan, np.where(se <= ROUNDING, 0.0, se))


def _measure_limits(
    point: Floats, se: Floats, n: np.ndarray, df: np.ndarray, interval: str, confidence: float
) -> tuple[Floats, Floats]:
    proportion = np.isin(MEASURES, [*SHARES, *CONDITIONAL])
    # Where a share cannot be had its place is kept by a half, of which nothing remains.
    share = np.where(np.isnan(point) | ~proportion, 0.5, point)
    of_shares = INTERVALS[interval](share, se, n, df, confidence)
    of_agreement = logit(np.where(np.isin(MEASURES, AGREEMENT), point, 0.5), se, n, df, confidence)
    of_differences = wald_t(point, se, n, df, confidence)
    low, high = (
        np.select(
            [proportion, np.isin(MEASURES, AGREEMENT)],
            [share_limit, agreement_limit],
            difference_limit,
        )
        for share_limit, agreement_limit, difference_limit in zip(
            of_shares, of_agreement, of_differences, strict=True
        )
    )
    return np.where(np.isnan(point), np.nan, low), np.where(np.isnan(point), np.nan, high)
