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

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import code_outcomes
from designbased.design.degrees_of_freedom import domain_df
from designbased.design.deviations import has_nothing_to_average, scaled_deviations
from designbased.design.lonely_psus import number_profiles
from designbased.design.survey_design import SurveyDesign
from designbased.intervals.limits import wald_t
from designbased.models.prevalence_ratios import LOG_DIFFERENCE
from designbased.models.regression import ModelFit
from designbased.variance.profile_rows import ProfileRows
from disrupting_harm.comparison.poisson_models import (
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
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import float_columns, in_shape

NUMBERS = float_columns(restricted_contract("contrasts/ratios"))
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
        outcomes: (n, K) zeros and ones; NaN where the answer is not valid.
        terms: (n, T) categorical columns; NaN where the row is in no level.
        same_answers: by outcome the terms to leave out, see ``codebook.same_answers``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        The columns of ``contrasts/ratios`` without the country, one row per outcome, term and
        category but the first, which is the ``reference``. ``n`` and ``n_yes`` count the level's
        rows that have a value in every term; crude and adjusted ratios are of these rows. Limits
        are ``exp(ln ratio ± t_df · se)`` with the model's degrees of freedom, PSUs - strata - (p -
        1). Numbers are empty, and ``note`` says why, where the level or its reference has no rows
        or fewer than 10 yes answers, where the term is left out, and where no model can be made. A
        term without any level was not asked: it has no ratio, and the others are not adjusted for
        it.

    Raises:
        StudyError: the frames do not fit the design, or a column has the wrong type or values.
    """
    if outcomes.empty or terms.empty:
        return in_shape(
            pd.DataFrame(), restricted_contract("contrasts/ratios"), without=["country"]
        )
    # Models take any count; the answers here are yes and no.
    code_outcomes(outcomes, design.rows)
    design.rows.check(terms, "terms")
    same = same_answers or {}
    tables = [
        _compare_on_indicator(
            design, outcomes[name], terms, same.get(str(name), ()), confidence, calibration
        )
        for name in outcomes
    ]
    return in_shape(
        pd.concat(tables, ignore_index=True),
        restricted_contract("contrasts/ratios"),
        without=["country"],
    )


def _compare_on_indicator(
    design: SurveyDesign,
    outcome: "pd.Series[float]",
    terms: pd.DataFrame,
    same: Sequence[str],
    confidence: float,
    calibration: CalibratedFrame | None,
) -> pd.DataFrame:
    unasked = unasked_terms(terms)
    rows = ModelRows.select(design, outcome, terms.drop(columns=list({*same, *unasked})))
    poisson = rows.fit(design, "poisson", calibration)
    logistic = rows.fit_again(poisson, "logistic") if poisson is not None else None
    table = _list_levels(rows, str(outcome.name), terms)
    if not rows.terms.columns.empty:
        ratios = _crude_ratios(design, rows, confidence, calibration)
        if poisson is not None:
            ratios |= _model_ratios(rows, poisson, logistic, confidence)
        position = _level_positions(rows, terms)
        for column, numbers in ratios.items():
            table.loc[position[position >= 0], column] = numbers[position >= 0]
    table["note"] = _describe_missing_ratios(table, same, unasked, poisson)
    empty = table["note"].isin([FEW_YES, NO_LEVEL, NO_MODEL, SAME_ANSWERS, TERM_NOT_ASKED])
    table.loc[empty, NUMBERS] = np.nan
    if unasked:
        unadjusted_note = NOT_ADJUSTED.format(terms=", ".join(unasked))
        notes = table.loc[~empty, "note"]
        table.loc[~empty, "note"] = [
            f"{note}; {unadjusted_note}".removeprefix("; ") for note in notes
        ]
    return table.drop(columns=["reference_yes", "empty"])


def _list_levels(rows: ModelRows, indicator: str, terms: pd.DataFrame) -> pd.DataFrame:
    """A row, without numbers yet, for every level but the first of every term."""
    yes = (rows.outcome == 1).to_numpy()
    level_rows = []
    for name, term in terms.items():
        (reference, *other_levels), code = term.cat.categories, term.cat.codes.to_numpy()
        n = np.bincount(code[rows.used & (code >= 0)], minlength=len(other_levels) + 1)
        n_yes = np.bincount(code[yes & (code >= 0)], minlength=len(other_levels) + 1)
        level_rows += [
            (
                indicator,
                str(name),
                level,
                reference,
                n[k],
                n_yes[k],
                n_yes[0],
                n[k] == 0 or n[0] == 0,
            )
            for k, level in enumerate(other_levels, start=1)
        ]
    columns = ["indicator", "term", "level", "reference", "n", "n_yes", "reference_yes", "empty"]
    table = pd.DataFrame(level_rows, columns=columns)
    return table.assign(**dict.fromkeys(NUMBERS, np.nan))


def _level_positions(rows: ModelRows, terms: pd.DataFrame) -> Integers:
    """The row of the skeleton of every level of the model, -1 where its reference is another."""
    positions: list[int] = []
    first_row = 0
    for name, term in terms.items():
        levels = list(term.cat.categories)
        if name in rows.terms:
            reference, *other_levels = rows.terms[name].cat.categories
            same = reference == levels[0]
            positions += [
                first_row + levels.index(level) - 1 if same else -1 for level in other_levels
            ]
        first_row += len(levels) - 1
    return np.array(positions, dtype=np.intp)


def _crude_ratios(
    design: SurveyDesign, rows: ModelRows, confidence: float, calibration: CalibratedFrame | None
) -> dict[str, Floats]:
    """Ratios of the weighted proportions of each level and the first, and their limits.

    It is what the Poisson model with this term alone would give, with the same standard error.
    """
    profiles, yes, levels = _model_profiles(design, rows)
    present = profiles.psus_with(np.ones((profiles.count, 1), dtype=bool))
    df = domain_df(design, present)[0]
    log_limits = []
    for level in levels:
        member = level[:, np.newaxis] == np.arange(np.max(level) + 1)
        population = profiles.weight @ member
        with np.errstate(divide="ignore", invalid="ignore"):
            p = (profiles.weight * yes) @ member / population
            log_ratio = np.log(p[1:]) - np.log(p[0])
            relative = member * (yes[:, np.newaxis] / p - 1) / population
            deviations = scaled_deviations(design, profiles.unit_totals(relative, calibration))
        deviations[:, has_nothing_to_average(design, profiles.psus_with(member))] = np.nan
        with np.errstate(invalid="ignore"):
            se = np.sqrt(((deviations[:, 1:] - deviations[:, :1]) ** 2).sum(axis=0))
        own_df = df - (len(p) - 1)
        log_limits.append([log_ratio, *wald_t(log_ratio, se, np.nan, own_df, confidence)])
    columns = ["crude_ratio", "crude_low", "crude_high"]
    return dict(zip(columns, np.exp(np.concatenate(log_limits, axis=1)), strict=True))


def _model_profiles(
    design: SurveyDesign, rows: ModelRows
) -> tuple[ProfileRows, Floats, list[Integers]]:
    """The rows of a model by profile; of each profile the answer, and the level of each term."""
    row_positions = np.flatnonzero(rows.used)
    columns: list[Integers] = [rows.outcome.to_numpy()[row_positions].astype(np.intp)]
    columns += [
        rows.terms[name].cat.codes.to_numpy()[row_positions].astype(np.intp) for name in rows.terms
    ]
    profile, yes, *levels = number_profiles(len(row_positions), columns)
    return ProfileRows(design, row_positions, profile, len(yes)), yes.astype(np.float64), levels


def _model_ratios(
    rows: ModelRows, poisson: ModelFit, logistic: ModelFit | None, confidence: float
) -> dict[str, Floats]:
    """The Poisson model's ratios with their limits, and those of the logistic model's margins."""
    slices = [rows.columns(poisson, str(name)) for name in rows.terms]
    coefficients: Integers = np.r_[tuple(slices)]
    table = poisson.table(confidence).iloc[coefficients]
    margins = (
        [_predictive_margins(logistic, coefficients) for coefficients in slices]
        if logistic is not None
        else []
    )
    ratios = [margin[1:] / margin[0] for margin in margins]
    return {
        "ratio": np.exp(table["estimate"].to_numpy()),
        "log_ratio_se": table["se"].to_numpy(),
        "df": table["df"].to_numpy(dtype=float),
        "ci_low": np.exp(table["ci_low"].to_numpy()),
        "ci_high": np.exp(table["ci_high"].to_numpy()),
        "p_value": table["p_value"].to_numpy(),
        "margin_ratio": np.concatenate(ratios) if ratios else np.full(len(table), np.nan),
    }


def _predictive_margins(fit: ModelFit, coefficients: slice) -> Floats:
    """Predictive margins of the levels of one term, the first level first.

    As ``designbased.estimate_margins``, without errors: the term has columns of its
    own, so that its part of the linear predictor can be exchanged.
    """
    own_coefficients = fit.coefficient[coefficients]
    other_predictor = (
        fit.model.matrix @ fit.coefficient - fit.model.matrix[:, coefficients] @ own_coefficients
    )
    margins: Floats = (fit.weight / fit.population) @ expit(
        other_predictor[:, np.newaxis] + np.concatenate([[0.0], own_coefficients])
    )
    return margins


def _describe_missing_ratios(
    table: pd.DataFrame, same: Sequence[str], unasked: Sequence[str], poisson: ModelFit | None
) -> list[str]:
    """Return for every row the first reason that applies."""
    few = table[["n_yes", "reference_yes"]].min(axis=1) < MIN_YES
    with np.errstate(divide="ignore", invalid="ignore"):
        differ = np.abs(np.log(table["ratio"] / table["margin_ratio"])) > LOG_DIFFERENCE
    reasons = {
        SAME_ANSWERS: table["term"].isin(list(same)),
        TERM_NOT_ASKED: table["term"].isin(list(unasked)),
        NO_LEVEL: table["empty"],
        FEW_YES: few,
        NO_MODEL: np.full(len(table), poisson is None),
        NO_DEGREES: table["ci_low"].isna(),
        NO_CHECK: table["margin_ratio"].isna(),
        MODELS_DIFFER: differ,
    }
    return list(np.select([np.asarray(rule) for rule in reasons.values()], list(reasons), ""))
