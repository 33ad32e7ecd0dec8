"""Samples drawn with unequal probabilities, without replacement (PPS)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.design.design_columns import list_rows, read_numbers, require_column
from designbased.design.deviations import Deviations, later_deviations, later_stage_factors
from designbased.design.frames import read_frame
from designbased.design.pps_variance import JOINT, ApproximateForm, JointForm, PpsVariance
from designbased.design.quadratic_design import QuadraticDesign
from designbased.design.survey_design import (
    SurveyDesign,
    build_stages,
    describe_psus,
    expand_by_stages,
)
from designbased.errors import InputError

# Joint probabilities of other programs are printed with some digits only.
PRINTED = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class PpsDesign(QuadraticDesign):
    """A sample of units drawn with unequal probabilities, without replacement.

    Build it with :meth:`from_frame`, which checks everything.

    Attributes:
        probability: (P,) inclusion probability of each unit.
        variance: the name of the form of the variance; see :mod:`.pps_variance`.
    """

    probability: Floats
    variance: PpsVariance

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        probability: str = "probability",
        variance: PpsVariance = "brewer",
        joint: pd.DataFrame | Floats | None = None,
        squares: str | None = None,
        weight: str | None = None,
        stratum: str | None = None,
        psu: str | None = None,
        later_stages: Sequence[tuple[str | None, str]] = (),
    ) -> "PpsDesign":
        """Check the design columns of ``frame`` and return the design of its rows.

        Args:
            frame: one row per respondent.
            probability: column with the inclusion probability of the row's unit, above 0 and up to
                1; a unit of probability 1 adds nothing to the variance.
            variance: ``"brewer"``, ``"overton"`` and ``"hartley_rao"`` approximate joint
                probabilities; ``"horvitz_thompson"`` and ``"yates_grundy"`` need them. Brewer's is
                never negative; each of the others can be.
            joint: (P, P) joint inclusion probabilities of all pairs of units. A frame has the
                identifiers of units as index and columns; an array, for units that are rows, has
                the order of the rows.
            squares: column with the sum of the squared probabilities of all units in the population
                of the row's stratum, for ``"hartley_rao"``; None estimates it from the sample.
            weight: column of weights; None is one over the probability, times the number of units
                over those sampled at each later stage.
            stratum: column of strata, in each of which units were drawn by themselves; None for an
                unstratified sample.
            psu: column of units; None when each row was drawn by itself.
            later_stages: stages inside units, each with equal probabilities and without
                replacement; see :meth:`.SurveyDesign.from_frame`. Leave them out where units were
                taken whole.

        Raises:
            InputError: a column is missing or at fault; a probability is not above 0 and up to 1 or
                varies in a unit; a unit of a probability below 1 is alone in its stratum; joint
                probabilities are missing, not wanted, or not those of these units.
        """
        _check_arguments(variance, joint, squares)
        frame = read_frame(frame)
        sample = SurveyDesign.from_frame(
            frame, weight=weight, stratum=stratum, psu=psu, lonely_psu="remove"
        )
        for column in (probability, squares):
            require_column(frame, column)
        names = describe_psus(sample)
        chance = _read_probabilities(frame, probability, sample.psu, names)
        _refuse_lonely_units(sample, chance, probability)
        if later_stages:
            stages = build_stages(frame, sample.psu, names, later_stages, "fail")
            sample = replace(sample, later_stages=stages)
        if weight is None:
            expanded = expand_by_stages(1 / chance[sample.psu], sample.later_stages)
            sample = replace(sample, weight=expanded)
        form: ApproximateForm | JointForm
        if joint is None:
            known = None if squares is None else _read_squares(frame, squares, sample)
            form = ApproximateForm.of_sample(variance, chance, sample.stratum_psus, known)
        else:
            form = JointForm.of_sample(variance, _read_joint(joint, sample, psu, chance))
        return cls(sample, form, chance, variance)

    def __repr__(self) -> str:
        descriptions = [
            f"{self.n_rows:,} rows",
            f"{self.n_psus:,} units of unequal probability",
            "no strata" if self.sample.n_strata == 1 else f"{self.sample.n_strata:,} strata",
            f"df {self.df:,}",
            f"variance by {self.variance}",
        ]
        if self.sample.later_stages:
            descriptions.append(f"{1 + len(self.sample.later_stages)} stages")
        return f"<PpsDesign: {', '.join(descriptions)}>"

    @property
    def n_deviations(self) -> int:
        """Number of deviations V of an estimate."""
        later = sum(len(stage.parent) for stage in self.sample.later_stages)
        return len(self.form.sign) + later

    def _deviations_of_totals(self, totals: Floats) -> Deviations:
        """(V, C) deviations of (U, C) totals: those of units, then of the stages inside them.

        A unit counts with its probability for what its later stages add (Särndal, Swensson &
        Wretman 1992, section 4.3).
        """
        factors = later_stage_factors(self.sample, self.probability)
        totals, later = later_deviations(self.sample, totals, 0, self.n_psus, factors)
        values = np.concatenate([self.form.deviations(totals), *later])
        sign = np.ones(len(values))
        sign[: len(self.form.sign)] = self.form.sign
        return Deviations(values, sign)


def _check_arguments(
    variance: str, joint: pd.DataFrame | Floats | None, squares: str | None
) -> None:
    if variance not in get_args(PpsVariance):
        options = ", ".join(get_args(PpsVariance))
        raise InputError("variance", f"the value {variance!r}", f"Choose one of {options}")
    if (joint is None) == (variance in JOINT):
        finding = f"{'none' if joint is None else 'a table'} for the variance by '{variance}'"
        remedy = f"Give joint probabilities for {' and '.join(JOINT)}, and for these alone"
        raise InputError("joint", finding, remedy)
    if squares is not None and variance != "hartley_rao":
        finding = f"a column for the variance by '{variance}'"
        raise InputError("squares", finding, "Leave it out: 'hartley_rao' alone reads it")


def _read_probabilities(
    frame: pd.DataFrame, column: str, psu: Integers, names: Sequence[str]
) -> Floats:
    values = read_numbers(frame, column)
    outside = ~((values > 0) & (values <= 1))
    if outside.any():
        finding = f"{outside.sum()} numbers that are no probability, {list_rows(outside)}"
        remedy = "Give inclusion probabilities, above 0 and up to 1, not sizes"
        raise InputError(f"column '{column}'", finding, remedy)
    chance = np.zeros(len(names))
    chance[psu] = values
    varying = chance[psu] != values
    if varying.any():
        first = names[int(np.min(psu[varying]))]
        finding = f"more than one value in {first}, {list_rows(varying)}"
        raise InputError(f"column '{column}'", finding, "Give one probability per unit")
    return chance


def _refuse_lonely_units(sample: SurveyDesign, chance: Floats, column: str) -> None:
    alone = (sample.stratum_psus == 1) & (chance[sample.stratum_start] < 1)
    if alone.any():
        strata = ", ".join(str(sample.stratum_labels[h]) for h in np.flatnonzero(alone))
        raise InputError(
            f"column '{column}'",
            f"one unit, of a probability below 1, in the strata {strata}",
            "One unit gives no variance within its stratum: join strata that are alike",
        )


def _read_squares(frame: pd.DataFrame, column: str, sample: SurveyDesign) -> Floats:
    values, stratum = read_numbers(frame, column), sample.psu_stratum[sample.psu]
    squares = np.zeros(sample.n_strata)
    squares[stratum] = values
    at_fault = (squares[stratum] != values) | (values <= 0)
    if at_fault.any():
        finding = f"zero, or more than one value in a stratum, {list_rows(at_fault)}"
        remedy = "Give the sum of the squared probabilities of all units of the stratum"
        raise InputError(f"column '{column}'", finding, remedy)
    return squares


def _read_joint(
    joint: pd.DataFrame | Floats, sample: SurveyDesign, psu: str | None, chance: Floats
) -> Floats:
    """(P, P) joint probabilities in the order of the units, checked."""
    n_units = sample.n_psus
    if isinstance(joint, pd.DataFrame):
        if psu is None:
            order = pd.Index(sample.index) if sample.index is not None else joint.index
            order = order[np.argsort(sample.psu)]
        else:
            order = pd.Index(sample.psu_labels)
        for axis, labels in (("index", joint.index), ("columns", joint.columns)):
            if len(labels) != n_units or not order.isin(labels).all():
                finding = f"{axis} of {len(labels)} labels that are not those of {n_units} units"
                raise InputError("joint", finding, "Label rows and columns as the units are")
        table = joint.loc[order, order].to_numpy(dtype=np.float64)
    else:
        table = np.asarray(joint, dtype=np.float64)
        if psu is not None or table.shape != (n_units, n_units):
            finding = f"an array of {' by '.join(map(str, table.shape))} for {n_units} units"
            remedy = "Give a frame with the identifiers of units as index and columns"
            raise InputError("joint", finding, remedy)
        rows = np.argsort(sample.psu)
        table = table[np.ix_(rows, rows)]
    smaller = np.minimum.outer(chance, chance)
    other = np.abs(np.diag(table) - chance) > PRINTED * chance
    faults = {
        "on the diagonal another number than the probability of the unit": np.diag(other),
        "another number than its mirror": np.abs(table - table.T) > PRINTED * smaller,
        "no probability above zero": ~(table > 0),
        "more than the probability of one of the two": table > smaller * (1 + PRINTED),
    }
    for fault, at_fault in faults.items():
        if at_fault.any():
            first, second = np.argwhere(at_fault)[0] + 1
            raise InputError(
                f"joint, units {first} and {second}",
                f"{fault}, and so in {at_fault.sum()} cells",
                "Give the joint inclusion probability of every pair, in the order of the units",
            )
    symmetric: Floats = (table + table.T) / 2
    np.fill_diagonal(symmetric, chance)
    return symmetric
