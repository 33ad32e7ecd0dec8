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

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.margins import estimate_margins
from designbased.models.regression import fit_model

# Two ratios whose logarithms differ by more than this are not the same result.
LOG_DIFFERENCE = 0.05


def adjusted_prevalence_ratios(
    design: Design,
    data: pd.DataFrame,
    outcome: str,
    group: str,
    adjust_for: Sequence[str] = (),
    reference: Any = None,
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Prevalence of each group over that of the reference, adjusted for other variables.

    Args:
        data: (n, ...) the variables, in the rows of the design.
        outcome: column of zeros and ones; missing where there is no valid answer.
        group: column of the groups to compare.
        adjust_for: columns to adjust for; text and categories by level, numbers linearly.
        reference: the group to compare with; None for the first.
        where: (n,) true for the rows of the domain; None for all.
        df_rule: as for :func:`.regression.fit_model`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per group but the reference: ``level, reference, n`` (rows of both models),
        ``estimate, se_log, ci_low, ci_high, df, p_value`` of the Poisson model; ``by_margins,
        margins_low, margins_high`` of the logistic one; ``log_difference``, the absolute difference
        of the two logarithms; ``agree``, whether it is at most 0.05.

    Raises:
        InputError: a column or the reference does not exist, or a model cannot be fitted; see
            :func:`.regression.fit_model`.
    """
    data = design.rows.frame(data, "data")
    for name in (outcome, group, *adjust_for):
        if name not in data.columns:
            column_names = ", ".join(map(str, data.columns))
            raise InputError(f"column '{name}'", "not in the data", f"Choose one of {column_names}")
    if outcome == group or group in adjust_for or outcome in adjust_for:
        finding = f"'{outcome}', '{group}' and {list(adjust_for)}"
        raise InputError("columns", finding, "Name each variable once")
    coded = data.assign(**{group: _put_reference_first(data[group], reference)})
    formula = (
        f"{_quote_variable(outcome)} ~ {' + '.join(map(_quote_variable, (group, *adjust_for)))}"
    )
    poisson = fit_model(design, coded, formula, "poisson", where, df_rule, calibration)
    logistic = fit_model(design, coded, formula, "logistic", where, df_rule, calibration)
    ratios = poisson.ratios(confidence)
    # The columns of the group come first after the intercept.
    levels = list(coded[group].cat.categories)
    ratios = ratios.iloc[: len(levels) - 1]
    margins = estimate_margins(logistic, group).ratios(levels[0], confidence)
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


def _put_reference_first(group: pd.Series, reference: Any) -> pd.Series:
    """The groups as categories, those in use only, the reference first."""
    coded = group.astype("category").cat.remove_unused_categories()
    levels = list(coded.cat.categories)
    if reference is not None and reference not in levels:
        finding = f"no group '{reference}' in '{group.name}'"
        raise InputError("reference", finding, f"Choose one of {', '.join(map(str, levels))}")
    reference_levels = levels[:1] if reference is None else [reference]
    return coded.cat.set_categories(
        reference_levels + [level for level in levels if level not in reference_levels]
    )


def _quote_variable(name: str) -> str:
    """A column as formulas write it, also where its name is no plain word."""
    is_word = name.isidentifier() and not keyword.iskeyword(name)
    return name if is_word else f"Q({name!r})"
