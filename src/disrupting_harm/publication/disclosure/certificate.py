"""What was tried on a finished release, and that it gave nothing away.

The release is read as it is printed, apart from how its cells were chosen, and audited once more:
what is known of it is worked out anew, and a table that showed a number to be open while the cells
were chosen counts only if it fits all of that.
What earlier releases tell by themselves it does not count: this one must tell no more of it.
The certificate holds nothing that the public table does not: no number of confidential cells, only
of cells without an estimate.
"""

import datetime
from typing import Any

import numpy as np
import pandas as pd
import scipy

from designbased.arrays import Integers
from disrupting_harm.publication.disclosure.across_releases import with_earlier
from disrupting_harm.publication.disclosure.attackers import (
    COUNTS,
    Attacker,
    Witnesses,
    no_witnesses,
)
from disrupting_harm.publication.disclosure.audit import audit
from disrupting_harm.publication.disclosure.audit_case import Case, case_of_release, refuse_told
from disrupting_harm.publication.disclosure.earlier_releases import NOTHING, Earlier
from disrupting_harm.publication.release import KEYS
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Disclosure, Publication
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE

SOLVER = "HiGHS"


def certificate(
    decided: pd.DataFrame,
    publication: Publication,
    codebook: Codebook,
    date: datetime.date,
    few: int = FEW,
    earlier: Earlier = NOTHING,
    witnesses: Witnesses | None = None,
) -> dict[str, Any]:
    """Audit the release of one country and return the content of ``disclosure.json``.

    Args:
        decided: from :func:`.release.release`.
        publication, codebook, few, earlier: as for it.
        date: of the study.
        witnesses: tables that may fit what is printed, as :func:`.release.release` found them.

    Raises:
        StudyError: a hidden number can be told.
    """
    own = decided[decided["status"] != NOT_ASKED].sort_values(KEYS).reset_index(drop=True)
    union, told = audited(own, publication, codebook, few, earlier, witnesses)
    refuse_told(str(own["country"].iloc[0]), union.cells, told)
    rules = publication.disclosure
    return {
        "country": str(own["country"].iloc[0]),
        "date": date.isoformat(),
        "method": rules.method,
        "threshold": rules.min_count,
        "threshold_sensitive": rules.min_count_sensitive,
        "never_told": few,
        **printed_cells(own),
        "together_with": sorted({*earlier.cells["release"]}),
        # Of this release alone: how many tie it to others depends on who gave the same answers.
        "equations": _equations(case_of_release(own, publication, codebook, few)[0]),
        "attackers": [_described(attacker, rules, few) for attacker in union.attackers],
        "told": 0,
        "solver": f"{SOLVER} of SciPy {scipy.__version__}",
    }


def printed_cells(cells: pd.DataFrame) -> dict[str, int]:
    """Return how many cells a table prints, and how many of them without an estimate.

    Those that stay as they were count as all others do: whether a table stays is not told here.
    """
    asked = cells[cells["status"] != NOT_ASKED]
    hidden = (asked["status"] == SUPPRESS_DISCLOSURE).sum()
    return {"cells": len(asked), "without_estimate": int(hidden)}


def audited(
    decided: pd.DataFrame,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
    earlier: Earlier = NOTHING,
    witnesses: Witnesses | None = None,
) -> tuple[Case, Integers]:
    """Read a release and earlier ones as printed; return their union, and cells that are told.

    Args:
        decided: cells that were asked, of one country, in the order of their keys.
        publication, codebook, few, earlier, witnesses: as for :func:`certificate`.
    """
    case, step = case_of_release(decided, publication, codebook, few)
    union = with_earlier(case, earlier, publication, codebook, few)
    printed = np.concatenate([step, union.steps.start[len(step) :]])
    known, told = witnesses or no_witnesses(), []
    for attacker in union.attackers:
        found = audit(attacker.system(printed), attacker.targets, known[attacker.measure])
        told.append(attacker.cells_of(found.targets))
    return union, np.unique(np.concatenate(told))


def _equations(case: Case) -> int:
    return int(case.attackers[0].equations.matrix.shape[0])


def _described(attacker: Attacker, rules: Disclosure, few: int) -> dict[str, str]:
    counts = attacker.measure == COUNTS
    if counts and rules.method != "coded":
        width = f"every number below {rules.min_count} stays open by {rules.min_count}"
        if rules.min_count_sensitive != rules.min_count:
            width += f", of a sensitive question in a group by {rules.min_count_sensitive}"
        kept = f"{width}, or by the whole group where that is smaller"
    else:
        kept = f"every number from 1 to {few} stays open by {few}, and may be larger than {few}"
    return {
        "counts_in": "persons" if counts else "weights",
        "knows": "the questionnaire, these rules, every printed estimate exactly, what is printed "
        "in place of all others, how many answered each question put to everyone, and so how many "
        "of each group are in none of its parts",
        "kept": kept,
    }
