"""The links against the distributions of SciPy, and their slopes against differences."""

import numpy as np
import pytest
from scipy import stats

from designbased.models.links import FAMILIES

PREDICTOR = np.linspace(-6, 3, 37)
DISTRIBUTIONS = {
    "logistic": stats.logistic,
    "probit": stats.norm,
    # The least of many values: P(X <= x) = 1 - exp(-exp(x)).
    "cloglog": stats.gumbel_l,
}


@pytest.mark.parametrize("family", DISTRIBUTIONS)
def test_a_mean_is_a_distribution_function(family: str) -> None:
    link, distribution = FAMILIES[family].link, DISTRIBUTIONS[family]
    np.testing.assert_allclose(link.mean(PREDICTOR), distribution.cdf(PREDICTOR), rtol=1e-13)
    np.testing.assert_allclose(link.slope(PREDICTOR), distribution.pdf(PREDICTOR), rtol=1e-13)


@pytest.mark.parametrize("family", FAMILIES)
def test_slopes_are_those_of_the_mean(family: str) -> None:
    link, step = FAMILIES[family].link, 1e-4
    for function, derivative in ((link.mean, link.slope), (link.slope, link.curvature)):
        difference = (function(PREDICTOR + step) - function(PREDICTOR - step)) / (2 * step)
        np.testing.assert_allclose(derivative(PREDICTOR), difference, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_residuals_count_slope_over_variance(family: str) -> None:
    link = FAMILIES[family].link
    mean = link.mean(PREDICTOR)
    variance = {
        "numbers": np.ones_like(mean),
        "counts": mean,
        "yes or no": DISTRIBUTIONS[family].sf(PREDICTOR) * mean if family in DISTRIBUTIONS else 0,
    }[FAMILIES[family].answers]
    np.testing.assert_allclose(
        FAMILIES[family].residual_weight(PREDICTOR), link.slope(PREDICTOR) / variance, rtol=1e-12
    )
    assert FAMILIES[family].canonical == (family in ("linear", "logistic", "poisson"))


def test_nothing_is_lost_far_out() -> None:
    """A residual weight stays finite where a mean is 0 or 1 in floating point."""
    for family in ("probit", "cloglog"):
        weight = FAMILIES[family].residual_weight(np.array([-30.0, 6.0]))
        assert np.isfinite(weight).all()
        assert (weight > 0).all()
