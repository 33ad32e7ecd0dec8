"""Cox regression: hazards that are proportional, with design-based errors.

The coefficients maximise the weighted partial likelihood, and row i has the influence ``A⁻¹ w_i
s_i``, with its score residual ``s_i`` and the information A (Binder 1992, Biometrika 79; Lin 2000,
Biometrika 87; R ``svycoxph``). Tied times are taken by Efron's way (1977, Journal of the American
Statistical Association 72), R's default, or by Breslow's. With d events at a time, of weights
``W = Σ w`` together, and sums ``S`` over the rows at risk, ``E`` over those with the event, of
``w exp(x'β)`` and of it times x,

    U = Σ_events w x - Σ_times W/d Σ_l φ1/φ0,   φ = S - (l/d) E,   l = 0, ..., d - 1,

where Breslow has l = 0 throughout.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.fits import CoefficientEstimator, Fit, describe_fit, exponentiate
from designbased.models.likelihood import Likelihood, maximise_likelihood
from designbased.models.model_matrix import ModelMatrix
from designbased.models.regression import read_model_rows
from designbased.models.replicate_fits import (
    ReplicateFault,
    find_undetermined_column,
    refuse_replicates,
    term_of_column,
)
from designbased.models.survival_times import code_survival_times, split_codes

Ties: TypeAlias = Literal["efron", "breslow"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class CoxFit(Fit):
    """A fitted Cox model; make it with :func:`fit_cox`.

    Attributes:
        ties: how tied times were taken.
        n_events: rows with the event.
    """

    ties: Ties
    n_events: int

    @property
    def kind(self) -> str:
        """The name of the model."""
        return f"Cox ({self.ties})"

    @property
    def terms(self) -> dict[str, Integers]:
        """The coefficients of each term of the formula; the model has no intercept."""
        places = np.arange(len(self.model.columns)) - 1
        columns = self.model.terms.items()
        return {name: places[own] for name, own in columns if name != "Intercept"}

    def name_coefficients(self) -> dict[str, list[Any]]:
        """Return the ``term`` of each coefficient."""
        return {"term": list(self.model.columns[1:])}

    def ratios(self, confidence: float = 0.95) -> pd.DataFrame:
        """Ratios of hazards, with t intervals made on the log scale.

        Returns:
            ``term, estimate, se_log, ci_low, ci_high, t, df, p_value``.
        """
        return exponentiate(self.table(confidence))


def fit_cox(
    design: Design,
    data: pd.DataFrame,
    formula: str,
    event: str,
    ties: Ties = "efron",
    where: Iterable[Any] | None = None,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> CoxFit:
    """Fit a Cox model with the weights and the variances of the design.

    Args:
        data: (n, ...) the variables, in the rows of the design; see :func:`.regression.fit_model`.
        formula: ``"time ~ a + b"`` with the column of times to the event or to censoring, zero or
            more.
        event: column that is true, or 1, where the event happened at that time.
        ties: ``"efron"`` or ``"breslow"``.

    Raises:
        InputError: as :func:`.regression.fit_model`; a time or an event with other values; a level
            in which no row has the event.
    """
    if ties not in get_args(Ties):
        options = ", ".join(get_args(Ties))
        raise InputError("ties", f"the value {ties!r}", f"Choose one of {options}")
    time = formula.split("~")[0].strip()
    data = design.rows.frame(data, "data")
    coded = code_survival_times(data, time, event)
    timed = data.assign(**{time: coded.code})
    model, rows, df, n_missing = read_model_rows(design, timed, formula, where, df_rule)
    if "Intercept" not in model.terms or len(model.columns) < 2:
        finding = "no intercept" if "Intercept" not in model.terms else "no variable"
        remedy = "Give variables, and leave out '- 1': the hazard of all takes the place of the 1"
        raise InputError(f"formula '{formula}'", finding, remedy)
    place, happened = split_codes(model.outcome)
    if not happened.any():
        raise InputError(f"column '{event}'", "no row has the event", "Choose another domain")
    events = EventTimes.from_profiles(
        place, happened, np.bincount(model.profile, minlength=len(place)), ties
    )
    start = np.zeros(len(model.columns) - 1)
    coefficient, likelihood = _maximise_likelihood(model, events, rows.weight, start)
    by_profile = np.linalg.solve(likelihood.information, likelihood.scores.T).T
    estimator = CoefficientEstimator(
        rows,
        coefficient,
        by_profile,
        lambda weights: _refit_replicates(model, events, weights, coefficient),
        calibration,
    )
    return CoxFit(
        ties=ties,
        n_events=len(events.step),
        **describe_fit(model, estimator, df, n_missing),
    )


def _maximise_likelihood(
    model: ModelMatrix, events: "EventTimes", weight: Floats, start: Floats
) -> tuple[Floats, Likelihood]:
    """Return the (p,) coefficients with (C,) weights, and the likelihood.

    Raises:
        InputError: a level in which no row has the event, or the steps do not converge.
    """
    x = model.matrix[:, 1:] - np.average(model.matrix[:, 1:], axis=0, weights=weight)
    evaluate = partial(partial_likelihood, events, x, model.offset, weight)
    try:
        return maximise_likelihood(evaluate, weight, start, model.formula)
    except InputError:
        groups = model.groups_within(events.at == events.count)
        if groups:
            finding = f"separation: no row of {', '.join(groups)} has the event"
            remedy = "Join levels or leave the term out"
            raise InputError(f"formula '{model.formula}'", finding, remedy) from None
        raise


def _refit_replicates(
    model: ModelMatrix, events: "EventTimes", weights: Floats, start: Floats
) -> Floats:
    """(R, p) coefficients under (R, C) other weights; ties stay those of the sample, as in R.

    Raises:
        InputError: a replicate has none, with the term that they fail at.
    """
    coefficients = np.tile(start, (len(weights), 1))
    faults = {}
    for r, weight in enumerate(weights):
        column = find_undetermined_column(model, weight > 0)
        if column is not None:
            term = term_of_column(model, column)
            faults[r] = ReplicateFault("no rows to tell levels apart", term)
            continue
        try:
            coefficients[r], _ = _maximise_likelihood(model, events, weight, start)
        except InputError:
            # A term of which nobody with the event differs from the others, or else the first.
            with_event = (weight > 0) & (events.at < events.count)
            column = find_undetermined_column(model, with_event)
            term = list(model.terms)[1] if column is None else term_of_column(model, column)
            faults[r] = ReplicateFault("no convergence", term)
    refuse_replicates(model, faults, len(weights))
    return coefficients


@dataclass(frozen=True, eq=False)
class EventTimes:
    """The T times with an event, and for each of its d events the part of the ties taken off.

    Attributes:
        last: (C,) number of event times up to each profile's own time.
        at: (C,) place of the event time of profiles with the event, T for others.
        count: T.
        step: (D,) the time of each of all D events, in their order.
        part: (D,) ``l/d`` of each, all zero for Breslow.
    """

    last: Integers
    at: Integers
    count: int
    step: Integers
    part: Floats

    @classmethod
    def from_profiles(
        cls, place: Integers, happened: Integers, n_rows: Integers, ties: Ties
    ) -> "EventTimes":
        """Find the times with an event.

        Args:
            place: (C,) place of each profile's time.
            happened: (C,) 1 where the event happened.
            n_rows: (C,) rows of each profile.
        """
        times = np.unique(place[happened == 1])
        last = np.searchsorted(times, place, side="right")
        at = np.where(happened == 1, last - 1, len(times))
        deaths = np.bincount(at, n_rows, len(times) + 1)[:-1].astype(np.intp)
        step = np.repeat(np.arange(len(times)), deaths)
        order = np.arange(len(step)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
        part = order / deaths[step] if ties == "efron" else np.zeros(len(step))
        return cls(last, at, len(times), step, part)

    def sum_events(self, values: Floats) -> Floats:
        """(T, ...) sums over the profiles with the event at each time."""
        sums = np.zeros((self.count + 1, *values.shape[1:]))
        np.add.at(sums, self.at, values)
        return sums[:-1]

    def sum_at_risk(self, values: Floats) -> Floats:
        """(T, ...) sums over the profiles at risk at each time."""
        sums = np.zeros((self.count + 1, *values.shape[1:]))
        np.add.at(sums, self.last, values)
        return np.cumsum(sums[::-1], axis=0)[::-1][1:]

    def sum_steps(self, values: Floats) -> Floats:
        """(T, ...) sums over the events at each time."""
        sums = np.zeros((self.count, *values.shape[1:]))
        np.add.at(sums, self.step, values)
        return sums


def partial_likelihood(
    events: EventTimes, x: Floats, offset: Floats, weight: Floats, coefficient: Floats
) -> Likelihood:
    """Partial likelihood, its score residuals and its information.

    Args:
        x: (C, p) variables of the profiles.
        offset: (C,) their offset.
        weight: (C,) their weights.
        coefficient: (p,) coefficients.
    """
    predictor = x @ coefficient + offset
    # Hazards are relative: the largest is 1, and none overflows.
    predictor -= np.max(predictor)
    risk = np.exp(predictor)
    weighted = weight * risk
    with_event = events.at < events.count
    total = np.bincount(events.at, weight, events.count + 1)[:-1]
    mean_weight = (total / np.bincount(events.step))[events.step]
    part = events.part
    denominator = (
        events.sum_at_risk(weighted)[events.step] - part * events.sum_events(weighted)[events.step]
    )
    of_x = weighted[:, np.newaxis] * x
    numerator = events.sum_at_risk(of_x)[events.step]
    numerator -= part[:, np.newaxis] * events.sum_events(of_x)[events.step]
    # In a replicate an event may have no weight, and nobody be left at risk.
    counts = mean_weight > 0
    denominator = np.where(counts, denominator, 1.0)
    hazard = mean_weight / denominator
    mean = numerator / denominator[:, np.newaxis]
    own_mean = events.sum_steps(mean) / np.bincount(events.step)[:, np.newaxis]
    # A row is at risk of every event up to its time, and of its own ties with what is left of them.
    until = _cumulate_sums(events.sum_steps(hazard))[events.last]
    until_mean = _cumulate_sums(events.sum_steps(hazard[:, np.newaxis] * mean))[events.last]
    spared = _prepend_zero(events.sum_steps(part * hazard))[events.at]
    spared_mean = _prepend_zero(events.sum_steps((part * hazard)[:, np.newaxis] * mean))[events.at]
    exposure = until - spared
    scores = np.where(with_event[:, np.newaxis], x - _prepend_zero(own_mean)[events.at], 0.0)
    scores -= risk[:, np.newaxis] * (exposure[:, np.newaxis] * x - (until_mean - spared_mean))
    information = (of_x * exposure[:, np.newaxis]).T @ x
    information -= (mean * mean_weight[:, np.newaxis]).T @ mean
    logarithm = weight @ (with_event * predictor) - mean_weight @ np.log(denominator)
    return Likelihood(float(logarithm), scores, information)


def _cumulate_sums(sums: Floats) -> Floats:
    """(T + 1, ...) sums over the first 0, 1, ..., T times."""
    return np.concatenate([np.zeros((1, *sums.shape[1:])), np.cumsum(sums, axis=0)])


def _prepend_zero(sums: Floats) -> Floats:
    """(T + 1, ...) sums with zero for profiles without the event."""
    return np.concatenate([sums, np.zeros((1, *sums.shape[1:]))])
