"""Slopes of one country: what goes with what among its own persons.

A logistic model of the outcome holds the characteristic and all that is adjusted for, with weights
and the design-based sandwich variance. Its slope is the logarithm of an odds ratio.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from designbased.arrays import Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import code_outcomes
from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.poisson_models import (
    NO_DEGREES,
    NO_MODEL,
    NOT_ADJUSTED,
    ModelRows,
    unasked_terms,
)
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape

# A slope of fewer persons is not pooled, nor one with fewer of the rarer answer per coefficient
# that is estimated beside the intercept, nor one with fewer persons in one of the two groups.
MIN_PERSONS, MIN_RARER, MIN_GROUP = 50, 5, 10

TOO_FEW = "too few persons or answers for the model"
NOT_ASKED = "not asked of anybody"
_CHARACTERISTIC = "characteristic"


def estimate_slopes(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    characteristics: pd.DataFrame,
    terms: pd.DataFrame,
    same_answers: Mapping[str, Sequence[str]] | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate the log odds ratio of every outcome between those with and without a characteristic.

    Args:
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        characteristics: (n, C) zeros and ones; NaN where the answer is not valid.
        terms: (n, T) categorical columns to adjust for; NaN where the row is in no level.
        same_answers: by outcome or characteristic the terms to leave out, see
            ``codebook.same_answers``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of ``contrasts/slopes`` without the country, one row per outcome and
        characteristic. ``df`` is that of the model, PSUs - strata - (p - 1). Numbers are empty, and
        ``note`` says why, where there are too few persons or answers (:data:`MIN_PERSONS`,
        :data:`MIN_RARER`, :data:`MIN_GROUP`) and where no model can be made.

    Raises:
        StudyError: the frames do not fit the design, or a column has the wrong type or values.
    """
    contract = restricted_contract("contrasts/slopes")
    if outcomes.empty or characteristics.empty:
        return in_shape(pd.DataFrame(), contract, without=["country"])
    for table in (outcomes, characteristics):
        code_outcomes(table, design.rows)
    same = same_answers or {}
    slopes = [
        _estimate_slope(
            design,
            outcomes[outcome],
            characteristics[characteristic],
            terms.drop(columns=list({*same.get(outcome, ()), *same.get(characteristic, ())})),
            calibration,
        )
        for outcome in map(str, outcomes)
        for characteristic in map(str, characteristics)
    ]
    return in_shape(pd.DataFrame(slopes), contract, without=["country"])


def _estimate_slope(
    design: SurveyDesign,
    outcome: "pd.Series[float]",
    characteristic: "pd.Series[float]",
    terms: pd.DataFrame,
    calibration: CalibratedFrame | None,
) -> dict[str, object]:
    unasked = unasked_terms(terms)
    codes: Integers = characteristic.fillna(-1).to_numpy().astype(np.intp)
    has_it = pd.Categorical.from_codes(codes, pd.Index(["no", "yes"]))
    rows = ModelRows.select(
        design, outcome, terms.drop(columns=unasked).assign(**{_CHARACTERISTIC: has_it})
    )
    slope: dict[str, object] = {
        "indicator": outcome.name,
        _CHARACTERISTIC: characteristic.name,
        "n": int(rows.used.sum()),
        **dict.fromkeys(float_columns(restricted_contract("contrasts/slopes")), np.nan),
    }
    if characteristic.isna().all() or outcome.isna().all():
        return slope | {"note": NOT_ASKED}
    if not _has_enough_answers(rows, characteristic):
        return slope | {"note": TOO_FEW}
    fit = rows.fit(design, "logistic", calibration)
    if fit is None:
        return slope | {"note": NO_MODEL}
    ((_, row),) = fit.table().iloc[rows.columns(fit, _CHARACTERISTIC)].iterrows()
    if not row["se"] > 0:
        return slope | {"note": NO_DEGREES}
    return slope | {
        "log_ratio": row["estimate"],
        "log_ratio_se": row["se"],
        "df": row["df"],
        "note": NOT_ADJUSTED.format(terms=", ".join(unasked)) if unasked else "",
    }


def _has_enough_answers(rows: ModelRows, characteristic: "pd.Series[float]") -> bool:
    if _CHARACTERISTIC not in rows.terms:
        return False
    outcome, group = rows.outcome[rows.used], characteristic[rows.used]
    coefficients = sum(len(term.cat.categories) - 1 for _, term in rows.terms.items())
    rarer, smaller = (min(column.sum(), (1 - column).sum()) for column in (outcome, group))
    return bool(
        len(outcome) >= MIN_PERSONS and rarer >= MIN_RARER * coefficients and smaller >= MIN_GROUP
    )
