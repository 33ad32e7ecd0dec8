"""Variances of totals under sampling with unequal probabilities, without replacement (PPS).

With the totals ``z_i`` of n units, weights included, and their inclusion probabilities ``π_i``,

    V = Σ_i Σ_j (1 - π_i π_j / π_ij) z_i z_j        (Horvitz & Thompson 1952, JASA 47)
    V = -½ Σ_i Σ_j (1 - π_i π_j / π_ij) (z_i - z_j)²  (Yates & Grundy 1953, JRSS B 15)

are unbiased where every pair has a joint probability ``π_ij`` above zero, the second one for
samples of a fixed size. Where these are not known,

- ``brewer``: ``n/(n-1) Σ (1 - π_i) (z_i - z̄)²`` (Brewer 2002, Combined Survey Sampling Inference,
  ch. 9; R ``pps = "brewer"``);
- ``overton``: Horvitz and Thompson's with ``π_ij = 2 (n-1) π_i π_j / (2n - π_i - π_j)`` (Overton
  1985; R ``pps = "overton"``);
- ``hartley_rao``: the same with ``1 - π_i π_j / π_ij = (π_i + π_j - 1 - S/n)/(n-1)``, where S is
  the sum of the squared probabilities of the population (Hartley & Rao 1962, Annals of Mathematical
  Statistics 33; R ``pps = HR()``), estimated by the sum of the probabilities of the sample.

Every form becomes a difference of sums of squares. With ``r = z - z̄`` and ``a = Σ (1 - π_i) r_i``
in a stratum, the three approximations are

    Σ d_i r_i² + 2 e z̄ a + g z̄²,

so that ``d`` alone counts for the scores of means and ratios, whose sum is zero; Brewer's and
Overton's are the same there. The two others are factored by eigenvalues.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from designbased.arrays import Floats, Integers
from designbased.design.deviations import adjacent_sum_matrix
from designbased.errors import InputError

PpsVariance: TypeAlias = Literal[
    "brewer", "overton", "hartley_rao", "horvitz_thompson", "yates_grundy"
]
# Those that need joint probabilities.
JOINT: tuple[PpsVariance, ...] = ("horvitz_thompson", "yates_grundy")
# One less the ratio of a joint probability to the product of both is zero for independent units.
INDEPENDENT = 1e-9


@dataclass(frozen=True, eq=False)
class ApproximateForm:
    """A variance from inclusion probabilities alone.

    Attributes:
        stratum_units: (H,) units of each stratum, which stand one stratum after the other.
        unsampled: (P,) ``1 - π`` of each unit.
        factor: (P,) what the squared deviation of each unit from the mean of its stratum counts.
        root: (2H, 2) what the mean and the mean deviation of a stratum, weighted by ``unsampled``,
            add: two squares.
        root_sign: (2H,) the signs of these.
    """

    stratum_units: Integers
    unsampled: Floats
    factor: Floats
    root: Floats
    root_sign: Floats

    @classmethod
    def of_sample(
        cls,
        variance: PpsVariance,
        probability: Floats,
        stratum_units: Integers,
        squares: Floats | None = None,
    ) -> "ApproximateForm":
        """Return the form for units of (P,) probabilities.

        Args:
            squares: (H,) sum of the squared probabilities of all units in the population of each
                stratum, which ``hartley_rao`` alone reads; None where they are estimated.
        """
        stratum = np.repeat(np.arange(len(stratum_units)), stratum_units)
        unsampled = 1 - probability
        n, less_one = stratum_units.astype(np.float64), np.maximum(stratum_units - 1.0, 1.0)
        of_strata = np.bincount(stratum, unsampled)
        cross, square = np.zeros((2, len(n)))
        factor = (n / less_one)[stratum] * unsampled
        if variance == "overton":
            cross = n / (2 * less_one)
        if variance == "hartley_rao":
            expected = np.bincount(stratum, probability)
            squares = expected if squares is None else squares
            rest = (1 - squares / n)[stratum]
            factor = ((n + 1)[stratum] * unsampled - rest) / less_one[stratum]
            cross, square = 1 / less_one, expected - squares
        pairs = np.zeros((len(n), 2, 2))
        pairs[:, 0, 0] = square
        pairs[:, 0, 1] = pairs[:, 1, 0] = cross * of_strata
        value, vector = np.linalg.eigh(pairs)
        root = (np.sqrt(np.abs(value))[:, np.newaxis] * vector).transpose(0, 2, 1).reshape(-1, 2)
        return cls(stratum_units, unsampled, factor, root, np.sign(value).ravel())

    @property
    def sign(self) -> Floats:
        """(P + 2H,) signs of the deviations."""
        sign: Floats = np.concatenate([np.sign(self.factor), self.root_sign])
        return np.where(sign == 0, 1.0, sign)

    def deviations(self, totals: Floats) -> Floats:
        """(P + 2H, C) deviations of (P, C) totals: those of units, then two of each stratum."""
        adding, n = adjacent_sum_matrix(self.stratum_units), self.stratum_units[:, np.newaxis]
        mean = (adding @ totals) / n
        units = totals - np.repeat(mean, self.stratum_units, axis=0)
        of_strata = (adding @ self.unsampled)[:, np.newaxis]
        tilt = adding @ (self.unsampled[:, np.newaxis] * units)
        tilt = np.divide(tilt, of_strata, out=np.zeros_like(tilt), where=of_strata > 0)
        units *= np.sqrt(np.abs(self.factor))[:, np.newaxis]
        pairs = np.repeat(np.stack([mean, tilt], axis=1), 2, axis=0)
        return np.concatenate([units, np.einsum("vp,vpc->vc", self.root, pairs)])


@dataclass(frozen=True, eq=False)
class JointForm:
    """A variance from joint probabilities of all pairs of units.

    Attributes:
        root: (V, P) rows whose products with totals are deviations.
        sign: (V,) their signs.
        centred: the totals count by their differences alone.
    """

    root: Floats
    sign: Floats
    centred: bool

    @classmethod
    def of_sample(cls, variance: PpsVariance, joint: Floats) -> "JointForm":
        """Factor the form of units with (P, P) joint probabilities, their own on the diagonal.

        Raises:
            InputError: ``yates_grundy`` for units drawn independently of each other, whose number
                was not fixed.
        """
        probability = np.diag(joint)
        matrix = 1 - np.outer(probability, probability) / joint
        if variance == "yates_grundy":
            np.fill_diagonal(matrix, 0.0)
            if (np.abs(matrix) <= INDEPENDENT).all() and (probability < 1).any():
                raise InputError(
                    "joint",
                    "units drawn independently of each other, so that their number was not fixed",
                    "Choose 'horvitz_thompson': the variance by 'yates_grundy' is for fixed sizes",
                )
            np.fill_diagonal(matrix, -matrix.sum(axis=0))
        value, vector = np.linalg.eigh(matrix)
        # Eigenvalues this small are those of the rounding errors of the matrix.
        kept = np.abs(value) > len(value) * np.finfo(float).eps * np.abs(value).max()
        # Units that were all certain have a variance of zero, not none.
        kept[-1] = True
        root = np.sqrt(np.abs(value[kept]))[:, np.newaxis] * vector[:, kept].T
        return cls(root, np.where(value[kept] < 0, -1.0, 1.0), variance == "yates_grundy")

    def deviations(self, totals: Floats) -> Floats:
        """(V, C) deviations of (P, C) totals."""
        values: Floats = self.root @ (totals - totals.mean(axis=0) if self.centred else totals)
        return values
