"""Predictions of a model for given rows, with standard errors and limits."""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.design.deviations import Deviations
from designbased.design.frames import read_frame
from designbased.errors import InputError
from designbased.intervals.limits import logit, wald_t
from designbased.models.fits import Fit
from designbased.models.links import FAMILIES
from designbased.models.regression import ModelFit

# About this many deviations stay in the processor's cache.
CACHE_SIZE = 150_000

Scale: TypeAlias = Literal["response", "link"]


def predict(
    fit: Fit, frame: pd.DataFrame, scale: Scale = "response", confidence: float = 0.95
) -> pd.DataFrame:
    """Predict the mean answer, or the share of each answer, of rows with given values.

    The variance is that of the coefficients (delta method): the values of the rows are given, not
    sampled. Limits of a mean are those of its linear predictor, transformed, so that they stay
    where means can be; limits of shares of several answers are made on the logit scale. Offsets
    count (R's ``predict`` of ``svyglm`` leaves them out).

    Args:
        fit: of :func:`.regression.fit_model`, :func:`.ordinal.fit_ordinal` or
            :func:`.multinomial.fit_multinomial`.
        frame: m rows with the variables of the right-hand side of the formula.
        scale: ``"response"`` for means and shares; ``"link"`` for the linear predictor of a
            generalised linear model.

    Returns:
        ``estimate, se, ci_low, ci_high, df``, in the rows and with the index of ``frame``. Models
        of several answers have one row for each answer, named in a column ``answer``.

    Raises:
        InputError: a level that the model was not fitted with, a missing value or a missing column;
            the linear predictor of a model that has several.
    """
    if scale not in get_args(Scale):
        options = ", ".join(get_args(Scale))
        raise InputError("scale", f"the value {scale!r}", f"Choose one of {options}")
    frame = read_frame(frame)
    matrix, offset = fit.model.rebuild(fit.model.read_new_rows(frame))
    link = FAMILIES[fit.family].link if isinstance(fit, ModelFit) else None
    if link is not None:
        predictor = matrix @ fit.coefficient + offset
        se = np.sqrt(_sum_variances(fit.deviations, matrix))
        low, high = wald_t(predictor, se, np.nan, fit.df, confidence)
        estimate = predictor
        if scale == "response":
            estimate, low, high = link.mean(predictor), link.mean(low), link.mean(high)
            se = se * np.abs(link.slope(predictor))
        columns = {"estimate": estimate, "se": se, "ci_low": low, "ci_high": high}
        return pd.DataFrame({**columns, "df": fit.df}, index=frame.index)
    shares, gradient = fit.predict_matrix(matrix, offset)
    if scale == "link" or fit.answers is None:
        finding = f"the linear predictor of an {fit.kind} model"
        raise InputError("scale", finding, "Choose response")
    variances = _sum_variances(fit.deviations, gradient.reshape(shares.size, -1))
    se = np.sqrt(variances).reshape(shares.shape)
    low, high = logit(shares, se, np.nan, fit.df, confidence)
    columns = {"estimate": shares, "se": se, "ci_low": low, "ci_high": high}
    return pd.DataFrame(
        {
            "answer": list(fit.answers) * len(frame),
            **{name: values.ravel() for name, values in columns.items()},
            "df": fit.df,
        },
        index=frame.index.repeat(len(fit.answers)),
    )


def _sum_variances(deviations: Deviations, matrix: Floats) -> Floats:
    """(m,) variances of sums of the coefficients, some rows of the (m, q) matrix at a time."""
    step = max(1, CACHE_SIZE // len(deviations.values))
    parts = [
        deviations.combine(matrix[first : first + step]).variances()
        for first in range(0, len(matrix), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)
