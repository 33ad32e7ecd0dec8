"""Prevalence ratios between countries, adjusted for the composition of their samples.

One modified Poisson model per indicator of all countries' children together: a coefficient for each
country and the same effects of age, sex and so on everywhere. With the log ratios ``b`` of the
countries to the first one (``b_1 = 0``) the effect of country c is

    ln r_c = b_c - Σ_j b_j / K,

its ratio to the geometric mean of the K countries (deviation coding), which no choice of a
reference country can change. Strata are country x stratum and PSUs are nested in them, so that the
sandwich variance is that of K independent samples.

Each country's weights are scaled to the same sum. Countries count the same in the geometric mean,
and so they do in the effects that they share; with weights as they are two or three large
countries would decide how all are adjusted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.models import (
    COUNTRY_NOT_ASKED,
    FEW_YES,
    MIN_YES,
    NO_MODEL,
    ModelRows,
    unasked_terms,
)
from disrupting_harm.comparison.simultaneous import DRAWS, SEED, t_critical
from disrupting_harm.errors import StudyError
from disrupting_harm.study.adjusted_contracts import ADJUSTED_COUNTRIES
from disrupting_harm.study.contract_columns import float_columns, in_shape
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import code_outcomes
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.models.glm import ModelFit
from disrupting_harm.survey.tables.corrections import holm_rows
from disrupting_harm.survey.tables.intervals import wald_t
from disrupting_harm.survey.variance.scores import two_sided_p

ONE_COUNTRY = "no other country to compare with"


@dataclass(frozen=True)
class _Levels:
    """Levels of intervals, and the random draws behind the simultaneous ones."""

    confidence: float
    alpha: float
    draws: int
    seed: int


def country_effects(
    design: SurveyDesign,
    country: pd.Series,
    outcomes: pd.DataFrame,
    terms: pd.DataFrame,
    countries_by_indicator: Mapping[str, Sequence[str]],
    same_answers: Mapping[str, Sequence[str]] | None = None,
    *,
    calibration: CalibratedFrame | None = None,
    confidence: float = 0.95,
    alpha: float = 0.05,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Compare each country with the geometric mean of all, for every outcome.

    Args:
        design: the n rows of all countries; no stratum may hold two countries.
        country: (n,) code of each row's country.
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        terms: (n, T) categorical columns to adjust for; NaN where the row is in no level.
        countries_by_indicator: the countries to compare on each outcome.
        same_answers: by outcome the terms to leave out, see :mod:`..study.same_answers`.
        calibration: what each country's weights were calibrated to, with auxiliaries that are zero
            in all others, for standard errors that account for it; None takes weights as given.
        confidence: confidence level of each interval alone.
        alpha: one less the confidence level of all intervals of one outcome together.
        draws: number of random draws behind simultaneous intervals.
        seed: of the random draws.

    Returns:
        The columns of :data:`ADJUSTED_COUNTRIES` without ``data_kind``, one row per outcome and
        country to compare, by code. ``n`` counts rows with a value in every term; crude ratios, of
        the weighted proportions to their geometric mean, are of the same rows. ``df`` is that of
        the model, PSUs - strata - (p - 1), and the family of ``p_holm`` is the countries of one
        outcome. Numbers are empty, and ``note`` says why, for a country with fewer than 10 yes
        answers, which is left out of the model, and where no model can be made.

    Raises:
        StudyError: a country without rows, or the frames do not fit.
    """
    if outcomes.empty:
        return in_shape(pd.DataFrame(), ADJUSTED_COUNTRIES, without=["data_kind"])
    # Models take any count; the answers here are yes and no.
    code_outcomes(outcomes, design.rows)
    design.rows.check(terms, "terms")
    design.rows.check(country, "country")
    scaled = replace(design, weight=_equal_weights(design.weight, country))
    levels = _Levels(confidence, alpha, draws, seed)
    same = same_answers or {}
    parts = [pd.DataFrame()]
    for name in outcomes:
        codes = sorted(countries_by_indicator.get(str(name), ()))
        if not codes:
            continue
        own = terms.drop(columns=list(same.get(str(name), ())))
        everyone = own.assign(
            country=pd.Categorical(country.where(country.isin(codes)), categories=codes)
        )
        parts.append(_one_indicator(scaled, outcomes[name], everyone, levels, calibration))
    table = pd.concat(parts, ignore_index=True)
    return in_shape(table, ADJUSTED_COUNTRIES, without=["data_kind"])


def _one_indicator(
    design: SurveyDesign,
    outcome: "pd.Series[float]",
    terms: pd.DataFrame,
    levels: _Levels,
    calibration: CalibratedFrame | None,
) -> pd.DataFrame:
    table = _counts(design, outcome, terms)
    enough = table.index[table["n_yes"] >= MIN_YES]
    table["note"] = np.where(table["n_yes"] >= MIN_YES, "", FEW_YES)
    own = terms.groupby("country", observed=True)
    lacking = [str(code) for code, rows in own if unasked_terms(rows.drop(columns="country"))]
    table.loc[lacking, "note"] = COUNTRY_NOT_ASKED
    rows = ModelRows.of(
        design, outcome, terms.assign(country=terms["country"].cat.set_categories(enough))
    )
    if len(enough) == 1:
        table.loc[enough, "note"] = ONE_COUNTRY
    elif len(enough) > 1:
        fit = rows.fit(design, "poisson", calibration)
        if fit is None:
            table.loc[enough, "note"] = NO_MODEL
        else:
            found = _effects(fit, rows.columns(fit, "country"), levels)
            table.loc[enough, list(found)] = pd.DataFrame(found, index=enough)
            table.loc[enough, "crude_ratio"] = _crude(design, rows)
    return table.reset_index(names="country").assign(indicator=str(outcome.name))


def _counts(design: SurveyDesign, outcome: "pd.Series[float]", terms: pd.DataFrame) -> pd.DataFrame:
    """Rows and yes answers by country, of the rows that a model could use."""
    rows = ModelRows.of(design, outcome, terms)
    code, size = terms["country"].cat.codes.to_numpy(), len(terms["country"].cat.categories)
    yes = (rows.outcome == 1).to_numpy()
    return pd.DataFrame(
        {
            "n": np.bincount(code[rows.used], minlength=size),
            "n_yes": np.bincount(code[yes], minlength=size),
            **dict.fromkeys(float_columns(ADJUSTED_COUNTRIES), np.nan),
        },
        index=terms["country"].cat.categories,
    )


def _effects(fit: ModelFit, place: slice, levels: _Levels) -> dict[str, Floats]:
    """Ratios to the geometric mean with their errors, for the K countries of a model."""
    size = len(fit.coefficient[place]) + 1
    # (K, K - 1): each country less the mean of all; the first country's coefficient is zero.
    centre = (np.eye(size) - 1 / size)[:, 1:]
    log_ratio = centre @ fit.coefficient[place]
    covariance = fit.covariance[place, place]
    se = np.sqrt(np.einsum("ij,jk,ik->i", centre, covariance, centre))
    df = np.full(size, float(fit.df))
    low, high = wald_t(log_ratio, se, np.nan, df, levels.confidence)
    # Normals with this covariance are L z, with its root L and independent z.
    critical = _critical(centre @ np.linalg.cholesky(covariance), levels)
    reach = t_critical(critical, np.where(df > 0, df, np.nan)) * se
    p_value = two_sided_p(log_ratio / se, df)
    return {
        "ratio": np.exp(log_ratio),
        "log_ratio_se": se,
        "df": df,
        "ci_low": np.exp(low),
        "ci_high": np.exp(high),
        "ci_low_simultaneous": np.exp(log_ratio - reach),
        "ci_high_simultaneous": np.exp(log_ratio + reach),
        "p_value": p_value,
        "p_holm": holm_rows(p_value, 1.0, levels.alpha).p_adjusted,
    }


def _critical(root: Floats, levels: _Levels) -> float:
    """Return the 1 - alpha quantile of the largest of correlated standard normals ``|root z|``.

    ``root`` is (K, K - 1); its rows are scaled to length 1.
    """
    scaled = root / np.sqrt((root**2).sum(axis=1, keepdims=True))
    single = float(-ndtri(levels.alpha / 2))
    if len(scaled) == 2:
        # The two are each other's negative.
        return single
    random = np.random.default_rng(levels.seed)
    normal = random.standard_normal((scaled.shape[1], levels.draws)).astype(np.float32)
    largest = np.zeros(levels.draws, dtype=np.float32)
    for row in scaled.astype(np.float32):
        # Without BLAS, whose order of adding depends on the processor.
        np.maximum(largest, np.abs((row[:, np.newaxis] * normal).sum(axis=0)), out=largest)
    last = levels.draws - round(levels.alpha * levels.draws)
    return max(float(np.partition(largest, last)[last]), single)


def _crude(design: SurveyDesign, rows: ModelRows) -> Floats:
    """(K,) weighted proportions over their geometric mean."""
    code = rows.terms["country"].cat.codes.to_numpy()[rows.used]
    weight, yes = design.weight[rows.used], rows.outcome[rows.used].to_numpy()
    log_p = np.log(np.bincount(code, weight * yes) / np.bincount(code, weight))
    return np.asarray(np.exp(log_p - log_p.mean()))


def _equal_weights(weight: Floats, country: pd.Series) -> Floats:
    """The weights, scaled so that each country's add up to 1."""
    code, codes = pd.factorize(country)
    total = np.bincount(code, weight)
    if not (total > 0).all():
        found = f"no row of positive weight in {codes[int(np.argmin(total))]}"
        raise StudyError("country effects", found, "Leave the country out")
    return np.asarray(weight / total[code])
