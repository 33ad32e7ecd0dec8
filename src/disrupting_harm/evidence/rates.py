"""Rates of administrative counts per thousand children, with intervals.

A count of reports or offences is complete: nothing was sampled. Its interval therefore holds no
sampling error. It says how far a count of this size would differ from year to year by chance alone,
if the events came about one by one (Poisson) or in bunches (quasi-Poisson), and nothing about
errors of detection, reporting and counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, stdtrit

Floats = NDArray[np.float64]

CONFIDENCE = 0.95
PER = 1000
POISSON, QUASI_POISSON = "poisson_exact", "quasi_poisson"
# Years that a trend and its dispersion need: two parameters, and one degree of freedom left.
FEWEST_YEARS = 3
INVENTED = "invented"
NOTES = {
    POISSON: "A complete count, not a sample. The interval shows how far a count of this size "
    "would vary by chance alone, if reports or offences came about one by one; where they come in "
    "bunches it is too narrow, which fewer than three comparable years cannot show. It holds no "
    "error of detection, reporting or counting.",
    QUASI_POISSON: "A complete count, not a sample. The interval shows how far the count would "
    "vary around the trend of comparable years, as much as those years did; it holds no error of "
    "detection, reporting or counting.",
}
# The slope of the trend per year, as a log ratio, stays within these limits: e to the power of 50.
_STEEPEST = 50.0


@dataclass(frozen=True)
class Denominators:
    """Children of a country, and those who use the internet; None without a published source."""

    children: int | None = None
    internet_use_rate: float | None = None
    children_source: str = ""
    internet_use_source: str = ""

    @property
    def internet_using_children(self) -> float | None:
        """Children times the share who use the internet."""
        if self.children is None or self.internet_use_rate is None:
            return None
        return self.children * self.internet_use_rate

    @property
    def source(self) -> str:
        """Where the published figures come from, each source named once."""
        told = dict.fromkeys((self.children_source, self.internet_use_source))
        return "; ".join(text for text in told if text)


def denominators(country: Mapping[str, Any]) -> Denominators:
    """Return what a row of the countries file publishes about the number of children.

    A figure without a source, or one whose source says that it is invented for the simulation, is
    none.
    """
    children, children_source = _published(country, "children", "children_source")
    share, share_source = _published(country, "internet_use_rate", "internet_use_source")
    return Denominators(children, share, children_source, share_source)


def _published(country: Mapping[str, Any], name: str, source: str) -> tuple[Any, str]:
    told = country.get(source) or ""
    if not told or told.lower().startswith(INVENTED) or country.get(name) is None:
        return None, ""
    return country[name], told


def poisson_interval(count: ArrayLike, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Return the exact limits of a Poisson mean, of which ``count`` events were seen.

    Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442: half
    the quantiles of chi-squared with 2k and 2k + 2 degrees of freedom, which are quantiles of the
    gamma distribution with shape k and k + 1. The lower limit of no event is 0.
    """
    count = np.asarray(count, dtype=float)
    tail = (1 - confidence) / 2
    low = np.where(count > 0, gammaincinv(np.where(count > 0, count, 1.0), tail), 0.0)
    return low, gammaincinv(count + 1, 1 - tail)


def dispersion(years: ArrayLike, counts: ArrayLike) -> float:
    """Return Pearson's chi-squared over its degrees of freedom around a log-linear trend.

    The trend is the Poisson regression ``log(mean) = a + b · year``; chi-squared is divided by the
    number of years less two (McCullagh & Nelder 1989, Generalized Linear Models, section 6.2).
    Below 1 there is less variation than chance allows, by chance: 1 is returned.

    Args:
        years: (k,) different years, in any order; gaps are allowed.
        counts: (k,) counts from 0.

    Raises:
        ValueError: fewer than three years.
    """
    year, count = np.asarray(years, dtype=float), np.asarray(counts, dtype=float)
    if len(year) < FEWEST_YEARS:
        raise ValueError(f"a dispersion needs {FEWEST_YEARS} years, found {len(year)}")
    if not count.any():
        return 1.0
    fitted = _trend(year - year.mean(), count)
    seen = fitted > 0
    chi_squared = float((((count - fitted)[seen]) ** 2 / fitted[seen]).sum())
    return max(1.0, chi_squared / (len(year) - 2))


def _trend(time: Floats, count: Floats) -> Floats:
    """Return the fitted means of the Poisson regression on ``time``.

    Given the total, the counts are multinomial with shares proportional to ``exp(b · time)``; the
    likelihood is highest where the mean time of the fitted counts is that of the counts, which
    grows with ``b``: the slope is found by halving.
    """
    total, target = count.sum(), (time * count).sum() / count.sum()
    low, high = -_STEEPEST, _STEEPEST
    for _ in range(100):
        slope = (low + high) / 2
        share = np.exp(slope * time - np.max(slope * time))
        share /= share.sum()
        if (share * time).sum() < target:
            low = slope
        else:
            high = slope
    fitted: Floats = total * share
    return fitted


def quasi_poisson_interval(
    count: ArrayLike, phi: float, df: int, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Return limits of means whose counts vary ``phi`` times as much as Poisson counts.

    Score limits: the means that lie no further from the count than
    ``(count - mean)² / (phi · mean) = t²`` with the quantile t of ``df`` degrees of freedom, those
    of ``phi``. With phi 1 and the normal quantile they are the score limits of a Poisson mean
    (Barker 2002, The American Statistician 56, 85-89).
    """
    count = np.asarray(count, dtype=float)
    reach = phi * float(stdtrit(df, (1 + confidence) / 2)) ** 2
    middle, half = count + reach / 2, np.sqrt(reach * (count + reach / 4))
    # The product of both solutions is the count squared: no difference of large numbers.
    return count**2 / (middle + half), middle + half


@dataclass(frozen=True)
class CountInterval:
    """Limits of a count, the method's name and the dispersion (1 for exact Poisson limits)."""

    low: float
    high: float
    interval: str
    dispersion: float


def series_intervals(years: ArrayLike, counts: ArrayLike) -> list[CountInterval]:
    """Return the interval of each count of a series of comparable years.

    With three years or more, all rows have quasi-Poisson limits with the dispersion of their own
    trend; with fewer, exact Poisson limits.
    """
    count = np.asarray(counts, dtype=float)
    if len(count) < FEWEST_YEARS:
        name, phi = POISSON, 1.0
        limits = poisson_interval(count)
    else:
        name, phi = QUASI_POISSON, dispersion(years, count)
        limits = quasi_poisson_interval(count, phi, len(count) - 2)
    return [
        CountInterval(float(low), float(high), name, phi) for low, high in zip(*limits, strict=True)
    ]


def rate(count: float, exposure: float | None, digits: int = 2) -> float:
    """Return ``count`` per thousand of ``exposure``; NaN without one."""
    return float("nan") if exposure is None else round(PER * count / exposure, digits)
