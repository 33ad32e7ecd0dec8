"""Critical values for many comparisons at once.

Countries are sampled independently, so their estimates are taken as jointly normal with a diagonal
covariance matrix. Comparisons of them are not independent: all pairs with one country share its
error. The critical value of a family of comparisons is the 1 - alpha quantile of its largest
standardised error. For all pairs and for contrasts it comes from random draws (:class:`Draws`):
they are made once, from a fixed seed, and serve every indicator; with 100,000 of them the critical
value of 91 pairs is known to about ±0.01. For the pairs of one country it is a single integral and
needs no draws (:func:`star_critical`).

The normal critical value ``c`` gives a level of each single comparison, ``2 Φ(-c)``. Estimated
variances ask for Student's t: :func:`t_critical` returns the t quantile of that same level, with
the degrees of freedom of each comparison. It is larger than ``c``, the more so the fewer the
degrees of freedom. Each comparison keeps its level. All together keep theirs as long as estimated
variances do not make comparisons less alike than normal ones are; as comparisons share variances,
they are rather more alike. docs/comparison-coverage.md measures it, down to 8 degrees of freedom.

References: Hothorn, Bretz & Westfall 2008, Biometrical Journal 50(3); Westfall 1997, JASA 92(437).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from designbased.arrays import Floats

Flags = NDArray[np.bool_]

DRAWS = 100_000
SEED = 20261124
NODES = np.linspace(-8, 8, 129)
DENSITY = np.exp(-(NODES**2) / 2) / np.sqrt(2 * np.pi) * (NODES[1] - NODES[0])
SECANTS = 20
PRECISION = 1e-9


class Draws:
    """Standard normal draws, the same for every family of comparisons.

    Args:
        count: number of draws; the Monte Carlo error of a quantile falls with its square root.
    """

    def __init__(self, count: int = DRAWS, seed: int = SEED) -> None:
        self.count = count
        self.seed = seed
        self._critical_by_family: dict[tuple[bytes, bytes, float], float] = {}
        self._normals_by_count: dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}

    def critical_value_of_pairs(
        self, estimate: Floats, se: Floats, family: Flags, alpha: float
    ) -> float:
        """Return the critical value of differences between independent estimates.

        Args:
            estimate: (K,) estimates. They decide nothing but which country has which draws: draws
                go by standard error, then estimate, so that names and order do not matter.
            se: (K,) standard errors.
            family: (K, K) flags; where ``[i, j]`` is set, ``(Z_i - Z_j) / se_ij`` is in the
                family. Both ``[i, j]`` and ``[j, i]``: the comparison is two-sided. Pairs without
                any variance are passed over.
            alpha: the family-wise error rate.

        Returns:
            The 1 - ``alpha`` quantile of the largest ``(Z_i - Z_j) / se_ij`` of the family; 0 where
            it is empty.
        """
        order = np.lexsort((estimate, se))
        se, family = se[order], family[np.ix_(order, order)]
        spread = np.hypot(se[:, np.newaxis], se)
        family = family & (spread > 0)
        count_of_sides = int(family.sum())
        if np.triu(family | family.T).sum() <= 1:
            # One comparison, or none, needs no draws.
            return float(-ndtri(alpha / count_of_sides)) if count_of_sides else 0.0
        # Several tables ask for the same family.
        key = se.tobytes(), family.tobytes(), alpha
        if key not in self._critical_by_family:
            self._critical_by_family[key] = self._quantile_of_largest(se, spread, family, alpha)
        return self._critical_by_family[key]

    def _quantile_of_largest(
        self, se: Floats, spread: Floats, family: Flags, alpha: float
    ) -> float:
        """Return the 1 - ``alpha`` quantile of the largest standardised difference."""
        normal, bound = self._sorted_normals(len(se))
        scale = np.divide(1.0, spread, where=spread > 0, out=np.zeros_like(spread))
        largest = round(alpha * self.count)
        # A draw cannot exceed its bound: once the quantile of those with the largest bounds is
        # above all other bounds, the others do not matter. It is the quantile of all draws.
        count_taken = min(3 * largest, self.count)
        while True:
            statistic = _largest_difference(normal[:, :count_taken], se, scale, family)
            critical = np.partition(statistic, count_taken - largest)[count_taken - largest]
            if count_taken == self.count or bound[count_taken] <= critical:
                return float(critical)
            count_taken = min(2 * count_taken, self.count)

    def _sorted_normals(self, countries: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return (K, draws) normals and their bounds, those with the largest bounds first.

        ``|z_i se_i - z_j se_j| / se_ij`` is at most ``max(|z_i|, |z_j|)`` where both have one sign
        and at most ``√(z_i² + z_j²)`` (Cauchy and Schwarz) where they have not, whatever the
        standard errors are.
        """
        if countries not in self._normals_by_count:
            # Rounded after they are drawn, so that last digits do not differ between machines.
            random = np.random.default_rng(self.seed)
            normal = random.standard_normal((countries, self.count)).astype(np.float32)
            highest, lowest = normal.max(axis=0), normal.min(axis=0)
            bound = np.hypot(np.maximum(highest, 0), np.minimum(lowest, 0))
            order = np.argsort(-bound, kind="stable")
            self._normals_by_count[countries] = (
                normal[:, order],
                bound[order] * np.float32(1 + 1e-6),
            )
        return self._normals_by_count[countries]


def t_critical(critical: float | Floats, df: Floats) -> Floats:
    """Return the t quantile of the level that a normal critical value stands for.

    Args:
        critical: normal critical value, such as those of :class:`Draws`.
        df: degrees of freedom of each comparison; infinite ones give back ``critical``.
    """
    return np.where(np.isinf(df), critical, -stdtrit(df, ndtr(-critical)))


def star_critical(se: Floats, above: Flags, below: Flags, alpha: float) -> Floats:
    """Return the critical value of each country's comparisons with all others.

    Given the error of country i, its comparisons are independent. The probability that none
    exceeds ``c`` is therefore an integral over one normal variable of a product of probabilities
    (Dunnett 1955, JASA 50(272), for unequal variances), here by the trapezoidal rule, solved for
    ``c`` by secants. A standard error below a sixteenth of the country's own is taken as a
    sixteenth, without which the rule would need finer steps; that raises ``c`` by 0.04 at most.

    Args:
        se: (K,) standard errors.
        above: (K, K) flags; where ``[i, j]`` is set, ``(Z_i - Z_j) / se_ij`` is in the family of i.
        below: (K, K) flags; the same for ``(Z_j - Z_i) / se_ij``.
        alpha: error rate of each family.

    Returns:
        (K,) values; 0 where a family is empty. Pairs without any variance are passed over.
    """
    has_variance = np.hypot(se[:, np.newaxis], se) > 0
    above, below = above & has_variance, below & has_variance
    tested = (above | below).any(axis=1)
    if not tested.any():
        return np.zeros(len(se))
    own_error = se[tested, np.newaxis]
    other_error = np.where(has_variance[tested], np.maximum(se, own_error / 16), 1.0)
    family = (
        own_error / other_error,
        np.hypot(own_error, other_error) / other_error,
        above[tested],
        below[tested],
    )
    count_of_sides = (above.astype(int) + below).sum(axis=1)[tested]
    # One comparison alone, and Bonferroni: on the scale of normal quantiles nearly a straight line.
    low: Floats = np.full(len(own_error), -ndtri(alpha))
    high: Floats = np.asarray(-ndtri(alpha / count_of_sides), dtype=float)
    target = ndtri(1 - alpha)
    at_low, at_high = (ndtri(_star_probability(c, *family)) - target for c in (low, high))
    for _ in range(SECANTS):
        slope = at_high - at_low
        moves = np.abs(slope) > np.finfo(float).eps
        step = np.where(moves, at_high * (high - low) / np.where(moves, slope, 1), 0)
        low, high, at_low = high, high - step, at_high
        if np.abs(step).max() < PRECISION:
            break
        at_high = ndtri(_star_probability(high, *family)) - target
    critical = np.zeros(len(se))
    critical[tested] = high
    return critical


def _largest_difference(
    normal: NDArray[np.float32], se: Floats, scale: Floats, family: Flags
) -> NDArray[np.float32]:
    """Return the largest standardised difference of the family in every draw."""
    errors = normal * se.astype(np.float32)[:, np.newaxis]
    scale = scale.astype(np.float32)
    largest = np.full(normal.shape[1], -np.inf, dtype=np.float32)
    difference = np.empty_like(largest)
    # Pair by pair: the draws of three rows stay in the processor's cache.
    for i, j in zip(*np.nonzero(np.triu(family | family.T, 1)), strict=True):
        np.subtract(errors[i], errors[j], out=difference)
        difference *= scale[i, j] if family[i, j] else -scale[i, j]
        if family[i, j] and family[j, i]:
            np.abs(difference, out=difference)
        np.maximum(largest, difference, out=largest)
    return largest


def _star_probability(
    critical: Floats, own_error: Floats, spread: Floats, above: Flags, below: Flags
) -> Floats:
    """Return the probability that no comparison of a country exceeds ``critical``.

    ``own_error`` and ``spread`` are the standard errors of the country and of the differences, in
    units of the other country's: (families, K).
    """
    centre = own_error[:, :, np.newaxis] * NODES
    reach = (critical[:, np.newaxis] * spread)[:, :, np.newaxis]
    highest = np.where(below[:, :, np.newaxis], ndtr(centre + reach), 1.0)
    lowest = np.where(above[:, :, np.newaxis], ndtr(centre - reach), 0.0)
    inside: Floats = (highest - lowest).prod(axis=1) @ DENSITY
    return inside
