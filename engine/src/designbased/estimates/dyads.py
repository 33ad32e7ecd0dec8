"""What two respondents say of the same matter: a child and the caregiver of this child.

A pair counts where both gave a valid answer; its design and weight are the child's. Every measure
is a function of the weights of the four cells of the 2 × 2 table, so that pairs of a cell share one
influence (:mod:`.profile_rows`).

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

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.estimates.tabulation import ROUNDING, check_options
from designbased.intervals.limits import INTERVALS, logit, wald_t
from designbased.variance.profile_rows import ProfileEstimator, ProfileRows

Agreement: TypeAlias = Literal["unweighted", "linear", "quadratic"]

# Pairs in which both say yes. With fewer kappa is marked; with fewer than the second it has no
# interval: with 6 on average it held the truth in 92 of 100 samples (benchmarks/questions.py).
FEW_YES_PAIRS, TOO_FEW_YES_PAIRS = 20, 10

# Measures whose interval stays in [0, 1]: shares of children, and ratios that are no share of them.
SHARES = ("both", "only_child", "only_caregiver", "neither", "agree", "child", "caregiver")
CONDITIONAL = ("caregiver_if_child", "child_if_caregiver")
AGREEMENT = ("positive_agreement", "negative_agreement")
MEASURES = (*CONDITIONAL, *SHARES, "difference", *AGREEMENT, "kappa")
# The cells of the table are numbered 2 × child + caregiver.
CHILD, CAREGIVER = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
BOTH_YES = 3


def compare_dyads(
    design: Design,
    child: pd.Series,
    caregiver: pd.Series,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
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
    rule = design.df_rule(df_rule)
    rows = _read_pairs(design, child, caregiver)
    yes, base = _measures_of_cells()
    estimator = _estimate_pairs(rows, yes, base, calibration)
    point = estimator.point
    se = _standard_errors(design, estimator)
    df = design.domain_df(estimator.present(), rule)
    pairs = np.bincount(rows.profile, minlength=rows.count)
    n = (pairs @ estimator.cases).astype(np.intp)
    low, high = _measure_limits(point, se, n, df, interval, confidence)
    warning = np.where(np.isnan(point), "undefined", "").astype(object)
    n_both_yes = int(pairs[BOTH_YES])
    of_kappa = MEASURES.index("kappa")
    if not warning[of_kappa] and n_both_yes < FEW_YES_PAIRS:
        warning[of_kappa] = "few_pairs"
        if n_both_yes < TOO_FEW_YES_PAIRS:
            warning[of_kappa], low[of_kappa], high[of_kappa] = "too_few_pairs", np.nan, np.nan
    counted = np.isin(MEASURES, [*SHARES, *CONDITIONAL])
    n_yes = np.where(counted, pairs @ np.append(yes, np.zeros((4, 1)), axis=1), np.nan)
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
    design: Design,
    first: pd.Series,
    second: pd.Series,
    agreement: Agreement = "unweighted",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> dict[str, float]:
    """Return Cohen's kappa of two answers with the same K categories.

    Args:
        first: (n,) categorical column; missing where there is no valid answer.
        second: (n,) categorical column with the same categories in the same order.
        agreement: what two answers i and j are worth: "unweighted" 1 where they are equal;
            "linear" ``1 - |i - j| / (K - 1)``; "quadratic" ``1 - ((i - j) / (K - 1))²``.
        confidence: confidence level of ``± t_df · se``.
        df_rule, calibration: as for :func:`compare_dyads`.

    Returns:
        ``n, estimate, se, ci_low, ci_high, df``; NaN where chance alone would agree always.

    Raises:
        InputError: the categories differ, no pair, or no such weights.
    """
    rule = design.df_rule(df_rule)
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
    size = len(first_column.cat.categories)
    position = np.flatnonzero(paired)
    cell = x[position] * size + y[position]
    rows = ProfileRows(design, position, cell, size**2)
    weights = _agreement_weights(size, agreement)
    influence = _kappa_influence(rows.weight, weights)[:, np.newaxis]
    estimator = ProfileEstimator(
        rows,
        lambda of_cells: _kappa_of_cells(of_cells, weights)[..., np.newaxis],
        influence,
        np.ones((size**2, 1), dtype=bool),
        calibration,
    )
    se = _standard_errors(design, estimator)
    df = design.domain_df(estimator.present(), rule)
    point = float(estimator.point[0])
    low, high = wald_t(point, se, np.nan, df, confidence)
    keys = ("n", "estimate", "se", "ci_low", "ci_high", "df")
    values = (paired.sum(), point, se[0], low[0], high[0], df[0])
    return {key: float(value) for key, value in zip(keys, values, strict=True)}


def _read_pairs(design: Design, child: pd.Series, caregiver: pd.Series) -> ProfileRows:
    """Return the pairs with both answers, by cell of the table."""
    columns = {"child": child, "caregiver": caregiver}
    values = {}
    for name, column in columns.items():
        values[name] = design.rows.column(column, name).to_numpy(dtype=float, na_value=np.nan)
        if not (np.isnan(values[name]) | np.isin(values[name], [0.0, 1.0])).all():
            raise InputError(f"answers of the {name}", "others than 0 and 1", "Code yes as 1")
    paired = ~np.isnan(values["child"]) & ~np.isnan(values["caregiver"]) & (design.weight > 0)
    if not paired.any():
        raise InputError("answers", "no pair with both answers", "Leave this pair of items out")
    position = np.flatnonzero(paired)
    cell = 2 * values["child"][position] + values["caregiver"][position]
    return ProfileRows(design, position, cell.astype(np.intp), len(CHILD))


def _measures_of_cells() -> tuple[Floats, Floats]:
    """Return what a pair of each cell adds to both sides of the measures but kappa, (4, M - 1)."""
    yes = {
        "both": CHILD * CAREGIVER,
        "only_child": CHILD * (1 - CAREGIVER),
        "only_caregiver": (1 - CHILD) * CAREGIVER,
        "neither": (1 - CHILD) * (1 - CAREGIVER),
        "agree": CHILD == CAREGIVER,
        "child": CHILD,
        "caregiver": CAREGIVER,
        "difference": CHILD - CAREGIVER,
        "positive_agreement": 2 * CHILD * CAREGIVER,
        "negative_agreement": 2 * (1 - CHILD) * (1 - CAREGIVER),
    } | dict.fromkeys(CONDITIONAL, CHILD * CAREGIVER)
    base = dict.fromkeys(MEASURES, np.ones(4)) | {
        "caregiver_if_child": CHILD,
        "child_if_caregiver": CAREGIVER,
        "positive_agreement": CHILD + CAREGIVER,
        "negative_agreement": 2 - CHILD - CAREGIVER,
    }
    sides = ([side[name] for name in MEASURES if name != "kappa"] for side in (yes, base))
    numerator, denominator = (np.array(side, dtype=np.float64).T for side in sides)
    return numerator, denominator


def _estimate_pairs(
    rows: ProfileRows, yes: Floats, base: Floats, calibration: CalibratedFrame | None
) -> ProfileEstimator:
    """Return the measures: ratios of sums over cells, and kappa."""
    weight, kappa_weights = rows.weight, np.eye(2)

    def value(weights: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (weights @ yes) / (weights @ base)
        return np.concatenate([ratio, _kappa_of_cells(weights, kappa_weights)[..., None]], -1)

    total = weight @ base
    point = value(weight)[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = np.where(total > 0, (yes - point * base) / total, 0.0)
    scores = np.column_stack([scores, _kappa_influence(weight, kappa_weights)])
    in_base = np.where(np.isin(MEASURES[:-1], CONDITIONAL), base > 0, True)
    cases = np.column_stack([in_base, np.ones(len(base), dtype=bool)])
    return ProfileEstimator(rows, value, scores, cases, calibration)


def _kappa_of_cells(weights: Floats, agreement_weights: Floats) -> Floats:
    """Return kappa under (..., K²) weights of the cells; NaN where chance alone agrees always."""
    size = len(agreement_weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = weights / weights.sum(axis=-1, keepdims=True)
    table = table.reshape(*weights.shape[:-1], size, size)
    observed = (table * agreement_weights).sum(axis=(-2, -1))
    by_chance = table.sum(axis=-1)[..., None] * table.sum(axis=-2)[..., None, :]
    expected = (by_chance * agreement_weights).sum(axis=(-2, -1))
    room = np.where(1 - expected <= ROUNDING, np.nan, 1 - expected)
    return np.asarray((observed - expected) / room)


def _kappa_influence(weights: Floats, agreement_weights: Floats) -> Floats:
    """Return the (K²,) influence of a pair of each cell on kappa; zero where it does not exist.

    ``u = (W_xy - p_o)/(1 - p_e) - (1 - p_o)/(1 - p_e)² · (Σ_j W_xj p_·j + Σ_i W_iy p_i· - 2 p_e)``
    """
    table = (weights / weights.sum()).reshape(agreement_weights.shape)
    row_shares, column_shares = table.sum(axis=1), table.sum(axis=0)
    observed = float((table * agreement_weights).sum())
    expected = float(row_shares @ agreement_weights @ column_shares)
    if 1 - expected <= ROUNDING:
        return np.zeros(table.size)
    by_chance = np.add.outer(agreement_weights @ column_shares, row_shares @ agreement_weights)
    score = (agreement_weights - observed) / (1 - expected)
    score -= (1 - observed) / (1 - expected) ** 2 * (by_chance - 2 * expected)
    return np.asarray(score.ravel() / weights.sum())


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


def _standard_errors(design: Design, estimator: ProfileEstimator) -> Floats:
    """Return standard errors; NaN beside an estimate that is, zero where rounding alone is left."""
    se = np.sqrt(design.deviations(estimator).variances())
    return np.where(np.isnan(estimator.point), np.nan, np.where(se <= ROUNDING, 0.0, se))


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
