"""Predictive margins and average slopes: a model's answer for everybody, averaged with weights.

The margin of a level is the weighted mean of the predictions when every row is given that level
and keeps its other answers (Graubard & Korn 1999, Biometrics 55; Bieler et al. 2010, American
Journal of Epidemiology 171):

    m_g = Σ w_i μ(x_i^g β) / Σ w_i.

The average slope of a number is the weighted mean of the slopes of the predictions in it. Both vary
through the coefficients and through the sampled rows. With the gradient ``D_g = ∂m_g/∂β`` row i
adds ``w_i (μ_i^g - m_g) / Σ w_i`` and ``D_g' a_i``, where ``a_i`` is its influence on the
coefficients. The variance named

- ``"joint"`` is that of the sum of both (Stata ``vce(unconditional)``);
- ``"additive"`` leaves out their covariance (R ``svypredmeans``);
- ``"coefficients"`` takes the rows, that is the covariates of the sample, as fixed: the plain delta
  method (R ``marginaleffects``, Stata ``margins`` without a word).

With replicate weights ``"joint"`` is the variance of the margins made anew with the coefficients
and the weights of every replicate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.deviations import ROUNDING, Deviations
from designbased.design.protocol import Replicates
from designbased.errors import InputError
from designbased.intervals.limits import logit, wald_t
from designbased.models.fits import Fit
from designbased.variance.scores import two_sided_p

MarginVariance: TypeAlias = Literal["joint", "additive", "coefficients"]

# The step of a difference, in standard deviations of the variable: its error is of the order of its
# fourth power, and rounding of the order of its inverse.
STEP = 2.0**-10


@dataclass(frozen=True, eq=False)
class Margins:
    """Predictive margins of G levels, of one mean or of the shares of K answers.

    Attributes:
        by: the variable; None for the average over everybody as they are.
        levels: its G levels.
        answers: the K answers of an ordinal or multinomial model; None for one mean.
        estimate: (G,) margins, or (G K,) with the answers of a level side by side.
        deviations: (V, G) or (V, G K) their deviations.
        df: degrees of freedom of the model.
        proportion: the margins are proportions.
    """

    by: str | None
    levels: tuple[Any, ...]
    answers: tuple[Any, ...] | None
    estimate: Floats
    deviations: Deviations
    df: int
    proportion: bool

    def __repr__(self) -> str:
        levels = f"{len(self.levels)} levels of {self.by!r}" if self.by else "everybody"
        of_answers = "" if self.answers is None else f", {len(self.answers)} answers"
        return f"<Margins: {levels}{of_answers}, df {self.df:,}>"

    @property
    def covariance(self) -> Floats:
        """Covariance of the margins."""
        return self.deviations.covariance()

    def table(self, confidence: float = 0.95) -> pd.DataFrame:
        """``level, estimate, se, ci_low, ci_high, df``; logit intervals for proportions.

        Margins of several answers have a column ``answer`` after ``level``.
        """
        se = np.sqrt(self.deviations.variances())
        interval = logit if self.proportion else wald_t
        low, high = interval(self.estimate, se, np.nan, self.df, confidence)
        columns = {"estimate": self.estimate, "se": se, "ci_low": low, "ci_high": high}
        return pd.DataFrame({**self._label_rows(list(self.levels)), **columns, "df": self.df})

    def differences(self, reference: Any = None, confidence: float = 0.95) -> pd.DataFrame:
        """Each level less the reference (the first level by default).

        Returns:
            ``level, reference, estimate, se, ci_low, ci_high, t, df, p_value``.

        Raises:
            InputError: there is no such level.
        """
        contrast, base = self._reference_contrasts(reference)
        value = contrast @ self.estimate
        se = np.sqrt(self.deviations.combine(contrast).variances())
        low, high = wald_t(value, se, np.nan, self.df, confidence)
        return self._comparison_table(base, value, {"se": se}, low, high, value / se)

    def ratios(self, reference: Any = None, confidence: float = 0.95) -> pd.DataFrame:
        """Each level over the reference: prevalence ratios, with t intervals on the log scale.

        Returns:
            ``level, reference, estimate, se_log, ci_low, ci_high, t, df, p_value``; the log ratio
            is the logarithm of ``estimate``, its standard error ``se_log``.

        Raises:
            InputError: there is no such level, or a margin is not above zero.
        """
        contrast, base = self._reference_contrasts(reference)
        if not (self.estimate > 0).all():
            lowest = int(np.argmin(self.estimate))
            finding = f"a margin of {self.estimate[lowest]:g}"
            level = self.levels[lowest // len(self.answers or (None,))]
            raise InputError(f"level '{level}' of '{self.by}'", finding, "Use differences instead")
        value = contrast @ np.log(self.estimate)
        se = np.sqrt(self.deviations.combine(contrast / self.estimate).variances())
        low, high = wald_t(value, se, np.nan, self.df, confidence)
        return self._comparison_table(
            base, np.exp(value), {"se_log": se}, np.exp(low), np.exp(high), value / se
        )

    def _label_rows(self, levels: list[Any]) -> dict[str, list[Any]]:
        if self.answers is None:
            return {"level": levels}
        return {
            "level": [level for level in levels for _ in self.answers],
            "answer": list(self.answers) * len(levels),
        }

    def _reference_contrasts(self, reference: Any) -> tuple[Floats, int]:
        """Contrasts of every other level with the reference, and its place."""
        if reference is not None and reference not in self.levels:
            options = ", ".join(map(str, self.levels))
            finding = f"no level '{reference}' of '{self.by}'"
            raise InputError("reference", finding, f"Choose one of {options}")
        base = 0 if reference is None else self.levels.index(reference)
        contrast = np.eye(len(self.levels))
        contrast[:, base] -= 1
        of_answers = np.eye(len(self.answers or (None,)))
        return np.asarray(np.kron(np.delete(contrast, base, axis=0), of_answers)), base

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
        head = self._label_rows(other_levels)
        head["reference"] = [self.levels[base]] * len(value)
        limits = {"ci_low": low, "ci_high": high}
        test = {"t": t, "df": self.df, "p_value": two_sided_p(t, self.df)}
        return pd.DataFrame({**head, "estimate": value, **se, **limits, **test})


def estimate_margins(
    fit: Fit,
    by: str | None = None,
    levels: list[Any] | None = None,
    variance: MarginVariance = "joint",
    at: Mapping[str, Any] | None = None,
) -> Margins:
    """Mean prediction over the rows of the fit with ``by`` set to each level in turn.

    Args:
        fit: of :func:`.regression.fit_model`, :func:`.ordinal.fit_ordinal` or
            :func:`.multinomial.fit_multinomial`; the latter have the shares of all answers.
        by: a variable of its formula; None sets none, for the average prediction.
        levels: the levels (or values) to set; None for all levels of a text or categorical
            variable, in the order of the model.
        variance: ``"joint"``, ``"additive"`` or ``"coefficients"``, see above.
        at: values at which other variables are set for every row, by name.

    Raises:
        InputError: the model has no such variable or level, or there is no such variance.
    """
    data = fit.model.data
    for name, value in (at or {}).items():
        data = _set_variable(fit, data, name, value)
    if by is None:
        selected_levels, settings = ["all"], [data]
    else:
        selected_levels = _levels_of_variable(fit, by) if levels is None else list(levels)
        settings = [_set_variable(fit, data, by, level) for level in selected_levels]
    rebuilt = [fit.model.rebuild(setting) for setting in settings]

    def predict_all(fit: Fit) -> Floats:
        return np.column_stack([fit.predict_matrix(*parts)[0] for parts in rebuilt])

    predictions = [fit.predict_matrix(*parts) for parts in rebuilt]
    values = np.column_stack([mean for mean, _ in predictions])
    weight = fit.weight / fit.population
    gradient = np.concatenate([np.tensordot(weight, slope, 1) for _, slope in predictions])
    estimate = weight @ values
    return Margins(
        by=by,
        levels=tuple(selected_levels),
        answers=fit.answers,
        estimate=estimate,
        deviations=_margin_deviations(fit, values, gradient, variance, predict_all),
        df=fit.df,
        proportion=fit.predicts_proportions,
    )


def average_slope(
    fit: Fit,
    variable: str,
    confidence: float = 0.95,
    variance: MarginVariance = "coefficients",
) -> pd.DataFrame:
    """Mean over the rows of the slope of the prediction in a number (average marginal effect).

    The slope is the change of the mean, or of the share of each answer, per unit of the variable,
    through all terms that it stands in. By default the covariates of the sample count as fixed
    (delta method), as other programs have it; ``"joint"`` says how the slope would vary between
    samples of other children.

    Args:
        variable: a variable of numbers. Levels of a category: see :meth:`Margins.differences`.
        variance: see :func:`estimate_margins`.

    Returns:
        ``variable, estimate, se, ci_low, ci_high, t, df, p_value``, with a column ``answer`` for
        ordinal and multinomial models.

    Raises:
        InputError: the model has no such variable of numbers, or cannot be predicted around its
            values.
    """
    data, model = fit.model.data, fit.model
    if variable not in model.variables or not pd.api.types.is_numeric_dtype(data[variable].dtype):
        finding = f"no variable of numbers '{variable}' in the model"
        raise InputError("variable", finding, "Compare levels by estimate_margins")
    numbers = data[variable].to_numpy(dtype=np.float64)
    spread = float(np.sqrt(np.average((numbers - numbers.mean()) ** 2)))
    # A power of two, so that the steps themselves are exact.
    step = STEP * 2.0 ** np.round(np.log2(spread if spread > 0 else 1.0))
    matrix, offset = model.rebuild(data)
    # (f(x-2h) - 8 f(x-h) + 8 f(x+h) - f(x+2h)) / 12h, exact for polynomials up to degree 4.
    # In pairs, so that what the variable does not move stays zero.
    matrix_slope, offset_slope = np.zeros_like(matrix), np.zeros_like(offset)
    for factor, shift in ((8.0, step), (-1.0, 2 * step)):
        above = model.rebuild(data.assign(**{variable: numbers + shift}))
        below = model.rebuild(data.assign(**{variable: numbers - shift}))
        matrix_slope += factor / (12 * step) * (above[0] - below[0])
        offset_slope += factor / (12 * step) * (above[1] - below[1])
    if not (np.isfinite(matrix_slope).all() and np.isfinite(offset_slope).all()):
        finding = f"a term of '{variable}' that has no value beside those of the data"
        raise InputError(f"formula '{model.formula}'", finding, "Compare values by margins")
    parts = matrix, offset, matrix_slope, offset_slope
    values, slope_gradient = fit.slope_of_prediction(*parts)
    weight = fit.weight / fit.population
    estimate = weight @ values
    gradient = np.tensordot(weight, slope_gradient, 1)
    deviations = _margin_deviations(
        fit, values, gradient, variance, lambda fit: fit.slope_of_prediction(*parts)[0]
    )
    se = np.sqrt(deviations.variances())
    low, high = wald_t(estimate, se, np.nan, fit.df, confidence)
    t = estimate / se
    head = {"variable": [variable] * len(estimate)}
    if fit.answers is not None:
        head["answer"] = list(fit.answers)
    columns = {"estimate": estimate, "se": se, "ci_low": low, "ci_high": high, "t": t}
    test = {"df": fit.df, "p_value": two_sided_p(t, fit.df)}
    return pd.DataFrame({**head, **columns, **test})


def _margin_deviations(
    fit: Fit,
    values: Floats,
    gradient: Floats,
    variance: MarginVariance,
    values_of: Callable[[Fit], Floats],
) -> Deviations:
    """Deviations of weighted means of (C, G) values.

    Args:
        gradient: (G, q) derivatives of the means in the coefficients.
        values_of: the values of a fit with other coefficients.
    """
    if variance not in get_args(MarginVariance):
        options = ", ".join(get_args(MarginVariance))
        raise InputError("variance", f"the value {variance!r}", f"Choose one of {options}")
    mean = (fit.weight / fit.population) @ values
    through_rows = (values - mean) / fit.population
    # Where all rows have one prediction, what is left is rounding, of which a variance that is a
    # difference of squares would make anything.
    through_rows[np.abs(through_rows) * fit.population <= ROUNDING * np.abs(mean)] = 0.0
    if variance == "joint":
        joint = MarginEstimator(fit, values, through_rows + fit.by_profile @ gradient.T, values_of)
        return fit.design.deviations(joint)
    delta = fit.deviations.combine(gradient)
    if variance == "coefficients":
        return delta
    of_rows = fit.design.deviations(MarginEstimator(fit, values, through_rows, None))
    # One below the other, the products of both are added.
    return Deviations(
        np.concatenate([delta.values, of_rows.values]),
        None if delta.sign is None or of_rows.sign is None else np.append(delta.sign, of_rows.sign),
    )


@dataclass(frozen=True, eq=False)
class MarginEstimator:
    """Weighted means of predictions, estimates (G,); see :class:`~.protocol.Estimator`.

    Attributes:
        values: (C, G) predictions of each profile.
        by_profile: (C, G) influence of a row of each profile on the means, without its weight.
        values_of: the predictions of a fit with other coefficients; None where those of the sample
            stay and the rows alone vary.
    """

    fit: Fit
    values: Floats
    by_profile: Floats
    values_of: Callable[[Fit], Floats] | None

    @property
    def point(self) -> Floats:
        """(G,) means."""
        return np.asarray((self.fit.weight / self.fit.population) @ self.values)

    @property
    def calibration(self) -> CalibratedFrame | None:
        """What the weights were calibrated to, or None."""
        return self.fit.calibration

    def present(self) -> Mask:
        """(P, G) PSUs with a row of the fit."""
        return self.fit.rows.psus_with(np.ones(self.values.shape, dtype=bool))

    def unit_totals(self) -> Floats:
        """(U, G) sums of the influences of all rows."""
        return self.fit.rows.unit_totals(self.by_profile, self.calibration)

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, G) means in each replicate."""
        weights = self.fit.rows.replicated_weight(replicates)
        weights = weights / weights.sum(axis=1, keepdims=True)
        if self.values_of is None:
            return np.asarray(weights @ self.values)
        coefficients = self.fit.estimator.replicated(replicates)
        return np.stack(
            [
                weight @ self.values_of(self.fit.with_coefficients(coefficient))
                for weight, coefficient in zip(weights, coefficients, strict=True)
            ]
        )


def _levels_of_variable(fit: Fit, by: str) -> list[Any]:
    for factor, info in fit.model.recipe.factor_infos.items():
        if factor.name() in (by, f"C({by})", f"Q({by!r})") and info.type == "categorical":
            return list(info.categories)
    remedy = f"Name a categorical variable of '{fit.model.formula}', or give the levels"
    raise InputError("by", f"no categorical variable '{by}' in the model", remedy)


def _set_variable(fit: Fit, data: pd.DataFrame, by: str, level: Any) -> pd.DataFrame:
    """The rows with one variable set to a level."""
    if by not in fit.model.variables:
        finding = f"no variable '{by}' in the model"
        raise InputError("by or at", finding, f"Choose one of {', '.join(fit.model.variables)}")
    column = data[by]
    if isinstance(column.dtype, pd.CategoricalDtype):
        if level not in column.cat.categories:
            options = ", ".join(map(str, column.cat.categories))
            raise InputError(f"level '{level}' of '{by}'", "no such level", f"Choose of {options}")
        replaced = pd.Categorical([level] * len(data), dtype=column.dtype)
        return data.assign(**{by: replaced})
    return data.assign(**{by: level})
