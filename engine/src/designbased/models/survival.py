"""Kaplan–Meier curves with design-based errors, such as of the age at a first experience.

With the weights at risk ``Y(t)`` and those of events ``N(t)`` at each time the survival is

    S(t) = Π_{s ≤ t} (1 - N(s)/Y(s)),

the curve of the population as the sample shows it (Kaplan & Meier 1958, Journal of the American
Statistical Association 53). Row i adds to ``log S(t)``

    - Σ_{s ≤ t} (N_i(s) - Y_i(s) N(s)/Y(s)) / (Y(s) - N(s)),

whose weighted sum has the variance of the design (Binder 1983). The ``"exponential"`` curve
``exp(-Σ N(s)/Y(s))`` has ``Y(s)`` in the place of ``Y(s) - N(s)``: it is what R's ``svykm`` gives
with ``se=TRUE``, where it gives the product without. With whole years many events share a time and
the two differ visibly. Limits are made on the scale of ``log(-log S)``, which keeps them inside 0
and 1 (Kalbfleisch & Prentice 2002, section 1.4), with t of the design's degrees of freedom.
"""

from collections.abc import Iterable, Sequence
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
from designbased.intervals.limits import wald_t
from designbased.models.survival_times import SurvivalTimes, code_survival_times, split_codes
from designbased.variance.profile_rows import ProfileEstimator, ProfileRows
from designbased.variance.scores import degrees_of_freedom, select_domain_rows

# Influences of profiles and times, or deviations of times, are held in blocks of this many numbers.
BLOCK_SIZE = 8_000_000

Curve: TypeAlias = Literal["product", "exponential"]


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk and has the event at each of T times, for C profiles of time and event.

    Attributes:
        place: (C,) place of each profile's time among the T.
        happened: (C,) 1 where the event happened.
        count: number of times T.
    """

    place: Integers
    happened: Integers
    count: int

    def sum_weights(self, weight: Floats) -> tuple[Floats, Floats]:
        """(..., T) weights at risk and of events, from (..., C) weights of the profiles."""
        at_time = np.zeros((*weight.shape[:-1], self.count))
        events = np.zeros_like(at_time)
        places: Any = (..., self.place)
        np.add.at(at_time, places, weight)
        np.add.at(events, places, weight * self.happened)
        at_risk = np.flip(np.cumsum(np.flip(at_time, -1), axis=-1), -1)
        return at_risk, events

    def log_survival(self, weight: Floats, curve: Curve, after: Integers) -> Floats:
        """(..., A) logarithm of the survival after the A times; NaN where nobody is left."""
        at_risk, events = self.sum_weights(weight)
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(events > 0, np.minimum(events / at_risk, 1.0), 0.0)
            steps = -hazard if curve == "exponential" else np.log1p(-hazard)
        steps[~(steps > -np.inf)] = np.nan
        return np.asarray(np.cumsum(steps, axis=-1)[..., after])

    def influence(self, weight: Floats, curve: Curve, after: Integers) -> Floats:
        """(C, A) what a row of each profile adds to the log survival after the A times."""
        at_risk, events = self.sum_weights(weight)
        left = at_risk if curve == "exponential" else at_risk - events
        # After the last of a curve that reaches zero the logarithm has no derivative.
        with np.errstate(divide="ignore", invalid="ignore"):
            of_event = np.where(events > 0, np.where(left > 0, 1 / left, np.nan), 0.0)
            of_risk = np.where(events > 0, events / at_risk * of_event, 0.0)
        own = self.happened * of_event[self.place]
        reached = after >= self.place[:, np.newaxis]
        until = np.cumsum(of_risk)[np.minimum(self.place[:, np.newaxis], after)]
        influence: Floats = until - np.where(reached, own[:, np.newaxis], 0.0)
        return influence


def estimate_survival(
    design: Design,
    data: pd.DataFrame,
    time: str,
    event: str,
    by: str | None = None,
    at: Sequence[float] | None = None,
    curve: Curve = "product",
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate the share without the event after each time, censored rows included.

    Args:
        data: (n, ...) the columns, in the rows of the design. Rows with a missing time or event are
            left out; their PSUs stay in the design.
        time: column of times to the event or to censoring, zero or more.
        event: column that is true, or 1, where the event happened at that time.
        by: column of groups, each with a curve of its own; None for everybody.
        at: times to report; None for all times with an event.
        curve: ``"product"`` (Kaplan–Meier) or ``"exponential"``, see above.
        where: (n,) true for the rows of the domain; None for all.
        df_rule: see :func:`.degrees_of_freedom.domain_df`; None is ``domain_only``, and ``full``
            for supplied replicate weights.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        ``level, time, n_at_risk, n_events`` (rows), ``at_risk, events`` (weights),
        ``survival, se_log`` (standard error of its logarithm), ``ci_low, ci_high, df``. The counts
        are those at the last time with an event that is not later. Where nobody is left the
        survival is 0, and its logarithm has no error: NaN.

    Raises:
        InputError: a column is missing or holds other values; a group has no event, or a time to
            report lies before its first event or after its last time.
    """
    if curve not in get_args(Curve):
        options = ", ".join(get_args(Curve))
        raise InputError("curve", f"the value {curve!r}", f"Choose one of {options}")
    data = design.rows.frame(data, "data")
    coded = code_survival_times(data, time, event)
    used = select_domain_rows(design, where) & ~np.isnan(coded.code)
    groups = pd.Series("all", index=data.index, dtype="category")
    if by is not None:
        if by not in data:
            columns = ", ".join(map(str, data.columns))
            raise InputError(f"column '{by}'", "not in the data", f"Choose one of {columns}")
        groups = data[by].astype("category")
    tables = []
    for level in groups.cat.categories:
        rows = np.flatnonzero(used & (groups == level).to_numpy())
        if not (coded.code[rows] % 2).any():
            finding = f"no row of '{level}' has the event"
            raise InputError(f"column '{event}'", finding, "Leave the group out, or join it")
        table = _estimate_curve(design, coded, rows, at, curve, df_rule, calibration)
        low, high = _log_log_limits(table, confidence)
        table.insert(0, "level", level)
        tables.append(table.assign(ci_low=low, ci_high=high, df=table.pop("df")))
    return pd.concat(tables, ignore_index=True)


def _estimate_curve(
    design: Design,
    coded: SurvivalTimes,
    position: Integers,
    at: Sequence[float] | None,
    curve: Curve,
    df_rule: DfRule | None,
    calibration: CalibratedFrame | None,
) -> pd.DataFrame:
    """Estimate the curve of some rows, without limits."""
    codes, profile = np.unique(coded.code[position], return_inverse=True)
    rows = ProfileRows(design, position, profile, len(codes))
    places, happened = split_codes(codes)
    distinct, place = np.unique(places, return_inverse=True)
    times, sets = coded.times[distinct], RiskSets(place, happened, len(distinct))
    reported = _times_to_report(at, times, sets)
    variances = []
    step = max(1, BLOCK_SIZE // max(len(codes), design.n_units, design.n_deviations))
    for first in range(0, len(reported), step):
        after = reported[first : first + step]
        influence = sets.influence(rows.weight, curve, after)
        estimator = ProfileEstimator(
            rows=rows,
            value=partial(sets.log_survival, curve=curve, after=after),
            by_profile=influence,
            cases=np.ones(influence.shape, dtype=bool),
            calibration=calibration,
        )
        variances.append(design.deviations(estimator).variances())
    log_survival = sets.log_survival(rows.weight, curve, reported)
    # Nobody is left at the end of a curve that reaches zero.
    ended = np.isnan(log_survival)
    mask = np.zeros((design.n_rows, 1), dtype=bool)
    mask[position] = True
    counts = sets.sum_weights(np.bincount(profile, minlength=len(codes)).astype(np.float64))
    weights = sets.sum_weights(rows.weight)
    return pd.DataFrame(
        {
            "time": times[reported] if at is None else np.asarray(at, dtype=np.float64),
            "n_at_risk": counts[0][reported].astype(np.intp),
            "n_events": counts[1][reported].astype(np.intp),
            "at_risk": weights[0][reported],
            "events": weights[1][reported],
            "survival": np.where(ended, 0.0, np.exp(log_survival)),
            "se_log": np.where(ended, np.nan, np.sqrt(np.concatenate(variances))),
            "df": int(degrees_of_freedom(design, mask, df_rule)[0]),
        }
    )


def _times_to_report(at: Sequence[float] | None, times: Floats, sets: RiskSets) -> Integers:
    """Places of the times with an event, or of the last such time before each of ``at``."""
    events = np.bincount(sets.place, sets.happened, sets.count)
    with_event = np.flatnonzero(events > 0)
    if at is None:
        return with_event
    asked = np.asarray(at, dtype=np.float64)
    if (outside := (asked < times[with_event[0]]) | (asked > times[-1])).any():
        first, last = times[with_event[0]], times[-1]
        remedy = f"Give times from {first:g}, the first event, to {last:g}"
        raise InputError("at", f"the time {asked[outside][0]:g}", remedy)
    return with_event[np.searchsorted(times[with_event], asked, side="right") - 1]


def _log_log_limits(table: pd.DataFrame, confidence: float) -> tuple[Floats, Floats]:
    """Limits of survival by way of ``log(-log S)``, whose standard error is ``se / -log S``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = -np.log(table["survival"].to_numpy())
        scale, se = np.log(hazard), table["se_log"].to_numpy() / hazard
        low, high = wald_t(scale, se, np.nan, table["df"].to_numpy(), confidence)
    return np.exp(-np.exp(high)), np.exp(-np.exp(low))
