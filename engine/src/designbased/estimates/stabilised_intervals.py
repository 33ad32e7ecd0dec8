"""A Korn–Graubard interval whose design effect does not rest on a few PSUs alone.

Where few PSUs have a yes, a sample that misses some of them has too small a proportion and too
small a design effect, and where nobody says yes it has none: the interval then lies below the
truth far more often than it says (docs/coverage-hard.md). So the design effect is averaged with
the one that weights and PSU sizes make likely, as if that came from :data:`PRIOR_PSUS` more PSUs,
and never taken as smaller than estimated:

    expected = Kish's 1 + CV² · (1 + (b - 1) · ρ),    b = Σ_i W_i² / Σ w²,
    deff*    = max(deff, (k · deff + m · expected) / (k + m)),

with ``W_i`` the sum of weights of PSU ``i``, ``k`` the PSUs with a yes or those with a no,
whichever are fewer, ``m`` = 8 and ``ρ`` = 0.1. Korn and Graubard's interval follows on ``n /
deff*``, at 0 % and 100 % too. The two constants were chosen by simulation; with smaller
correlations the interval is wider than need be, with larger ones than 0.2 it can still fall short.

The idea to model the effective sample size is that of Franco, Little, Louis and Slud (2019, Journal
of Survey Statistics and Methodology 7); this form of it is our own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csc_array

from designbased.arrays import Floats
from designbased.design.coding import Levels, OutcomeRows, Outcomes, code_levels
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.unit_totals import ROWS_AT_ONCE, sum_cells, sum_matrix
from designbased.intervals.limits import BOUNDARY, Confidence, Limits, clopper_pearson, t_quantile

STABILISED = "korn_graubard_stabilised"
PRIOR_CORRELATION = 0.1
PRIOR_PSUS = 8


@dataclass(frozen=True, eq=False)
class Clusters:
    """What is known of the PSUs behind cells, arrays of one shape.

    Attributes:
        expected: design effect that weights and PSU sizes make likely; NaN without a case.
        psus: PSUs with a yes, or those with a no, whichever are fewer.
    """

    expected: Floats
    psus: Floats


def summarise_clusters(design: SurveyDesign, outcomes: Outcomes, levels: Levels) -> Clusters:
    """Return the clusters of K outcomes in L levels, arrays (L, K)."""
    totals = sum_cells(design, levels, outcomes)
    answers, weights = totals.answers, totals.weights
    if design.later_stages:
        answers, weights = (
            np.add.reduceat(sums, design.psu_start[:-1], axis=0) for sums in (answers, weights)
        )
    start, level = levels.members(slice(None))
    squares = csc_array(
        (np.repeat(design.weight**2, np.diff(start)), level, start),
        shape=(len(levels), design.n_rows),
    ) @ np.asarray(outcomes.valid, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        kish = totals.by_level.n * squares / weights.sum(axis=0) ** 2
        mean_cluster_size = (weights**2).sum(axis=0) / squares
    # Rounding leaves a little of weights whose answers are all yes.
    no = (weights - answers) > BOUNDARY * weights
    psus = np.minimum((answers > 0).sum(axis=0), no.sum(axis=0)).astype(np.float64)
    expected = kish * (1 + np.maximum(mean_cluster_size - 1, 0) * PRIOR_CORRELATION)
    return Clusters(np.broadcast_to(expected, psus.shape), psus)


def stabilised_limits(
    p: ArrayLike,
    se: ArrayLike,
    n: ArrayLike,
    df: ArrayLike,
    clusters: Clusters,
    confidence: Confidence = 0.95,
) -> Limits:
    """Return lower and upper limits of proportions; NaN without degrees of freedom.

    Args:
        p, se, n, df: estimates, standard errors, unweighted answers and degrees of freedom.
        clusters: the clusters behind them, arrays of the same shape.
    """
    p, se, n, df = (np.asarray(values, dtype=np.float64) for values in (p, se, n, df))
    edge = (p <= BOUNDARY) | (p >= 1 - BOUNDARY)
    inside = np.where(edge, np.nan, p)
    deff = se**2 * n / (inside * (1 - inside))
    averaged = (clusters.psus * deff + PRIOR_PSUS * clusters.expected) / (
        clusters.psus + PRIOR_PSUS
    )
    stabilised = np.where(edge, clusters.expected, np.maximum(deff, averaged))
    adjustment = (t_quantile(n - 1, confidence) / t_quantile(df, confidence)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.minimum(n, n / stabilised * np.where(edge, 1.0, adjustment))
    low, high = clopper_pearson(p, n_eff, confidence)
    return np.where(df > 0, low, np.nan), np.where(df > 0, high, np.nan)


def with_stabilised_limits(
    table: pd.DataFrame, clusters: Clusters, confidence: float
) -> pd.DataFrame:
    """Return a table of estimates with these limits for its proportions, and what they rest on.

    ``deff_expected`` and ``psus_fewer`` are the two numbers of :class:`Clusters`, NaN for means and
    totals: with them, the table's own columns give the limits again, without the PSUs.

    Args:
        table: of :func:`.linearisation.estimate`, outcome by outcome.
        clusters: of its cells, arrays (L, K).
    """
    of_rows = Clusters(clusters.expected.T.ravel(), clusters.psus.T.ravel())
    p, se, n, df = (table[name].to_numpy() for name in ("estimate", "se", "n", "df"))
    low, high = stabilised_limits(p, se, n, df, of_rows, confidence)
    share = table["interval"] != "wald_t"
    return table.assign(
        ci_low=table["ci_low"].mask(share, low),
        ci_high=table["ci_high"].mask(share, high),
        interval=table["interval"].mask(share, STABILISED),
        deff_expected=np.where(share, of_rows.expected, np.nan),
        psus_fewer=np.where(share, of_rows.psus, np.nan),
    )


# Kish's effective number of the cases behind weighted counts.


def kish_n(design: SurveyDesign, outcomes: pd.DataFrame, domains: pd.DataFrame) -> Floats:
    """Return ``(Σw)² / Σw²`` over the cases that make up the total of each outcome and level.

    Args:
        outcomes: (n, K) numbers; NaN where the answer is not valid. The cases of a total are the
            rows whose answer is neither missing nor zero.
        domains: (n, D) categorical columns.

    Returns:
        One number per outcome, domain and category, in the order of
        :func:`.linearisation.estimate`; zero where there is no case. It never exceeds the
        unweighted number of cases.

    Raises:
        InputError: the frames do not fit the design.

    Source: Kish 1965, Survey Sampling; Parker et al. 2023, NCHS Vital and Health Statistics 2(200).
    """
    answers = OutcomeRows(outcomes, design.rows, dict.fromkeys(map(str, outcomes), "mean"))
    levels = code_levels(domains, design.rows)
    total, squares = np.zeros((2, len(levels), len(answers.names)))
    for start_row in range(0, design.n_rows, ROWS_AT_ONCE):
        rows = slice(start_row, start_row + ROWS_AT_ONCE)
        cases = (answers.take(rows)[0] != 0).astype(np.float64)
        start, level = levels.members(rows)
        weight = np.repeat(design.weight[rows], np.diff(start))
        total += sum_matrix(weight, level, start, len(levels)) @ cases
        squares += sum_matrix(weight**2, level, start, len(levels)) @ cases
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    by_outcome: Floats = effective.T.ravel()
    return by_outcome
