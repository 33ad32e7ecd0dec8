"""Adjusted prevalence ratios, from two models that should agree.

For answers that are not rare an odds ratio overstates the ratio of prevalences, so the ratio itself
is estimated: by a Poisson model with log link (Zou 2004, American Journal of Epidemiology 159;
Barros & Hirakata 2003, BMC Medical Research Methodology 3:21), and by the predictive margins of a
logistic model (Bieler et al. 2010, American Journal of Epidemiology 171). Where the two differ, the
result depends on the model, and the reader has to know.
"""

import keyword
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.intervals.limits import logit, wald_t
from designbased.models.regression import ModelFit, fit_model, mean_and_slope
from designbased.variance.scores import covariance, two_sided_p, unexplained_scores

# Prevalence by group after adjustment: predictive margins of a model, ratios and differences.
#
# The margin of a level is the weighted mean of the predictions when every row is given that level
# and keeps its other answers (Graubard & Korn 1999, Biometrics 55; Bieler et al. 2010, American
# Journal of Epidemiology 171):
#
#     m_g = Σ w_i μ(x_i^g β) / Σ w_i.
#
# It varies through the coefficients and through the sampled rows. With the gradient ``D_g = Σ w_i
# μ'_i x_i^g / Σ w_i`` row i adds ``w_i (μ_i^g - m_g) / Σ w_i`` and ``D_g' a_i``, where ``a_i`` is
# its influence on the coefficients. The variance named ``"joint"`` is that of the sum of both
# (Stata ``vce(unconditional)``), ``"additive"`` leaves out their covariance (R ``svypredmeans``),
# ``"coefficients"`` takes the rows as fixed (the plain delta method).


MarginVariance: TypeAlias = Literal["joint", "additive", "coefficients"]


@dataclass(frozen=True, eq=False)
class Margins:
    """Predictive margins of G levels.

    Attributes:
        by: the variable.
        levels: its G levels.
        estimate: (G,) margins.
        covariance: (G, G) their covariance.
        df: degrees of freedom of the model.
        proportion: the margins are proportions (of a logistic model).
    """

    by: str
    levels: tuple[Any, ...]
    estimate: Floats
    covariance: Floats
    df: int
    proportion: bool

    def table(self, confidence: float = 0.95) -> pd.DataFrame:
        """``level, estimate, se, ci_low, ci_high, df``; logit intervals for proportions."""
        se = np.sqrt(np.diag(self.covariance))
        interval = logit if self.proportion else wald_t
        low, high = interval(self.estimate, se, np.nan, self.df, confidence)
        columns = {"estimate": self.estimate, "se": se, "ci_low": low, "ci_high": high}
        return pd.DataFrame({"level": list(self.levels), **columns, "df": self.df})

    def differences(self, reference: Any = None, confidence: float = 0.95) -> pd.DataFrame:
        """Each level less the reference (the first level by default).

        Returns:
            ``level, reference, estimate, se, ci_low, ci_high, t, df, p_value``.

        Raises:
            InputError: there is no such level.
        """
        contrast, base = self._reference_contrasts(reference)
        value = contrast @ self.estimate
        se = np.sqrt(np.einsum("ij,jk,ik->i", contrast, self.covariance, contrast))
        low, high = wald_t(value, se, np.nan, self.df, confidence)
        return self._comparison_table(base, value, {"se": se}, low, high, value / se)

    def ratios(self, reference: Any = None, confidence: float = 0.95) -> pd.DataFrame:
        """Each level over the reference: prevalence ratios, with t intervals on the log scale.

        Returns:
            ``level, reference, estimate, se_log, ci_low, ci_high, t, df, p_value``.

        Raises:
            InputError: there is no such level, or a margin is not above zero.
        """
        contrast, base = self._reference_contrasts(reference)
        if not (self.estimate > 0).all():
            lowest = int(np.argmin(self.estimate))
            level, finding = self.levels[lowest], f"a margin of {self.estimate[lowest]:g}"
            raise InputError(f"level '{level}' of '{self.by}'", finding, "Use differences instead")
        value = contrast @ np.log(self.estimate)
        relative = contrast / self.estimate
        se = np.sqrt(np.einsum("ij,jk,ik->i", relative, self.covariance, relative))
        low, high = wald_t(value, se, np.nan, self.df, confidence)
        return self._comparison_table(
            base, np.exp(value), {"se_log": se}, np.exp(low), np.exp(high), value / se
        )

    def _reference_contrasts(self, reference: Any) -> tuple[Floats, int]:
        """(G - 1, G) contrasts of every other level with the reference, and its place."""
        if reference is not None and reference not in self.levels:
            options = ", ".join(map(str, self.levels))
            finding = f"no level '{reference}' of '{self.by}'"
            raise InputError("reference", finding, f"Choose one of {options}")
        base = 0 if reference is None else self.levels.index(reference)
        contrast = np.eye(len(self.levels))
        contrast[:, base] -= 1
        return np.delete(contrast, base, axis=0), base

    def _comparison_table(
        self,
        base: int,
        value: Floats,
        se: dict[str, Floats],
        low: Floats,
        high: Floats,
        t: Floats,
    ) -> pd.DataFrame:
        other_levels = [level for k, level in enumerate(self.levels) if k != base]
        head = {"level": other_levels, "reference": [self.levels[base]] * len(other_levels)}
        limits = {"ci_low": low, "ci_high": high}
        test = {"t": t, "df": self.df, "p_value": two_sided_p(t, self.df)}
        return pd.DataFrame({**head, "estimate": value, **se, **limits, **test})


def estimate_margins(
    fit: ModelFit,
    by: str,
    levels: list[Any] | None = None,
    variance: MarginVariance = "joint",
) -> Margins:
    """Mean prediction over the rows of the fit with ``by`` set to each level in turn.

    Args:
        by: a variable of its formula.
        levels: the levels (or values) to set; None for all levels of a text or categorical
            variable, in the order of the model.
        variance: ``"joint"``, ``"additive"`` or ``"coefficients"``, see above.

    Raises:
        InputError: the model has no such variable or level, or there is no such variance.
    """
    if variance not in get_args(MarginVariance):
        options = ", ".join(get_args(MarginVariance))
        raise InputError("variance", f"the value {variance!r}", f"Choose one of {options}")
    model = fit.model
    selected_levels = _levels_of_variable(fit, by) if levels is None else list(levels)
    weight = fit.weight / fit.population
    margins = np.empty(len(selected_levels))
    by_profile = np.empty((len(fit.weight), len(selected_levels)))
    gradient = np.empty((len(selected_levels), len(fit.coefficient)))
    for index, level in enumerate(selected_levels):
        matrix = model.rebuild(_set_variable(model.data, by, level))
        mean, slope = mean_and_slope(fit.family, matrix @ fit.coefficient)
        margins[index] = weight @ mean
        by_profile[:, index] = mean - margins[index]
        gradient[index] = (weight * slope) @ matrix
    by_row = np.zeros((fit.design.n_rows, len(selected_levels)))
    own_weight = fit.design.weight[model.position, np.newaxis] / fit.population
    by_row[model.position] = own_weight * by_profile[model.profile]
    by_row = unexplained_scores(fit.design, by_row, fit.calibration)
    through_coefficients = fit.influence @ gradient.T
    if variance == "joint":
        spread = covariance(fit.design, by_row + through_coefficients)
    else:
        spread = covariance(fit.design, through_coefficients)
        if variance == "additive":
            spread = spread + covariance(fit.design, by_row)
    proportion = fit.family == "logistic"
    return Margins(by, tuple(selected_levels), margins, spread, fit.df, proportion)


def _levels_of_variable(fit: ModelFit, by: str) -> list[Any]:
    for factor, info in fit.model.recipe.factor_infos.items():
        if factor.name() in (by, f"C({by})", f"Q({by!r})") and info.type == "categorical":
            return list(info.categories)
    remedy = f"Name a categorical variable of '{fit.model.formula}', or give the levels"
    raise InputError("by", f"no categorical variable '{by}' in the model", remedy)


def _set_variable(data: pd.DataFrame, by: str, level: Any) -> pd.DataFrame:
    """The rows with one variable set to a level."""
    if by not in data.columns:
        column_names = ", ".join(map(str, data.columns))
        raise InputError("by", f"no column '{by}'", f"Choose one of {column_names}")
    column = data[by]
    if isinstance(column.dtype, pd.CategoricalDtype):
        if level not in column.cat.categories:
            options = ", ".join(map(str, column.cat.categories))
            raise InputError(f"level '{level}' of '{by}'", "no such level", f"Choose of {options}")
        replaced = pd.Categorical([level] * len(data), dtype=column.dtype)
        return data.assign(**{by: replaced})
    return data.assign(**{by: level})


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
        data: (n, ...) the variables, in the rows of the design.
        outcome: column of zeros and ones; missing where there is no valid answer.
        group: column of the groups to compare.
        adjust_for: columns to adjust for; text and categories by level, numbers linearly.
        reference: the group to compare with; None for the first.
        where: (n,) true for the rows of the domain; None for all.
        df_rule: see :func:`.degrees_of_freedom.domain_df`.
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
    design.rows.check(data, "data")
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
