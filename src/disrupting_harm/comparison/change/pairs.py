"""Which waves of an indicator are compared, and what part of alpha each pair has.

An indicator's waves are those that asked it. Where a break lies between two of them they part into
segments; within a segment each wave is compared with the next one, and the first with the last.
The family of Holm's method is all these pairs of all headline indicators, in one group of children.
It is shared before anyone looks: each indicator that has a pair has the same part of alpha, its
segments share it equally, and half of that is for the first and the last wave, the other half for
the neighbours. With two waves in a segment all of it is for their pair.

A change from the first to the last wave is found nearly as often as if nothing else were tested,
and one that came and went is not missed (docs/waves.md has what was measured).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pandas as pd

from disrupting_harm.comparison.ledger import NOT_ASKED

Pair: TypeAlias = tuple[int, int]
OF_FIRST_AND_LAST = 0.5


def compared_pairs(ledger: pd.DataFrame) -> dict[str, dict[Pair, float]]:
    """Return the pairs of waves of each indicator, by their places, with their parts of its alpha.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.

    Returns:
        By indicator, parts that add up to 1; nothing for an indicator without two waves to compare.
    """
    found: dict[str, dict[Pair, float]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        segments: list[list[int]] = []
        for place, (definition, comparable) in enumerate(
            zip(rows["definition"], rows["comparable"], strict=True)
        ):
            if definition == NOT_ASKED:
                continue
            if segments and comparable == "yes":
                segments[-1].append(place)
            else:
                segments.append([place])
        several = [segment for segment in segments if len(segment) > 1]
        found[str(name)] = {
            pair: part / len(several)
            for segment in several
            for pair, part in parts_of_segment(segment).items()
        }
    return found


def listed_pairs(ledger: pd.DataFrame) -> dict[Pair, list[str]]:
    """Return all pairs that a table has, with the indicators that have a row there.

    Every indicator has neighbours, and the first wave with the last; beside these the pairs in
    which it is compared, and the neighbours of those waves that asked, where there is a break.
    Pairs nearest to each other come first.

    Args:
        ledger: from :func:`.ledger.ledger_of_waves`.
    """
    waves, compared = ledger["wave"].nunique(), compared_pairs(ledger)
    everywhere = {*pairwise(range(waves)), (0, waves - 1)}
    found: dict[Pair, list[str]] = {}
    for name, rows in ledger.groupby("indicator", sort=False):
        asked = np.flatnonzero(rows["definition"] != NOT_ASKED).tolist()
        for pair in everywhere | set(pairwise(asked)) | set(compared[str(name)]):
            found.setdefault(pair, []).append(str(name))
    return {pair: found[pair] for pair in sorted(found, key=lambda p: (p[1] - p[0], p[0]))}


def parts_of_segment(waves: Sequence[int]) -> dict[Pair, float]:
    """Return the pairs of two waves or more without a break between them, with parts of 1."""
    neighbours = list(pairwise(waves))
    if len(neighbours) == 1:
        return {neighbours[0]: 1.0}
    each = (1 - OF_FIRST_AND_LAST) / len(neighbours)
    return {**dict.fromkeys(neighbours, each), (waves[0], waves[-1]): OF_FIRST_AND_LAST}
