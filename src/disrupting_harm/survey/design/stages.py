"""Stages of selection after the first: the units drawn inside each PSU, and inside those."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.design_columns import codes, populations, require_column


@dataclass(frozen=True, eq=False)
class Stage:
    """Units drawn without replacement inside the units of the stage above.

    Attributes:
        unit: (n,) index of each row's unit. Units are numbered parent by parent.
        parent: (U,) index of each unit's unit at the stage above, ascending.
        population: (A,) number of units in the population of each unit of the stage above.
    """

    unit: Integers
    parent: Integers
    population: Floats

    @cached_property
    def sampled(self) -> Integers:
        """(A,) number of sampled units of each unit of the stage above."""
        return np.bincount(self.parent, minlength=len(self.population))

    @cached_property
    def start(self) -> Integers:
        """(A + 1,) index of the first unit of each unit of the stage above, and their number."""
        return np.searchsorted(self.parent, np.arange(len(self.population) + 1))

    @cached_property
    def sampled_fraction(self) -> Floats:
        """(A,) the sampling fraction ``n / N`` in each unit of the stage above."""
        fraction: Floats = self.sampled / self.population
        return fraction


def build_stages(
    frame: pd.DataFrame,
    psu: Integers,
    psu_names: Sequence[Any],
    columns: Sequence[tuple[str | None, str]],
    lonely_psu: str,
) -> tuple[Stage, ...]:
    """Return the stages after the first.

    Args:
        frame: the n rows.
        psu: (n,) index of each row's PSU.
        psu_names: the P PSUs.
        columns: for each stage the column of its units, nested in those of the stage above (None
            where each row was drawn by itself), and the column with their number in the population
            of the unit above.
        lonely_psu: rule for units that are alone in the unit above; see ``SurveyDesign``.

    Raises:
        StudyError: a column is missing or at fault, or a unit is alone in the unit above and the
            rule does not say what it adds to the variance.
    """
    stages: list[Stage] = []
    above, names = psu, list(psu_names)
    for unit_column, population_column in columns:
        require_column(frame, unit_column)
        require_column(frame, population_column)
        if unit_column is None:
            code, labels = np.arange(len(frame)), list(range(1, len(frame) + 1))
        else:
            code, labels = codes(frame, unit_column)
        pairs, unit = np.unique(above * len(labels) + code, return_inverse=True)
        parent, label = np.divmod(pairs, len(labels))
        sampled = np.bincount(parent)
        level = ("unit", "units", "units inside")
        population = populations(frame, population_column, above, sampled, names, level)
        stage = Stage(unit, parent, population)
        _refuse_lonely_units(stage, names, population_column, lonely_psu)
        stages.append(stage)
        names = [f"{names[p]} / {labels[u]}" for p, u in zip(parent, label, strict=True)]
        above = unit
    return tuple(stages)


def _refuse_lonely_units(stage: Stage, names: list[Any], column: str, rule: str) -> None:
    """Refuse units alone in the unit above, except where they are known to add nothing."""
    alone = (stage.sampled == 1) & (stage.sampled_fraction < 1)
    if rule in ("remove", "centre", "certainty") or not alone.any():
        return
    listed = ", ".join(names[index] for index in np.flatnonzero(alone))
    raise StudyError(
        f"column '{column}'",
        f"one unit was drawn out of several in {listed}, and lonely_psu is '{rule}'",
        "One unit gives no variance at its stage: set lonely_psu to 'certainty', or leave the "
        "later stages and fpc out, which includes their variance in that of the PSUs",
    )
