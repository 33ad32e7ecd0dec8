"""Confidence intervals for whole tables of estimates.

Every function takes arrays that broadcast against each other (estimate, standard error, unweighted
number of valid answers, design degrees of freedom) and returns the lower and the upper limit.

Two rules hold for all of them. Without degrees of freedom (``df <= 0``) there is no interval: the
limits are NaN, never a normal approximation. Limits of a proportion stay inside [0, 1].
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, expit, ndtri, stdtrit
from scipy.special import logit as log_odds

Floats: TypeAlias = NDArray[np.float64]
Limits: TypeAlias = tuple[Floats, Floats]
Interval: TypeAlias = Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike, float], Limits]

# A proportion this close to 0 or 1 is 0 or 1 (the tolerance of the NCHS macro).
BOUNDARY = 1e-12


def korn_graubard(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Korn–Graubard interval in the form of the NCHS presentation standards.

    A Clopper–Pearson interval on the effective sample size ``p(1-p)/se²``, adjusted by the squared
    ratio of the t quantiles with ``n - 1`` and ``df`` degrees of freedom and never above ``n``. At
    0 % and 100 % the sample size is ``n``, without adjustment. With ``se = 0`` in between it is
    ``n``, the cap.

    Sources: Korn & Graubard 1998, Survey Methodology 24(2); Parker et al. 2017, NCHS Vital and
    Health Statistics 2(175), and its SAS macro of 2021.
    """
    p, se, n, df = _floats(p, se, n, df)
    adjustment = (_t_quantile(n - 1, confidence) / _t_quantile(df, confidence)) ** 2
    adjusted = np.where(_at_boundary(p), n, np.minimum(n, _effective_n(p, se) * adjustment))
    return _defined(df, *_clopper_pearson(p, adjusted, confidence))


def modified_wilson(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Wilson interval on the effective sample size, the degrees of freedom corrected for once.

    The effective sample size is multiplied by ``(z / t_df)²`` and then used with the normal
    quantile; where it exceeds ``n`` (design effect below one, or ``se = 0``) it is ``n``. At 0 %
    and 100 % the limits are Clopper–Pearson's on ``n``, as for :func:`korn_graubard`.

    Sources: Dean & Pagano 2015, Journal of Survey Statistics and Methodology 3(4); WHO vaccination
    coverage cluster surveys reference manual 2018.
    """
    p, se, n, df = _floats(p, se, n, df)
    z = ndtri(_upper_tail(confidence))
    effective = _effective_n(p, se)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = effective * (z / _t_quantile(df, confidence)) ** 2
        size = np.where(effective > n, n, corrected)
        centre = (p + z**2 / (2 * size)) / (1 + z**2 / size)
        half = z * np.sqrt(p * (1 - p) / size + (z / (2 * size)) ** 2) / (1 + z**2 / size)
    exact_low, exact_high = _clopper_pearson(p, n, confidence)
    edge = _at_boundary(p)
    low = np.where(edge, exact_low, np.maximum(centre - half, 0.0))
    high = np.where(edge, exact_high, np.minimum(centre + half, 1.0))
    return _defined(df, low, high)


def logit(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Wald interval on the log-odds scale with a t quantile: the default of R ``svyciprop``.

    Undefined, hence NaN, where the log-odds or their variance do not exist: at 0 %, at 100 % and
    where ``se = 0``. ``n`` is not used; it is there so that all intervals are called alike.
    """
    p, se, n, df = _floats(p, se, n, df)
    interior = ~_at_boundary(p) & (se > 0)
    p = np.where(interior, p, np.nan)
    half = _t_quantile(df, confidence) * se / (p * (1 - p))
    return _defined(df, expit(log_odds(p) - half), expit(log_odds(p) + half))


def wald_t(
    estimate: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: float = 0.95
) -> Limits:
    """``estimate ± t_df · se``: for means and totals, never for proportions.

    ``n`` is not used; it is there so that all intervals are called alike.
    """
    estimate, se, n, df = _floats(estimate, se, n, df)
    half = _t_quantile(df, confidence) * se
    return _defined(df, estimate - half, estimate + half)


INTERVALS: dict[str, Interval] = {
    "korn_graubard": korn_graubard,
    "modified_wilson": modified_wilson,
    "logit": logit,
    "wald_t": wald_t,
}
PROPORTION_INTERVALS = tuple(name for name in INTERVALS if name != "wald_t")


def _floats(*values: ArrayLike) -> list[Floats]:
    arrays = np.broadcast_arrays(*values)
    return [np.asarray(array, dtype=np.float64) for array in arrays]


def _upper_tail(confidence: float) -> float:
    return 1 - (1 - confidence) / 2


def _t_quantile(df: Floats, confidence: float) -> Floats:
    # A table repeats few degrees of freedom, and the quantile is slow.
    values, place = np.unique(np.where(df > 0, df, np.nan), return_inverse=True)
    return np.asarray(stdtrit(values, _upper_tail(confidence))[place])


def _at_boundary(p: Floats) -> NDArray[np.bool_]:
    return (p <= BOUNDARY) | (p >= 1 - BOUNDARY)


def _effective_n(p: Floats, se: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(se > 0, p * (1 - p) / se**2, np.where(np.isnan(se), np.nan, np.inf))


def _clopper_pearson(p: Floats, n: Floats, confidence: float) -> Limits:
    """Beta limits for ``x = p·n`` successes in ``n`` trials, both of which may be fractions."""
    x = p * n
    tail = _upper_tail(confidence)
    # At the boundary one shape parameter is zero and the limit is the boundary itself.
    low = np.where(p <= BOUNDARY, 0.0, betaincinv(np.maximum(x, BOUNDARY), n - x + 1, 1 - tail))
    high = np.where(p >= 1 - BOUNDARY, 1.0, betaincinv(x + 1, np.maximum(n - x, BOUNDARY), tail))
    return low, high


def _defined(df: Floats, low: Floats, high: Floats) -> Limits:
    exists = df > 0
    return np.where(exists, low, np.nan), np.where(exists, high, np.nan)
