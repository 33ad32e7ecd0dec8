"""Adjusted prevalence ratios, from two models that should agree.

For answers that are not rare an odds ratio overstates the ratio of prevalences, so the ratio itself
is estimated: by a Poisson model with log link (Zou 2004, American Journal of Epidemiology 159;
Barros & Hirakata 2003, BMC Medical Research Methodology 3:21), and by the predictive margins of a
logistic model (Bieler et al. 2010, American Journal of Epidemiology 171). Where the two differ, the
result depends on the model, and the reader has to know.
"""

import keyword
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.degrees import DfRule
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.models.glm import fit_model
from disrupting_harm.survey.models.predictive_margins import predictive_margins

# Two ratios whose logarithms differ by more than this are not the same result.
LOG_DIFFERENCE = 0.05


def adjusted_prevalence_ratios(
    design: SurveyDesign,
    data: pd.DataFrame,
    outcome: str,
    group: str,
    adjust_for: Sequence[str] = (),
    reference: Any = None,
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Prevalence of each group over that of the reference, adjusted for other variables.

    Args:
        design: the design of the n rows.
        data: (n, ...) the variables, in the rows of the design.
        outcome: column of zeros and ones; missing where there is no valid answer.
        group: column of the groups to compare.
        adjust_for: columns to adjust for; text and categories by level, numbers linearly.
        reference: the group to compare with; None for the first.
        where: (n,) true for the rows of the domain; None for all.
        confidence: confidence level of the intervals.
        df_rule: see :func:`degrees.domain_df`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per group but the reference: ``level, reference, n`` (rows of both models),
        ``estimate, se_log, ci_low, ci_high, df, p_value`` of the Poisson model; ``by_margins,
        margins_low, margins_high`` of the logistic one; ``log_difference``, the absolute difference
        of the two logarithms; ``agree``, whether it is at most 0.05.

    Raises:
        StudyError: a column or the reference does not exist, or a model cannot be fitted; see
            :func:`glm.fit_model`.
    """
    design.rows.check(data, "data")
    for name in (outcome, group, *adjust_for):
        if name not in data.columns:
            held = ", ".join(map(str, data.columns))
            raise StudyError(f"column '{name}'", "not in the data", f"Choose one of {held}")
    if outcome == group or group in adjust_for or outcome in adjust_for:
        found = f"'{outcome}', '{group}' and {list(adjust_for)}"
        raise StudyError("columns", found, "Name each variable once")
    coded = data.assign(**{group: _with_reference(data[group], reference)})
    formula = f"{_quoted(outcome)} ~ {' + '.join(map(_quoted, (group, *adjust_for)))}"
    poisson = fit_model(design, coded, formula, "poisson", where, df_rule, calibration)
    logistic = fit_model(design, coded, formula, "logistic", where, df_rule, calibration)
    ratios = poisson.ratios(confidence)
    # The columns of the group come first after the intercept.
    levels = list(coded[group].cat.categories)
    ratios = ratios.iloc[: len(levels) - 1]
    margins = predictive_margins(logistic, group).ratios(levels[0], confidence)
    log_difference = np.abs(np.log(ratios["estimate"]) - np.log(margins["estimate"]))
    return pd.DataFrame(
        {
            "level": margins["level"],
            "reference": margins["reference"],
            "n": poisson.n,
            **{name: ratios[name] for name in ("estimate", "se_log", "ci_low", "ci_high", "df")},
            "p_value": ratios["p_value"],
            "by_margins": margins["estimate"],
            "margins_low": margins["ci_low"],
            "margins_high": margins["ci_high"],
            "log_difference": log_difference,
            "agree": log_difference <= LOG_DIFFERENCE,
        }
    )


def _with_reference(group: pd.Series, reference: Any) -> pd.Series:
    """The groups as categories, those in use only, the reference first."""
    coded = group.astype("category").cat.remove_unused_categories()
    levels = list(coded.cat.categories)
    if reference is not None and reference not in levels:
        found = f"no group '{reference}' in '{group.name}'"
        raise StudyError("reference", found, f"Choose one of {', '.join(map(str, levels))}")
    first = levels[:1] if reference is None else [reference]
    return coded.cat.set_categories(first + [level for level in levels if level not in first])


def _quoted(name: str) -> str:
    """A column as formulas write it, also where its name is no plain word."""
    plain = name.isidentifier() and not keyword.iskeyword(name)
    return name if plain else f"Q({name!r})"
