"""What goes with what: odds ratios inside each country, and over all of them.

In each country a logistic model of the outcome holds the characteristic and all that is adjusted
for, with weights and the design-based sandwich variance. Its slope is the logarithm of an odds
ratio. The slopes of the countries are pooled by random effects: REML, the modified Hartung-Knapp
interval, and what another country like these may have (Röver, Knapp & Friede 2015, BMC Medical
Research Methodology 15:99).

Answers of one day say what goes together. They do not say what came first, nor why.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from designbased.arrays import Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import code_outcomes
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.corrections import adjust_by_holm
from designbased.variance.scores import two_sided_p
from disrupting_harm.comparison.derived_tables import MODEL_DIGITS, public_ratios, round_significant
from disrupting_harm.comparison.differences.multiplicity import t_reach
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.comparison.poisson_models import (
    NO_DEGREES,
    NO_MODEL,
    NOT_ADJUSTED,
    ModelRows,
    unasked_terms,
)
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import round_nearest
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape

# A slope of fewer persons is not pooled, nor one with fewer of the rarer answer per coefficient
# that is estimated beside the intercept, nor one with fewer persons in one of the two groups.
MIN_PERSONS, MIN_RARER, MIN_GROUP = 50, 5, 10
# With fewer countries nothing is published, and nothing is said of another country.
MIN_COUNTRIES = 5

TOO_FEW = "too few persons or answers for the model"
NOT_ASKED = "not asked of anybody"
FEW_COUNTRIES = f"fewer than {MIN_COUNTRIES} countries"
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


def pool_slopes(
    slopes: pd.DataFrame,
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    data_kind: str,
    alpha: float = 0.05,
    others: bool = True,
) -> pd.DataFrame:
    """Pool the slopes of the countries whose outcome and characteristic are shown and comparable.

    Args:
        slopes: those of all countries, stacked: the columns of ``contrasts/slopes``.
        release: published and hidden estimates of all countries.
        ledger: which countries can be compared.
        alpha: error rate of each family, all characteristics of one outcome.
        others: whether anything is said of another country.

    Returns:
        The columns of ``comparison/associations``, one row per outcome and characteristic.
        ``ratio`` is the odds ratio; its limits have the error ``step_alpha`` of the row, as have
        those for another country, and leave out 1 exactly where it is ``clear``. ``left_out`` names
        the countries without a slope, or whose shares are hidden or not comparable. From fewer than
        :data:`MIN_COUNTRIES` countries there are no numbers.
    """
    contract = restricted_contract("comparison/associations")
    associated = {*slopes["indicator"], *slopes[_CHARACTERISTIC]}
    national = release[is_shown(release) & (release["domain"] == "total")]
    compared = select_comparable(national[national["indicator"].isin(associated)], ledger)
    comparable = set(zip(compared["indicator"], compared["country"], strict=True))
    keys = ["indicator", _CHARACTERISTIC]
    is_comparable = [
        {(row.indicator, row.country), (row.characteristic, row.country)} <= comparable
        for row in slopes.itertuples()
    ]
    is_pooled = slopes["log_ratio"].notna() & np.array(is_comparable, dtype=bool)
    families = [
        _test_family(family.assign(is_pooled=is_pooled[family.index]), alpha, others)
        for _, family in slopes.groupby("indicator", sort=False)
    ]
    table = pd.concat(families, ignore_index=True) if families else pd.DataFrame(columns=keys)
    return in_shape(table.assign(data_kind=data_kind), contract)


def _test_family(family: pd.DataFrame, alpha: float, others: bool) -> pd.DataFrame:
    """Return the pooled odds ratios of one outcome with their verdicts."""
    countries = sorted(family["country"].unique())
    pooled = family[family["is_pooled"]]
    names = pd.Index(family[_CHARACTERISTIC].unique(), name=_CHARACTERISTIC)
    slope, se = (
        pooled.pivot(index=_CHARACTERISTIC, columns="country", values=column)
        .reindex(index=names, columns=countries)
        .to_numpy(dtype=float)
        for column in ("log_ratio", "log_ratio_se")
    )
    left_out = [
        ", ".join(country for country, value in zip(countries, row, strict=True) if np.isnan(value))
        for row in slope
    ]
    count = (~np.isnan(slope)).sum(axis=1)
    enough = count >= MIN_COUNTRIES
    effects = random_effects(np.where(enough[:, np.newaxis], slope, np.nan), se**2)
    df = np.where(enough, effects.k - 1, np.nan)
    p_value = two_sided_p(effects.estimate / effects.se, df)
    verdict = adjust_by_holm(p_value, 1.0, alpha)
    reach = t_reach(df, verdict.level)
    half_width = reach * effects.se
    # As certain as the interval, which otherwise could be the wider of the two.
    of_another = reach * np.sqrt(effects.tau2 + effects.se**2) if others else np.nan
    return pd.DataFrame(
        {
            "indicator": family["indicator"].iloc[0],
            _CHARACTERISTIC: names,
            "countries": count,
            "ratio": np.exp(effects.estimate),
            "log_ratio_se": effects.se,
            "df": df,
            "ci_low": np.exp(effects.estimate - half_width),
            "ci_high": np.exp(effects.estimate + half_width),
            "p_value": p_value,
            "p_holm": verdict.p_adjusted,
            "step_alpha": verdict.level,
            "clear": verdict.clear,
            "prediction_low": np.exp(effects.estimate - of_another),
            "prediction_high": np.exp(effects.estimate + of_another),
            "tau2": np.where(enough, effects.tau2, np.nan),
            "i2": effects.i2,
            "left_out": left_out,
            "note": np.where(enough, "", FEW_COUNTRIES),
        }
    )


def public_associations(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pooled odds ratios as printed, as :func:`public_ratios`; ``i2`` in per cent."""
    # Outwards, as limits are.
    rounded = public_ratios(table).assign(
        prediction_low=np.floor(100 * floats(table, "prediction_low")) / 100,
        prediction_high=np.ceil(100 * floats(table, "prediction_high")) / 100,
        i2=round_nearest(floats(table, "i2"), 2),
        tau2=round_significant(floats(table, "tau2"), MODEL_DIGITS),
    )
    return in_shape(rounded, public_contract("comparison/associations"))
