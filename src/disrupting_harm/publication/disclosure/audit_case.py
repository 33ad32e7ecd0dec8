"""What disclosure control looks at in one country: its cells, their steps, and two attackers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Integers, Mask
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.attackers import COUNTS, WEIGHTS, Attacker, attacker
from disrupting_harm.publication.disclosure.disclosure import CONFIDENTIAL, Cells, Steps, steps_of
from disrupting_harm.publication.disclosure.equations import equations
from disrupting_harm.publication.disclosure.relations import relations
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY


@dataclass(frozen=True, eq=False)
class Case:
    """The cells of one country, what may be printed of them, and who must not work any back."""

    cells: Cells
    steps: Steps
    attackers: tuple[Attacker, ...]


def case_of(
    table: pd.DataFrame,
    unreliable: Mask,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> Case:
    """Return what disclosure control looks at in one country.

    Args:
        table: the columns of ``country/estimates``, cells that were asked alone.
        unreliable: (C,) which of them are hidden for another reason.
        publication: the rules.
        codebook: the definitions, which say what follows from what.
        few: counts of one to so many children must never be told.
    """
    disclosure = publication.disclosure
    proportions = [e.id for e in codebook.indicators if e.statistic == "proportion"]
    proportion = table["indicator"].isin(proportions).to_numpy()
    sensitive = [entry.id for entry in codebook.indicators if entry.sensitive]
    cells = Cells.of(table, proportion, unreliable, sensitive, disclosure)
    tied = relations(codebook)
    rows = equations(cells.keys, codebook.crosses, tied)
    steps = steps_of(cells, tied.everyone, disclosure, few)
    attackers = tuple(
        attacker(measure, cells, steps, rows, tied.everyone, disclosure, few)
        for measure in (COUNTS, WEIGHTS)
    )
    return Case(cells, steps, attackers)


def case_of_release(
    decided: pd.DataFrame, publication: Publication, codebook: Codebook, few: int = FEW
) -> tuple[Case, Integers]:
    """Return the case of a release that was decided on, and the step of each of its cells.

    Args:
        decided: the columns of ``country/release``, cells of one country that were asked alone.
        publication, codebook, few: as for :func:`case_of`.
    """
    unreliable = (decided["status"] == SUPPRESS_RELIABILITY).to_numpy()
    case = case_of(decided, unreliable, publication, codebook, few)
    return case, as_printed(case.steps, decided)


def as_printed(steps: Steps, decided: pd.DataFrame) -> Integers:
    """Return the step at which each cell (C,) is printed, by its ``status`` and bounds."""
    last = len(steps.sign) - 1
    low, high = floats(decided, "bound_low"), floats(decided, "bound_high")
    hidden = (decided["status"] == SUPPRESS_DISCLOSURE).to_numpy()
    sign = np.select([~hidden, high < 1, low > 0], ["", "<", ">"], CONFIDENTIAL)
    step = np.where(hidden, last, 0)
    for at in range(last - 1, 0, -1):
        bound = np.where(sign == "<", high, low)
        same = np.isnan(steps.bound[at]) | (steps.bound[at] == bound)
        step[hidden & steps.possible[at] & (steps.sign[at] == sign) & same] = at
    return step


def refuse_told(country: str, cells: Cells, told: Integers) -> None:
    """Stop where some cells can be worked back.

    Raises:
        StudyError: it names their indicators, and no number.
    """
    if len(told):
        names = list(dict.fromkeys(cells.keys["indicator"].iloc[told]))
        raise StudyError(
            f"{country}, {' and '.join(names)}",
            "a hidden number could be worked back and no cover is left",
            "Merge levels of a domain, or drop an indicator",
        )
