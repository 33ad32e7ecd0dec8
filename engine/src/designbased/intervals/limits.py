"""Confidence intervals for whole tables of estimates.

Every function takes arrays that broadcast against each other (estimate, standard error, unweighted
number of valid answers, design degrees of freedom) and returns the lower and the upper limit.

Two rules hold for all of them. Without degrees of freedom (``df <= 0``) there is no interval: the
limits are NaN, never a normal approximation. Limits of a proportion stay inside [0, 1]. The
confidence level is one for the table, or an array with that of each cell.

At 0 % and at 100 % the sample has no information on the design effect. There ``korn_graubard``,
``modified_wilson``, ``beta``, ``arcsine`` and ``likelihood`` give the limits of Clopper and Pearson
1934 (Biometrika 26) on ``n``, and where ``se = 0`` in between they take ``n`` for the effective
sample size. ``logit`` and ``wald`` are NaN in both cases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, expit, ndtri, stdtrit
from scipy.special import logit as log_odds

from designbased.arrays import Floats

# Limits of a share from the binomial distribution itself: exact ones, and those by likelihood.


Limits: TypeAlias = tuple[Floats, Floats]
Confidence: TypeAlias = float | Floats

# A proportion this close to 0 or 1 is 0 or 1 (the tolerance of the NCHS macro).
BOUNDARY = 1e-12

# Newton's method takes some ten steps to this precision of the log-odds.
PRECISION = 1e-13
MAX_STEPS = 100


def upper_tail(confidence: Confidence) -> Confidence:
    """Return the probability below the upper limit of a two-sided interval."""
    return 1 - (1 - confidence) / 2


def log_odds_at_distance(p: Floats, distance: Floats) -> Floats:
    """Log-odds ``x`` below those of ``p`` whose binomial divergence from ``p`` is ``distance``.

    The divergence is convex in ``x`` and the start lies beyond the solution, as ``ln(1 + e^x) > 0``
    there: Newton's steps go one way and cannot overshoot.
    """
    constant = p * np.log(p) + (1 - p) * np.log1p(-p) - distance
    x = constant / p
    with np.errstate(invalid="ignore"):
        for _ in range(MAX_STEPS):
            step = (constant - p * x + np.logaddexp(0.0, x)) / (p - expit(x))
            # A cell that has arrived stays, so that it does not depend on the others.
            moves = np.abs(step) > PRECISION * (1 + np.abs(x))
            x = np.where(moves, x + step, x)
            if not moves.any():
                break
    return x


def clopper_pearson(p: Floats, n: Floats, confidence: Confidence) -> Limits:
    """Return beta limits for ``x = p·n`` successes in ``n`` trials, which may be fractions."""
    x = p * n
    tail = upper_tail(confidence)
    # At the boundary one shape parameter is zero and the limit is the boundary itself.
    low = np.where(p <= BOUNDARY, 0.0, betaincinv(np.maximum(x, BOUNDARY), n - x + 1, 1 - tail))
    high = np.where(p >= 1 - BOUNDARY, 1.0, betaincinv(x + 1, np.maximum(n - x, BOUNDARY), tail))
    return low, high


def at_boundary(p: Floats) -> NDArray[np.bool_]:
    """Whether shares are 0 or 1."""
    return (p <= BOUNDARY) | (p >= 1 - BOUNDARY)


def exact_at_boundary(
    p: Floats, n: Floats, confidence: Confidence, low: Floats, high: Floats
) -> Limits:
    """Return the limits given, at 0 % and 100 % those of Clopper and Pearson on ``n``."""
    edge = at_boundary(p)
    if not edge.any():
        return low, high
    exact_low, exact_high = clopper_pearson(p, n, confidence)
    return np.where(edge, exact_low, low), np.where(edge, exact_high, high)


Interval: TypeAlias = Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike, Confidence], Limits]


@dataclass(frozen=True)
class IntervalMethod:
    """An interval with all that is said of it; called as its function is.

    Attributes:
        function: estimate, se, n, df, confidence to lower and upper limits.
        label: its name in documents, in English; empty where no document prints it.
        phrase: its name in the sentence below a figure, in English.
        proportions: whether it may be published for a proportion: its limits stay in [0, 1].
        edges: whether a proportion of 0 % or 100 % has limits.
    """

    function: Interval
    label: str
    phrase: str
    proportions: bool
    edges: bool

    def __call__(
        self,
        estimate: ArrayLike,
        se: ArrayLike,
        n: ArrayLike,
        df: ArrayLike,
        confidence: Confidence = 0.95,
    ) -> Limits:
        """Return the lower and the upper limits."""
        return self.function(estimate, se, n, df, confidence)


# By the name of the function, which the configuration and the tables use, too.
INTERVALS: dict[str, IntervalMethod] = {}
IntervalFunction = TypeVar("IntervalFunction", bound=Callable[..., Limits])


def _register_interval(
    label: str = "", phrase: str = "", *, proportions: bool = False, edges: bool = False
) -> Callable[[IntervalFunction], IntervalFunction]:
    """Enter the function below among the intervals; see :class:`IntervalMethod`."""

    def enter(function: IntervalFunction) -> IntervalFunction:
        INTERVALS[function.__name__] = IntervalMethod(function, label, phrase, proportions, edges)
        return function

    return enter


@_register_interval("Korn–Graubard", "Korn–Graubard method", proportions=True, edges=True)
def korn_graubard(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Korn–Graubard interval in the form of the NCHS presentation standards.

    A Clopper–Pearson interval on the effective sample size ``p(1-p)/se²``, adjusted by the squared
    ratio of the t quantiles with ``n - 1`` and ``df`` degrees of freedom and never above ``n``. At
    0 % and 100 % the sample size is ``n``, without adjustment. With ``se = 0`` in between it is
    ``n``, the cap.

    It holds the truth in 95 % of samples or more where clustering is mild. With design effects of 2
    to 7 and 15 to 50 degrees of freedom it falls to 89 % for a proportion of 3 %, and intervals
    that miss are mostly too low (docs/coverage.md); :mod:`.stabilised_intervals` has one that does
    not.

    Sources: Korn & Graubard 1998, Survey Methodology 24(2); Parker et al. 2017, NCHS Vital and
    Health Statistics 2(175), and its SAS macro of 2021.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    adjustment = (t_quantile(n - 1, confidence) / t_quantile(df, confidence)) ** 2
    adjusted = np.where(at_boundary(p), n, np.minimum(n, _effective_n(p, se) * adjustment))
    return _limits_with_df(df, *clopper_pearson(p, adjusted, confidence))


@_register_interval("modified Wilson", "modified Wilson method", proportions=True, edges=True)
def modified_wilson(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Wilson interval on the effective sample size, the degrees of freedom corrected for once.

    The effective sample size is multiplied by ``(z / t_df)²`` and then used with the normal
    quantile; where it exceeds ``n`` (design effect below one, or ``se = 0``) it is ``n``. At 0 %
    and 100 % the limits are Clopper–Pearson's on ``n``, as for :func:`korn_graubard`.

    Sources: Dean & Pagano 2015, Journal of Survey Statistics and Methodology 3(4); WHO vaccination
    coverage cluster surveys reference manual 2018.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    z = ndtri(upper_tail(confidence))
    effective = _effective_n(p, se)
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = effective * (z / t_quantile(df, confidence)) ** 2
        n_eff = np.where(effective > n, n, corrected)
        centre = (p + z**2 / (2 * n_eff)) / (1 + z**2 / n_eff)
        half_width = z * np.sqrt(p * (1 - p) / n_eff + (z / (2 * n_eff)) ** 2) / (1 + z**2 / n_eff)
    limits = np.maximum(centre - half_width, 0.0), np.minimum(centre + half_width, 1.0)
    return _limits_with_df(df, *exact_at_boundary(p, n, confidence, *limits))


@_register_interval("logit", "logit method", proportions=True)
def logit(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Wald interval on the log-odds scale with a t quantile: the default of R ``svyciprop``.

    Undefined, hence NaN, where the log-odds or their variance do not exist: at 0 %, at 100 % and
    where ``se = 0``. ``n`` is not used; it is there so that all intervals are called alike.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    interior = ~at_boundary(p) & (se > 0)
    p = np.where(interior, p, np.nan)
    half = t_quantile(df, confidence) * se / (p * (1 - p))
    return _limits_with_df(df, expit(log_odds(p) - half), expit(log_odds(p) + half))


@_register_interval("beta", "beta method", proportions=True, edges=True)
def beta(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Korn–Graubard interval without the cap at ``n``: R ``svyciprop(method = "beta")``.

    Where the design effect is below one the effective sample size exceeds ``n``. R has no limits
    at 0 % and 100 %; here they are those of :func:`korn_graubard`.

    Source: Korn & Graubard 1998, Survey Methodology 24(2).
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    adjustment = (t_quantile(n - 1, confidence) / t_quantile(df, confidence)) ** 2
    n_eff = np.where(at_boundary(p), n, _size_without_cap(p, se, n) * adjustment)
    return _limits_with_df(df, *clopper_pearson(p, n_eff, confidence))


@_register_interval("arcsine", "arcsine method", proportions=True, edges=True)
def arcsine(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Wald interval on the scale ``asin(√p)``: R ``svyciprop(method = "asin")``.

    The limits are ``sin²(asin(√p) ± t_df / (2 √n_eff))`` with the angles cut at 0 and π/2. R does
    not cut them: an angle below zero is mirrored there into a lower limit above zero.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t_quantile(df, confidence) / (2 * np.sqrt(_size_without_cap(p, se, n)))
        angle = np.arcsin(np.sqrt(p))
    low = np.asarray(np.sin(np.maximum(angle - half, 0.0)) ** 2)
    high = np.asarray(np.sin(np.minimum(angle + half, np.pi / 2)) ** 2)
    return _limits_with_df(df, *exact_at_boundary(p, n, confidence, low, high))


@_register_interval("likelihood ratio", "likelihood ratio method", proportions=True, edges=True)
def likelihood(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """Likelihood-ratio interval scaled by the design effect (Rao & Scott 1984).

    It holds every ``q`` with

        2 n_eff (n - 1)/n · [p ln(p/q) + (1 - p) ln((1 - p)/(1 - q))] <= t²_df.

    ``(n - 1)/n`` is the inverse of the dispersion of the residuals, by which R
    ``svyciprop(method = "likelihood")`` divides, too. R interpolates between ten points of the
    profile, which moves its limits in the third or fourth digit; here the equation is solved.

    Sources: Rao & Scott 1984, Annals of Statistics 12; the R package survey, ``confint.svyglm``.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = _size_without_cap(p, se, n) * (n - 1) / n
        distance = t_quantile(df, confidence) ** 2 / (2 * n_eff)
    inside = np.where(at_boundary(p), np.nan, p)
    low = np.asarray(expit(log_odds_at_distance(inside, distance)))
    high = np.asarray(expit(-log_odds_at_distance(1 - inside, distance)))
    return _limits_with_df(df, *exact_at_boundary(p, n, confidence, low, high))


@_register_interval()
def wald(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """``p ± t_df · se``, cut at 0 and 1: to study coverage, never for publication.

    NaN at 0 %, at 100 % and where ``se = 0``, where it would have no width. ``n`` is not used.
    """
    p, se, n, df = _broadcast_floats(p, se, n, df)
    half = np.where(~at_boundary(p) & (se > 0), t_quantile(df, confidence) * se, np.nan)
    return _limits_with_df(df, np.maximum(p - half, 0.0), np.minimum(p + half, 1.0))


@_register_interval()
def log_t(
    estimate: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """``exp(ln X ± t_df · se / X)``: for weighted counts.

    NaN unless the count is positive. ``n`` is not used. Source: Parker et al. 2023, NCHS Vital and
    Health Statistics 2(200).
    """
    estimate, se, n, df = _broadcast_floats(estimate, se, n, df)
    count = np.where(estimate > 0, estimate, np.nan)
    with np.errstate(over="ignore"):
        ratio = np.exp(t_quantile(df, confidence) * se / count)
    return _limits_with_df(df, count / ratio, count * ratio)


@_register_interval("Student's t (means and totals)", "Student's t method")
def wald_t(
    estimate: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, confidence: Confidence = 0.95
) -> Limits:
    """``estimate ± t_df · se``: for means and totals, never for proportions.

    ``n`` is not used; it is there so that all intervals are called alike.
    """
    estimate, se, n, df = _broadcast_floats(estimate, se, n, df)
    half = t_quantile(df, confidence) * se
    return _limits_with_df(df, estimate - half, estimate + half)


# An interval of your own can stand here.

# Those that may be published for a proportion.
PROPORTION_INTERVALS = tuple(name for name, method in INTERVALS.items() if method.proportions)


def _broadcast_floats(*values: ArrayLike) -> list[Floats]:
    arrays = np.broadcast_arrays(*values)
    return [np.asarray(array, dtype=np.float64) for array in arrays]


def t_quantile(df: Floats, confidence: Confidence) -> Floats:
    """Return the upper t quantile of an interval; NaN without degrees of freedom."""
    positive, tail = np.where(df > 0, df, np.nan), upper_tail(confidence)
    if np.ndim(tail):
        return np.asarray(stdtrit(positive, tail))
    # A table repeats few degrees of freedom, and the quantile is slow.
    index, values = pd.factorize(positive.ravel(), use_na_sentinel=False)
    return np.asarray(stdtrit(values, tail)[index]).reshape(positive.shape)


def _effective_n(p: Floats, se: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(se > 0, p * (1 - p) / se**2, np.where(np.isnan(se), np.nan, np.inf))


def _size_without_cap(p: Floats, se: Floats, n: Floats) -> Floats:
    """Effective sample size, ``n`` where nothing varies."""
    effective = _effective_n(p, se)
    return np.where(np.isinf(effective), n, effective)


def _limits_with_df(df: Floats, low: Floats, high: Floats) -> Limits:
    exists = df > 0
    return np.where(exists, low, np.nan), np.where(exists, high, np.nan)
