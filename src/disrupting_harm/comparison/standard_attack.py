"""How much a standardised share discloses about groups that are hidden.

A standardised share is one more equation among the shares of the groups, and both sets of weights
are public. It is audited as all others are (:mod:`disrupting_harm.publication.audit`), for the
attacker who adds up weights: together with all that is printed of its country.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from designbased.arrays import Integers, Mask
from disrupting_harm.publication.audit import System, audit
from disrupting_harm.publication.case import Case, case_of_release
from disrupting_harm.publication.rounding import round_to
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.publication_config import FEW, Publication
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE


@dataclass(frozen=True)
class Standard:
    """The standard population.

    Attributes:
        domain: whose groups are weighted.
        shares: weight of each group.
        parents: the domains that a crossed domain is made of.
    """

    domain: str
    shares: Mapping[str, float]
    parents: tuple[str, ...] = ()


def has_confidential(
    table: pd.DataFrame, release: pd.DataFrame, standard: Standard | None
) -> np.ndarray:
    """Return for each row (``indicator``, ``country``) whether a group of it is confidential."""
    if standard is None:
        return np.zeros(len(table), dtype=bool)
    cells = release[release["domain"] == standard.domain]
    cells = cells[cells["status"] == SUPPRESS_DISCLOSURE]
    hidden = pd.MultiIndex.from_frame(cells[["indicator", "country"]])
    found: np.ndarray = pd.MultiIndex.from_frame(table[["indicator", "country"]]).isin(hidden)
    return found


def discloses(
    table: pd.DataFrame,
    release: pd.DataFrame,
    standard: Standard,
    places: int,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> Mask:
    """Return for each row whether its standardised share discloses a confidential count.

    Where the shares of several indicators do so only together, all of them are returned.

    Args:
        table: rows of proportions with ``indicator`` and ``country``.
        release: restricted releases of all countries, stacked.
        standard: the standard.
        places: decimals to which standardised shares are printed.
        publication: the rules.
        codebook: the definitions.
        few: counts of one to so many children must never be told.
    """
    told = np.zeros(len(table), dtype=bool)
    for country, rows in table.groupby("country").indices.items():
        own = release[(release["country"] == country) & (release["status"] != NOT_ASKED)]
        case, step = case_of_release(own.reset_index(drop=True), publication, codebook, few)
        names = table["indicator"].iloc[rows].tolist()
        given_away = _given_away(case, step, names, standard, places)
        told[rows] = [name in given_away for name in names]
    return told


def _given_away(
    case: Case, step: Integers, names: Sequence[str], standard: Standard, places: int
) -> set[str]:
    """Return the indicators of one country whose standardised share must not be printed."""
    attacker = case.attackers[-1]
    system = attacker.system(step)
    printed = list(names)
    while printed:
        beside = _with_shares(case, system, printed, standard, places)
        told = audit(beside, attacker.targets).targets.column
        found = set(case.cells.keys["indicator"].iloc[told])
        if not found:
            break
        printed = [name for name in printed if name not in found] if found & set(printed) else []
    return set(names) - set(printed)


def _with_shares(
    case: Case, system: System, names: Sequence[str], standard: Standard, places: int
) -> System:
    """Return what is known beside the standardised shares of some indicators, as printed."""
    cells, half = case.cells, 0.5 * 10.0**-places
    rows, limits = [], []
    for name in names:
        group = (cells.keys["indicator"] == name) & (cells.keys["domain"] == standard.domain)
        chosen = np.flatnonzero(group.to_numpy() & (cells.weight > 0))
        weight = cells.keys["level"].iloc[chosen].map(dict(standard.shares)).to_numpy(dtype=float)
        weight = weight / weight.sum()
        share = float(weight @ cells.share[chosen])
        printed = float(round_to(np.array([share]), np.array([places]))[0])
        # In children of the whole country, as all other rows are.
        size = cells.weight[chosen].sum()
        row = np.zeros(len(system.low))
        row[chosen] = size * weight / cells.weight[chosen]
        rows.append(csr_array(row[np.newaxis]))
        limits.append((size * (printed - half), size * (printed + half)))
    low, high = np.array(limits).T
    return replace(
        system,
        matrix=vstack([system.matrix, *rows], format="csr"),
        floor=np.append(system.floor, low),
        room=np.append(system.room, high),
    )
