"""How much a standardised share discloses about groups that are hidden.

The crude share is one equation in the shares of the groups, weighted by how many children each has;
the standardised share is another, weighted by the standard. Both sets of weights are public. An
attacker who also knows every share that is shown may so learn more of a confidential group than
disclosure control left open. The attack is that of :mod:`disrupting_harm.publication.attack`, on
shares in place of counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.publication.attack import System, attack
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import round_to
from disrupting_harm.study.statuses import TOTAL

TOLERANCE = 1e-6


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


@dataclass(frozen=True)
class _Case:
    """Two systems of one cell, without and beside its standardised share, and sizes of groups."""

    without: System
    beside: System
    sizes: np.ndarray


def has_confidential(
    table: pd.DataFrame, release: pd.DataFrame, standard: Standard | None
) -> np.ndarray:
    """Return for each row (``indicator``, ``country``) whether a group of it is confidential."""
    if standard is None:
        return np.zeros(len(table), dtype=bool)
    cells = release[release["domain"] == standard.domain]
    cells = cells[cells["status"] == "suppress_disclosure"]
    hidden = pd.MultiIndex.from_frame(cells[["indicator", "country"]])
    found: np.ndarray = pd.MultiIndex.from_frame(table[["indicator", "country"]]).isin(hidden)
    return found


def discloses(
    table: pd.DataFrame, release: pd.DataFrame, standard: Standard, places: int, minimum: float
) -> np.ndarray:
    """Return for each row whether its standardised share discloses a confidential count.

    Args:
        table: rows of proportions with ``indicator`` and ``country``.
        release: restricted releases of all countries, stacked.
        standard: the standard.
        places: decimals to which standardised shares are printed.
        minimum: so many children must stay in doubt, or all that were in doubt without the
            standardised share where these are fewer.
    """
    groups = dict(iter(release.groupby(["indicator", "country"])))
    cases = [
        _case(groups[row.indicator, row.country], standard, places)
        for row in table[["indicator", "country"]].itertuples()
    ]
    ends = attack([system for case in cases for system in (case.without, case.beside)])
    return np.array(
        [
            _is_narrower(before, after, case.sizes, minimum)
            for case, before, after in zip(cases, ends[::2], ends[1::2], strict=True)
        ],
        dtype=bool,
    )


def _is_narrower(before: np.ndarray, after: np.ndarray, sizes: np.ndarray, minimum: float) -> bool:
    """Compare the limits (targets, 2) of shares, as numbers of children."""
    open_before, open_after = ((limits[:, 1] - limits[:, 0]) * sizes for limits in (before, after))
    return bool((open_after < np.minimum(minimum, open_before) - TOLERANCE * sizes).any())


def _case(cells: pd.DataFrame, standard: Standard, places: int) -> _Case:
    own = cells[(cells["domain"] == standard.domain) & cells["estimate"].notna()]
    share, hidden = floats(own, "estimate"), ~is_shown(own).to_numpy()
    targets = (own["status"] == "suppress_disclosure").to_numpy()[hidden]
    equations = _equations(cells, own, standard)[:, hidden]
    weights = own["level"].map(dict(standard.shares)).to_numpy(dtype=float)
    weights = weights / weights.sum()
    number = int(hidden.sum())
    without = System(
        matrix=equations,
        known=equations @ share[hidden],
        low=np.zeros(number),
        high=np.ones(number),
        targets=tuple(np.flatnonzero(targets).tolist()),
    )
    # One more unknown: the standardised share, anywhere where it is printed as it is.
    printed = float(round_to(np.array([weights @ share]), np.array([places]))[0])
    half = 0.5 * 10.0**-places
    beside = System(
        matrix=np.block(
            [
                [equations, np.zeros((len(equations), 1))],
                [weights[hidden][np.newaxis], -np.ones((1, 1))],
            ]
        ),
        known=np.append(without.known, -weights[~hidden] @ share[~hidden]),
        low=np.append(without.low, printed - half),
        high=np.append(without.high, printed + half),
        targets=without.targets,
    )
    return _Case(without, beside, floats(own, "n")[hidden][targets])


def _equations(cells: pd.DataFrame, own: pd.DataFrame, standard: Standard) -> np.ndarray:
    """Return cells x groups: the weights with which groups make each wider cell that is shown."""
    size, levels = floats(own, "population"), own["level"].tolist()
    wider = cells[is_shown(cells) & cells["domain"].isin([TOTAL[0], *standard.parents])]
    rows = [
        size * _inside(domain, level, levels, standard.parents)
        for domain, level in zip(wider["domain"], wider["level"], strict=True)
    ]
    matrix = np.array(rows).reshape(-1, len(levels))
    matrix = matrix[matrix.any(axis=1)]
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True))


def _inside(domain: str, level: str, groups: Sequence[str], parents: Sequence[str]) -> np.ndarray:
    if domain not in parents:
        return np.ones(len(groups))
    place = list(parents).index(domain)
    return np.array([float(group.split("|")[place] == level) for group in groups])
