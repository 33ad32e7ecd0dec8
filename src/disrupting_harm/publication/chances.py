"""How likely a planned cell is to be shown, and what shown figures are on average.

Publication selects on the estimate: a cell with few yes answers in the sample is hidden, so that
those shown had many by chance, and are too high on average. With ``Y`` yes answers among ``n``,

    P(shown) = Σ_y P(y) r(y),    E(Y/n | shown) = Σ_y P(y) r(y) y/n / P(shown),

where ``r(y)`` is one where a cell with ``y`` yes answers is published: it meets the presentation
standard with standard error ``√(p̂(1 - p̂) deff/n)``, and the threshold of disclosure control for
yes answers, others and all. ``Y`` is beta-binomial with the correlation ``(deff - 1)/(n - 1)``,
which gives ``Y/n`` the variance ``deff · p(1 - p)/n`` (Johnson, Kemp & Kotz 2005, Univariate
Discrete Distributions, section 6.2.2). The sums go over all ``y``: with larger ``y`` a cell may be
hidden again, as standards look at widths beside sizes. Complementary hiding depends on other cells
and is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaln, gammaln, xlog1py, xlogy

from designbased.arrays import Floats
from designbased.intervals.limits import INTERVALS
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.measures import CONFIDENCE
from disrupting_harm.publication.planner import PUBLISHED, expected_class

CHANCES = (0.5, 0.8, 0.95)
# Of fewer cells than this no average is told: it would be that of a freak.
LEAST_CHANCE = 1e-6
# Shares tried when looking for the first with a chance; roots are found between them.
SHARES = np.concatenate([np.arange(1, 200) / 10_000, np.arange(20, 501) / 1000])


@dataclass(frozen=True, eq=False)
class ReleaseRule:
    """Which cells of ``n`` answers are published, by their number of yes answers.

    Attributes:
        n: answers.
        deff: design effect.
        passes: (n + 1,) whether a cell with so many yes answers is shown.
        low: (n + 1,) lower limit of its interval; ``high`` the upper one.
    """

    n: int
    deff: float
    passes: NDArray[np.bool_]
    low: Floats
    high: Floats

    @classmethod
    def of(
        cls,
        n: int,
        deff: float,
        df: float,
        policy: str,
        threshold: int,
        interval: str = "korn_graubard",
    ) -> "ReleaseRule":
        """Judge every possible number of yes answers.

        Args:
            n: answers, at least 2.
            deff: design effect.
            df: degrees of freedom; NaN costs nothing.
            policy: name of a presentation standard.
            threshold: smallest number of yes answers, of other answers and of all.
            interval: that which is printed.

        Raises:
            StudyError: unknown policy.
        """
        yes = np.arange(n + 1)
        share, size = yes / n, np.full(n + 1, float(n))
        published = expected_class(share, size, deff, df, policy).isin(PUBLISHED).to_numpy()
        enough = (np.minimum(yes, n - yes) >= threshold) & (n >= threshold)
        degrees = np.full(n + 1, n - 1 if np.isnan(df) else df)
        se = np.sqrt(share * (1 - share) * deff / n)
        low, high = INTERVALS[interval](share, se, size, degrees, CONFIDENCE)
        return cls(n, deff, published & enough, low, high)

    @property
    def smallest(self) -> float:
        """Smallest share that can be shown; NaN where none can."""
        shown = np.flatnonzero(self.passes)
        return float(shown[0]) / self.n if shown.size else np.nan

    def shown(self, p: float) -> float:
        """Return the chance that a cell with the true share ``p`` is shown."""
        return float(yes_distribution(self.n, p, self.deff) @ self.passes)

    @cached_property
    def curve(self) -> Floats:
        """The chance of being shown at each of :data:`SHARES`."""
        return np.array([self.shown(p) for p in SHARES])

    def if_shown(self, p: float) -> tuple[float, float]:
        """Return the mean of shown figures and the share of their intervals that hold ``p``.

        NaN where a cell is as good as never shown.
        """
        chance = yes_distribution(self.n, p, self.deff) * self.passes
        total = chance.sum()
        if total < LEAST_CHANCE:
            return np.nan, np.nan
        mean = chance @ np.arange(self.n + 1) / self.n / total
        covered = (self.low <= p) & (p <= self.high)
        return float(mean), float(chance @ covered / total)

    def share_with(self, chance: float) -> float:
        """Return the smallest true share, up to one half, that is shown with this chance.

        NaN where there is none. Larger shares may be shown with a smaller chance again.
        """
        reached = np.flatnonzero(self.curve >= chance)
        if not reached.size:
            return np.nan
        first = int(reached[0])
        below = SHARES[first - 1] if first else 0.0
        if below == 0.0 and self.shown(1e-12) >= chance:
            return 0.0
        found = brentq(
            lambda p: self.shown(p) - chance, max(below, 1e-12), SHARES[first], xtol=1e-12
        )
        return float(found)


def yes_distribution(n: int, p: float, deff: float) -> Floats:
    """Return the probabilities of 0 to n yes answers.

    Args:
        n: answers.
        p: true share, above 0 and below 1.
        deff: design effect; below 1 it counts as 1, as no such distribution is less dispersed
            than the binomial one.

    Raises:
        StudyError: the design effect is n or more: all answers would be the same.
    """
    if deff >= n:
        raise StudyError("deff", f"{deff:g} for {n} answers", "Give one below n")
    yes = np.arange(n + 1)
    choose = gammaln(n + 1) - gammaln(yes + 1) - gammaln(n - yes + 1)
    if deff <= 1:
        logs = choose + xlogy(yes, p) + xlog1py(n - yes, -p)
    else:
        # 1/ρ - 1 with ρ = (deff - 1)/(n - 1).
        concentration = (n - deff) / (deff - 1)
        a, b = p * concentration, (1 - p) * concentration
        logs = choose + betaln(yes + a, n - yes + b) - betaln(a, b)
    chance = np.exp(logs)
    # The logarithms of large factorials lose digits; the sum is known.
    total: Floats = chance / chance.sum()
    return total


def chances(rule: ReleaseRule, prevalences: Sequence[float]) -> dict[str, float]:
    """Return what ``plan`` says of one cell under one standard.

    Returns:
        ``smallest shown``; the true share shown in 50, 80 and 95 of 100 samples (``share shown in
        50 %``); and for each prevalence (``1 %``) the chance of being shown, the mean of shown
        figures and the coverage of their intervals.
    """
    found = {"smallest shown": rule.smallest}
    found |= {f"share shown in {100 * chance:g} %": rule.share_with(chance) for chance in CHANCES}
    for p in prevalences:
        name = f"{100 * p:g} %"
        found[f"chance for {name}"] = rule.shown(p)
        found[f"mean shown for {name}"], found[f"coverage shown for {name}"] = rule.if_shown(p)
    return found
