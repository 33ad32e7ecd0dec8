"""Random numbers: one independent stream per country and purpose.

The streams depend on the seed, the country's code and the purpose's name alone, so that another
country or another item changes nothing else.
"""

from collections.abc import Iterable
from zlib import crc32

import numpy as np

from designbased.arrays import Floats, Integers


class Streams:
    """Generators of one country, by purpose."""

    def __init__(self, seed: int, country: str) -> None:
        self._key = [seed, crc32(country.encode())]

    def __call__(self, purpose: str) -> np.random.Generator:
        """Return a new generator at the start of the purpose's stream."""
        sequence = np.random.SeedSequence([*self._key, crc32(purpose.encode())])
        return np.random.Generator(np.random.PCG64(sequence))


def draw_positions(generator: np.random.Generator, shares: Iterable[float], n: int) -> Integers:
    """Draw ``n`` positions with probabilities proportional to ``shares``."""
    limits = np.cumsum(list(shares))
    return np.searchsorted(limits[:-1] / limits[-1], generator.random(n), side="right")


def cut_by_score(score: Floats, percents: Iterable[float]) -> Integers:
    """Divide units by their score: the highest get position 0, and so on by the shares given.

    Args:
        score: (n,) scores; equal scores stay together.
        percents: share of each position in per cent, adding up to 100.

    Returns:
        (n,) positions, whose numbers differ from the shares by rounding to whole units only.
    """
    counts = np.rint(np.cumsum(list(percents))[:-1] / 100 * len(score)).astype(np.intp)
    # Only the scores at these places have to be in order.
    ranked = np.partition(score, len(score) - counts[counts > 0])[::-1]
    position = np.zeros(len(score), dtype=np.intp)
    for count in counts:
        bound = ranked[count - 1] if count else np.inf
        position += score < bound
    return position


def apportion(total: int, sizes: Iterable[float], minimum: int = 0) -> Integers:
    """Divide ``total`` proportionally to ``sizes`` by largest remainders, each at least a minimum.

    Raises:
        ValueError: the minima add up to more than the total.
    """
    weights = np.asarray(list(sizes), dtype=float)
    quota = total * weights / weights.sum()
    amounts: Integers = np.maximum(np.floor(quota), minimum).astype(np.intp)
    if minimum * len(amounts) > total:
        raise ValueError(f"{total} cannot be divided into {len(amounts)} parts of {minimum}")
    while amounts.sum() < total:
        amounts[np.argmax(quota - amounts)] += 1
    while amounts.sum() > total:
        amounts[np.argmax(np.where(amounts > minimum, amounts - quota, -np.inf))] -= 1
    return amounts
