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

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

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


def listed_pairs(waves: int, compared: Mapping[str, Mapping[Pair, float]]) -> list[Pair]:
    """Return all pairs that a table has: neighbours, those compared, and the first and the last.

    Those nearest to each other come first.
    """
    pairs = {*pairwise(range(waves)), (0, waves - 1)}
    pairs |= {pair for own in compared.values() for pair in own}
    return sorted(pairs, key=lambda pair: (pair[1] - pair[0], pair[0]))


def parts_of_segment(waves: Sequence[int]) -> dict[Pair, float]:
    """Return the pairs of two waves or more without a break between them, with parts of 1."""
    neighbours = list(pairwise(waves))
    if len(neighbours) == 1:
        return {neighbours[0]: 1.0}
    each = (1 - OF_FIRST_AND_LAST) / len(neighbours)
    return {**dict.fromkeys(neighbours, each), (waves[0], waves[-1]): OF_FIRST_AND_LAST}
