"""Families of generalised linear models: how the mean follows from the linear predictor.

A family is a link and the variance that answers have around their mean μ. The score of a row is
``x w s (y - μ)`` and the information ``Σ w s μ' x x'``, where ``μ'`` is the slope of the mean in
the linear predictor and ``s = μ' / var(μ)`` what a residual counts. It is 1 for identity, logit and
log, the canonical links (McCullagh and Nelder 1989, Generalized Linear Models, section 2.5).

Everything that fits or predicts reads these tables; a family is added here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, log_ndtr, ndtr

from designbased.arrays import Floats

Family: TypeAlias = Literal["linear", "logistic", "probit", "cloglog", "poisson"]
Answers: TypeAlias = Literal["numbers", "yes or no", "counts"]

ROOT_OF_TWO_PI = np.sqrt(2 * np.pi)


@dataclass(frozen=True)
class Link:
    """The mean as a function of the linear predictor η, each function for arrays of η.

    Attributes:
        name: as in R and Stata.
        mean: μ, the inverse of the link.
        slope: its first derivative.
        curvature: its second derivative.
    """

    name: str
    mean: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    curvature: Callable[[Floats], Floats]


@dataclass(frozen=True)
class ModelFamily:
    """A link with the variance of the answers.

    Attributes:
        link: the mean of the answers.
        residual_weight: ``μ' / var(μ)`` as a function of η, written so that it stays exact where
            the mean is near 0 or 1.
        answers: what the outcome holds.
        ratios: what ``exp`` of a coefficient is; None where it means nothing.
    """

    link: Link
    residual_weight: Callable[[Floats], Floats]
    answers: Answers
    ratios: str | None

    @property
    def canonical(self) -> bool:
        """Whether residuals all count one."""
        return self.residual_weight is np.ones_like


def _normal_density(predictor: Floats) -> Floats:
    return np.asarray(np.exp(-(predictor**2) / 2) / ROOT_OF_TWO_PI)


def _logit_slope(predictor: Floats) -> Floats:
    return np.asarray(expit(predictor) * expit(-predictor))


def _gompertz_density(predictor: Floats) -> Floats:
    return np.asarray(np.exp(predictor - np.exp(predictor)))


IDENTITY = Link("identity", lambda eta: eta, np.ones_like, np.zeros_like)
LOG = Link("log", np.exp, np.exp, np.exp)
LOGIT = Link(
    "logit",
    expit,
    _logit_slope,
    lambda eta: _logit_slope(eta) * (expit(-eta) - expit(eta)),
)
PROBIT = Link("probit", ndtr, _normal_density, lambda eta: -eta * _normal_density(eta))
CLOGLOG = Link(
    "cloglog",
    lambda eta: -np.expm1(-np.exp(eta)),
    _gompertz_density,
    lambda eta: _gompertz_density(eta) * (1 - np.exp(eta)),
)

# The distribution of the largest of many values; R's svyolr calls it "cloglog".
LOGLOG = Link(
    "loglog",
    lambda eta: np.exp(-np.exp(-eta)),
    lambda eta: _gompertz_density(-eta),
    lambda eta: _gompertz_density(-eta) * np.expm1(-eta),
)

FAMILIES: dict[Family, ModelFamily] = {
    "linear": ModelFamily(IDENTITY, np.ones_like, "numbers", None),
    "logistic": ModelFamily(LOGIT, np.ones_like, "yes or no", "odds ratios"),
    "probit": ModelFamily(
        PROBIT,
        lambda eta: np.exp(-(eta**2) / 2 - log_ndtr(eta) - log_ndtr(-eta)) / ROOT_OF_TWO_PI,
        "yes or no",
        None,
    ),
    "cloglog": ModelFamily(
        CLOGLOG, lambda eta: np.exp(eta) / CLOGLOG.mean(eta), "yes or no", "hazard ratios"
    ),
    "poisson": ModelFamily(LOG, np.ones_like, "counts", "prevalence ratios"),
}
