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
from disrupting_harm.publication.disclosure.across_releases import join_earlier_releases
from disrupting_harm.publication.disclosure.attackers import (
    COUNTS,
    Attacker,
    Witnesses,
    no_witnesses,
)
from disrupting_harm.publication.disclosure.audit import audit
from disrupting_harm.publication.disclosure.audit_case import (
    AuditCase,
    build_case_of_release,
    check_nothing_disclosed,
)
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER, EarlierReleases
from disrupting_harm.publication.release import KEYS
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Disclosure, Publication
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE

SOLVER = "HiGHS"


def build_certificate(
    decided: pd.DataFrame,
    publication: Publication,
    codebook: Codebook,
    date: datetime.date,
    few: int = FEW,
    earlier: EarlierReleases = NO_EARLIER,
    witnesses: Witnesses | None = None,
) -> dict[str, Any]:
    """Audit the release of one country and return the content of ``disclosure.json``.

    Args:
        decided: from :func:`.release.decide_release`.
        publication, codebook, few, earlier: as for it.
        witnesses: tables that may fit what is printed, as :func:`.release.decide_release` found
            them.

    Raises:
        StudyError: a hidden number can be told.
    """
    asked_cells = decided[decided["status"] != NOT_ASKED].sort_values(KEYS).reset_index(drop=True)
    audit_case, union, disclosed = audit_release(
        asked_cells, publication, codebook, few, earlier, witnesses
    )
    check_nothing_disclosed(str(asked_cells["country"].iloc[0]), union.cells, disclosed)
    rules = publication.disclosure
    return {
        "country": str(asked_cells["country"].iloc[0]),
        "date": date.isoformat(),
        "method": rules.method,
        "threshold": rules.min_count,
        "threshold_sensitive": rules.min_count_sensitive,
        "never_told": few,
        **count_printed_cells(asked_cells),
        "together_with": sorted({*earlier.cells["release"]}),
        # Of this release alone: how many tie it to others depends on who gave the same answers.
        "equations": len(audit_case.attackers[0].floor),
        "attackers": [_describe_attacker(attacker, rules, few) for attacker in union.attackers],
        "told": 0,
        "solver": f"{SOLVER} of SciPy {scipy.__version__}",
    }


def count_printed_cells(cells: pd.DataFrame) -> dict[str, int]:
    """Return how many cells a table prints, and how many of them without an estimate.

    Those that stay as they were count as all others do: whether a table stays is not told here.
    """
    asked_cells = cells[cells["status"] != NOT_ASKED]
    count_of_hidden = (asked_cells["status"] == SUPPRESS_DISCLOSURE).sum()
    return {"cells": len(asked_cells), "without_estimate": int(count_of_hidden)}


def audit_release(
    decided: pd.DataFrame,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
    earlier: EarlierReleases = NO_EARLIER,
    witnesses: Witnesses | None = None,
) -> tuple[AuditCase, AuditCase, Integers]:
    """Read a release and earlier ones as printed.

    Return the case of the release, that of all together, and the cells that are told.

    Args:
        decided: cells that were asked, of one country, in the order of their keys.
        publication, codebook, few, earlier, witnesses: as for :func:`build_certificate`.
    """
    audit_case, step = build_case_of_release(decided, publication, codebook, few)
    union = join_earlier_releases(audit_case, earlier, publication, codebook, few)
    printed_steps = np.concatenate([step, union.steps.start[len(step) :]])
    known_tables, disclosed_cells = witnesses or no_witnesses(), []
    for attacker in union.attackers:
        disclosures = audit(
            attacker.system(printed_steps), attacker.targets, known_tables[attacker.measure]
        )
        disclosed_cells.append(attacker.find_cells(disclosures.targets))
    return audit_case, union, np.unique(np.concatenate(disclosed_cells))


def _describe_attacker(attacker: Attacker, rules: Disclosure, few: int) -> dict[str, str]:
    counts_persons = attacker.measure == COUNTS
    if counts_persons and rules.method != "coded":
        width = f"every number below {rules.min_count} stays open by {rules.min_count}"
        if rules.min_count_sensitive != rules.min_count:
            width += f", of a sensitive question in a group by {rules.min_count_sensitive}"
        protection = f"{width}, or by the whole group where that is smaller"
    else:
        protection = (
            f"every number from 1 to {few} stays open by {few}, and may be larger than {few}"
        )
    return {
        "counts_in": "persons" if counts_persons else "weights",
        "knows": "the questionnaire, these rules, every printed estimate exactly, what is printed "
        "in place of all others, how many answered each question put to everyone, and so how many "
        "of each group are in none of its parts",
        "kept": protection,
    }
