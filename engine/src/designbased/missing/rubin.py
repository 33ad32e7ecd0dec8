"""Rubin's rules: one estimate out of several completed data sets.

With m estimates ``q_j`` and variances ``u_j`` the pooled estimate is their mean and its variance
``T = ū + (1 + 1/m) B``, where B is the variance between the estimates (Rubin 1987, Multiple
Imputation for Nonresponse in Surveys). The degrees of freedom are those of Barnard & Rubin (1999,
Biometrika 86): with ``λ = (1 + 1/m) B / T`` and ν complete-data degrees of freedom (PSUs - strata),

    1/df = λ² / (m - 1) + 1 / (λ̄ ν (ν + 1) / (ν + 3)),      λ̄ = 1 - λ.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, fdtrc
from scipy.special import logit as log_odds

from designbased.arrays import Floats
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.intervals.limits import korn_graubard, wald_t


@dataclass(frozen=True, eq=False)
class Pooled:
    """Pooled estimates, each array in the shape of one set of estimates.

    Attributes:
        estimate: mean over the imputations.
        variance: total variance T.
        df: Barnard–Rubin degrees of freedom; zero or less where the complete data have none.
        missing_information: fraction of the information that is missing, ``(r + 2/(d + 3)) /
            (r + 1)`` with ``r = (1 + 1/m) B / ū`` and ``d = (m - 1) (1 + 1/r)²``; zero where no
            imputation differs.
    """

    estimate: Floats
    variance: Floats
    df: Floats
    missing_information: Floats


def pool(estimates: Floats, variances: Floats, df_complete: Floats | float) -> Pooled:
    """Combine by Rubin's rules.

    Args:
        estimates: (m, ...) estimates of the m completed data sets.
        variances: (m, ...) their variances.
        df_complete: (...) degrees of freedom had nothing been missing.

    Raises:
        InputError: fewer than two imputations, or shapes that differ.
    """
    m = len(estimates)
    if m < 2 or estimates.shape != variances.shape:
        finding = f"estimates of shape {estimates.shape} with variances of {variances.shape}"
        raise InputError("imputations", finding, "Give both for at least two imputations")
    within = variances.mean(axis=0)
    between = (1 + 1 / m) * estimates.var(axis=0, ddof=1)
    total = within + between
    nu = np.asarray(df_complete, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, between / total, 0.0)
        observed = (nu + 1) / (nu + 3) * nu * (1 - share)
        df = np.where(nu > 0, 1 / (share**2 / (m - 1) + 1 / observed), nu)
    # r / (r + 1) is the share, and 1 + 1/r its inverse.
    information = share + (1 - share) * 2 * share**2 / (m - 1 + 3 * share**2)
    return Pooled(estimates.mean(axis=0), total, df, information)


@dataclass(frozen=True)
class PooledWald:
    """F test on ``df1`` and ``df2`` degrees of freedom that q coefficients are all zero."""

    statistic: float
    df1: int
    df2: float
    p_value: float


def pool_wald(estimates: Floats, covariances: Floats, df_complete: float) -> PooledWald:
    """Test several coefficients of a model that was fitted to each completed data set (D1).

    ``F = q̄' Ū⁻¹ q̄ / (k (1 + r))`` with the average relative increase in variance
    ``r = (1 + 1/m) tr(B Ū⁻¹) / k`` (Li, Raghunathan & Rubin 1991, Journal of the American
    Statistical Association 86), and the degrees of freedom of Reiter (2007, Biometrika 94).

    Args:
        estimates: (m, k) coefficients of each fit.
        covariances: (m, k, k) their covariances.
        df_complete: degrees of freedom of the model, had nothing been missing.

    Raises:
        InputError: shapes that differ, or fewer imputations or degrees of freedom than the test
            needs: ``k (m - 1) > 4``, and more than about 4 of the latter.
    """
    m, k = estimates.shape
    if covariances.shape != (m, k, k):
        finding = f"coefficients of shape {estimates.shape} with {covariances.shape} covariances"
        raise InputError("imputations", finding, "Give both for every completed data set")
    t = k * (m - 1)
    if t <= 4:
        finding = f"{m} imputations for {k} coefficients"
        raise InputError("imputations", finding, "Give more imputations, such as 20")
    mean, within = estimates.mean(axis=0), covariances.mean(axis=0)
    deviation = estimates - mean
    between = deviation.T @ deviation / (m - 1)
    r = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    statistic = float(mean @ np.linalg.solve(within, mean)) / (k * (1 + r))
    a = r * t / (t - 2)
    nu = (df_complete + 1) / (df_complete + 3) * df_complete
    c1, c2 = nu - 2 * (1 + a), nu - 4 * (1 + a)
    if c2 <= 0:
        finding = f"{df_complete:g} degrees of freedom, with much of the information missing"
        raise InputError("pooled test", finding, "Simplify the model")
    spread = (
        a**2 * c1 / ((1 + a) ** 2 * c2)
        + 8 * a**2 * c1 / ((1 + a) * c2**2)
        + 4 * a**2 / ((1 + a) * c2)
        + 4 * a**2 / (c1 * c2)
        + 16 * a**2 * c1 / c2**3
        + 8 * a**2 / c2**2
    )
    df2 = 4 + 1 / (1 / c2 + spread / (t - 4))
    return PooledWald(statistic, k, df2, float(fdtrc(k, df2, statistic)))


def estimate_completed(
    design: Design,
    completed: list[pd.DataFrame],
    domains: Table | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate every proportion in every domain from completed data sets.

    Proportions are combined on the log-odds scale, where they are closer to normal. A cell that has
    0 %, 100 % or no standard error in some completed data set is combined on the plain scale, with
    a Korn–Graubard interval; ``interval`` says which.

    Args:
        design: of any kind: with replicate weights the variance inside a data set is theirs.
        completed: m frames (n, K) of zeros and ones, NaN outside the universe.
        domains: (n, D) categorical columns, as for :func:`.linearisation.estimate`; None is all
            rows.

    Returns:
        The columns of :func:`.linearisation.estimate` without ``n_yes``, with the pooled
        ``estimate, se, ci_low, ci_high, df``, ``deff`` from the total variance, and
        ``missing_information``.

    Raises:
        InputError: fewer than two data sets, or data sets that differ in columns or universe.
    """
    completed = [
        design.rows.frame(data, f"completed data set {number}")
        for number, data in enumerate(completed, start=1)
    ]
    _check_alike(completed)
    m, outcome_names = len(completed), list(completed[0].columns)
    stacked = pd.concat(completed, axis=1)
    stacked.columns = pd.Index([f"{j}\n{name}" for j in range(m) for name in outcome_names])
    table = estimate(design, stacked, domains, interval="korn_graubard", confidence=confidence)
    cells = table.iloc[: len(table) // m].reset_index(drop=True)
    p = table["estimate"].to_numpy().reshape(m, -1)
    variance = table["se"].to_numpy().reshape(m, -1) ** 2
    nu, n = cells["df"].to_numpy(dtype=float), cells["n"].to_numpy(dtype=float)
    on_plain_scale = pool(p, variance, nu)
    interior = ((p > 0) & (p < 1) & (variance > 0)).all(axis=0)
    safe = np.where(interior, p, 0.5)
    odds = pool(log_odds(safe), variance / (safe * (1 - safe)) ** 2, nu)
    point = np.where(interior, expit(odds.estimate), on_plain_scale.estimate)
    slope = point * (1 - point)
    se = np.where(interior, slope * np.sqrt(odds.variance), np.sqrt(on_plain_scale.variance))
    df = np.where(interior, odds.df, on_plain_scale.df)
    odds_limits = wald_t(odds.estimate, np.sqrt(odds.variance), n, odds.df, confidence)
    edge_limits = korn_graubard(
        on_plain_scale.estimate, np.sqrt(on_plain_scale.variance), n, on_plain_scale.df, confidence
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.where(slope > 0, se**2 / (slope / n), np.nan)
        n_eff = np.where(se == 0, n, n / deff)
    return pd.DataFrame(
        {
            "indicator": cells["indicator"].str.removeprefix("0\n"),
            **{name: cells[name] for name in ("domain", "level", "n", "population")},
            "estimate": point,
            "se": se,
            "ci_low": np.where(interior, expit(odds_limits[0]), edge_limits[0]),
            "ci_high": np.where(interior, expit(odds_limits[1]), edge_limits[1]),
            "deff": deff,
            "n_eff": n_eff,
            "df": df,
            "df_design": cells["df_design"],
            "missing_information": np.where(
                interior, odds.missing_information, on_plain_scale.missing_information
            ),
            "interval": np.where(interior, "logit", "korn_graubard"),
        }
    )


def _check_alike(completed: list[pd.DataFrame]) -> None:
    if len(completed) < 2:
        finding = f"{len(completed)} completed data sets"
        raise InputError("imputations", finding, "Give at least two")
    reference = completed[0]
    for number, data in enumerate(completed[1:], start=2):
        if list(data.columns) != list(reference.columns) or len(data) != len(reference):
            finding = "other rows or columns than the first"
            raise InputError(f"completed data set {number}", finding, "Give the same in all")
        unlike = (data.isna().to_numpy() != reference.isna().to_numpy()).any(axis=0)
        if unlike.any():
            name = reference.columns[int(np.flatnonzero(unlike)[0])]
            finding = f"other rows without a value in '{name}' than in the first"
            raise InputError(f"completed data set {number}", finding, "Complete the same rows")
