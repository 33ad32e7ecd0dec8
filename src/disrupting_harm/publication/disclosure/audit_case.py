"""What disclosure control looks at in one country: its cells, their steps, and two attackers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Integers, Mask
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.attackers import (
    COUNTS,
    WEIGHTS,
    Attacker,
    build_attacker,
)
from disrupting_harm.publication.disclosure.cells_and_steps import (
    CONFIDENTIAL,
    Cells,
    Steps,
    build_steps,
)
from disrupting_harm.publication.disclosure.equations import build_equations
from disrupting_harm.publication.disclosure.relations import find_relations
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication
from disrupting_harm.study.statuses import SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY


@dataclass(frozen=True, eq=False)
class AuditCase:
    """The cells of one country, what may be printed of them, and who must not work any back."""

    cells: Cells
    steps: Steps
    attackers: tuple[Attacker, ...]


def build_case(
    table: pd.DataFrame,
    unreliable: Mask,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> AuditCase:
    """Return what disclosure control looks at in one country.

    Args:
        table: the columns of ``country/estimates``, cells that were asked alone.
        unreliable: (C,) which of them are hidden for another reason.
        codebook: the definitions, which say what follows from what.
        few: counts of one to so many children must never be told.
    """
    disclosure = publication.disclosure
    proportions = [
        indicator.id for indicator in codebook.indicators if indicator.statistic == "proportion"
    ]
    proportion = table["indicator"].isin(proportions).to_numpy()
    sensitive = [definition.id for definition in codebook.indicators if definition.sensitive]
    cells = Cells.from_estimates(table, proportion, unreliable, sensitive, disclosure)
    relations_of_indicators = find_relations(codebook)
    rows = build_equations(cells.keys, codebook.crosses, relations_of_indicators)
    steps = build_steps(cells, relations_of_indicators.everyone, disclosure, few)
    attackers = tuple(
        build_attacker(
            measure, cells, steps, rows, relations_of_indicators.everyone, disclosure, few
        )
        for measure in (COUNTS, WEIGHTS)
    )
    return AuditCase(cells, steps, attackers)


def build_case_of_release(
    decided: pd.DataFrame, publication: Publication, codebook: Codebook, few: int = FEW
) -> tuple[AuditCase, Integers]:
    """Return the case of a release that was decided on, and the step of each of its cells.

    Args:
        decided: the columns of ``country/release``, cells of one country that were asked alone.
        publication, codebook, few: as for :func:`build_case`.
    """
    unreliable = (decided["status"] == SUPPRESS_RELIABILITY).to_numpy()
    audit_case = build_case(decided, unreliable, publication, codebook, few)
    return audit_case, find_printed_steps(audit_case.steps, decided)


def find_printed_steps(steps: Steps, decided: pd.DataFrame) -> Integers:
    """Return the step at which each cell (C,) is printed, by its ``status`` and bounds."""
    last = len(steps.sign) - 1
    low, high = floats(decided, "bound_low"), floats(decided, "bound_high")
    hidden = (decided["status"] == SUPPRESS_DISCLOSURE).to_numpy()
    sign = np.select([~hidden, high < 1, low > 0], ["", "<", ">"], CONFIDENTIAL)
    step = np.where(hidden, last, 0)
    for index in range(last - 1, 0, -1):
        bound = np.where(sign == "<", high, low)
        is_same_bound = np.isnan(steps.bound[index]) | (steps.bound[index] == bound)
        step[hidden & steps.possible[index] & (steps.sign[index] == sign) & is_same_bound] = index
    return step


def check_nothing_disclosed(country: str, cells: Cells, disclosed: Integers) -> None:
    """Stop where some cells can be worked back.

    Raises:
        StudyError: it names their indicators, and no number.
    """
    if len(disclosed):
        indicators = list(dict.fromkeys(cells.keys["indicator"].iloc[disclosed]))
        raise StudyError(
            f"{country}, {' and '.join(indicators)}",
            "a hidden number could be worked back and no cover is left",
            "Merge levels of a domain, or drop an indicator",
        )
