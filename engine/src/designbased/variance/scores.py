"""Variances of anything that is a sum over rows, and the degrees of freedom that go with them.

An estimate that solves weighted equations has one score per row (its influence on the estimate, the
weight included); the design-based variance of the estimate is that of the sum of its scores (Binder
1983, International Statistical Review 51). Rows outside a domain have score zero and stay in the
design.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.special import stdtr

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.frames import is_foreign
from designbased.design.protocol import Design
from designbased.errors import InputError


def unit_totals(design: Design, scores: Floats) -> Floats:
    """Sum (n, ...) scores by unit of the last stage, as (U, ...): what deviations are made of."""
    rows = np.arange(design.n_rows)
    shape = design.n_units, design.n_rows
    by_unit: csr_array = csr_array((np.ones(len(rows)), (design.unit, rows)), shape=shape)
    flat = by_unit @ scores.reshape(len(rows), -1)
    return np.asarray(flat).reshape(design.n_units, *scores.shape[1:])


def unexplained_scores(
    design: Design, scores: Floats, calibration: CalibratedFrame | None
) -> Floats:
    """Take from weighted scores what calibration explains; without calibration they stay.

    Args:
        scores: (n, q) scores, the weight included.

    Raises:
        InputError: the calibration is one of another number of rows.
    """
    if calibration is None:
        return scores
    calibration.check(design)
    weight = design.weight[:, np.newaxis]
    unweighted = np.divide(scores, weight, out=np.zeros_like(scores), where=weight > 0)
    return weight * calibration.residuals(unweighted)


def degrees_of_freedom(design: Design, used: Mask, rule: DfRule | None = None) -> Integers:
    """Degrees of freedom of K estimates that use some of the rows.

    Args:
        used: (n, K) rows that enter each estimate; rows of weight zero never do.
        rule: see :func:`.degrees_of_freedom.domain_df`; ``"domain_only"`` is R's ``degf``
            of a subset.

    Returns:
        (K,) degrees of freedom.

    Raises:
        InputError: there is no such rule.
    """
    df_rule = design.df_rule(rule)
    return design.domain_df(psus_with(design, used), df_rule)


def psus_with(design: Design, used: Mask) -> Mask:
    """(P, K) PSUs with a row of positive weight among (n, K) rows."""
    sampled = design.weight > 0
    columns = [np.bincount(design.psu[rows & sampled], minlength=design.n_psus) for rows in used.T]
    present: Mask = np.column_stack(columns) > 0
    return present


def two_sided_p(t: ArrayLike, df: ArrayLike) -> Floats:
    """Probability of a t statistic at least as far from zero; NaN without degrees of freedom."""
    freedom = np.where(np.asarray(df) > 0, df, np.nan)
    return np.asarray(2 * stdtr(freedom, -np.abs(np.asarray(t, dtype=np.float64))))


def select_domain_rows(design: Design, where: Iterable[Any] | None) -> Mask:
    """Check a domain, given as one true or false per row, and leave out rows of weight zero.

    Raises:
        InputError: ``where`` is not (n,) booleans, or selects no row of positive weight.
    """
    sampled = design.weight > 0
    if where is None:
        return sampled
    if not isinstance(where, pd.Series | np.ndarray) and not is_foreign(where):
        where = list(where)
    selected = design.rows.column(where, "where")  # type: ignore[arg-type]
    if selected.isna().any() or not pd.api.types.is_bool_dtype(selected.dtype):
        finding = "missing values" if selected.isna().any() else f"values of type {selected.dtype}"
        raise InputError("where", finding, "Give true or false for every row")
    rows: Mask = sampled & selected.to_numpy(dtype=bool)
    if not rows.any():
        raise InputError("where", "no row of positive weight", "Choose a domain with rows")
    return rows
