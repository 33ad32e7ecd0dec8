"""The Fay–Herriot model: estimates of many groups, each with its own error, around a regression.

    y_i = x_i'β + u_i + e_i,   u_i ~ N(0, τ²),   e_i ~ N(0, v_i) with v_i known.

τ² maximises the restricted likelihood; β follows by weighted least squares with 1 / (τ² + v_i). The
prediction of a group, γ_i y_i + (1 - γ_i) x_i'β with γ_i = τ² / (τ² + v_i), has the mean squared
error g1 + g2 + 2 g3 (Prasad and Rao 1990, Journal of the American Statistical Association 85; Datta
and Lahiri 2000, Statistica Sinica 10):

    g1 = γ_i v_i,   g2 = (1 - γ_i)² x_i'(Σ x x'/(τ² + v))⁻¹ x_i,
    g3 = v_i² / (τ² + v_i)³ · 2 / Σ (τ² + v)⁻².

Source: Fay and Herriot 1979, Journal of the American Statistical Association 74.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import brentq

from designbased.arrays import Floats
from designbased.errors import InputError

# Values of τ² at which the restricted likelihood is looked at, in multiples of the largest that
# can be, so that the highest maximum is found where it has several.
GRID = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 48)])


@dataclass(frozen=True, repr=False)
class FayHerriot:
    """A fitted model of m groups and P coefficients.

    Attributes:
        tau2: variance of the groups around the regression; 0 where they differ by no more than
            their errors.
        coefficients: (P,) β.
        predicted: (m,) predictions of the groups.
        direct_weight: (m,) γ, the weight of a group's own estimate in its prediction.
        mse: (m,) g1 + g2 + 2 g3.
    """

    tau2: float
    coefficients: Floats
    predicted: Floats
    direct_weight: Floats
    mse: Floats

    def __repr__(self) -> str:
        count = f"{len(self.predicted):,} groups, {len(self.coefficients)} coefficients"
        return f"<FayHerriot: {count}, tau2 {self.tau2:.4g}>"


def fay_herriot(y: Floats, v: Floats, x: Floats) -> FayHerriot:
    """Fit the model by restricted maximum likelihood.

    Args:
        y: (m,) estimates.
        v: (m,) their variances, positive.
        x: (m, P) regressors, of full rank and fewer than groups.

    Raises:
        InputError: numbers that are not finite, variances that are not positive, or regressors
            that depend on each other or are as many as the groups.
    """
    if not (np.isfinite(y).all() and np.isfinite(x).all() and (np.isfinite(v) & (v > 0)).all()):
        raise InputError("y, v and x", "a number that is not finite", "Leave out such groups")
    if np.linalg.matrix_rank(x) < x.shape[1] or len(y) <= x.shape[1]:
        finding = f"{x.shape[1]} regressors of {len(y)} groups that do not tell them apart"
        raise InputError("x", finding, "Give fewer regressors, or more groups")
    # Beyond the spread of the residuals from least squares, and more, no variance is likely.
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    largest = 10 * float(residual @ residual) / (len(y) - x.shape[1])
    points = GRID * largest
    likelihoods = [_restricted_likelihood(y, v, x, point) for point in points]
    best = int(np.argmax(likelihoods))
    low, high = points[max(best - 1, 0)], points[min(best + 1, len(points) - 1)]
    tau2 = low
    if _likelihood_slope(y, v, x, low) > 0 > _likelihood_slope(y, v, x, high):
        tau2 = float(
            brentq(lambda t: _likelihood_slope(y, v, x, t), low, high, xtol=1e-15, rtol=1e-14)
        )
    weight = 1 / (tau2 + v)
    covariance = np.linalg.inv(x.T @ (x * weight[:, np.newaxis]))
    coefficients = covariance @ (x.T @ (weight * y))
    direct_weight = tau2 * weight
    leverage = np.einsum("ip,pq,iq->i", x, covariance, x)
    third = v**2 * weight**3 * 2 / (weight**2).sum()
    return FayHerriot(
        tau2=tau2,
        coefficients=coefficients,
        predicted=direct_weight * y + (1 - direct_weight) * (x @ coefficients),
        direct_weight=direct_weight,
        mse=direct_weight * v + (1 - direct_weight) ** 2 * leverage + 2 * third,
    )


def _restricted_likelihood(y: Floats, v: Floats, x: Floats, tau2: float) -> float:
    """Logarithm of the restricted likelihood, but for a constant."""
    weight = 1 / (tau2 + v)
    information = x.T @ (x * weight[:, np.newaxis])
    beta = np.linalg.solve(information, x.T @ (weight * y))
    residual = y - x @ beta
    determinant = np.linalg.slogdet(information)[1]
    return float(np.log(weight).sum() - determinant - weight @ residual**2) / 2


def _likelihood_slope(y: Floats, v: Floats, x: Floats, tau2: float) -> float:
    """Slope of that logarithm, times two: y'PPy - tr P."""
    weight = 1 / (tau2 + v)
    scaled = x * weight[:, np.newaxis]
    factor = cho_factor(x.T @ scaled)
    projected = weight * y - scaled @ cho_solve(factor, scaled.T @ y)
    trace = weight.sum() - np.trace(cho_solve(factor, scaled.T @ scaled))
    return float(projected @ projected - trace)
