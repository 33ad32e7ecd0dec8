"""Prevalence ratios between groups of one country, adjusted for each other.

One modified Poisson model per indicator holds all terms: log link, weights, and a sandwich variance
by PSU within strata (Zou 2004, American Journal of Epidemiology 159; Barros & Hirakata 2003, BMC
Medical Research Methodology 3:21). Each row also has the crude ratio of the same children and the
ratio of predictive margins of a logistic model (Bieler et al. 2010, American Journal of
Epidemiology 171): where the two models differ, the result depends on the model.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.models import (
    FEW_YES,
    MIN_YES,
    NO_DEGREES,
    NO_LEVEL,
    NO_MODEL,
    NOT_ADJUSTED,
    SAME_ANSWERS,
    TERM_NOT_ASKED,
    ModelRows,
    unasked_terms,
)
from disrupting_harm.study.contract_columns import float_columns, in_shape
from disrupting_harm.study.contrast_contracts import RATIOS
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import code_outcomes
from disrupting_harm.survey.design.degrees import domain_df
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.models.glm import ModelFit
from disrupting_harm.survey.models.prevalence_ratios import LOG_DIFFERENCE
from disrupting_harm.survey.tables.covariance import joint_estimates
from disrupting_harm.survey.tables.intervals import wald_t

NUMBERS = float_columns(RATIOS)
MODELS_DIFFER = "depends on the model: a logistic one gives another ratio"
NO_CHECK = "not checked: no logistic model could be made"


def adjusted_ratios(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    terms: pd.DataFrame,
    same_answers: Mapping[str, Sequence[str]] | None = None,
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Compare every level of each term with the first, for every outcome.

    Args:
        design: the design of the n rows.
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        terms: (n, T) categorical columns; NaN where the row is in no level.
        same_answers: by outcome the terms to leave out, see :mod:`..study.same_answers`.
        confidence: confidence level of the intervals.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of :data:`RATIOS` without the country, one row per outcome, term and category
        but the first, which is the ``reference``. ``n`` and ``n_yes`` count the level's rows that
        have a value in every term; crude and adjusted ratios are of these rows. Limits are
        ``exp(ln ratio ± t_df · se)`` with the model's degrees of freedom, PSUs - strata - (p - 1).
        Numbers are empty, and ``note`` says why, where the level or its reference has no rows or
        fewer than 10 yes answers, where the term is left out, and where no model can be made. A
        term without any level was not asked: it has no ratio, and the others are not adjusted for
        it.

    Raises:
        StudyError: the frames do not fit the design, or a column has the wrong type or values.
    """
    if outcomes.empty or terms.empty:
        return in_shape(pd.DataFrame(), RATIOS, without=["country"])
    # Models take any count; the answers here are yes and no.
    code_outcomes(outcomes, design.rows)
    design.rows.check(terms, "terms")
    same = same_answers or {}
    parts = [
        _one_indicator(
            design, outcomes[name], terms, same.get(str(name), ()), confidence, calibration
        )
        for name in outcomes
    ]
    return in_shape(pd.concat(parts, ignore_index=True), RATIOS, without=["country"])


def _one_indicator(
    design: SurveyDesign,
    outcome: "pd.Series[float]",
    terms: pd.DataFrame,
    same: Sequence[str],
    confidence: float,
    calibration: CalibratedFrame | None,
) -> pd.DataFrame:
    unasked = unasked_terms(terms)
    rows = ModelRows.of(design, outcome, terms.drop(columns=list({*same, *unasked})))
    poisson = rows.fit(design, "poisson", calibration)
    logistic = rows.fit_again(poisson, "logistic") if poisson is not None else None
    crude = _crude(design, rows, confidence, calibration)
    table = _skeleton(rows, str(outcome.name), terms)
    numbers = np.full((len(table), len(NUMBERS)), np.nan)
    for name, term in rows.terms.items():
        if term.cat.categories[0] != terms[name].cat.categories[0]:
            continue
        found = crude.loc[[name]]
        if poisson is not None:
            found = found.join(_model_ratios(rows, str(name), poisson, logistic, confidence))
        columns = [NUMBERS.index(str(column)) for column in found]
        numbers[np.ix_(table.index.get_indexer(found.index), columns)] = found
    table[NUMBERS] = numbers
    table["note"] = _notes(table, same, unasked, poisson)
    empty = table["note"].isin([FEW_YES, NO_LEVEL, NO_MODEL, SAME_ANSWERS, TERM_NOT_ASKED])
    table.loc[empty, NUMBERS] = np.nan
    if unasked:
        lacking = NOT_ADJUSTED.format(terms=", ".join(unasked))
        told = table.loc[~empty, "note"]
        table.loc[~empty, "note"] = [f"{note}; {lacking}".removeprefix("; ") for note in told]
    return table.drop(columns="reference_yes").reset_index()


def _skeleton(rows: ModelRows, indicator: str, terms: pd.DataFrame) -> pd.DataFrame:
    """A row, without numbers yet, for every level but the first of every term."""
    yes = (rows.outcome == 1).to_numpy()
    found = []
    for name, term in terms.items():
        levels, code = list(term.cat.categories), term.cat.codes.to_numpy()
        n = np.bincount(code[rows.used & (code >= 0)], minlength=len(levels))
        n_yes = np.bincount(code[yes & (code >= 0)], minlength=len(levels))
        found.append(
            pd.DataFrame(
                {
                    "indicator": indicator,
                    "term": str(name),
                    "level": levels[1:],
                    "reference": levels[0],
                    "n": n[1:],
                    "n_yes": n_yes[1:],
                    "reference_yes": n_yes[0],
                    "empty": (n[1:] == 0) | (n[0] == 0),
                }
            )
        )
    table = pd.concat(found, ignore_index=True).set_index(["term", "level"])
    return table.assign(**dict.fromkeys(NUMBERS, np.nan), note="")


def _crude(
    design: SurveyDesign, rows: ModelRows, confidence: float, calibration: CalibratedFrame | None
) -> pd.DataFrame:
    """Ratios of the weighted proportions of each level and the first, by term and level.

    It is what the Poisson model with this term alone would give, with the same standard error.
    """
    columns = ["crude_ratio", "crude_low", "crude_high"]
    if rows.terms.columns.empty:
        index = pd.MultiIndex.from_product([[], []])
        return pd.DataFrame(columns=columns, index=index, dtype=float)
    joint = joint_estimates(design, rows.outcome.to_frame(), rows.terms, calibration=calibration)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = joint.cells["estimate"].to_numpy()
        log_p, relative = np.log(p), joint.deviations / p
    found, first = [], 0
    for name, term in rows.terms.items():
        levels = term.cat.categories
        own = slice(first, first + len(levels))
        with np.errstate(invalid="ignore"):
            log_ratio = log_p[own][1:] - log_p[first]
            differences = relative[:, own][:, 1:] - relative[:, own][:, :1]
            se = np.sqrt((differences**2).sum(axis=0))
        present = joint.present[:, own].any(axis=1)
        df = domain_df(design, present, "domain_only") - (len(levels) - 1)
        limits = wald_t(log_ratio, se, np.nan, df, confidence)
        index = pd.MultiIndex.from_product([[name], levels[1:]])
        values = np.exp(np.column_stack([log_ratio, *limits]))
        found.append(pd.DataFrame(values, index=index, columns=columns))
        first = own.stop
    return pd.concat(found)


def _model_ratios(
    rows: ModelRows, term: str, poisson: ModelFit, logistic: ModelFit | None, confidence: float
) -> pd.DataFrame:
    place = rows.columns(poisson, term)
    table = poisson.table(confidence).iloc[place]
    index = pd.MultiIndex.from_product([[term], rows.terms[term].cat.categories[1:]])
    margin = np.full(len(table), np.nan)
    if logistic is not None:
        margins = _margins(logistic, rows.columns(logistic, term))
        margin = margins[1:] / margins[0]
    found = {
        "ratio": np.exp(table["estimate"]),
        "log_ratio_se": table["se"],
        "df": table["df"].astype(float),
        "ci_low": np.exp(table["ci_low"]),
        "ci_high": np.exp(table["ci_high"]),
        "p_value": table["p_value"],
        "margin_ratio": margin,
    }
    return pd.DataFrame({name: np.asarray(value) for name, value in found.items()}, index=index)


def _margins(fit: ModelFit, place: slice) -> Floats:
    """Predictive margins of the levels of one term, the first level first.

    As :func:`predictive_margins.predictive_margins`, without errors: the term has columns of its
    own, so that its part of the linear predictor can be exchanged.
    """
    own = fit.coefficient[place]
    others = fit.model.matrix @ fit.coefficient - fit.model.matrix[:, place] @ own
    margins: Floats = (fit.weight / fit.population) @ expit(
        others[:, np.newaxis] + np.concatenate([[0.0], own])
    )
    return margins


def _notes(
    table: pd.DataFrame, same: Sequence[str], unasked: Sequence[str], poisson: ModelFit | None
) -> list[str]:
    """Return for every row the first reason that applies."""
    few = table[["n_yes", "reference_yes"]].min(axis=1) < MIN_YES
    with np.errstate(divide="ignore", invalid="ignore"):
        differ = np.abs(np.log(table["ratio"] / table["margin_ratio"])) > LOG_DIFFERENCE
    reasons = {
        SAME_ANSWERS: table.index.get_level_values("term").isin(list(same)),
        TERM_NOT_ASKED: table.index.get_level_values("term").isin(list(unasked)),
        NO_LEVEL: table["empty"],
        FEW_YES: few,
        NO_MODEL: np.full(len(table), poisson is None),
        NO_DEGREES: table["ci_low"].isna(),
        NO_CHECK: table["margin_ratio"].isna(),
        MODELS_DIFFER: differ,
    }
    return list(np.select([np.asarray(rule) for rule in reasons.values()], list(reasons), ""))
