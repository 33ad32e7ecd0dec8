"""Predictive margins: prevalence by group after adjustment, with ratios and differences.

The margin of a level is the weighted mean of the predictions when every row is given that level
and keeps its other answers (Graubard & Korn 1999, Biometrics 55; Bieler et al. 2010, American
Journal of Epidemiology 171):

    m_g = Σ w_i μ(x_i^g β) / Σ w_i.

It varies through the coefficients and through the sampled rows. With the gradient ``D_g = Σ w_i
μ'_i x_i^g / Σ w_i`` row i adds ``w_i (μ_i^g - m_g) / Σ w_i`` and ``D_g' a_i``, where ``a_i`` is
its influence on the coefficients. The variance named ``"joint"`` is that of the sum of both
(Stata ``vce(unconditional)``), ``"additive"`` leaves out their covariance (R ``svypredmeans``),
``"coefficients"`` takes the rows as fixed (the plain delta method).
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.errors import InputError
from designbased.intervals.limits import logit, wald_t
from designbased.models.links import FAMILIES
from designbased.models.regression import ModelFit
from designbased.variance.scores import covariance, two_sided_p, unexplained_scores

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
        proportion: the margins are proportions (of a model of yes-or-no answers).
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
    weight, link = fit.weight / fit.population, FAMILIES[fit.family].link
    margins = np.empty(len(selected_levels))
    by_profile = np.empty((len(fit.weight), len(selected_levels)))
    gradient = np.empty((len(selected_levels), len(fit.coefficient)))
    for index, level in enumerate(selected_levels):
        matrix, offset = model.rebuild(_set_variable(model.data, by, level))
        predictor = matrix @ fit.coefficient + offset
        mean, slope = link.mean(predictor), link.slope(predictor)
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
    proportion = FAMILIES[fit.family].answers == "yes or no"
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
