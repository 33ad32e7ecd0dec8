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
from dataclasses import replace

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import code_outcomes
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.corrections import adjust_by_holm
from designbased.models.regression import ModelFit
from designbased.variance.scores import two_sided_p
from disrupting_harm.comparison.differences.multiplicity import NumberColumns, t_reach
from disrupting_harm.comparison.poisson_models import (
    COUNTRY_NOT_ASKED,
    FEW_YES,
    MIN_YES,
    NO_MODEL,
    ModelRows,
    unasked_terms,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape

ONE_COUNTRY = "no other country to compare with"


def country_effects(
    design: SurveyDesign,
    country: pd.Series,
    outcomes: pd.DataFrame,
    terms: pd.DataFrame,
    countries_by_indicator: Mapping[str, Sequence[str]],
    same_answers: Mapping[str, Sequence[str]] | None = None,
    *,
    calibration: CalibratedFrame | None = None,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Compare each country with the geometric mean of all, for every outcome.

    Args:
        design: the n rows of all countries; no stratum may hold two countries.
        country: (n,) code of each row's country.
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        terms: (n, T) categorical columns to adjust for; NaN where the row is in no level.
        countries_by_indicator: the countries to compare on each outcome.
        same_answers: by outcome the terms to leave out, see ``codebook.same_answers``.
        calibration: what each country's weights were calibrated to, with auxiliaries that are zero
            in all others, for standard errors that account for it; None takes weights as given.
        alpha: error rate of each family, the countries of one outcome.

    Returns:
        The columns of ``comparison/adjusted_countries`` without ``data_kind``, one row per outcome
        and country to compare, by code. ``n`` counts rows with a value in every term; crude ratios,
        of the weighted proportions to their geometric mean, are of the same rows. ``df`` is that of
        the model, PSUs - strata - (p - 1); limits have the error ``step_alpha`` of the row and
        leave out 1 exactly where it is ``clear``. Numbers are empty, and ``note`` says why, for a
        country with fewer than 10 yes answers, which is left out of the model, and where no model
        can be made.

    Raises:
        StudyError: a country without rows, or the frames do not fit.
    """
    if outcomes.empty:
        return in_shape(
            pd.DataFrame(),
            restricted_contract("comparison/adjusted_countries"),
            without=["data_kind"],
        )
    # Models take any count; the answers here are yes and no.
    code_outcomes(outcomes, design.rows)
    design.rows.check(terms, "terms")
    design.rows.check(country, "country")
    equal_design = replace(design, weight=_equal_weights(design.weight, country))
    same = same_answers or {}
    tables = [pd.DataFrame()]
    for name in outcomes:
        codes = sorted(countries_by_indicator.get(str(name), ()))
        if not codes:
            continue
        own_terms = terms.drop(columns=list(same.get(str(name), ())))
        terms_with_country = own_terms.assign(
            country=pd.Categorical(country.where(country.isin(codes)), categories=codes)
        )
        tables.append(
            _compare_on_indicator(
                equal_design, outcomes[name], terms_with_country, alpha, calibration
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return in_shape(
        table, restricted_contract("comparison/adjusted_countries"), without=["data_kind"]
    )


def _compare_on_indicator(
    design: SurveyDesign,
    outcome: "pd.Series[float]",
    terms: pd.DataFrame,
    alpha: float,
    calibration: CalibratedFrame | None,
) -> pd.DataFrame:
    table = _count_answers(design, outcome, terms)
    enough = table.index[table["n_yes"] >= MIN_YES]
    table["note"] = np.where(table["n_yes"] >= MIN_YES, "", FEW_YES)
    terms_by_country = terms.groupby("country", observed=True)
    codes_without_terms = [
        str(code) for code, rows in terms_by_country if unasked_terms(rows.drop(columns="country"))
    ]
    table.loc[codes_without_terms, "note"] = COUNTRY_NOT_ASKED
    rows = ModelRows.select(
        design, outcome, terms.assign(country=terms["country"].cat.set_categories(enough))
    )
    if len(enough) == 1:
        table.loc[enough, "note"] = ONE_COUNTRY
    elif len(enough) > 1:
        fit = rows.fit(design, "poisson", calibration)
        if fit is None:
            table.loc[enough, "note"] = NO_MODEL
        else:
            effects = _country_ratios(fit, rows.columns(fit, "country"), alpha)
            table.loc[enough, list(effects)] = pd.DataFrame(effects, index=enough)
            table.loc[enough, "crude_ratio"] = _crude_ratios(design, rows)
    return table.reset_index(names="country").assign(indicator=str(outcome.name))


def _count_answers(
    design: SurveyDesign, outcome: "pd.Series[float]", terms: pd.DataFrame
) -> pd.DataFrame:
    """Rows and yes answers by country, of the rows that a model could use."""
    rows = ModelRows.select(design, outcome, terms)
    code, count_of_countries = (
        terms["country"].cat.codes.to_numpy(),
        len(terms["country"].cat.categories),
    )
    yes = (rows.outcome == 1).to_numpy()
    return pd.DataFrame(
        {
            "n": np.bincount(code[rows.used], minlength=count_of_countries),
            "n_yes": np.bincount(code[yes], minlength=count_of_countries),
            **dict.fromkeys(
                float_columns(restricted_contract("comparison/adjusted_countries")), np.nan
            ),
            "clear": False,
        },
        index=terms["country"].cat.categories,
    )


def _country_ratios(fit: ModelFit, coefficients: slice, alpha: float) -> NumberColumns:
    """Ratios to the geometric mean with their errors, for the K countries of a model."""
    count_of_countries = len(fit.coefficient[coefficients]) + 1
    # (K, K - 1): each country less the mean of all; the first country's coefficient is zero.
    centre = (np.eye(count_of_countries) - 1 / count_of_countries)[:, 1:]
    log_ratio = centre @ fit.coefficient[coefficients]
    covariance = fit.covariance[coefficients, coefficients]
    se = np.sqrt(np.einsum("ij,jk,ik->i", centre, covariance, centre))
    df = np.full(count_of_countries, float(fit.df))
    p_value = two_sided_p(log_ratio / se, df)
    verdict = adjust_by_holm(p_value, 1.0, alpha)
    half_width = t_reach(df, verdict.level) * se
    return {
        "ratio": np.exp(log_ratio),
        "log_ratio_se": se,
        "df": df,
        "ci_low": np.exp(log_ratio - half_width),
        "ci_high": np.exp(log_ratio + half_width),
        "p_value": p_value,
        "p_holm": verdict.p_adjusted,
        "step_alpha": verdict.level,
        "clear": verdict.clear,
    }


def _crude_ratios(design: SurveyDesign, rows: ModelRows) -> Floats:
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
        finding = f"no row of positive weight in {codes[int(np.argmin(total))]}"
        raise StudyError("country effects", finding, "Leave the country out")
    return np.asarray(weight / total[code])
