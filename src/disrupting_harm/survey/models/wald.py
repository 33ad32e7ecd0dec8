"""Wald tests of terms of a model (R ``regTermTest``)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.models.glm import ModelFit

# Beyond this condition number (of correlations) a covariance is singular but for rounding.
SINGULAR = 1e12


@dataclass(frozen=True)
class WaldTest:
    """``F = b'V⁻¹b / q`` of the q coefficients of the terms, on ``df1 = q`` and ``df2``.

    ``df2`` are the degrees of freedom of the model, PSUs - strata - (p - 1).
    """

    terms: tuple[str, ...]
    statistic: float
    df1: int
    df2: int
    p_value: float


def wald_test(fit: ModelFit, terms: str | Sequence[str]) -> WaldTest:
    """Test that all coefficients of one term, or of several terms together, are zero.

    Args:
        fit: the fitted model.
        terms: terms as in the formula, such as ``"sex"`` or ``["sex", "sex:age"]``; the parts of an
            interaction may stand in any order.

    Raises:
        StudyError: the model has no such term, no degrees of freedom, or too few PSUs to test as
            many coefficients together.
    """
    asked = (terms,) if isinstance(terms, str) else tuple(terms)
    held = {_canonical(name): columns for name, columns in fit.model.terms.items()}
    unknown = [name for name in asked if _canonical(name) not in held]
    if unknown or not asked:
        found = f"no term '{unknown[0]}' in '{fit.model.formula}'" if unknown else "no term"
        raise StudyError("terms", found, f"Choose from {', '.join(fit.model.terms)}")
    index = np.unique(
        np.concatenate([np.arange(fit.coefficient.size)[held[_canonical(name)]] for name in asked])
    )
    chosen = fit.covariance[np.ix_(index, index)]
    size = np.sqrt(np.diag(chosen))
    regular = (size > 0).all() and np.linalg.cond(chosen / np.outer(size, size)) < SINGULAR
    if fit.df <= 0 or not regular:
        found = f"{len(index)} coefficients to test with {fit.df} degrees of freedom"
        raise StudyError(f"terms {', '.join(asked)}", found, "Simplify the model or join levels")
    estimate = fit.coefficient[index]
    statistic = float(estimate @ np.linalg.solve(chosen, estimate)) / len(index)
    p_value = float(fdtrc(len(index), fit.df, statistic))
    return WaldTest(asked, statistic, len(index), fit.df, p_value)


def wald_tests(fit: ModelFit) -> pd.DataFrame:
    """Test every term of the model but the intercept, one at a time.

    Returns:
        ``term, statistic, df1, df2, p_value``, in the order of the formula.

    Raises:
        StudyError: as :func:`wald_test`.
    """
    tests = [wald_test(fit, name) for name in fit.model.terms if name != "Intercept"]
    return pd.DataFrame(
        {
            "term": [test.terms[0] for test in tests],
            "statistic": [test.statistic for test in tests],
            "df1": [test.df1 for test in tests],
            "df2": [test.df2 for test in tests],
            "p_value": [test.p_value for test in tests],
        }
    )


def _canonical(term: str) -> tuple[str, ...]:
    return tuple(sorted(part.strip() for part in term.split(":")))
