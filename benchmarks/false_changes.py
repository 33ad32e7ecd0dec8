"""How often does a page tell a change that is none, and how often is a change found?

    python benchmarks/false_changes.py [--pages 20000]        some minutes

A page has several indicators over several waves, whose errors correlate within a wave. All are
tested together as the stage *change* does it. Printed are the share of pages with any false change
where nothing changed, and, where one indicator moved by 5 standard errors of a wave, how often the
first and the last wave are found to differ, the last step where the move came then, and the last
step where the indicator went up before and came back (docs/waves.md).
"""

import argparse

import numpy as np

from designbased.estimates.corrections import adjust_by_holm
from disrupting_harm.comparison.differences.multiplicity import compare_family, satterthwaite
from disrupting_harm.comparison.waves.overlap import WavePair, share_alpha

SEED, ALPHA, CORRELATION, MOVE = 20261130, 0.05, 0.3, 5.0
# Waves, indicators and degrees of freedom of a wave.
CASES = [(2, 5, 80), (3, 5, 80), (5, 5, 80), (3, 8, 80), (5, 8, 80), (3, 5, 20), (5, 5, 20)]


def pages_of(
    pages: int, waves: int, indicators: int, df: int, truth: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return estimates and standard errors (pages, indicators, waves), in true standard errors.

    Args:
        df: degrees of freedom of each standard error.
        truth: (waves,) of the first indicator; the others do not change.
    """
    shared = random.standard_normal((pages, 1, waves)) * np.sqrt(CORRELATION)
    own = random.standard_normal((pages, indicators, waves)) * np.sqrt(1 - CORRELATION)
    estimate = shared + own
    estimate[:, 0] += truth
    se = np.sqrt(random.chisquare(df, (pages, indicators, waves)) / df)
    return estimate, se


def clear_changes(estimate: np.ndarray, se: np.ndarray, df: int) -> dict[WavePair, np.ndarray]:
    """Return which changes of each pair of waves are clear: (pages, indicators)."""
    pages, indicators, waves = estimate.shape
    parts = share_alpha(range(waves))
    weight = np.repeat(np.array([*parts.values()]) / indicators, indicators)
    p_values = []
    for a, b in parts:
        variances = np.stack([se[..., a], se[..., b]], axis=-1) ** 2
        of_pair = satterthwaite(variances, np.full(variances.shape, float(df)))
        spread, apart = np.sqrt(variances.sum(axis=-1)), estimate[..., b] - estimate[..., a]
        tested = compare_family(apart.ravel(), spread.ravel(), of_pair.ravel(), ALPHA)
        p_values.append(tested["p_value"].reshape(apart.shape))
    flat = np.concatenate(p_values, axis=1)
    clear = np.array([adjust_by_holm(row, weight, ALPHA).clear for row in flat])
    shaped = clear.reshape(pages, len(parts), indicators)
    return {pair: shaped[:, place] for place, pair in enumerate(parts)}


def false_pages(pages: int, waves: int, indicators: int, df: int, seed: int = SEED) -> float:
    """Return the share of pages with a change where there is none."""
    random = np.random.default_rng(seed)
    clear = clear_changes(*pages_of(pages, waves, indicators, df, np.zeros(waves), random), df)
    return float(np.any([found.any(axis=1) for found in clear.values()], axis=0).mean())


def found_changes(pages: int, waves: int, indicators: int, df: int) -> tuple[float, float, float]:
    """Return how often first and last, a late step, and a step back are found."""
    random = np.random.default_rng(SEED + 1)
    late, back = np.zeros(waves), np.zeros(waves)
    late[-1], back[-2] = MOVE, MOVE
    of_late, of_back = (
        clear_changes(*pages_of(pages, waves, indicators, df, truth, random), df)
        for truth in (late, back)
    )
    last = (waves - 2, waves - 1)
    whole, step = of_late[0, waves - 1][:, 0].mean(), of_late[last][:, 0].mean()
    return float(whole), float(step), float(of_back[last][:, 0].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=20_000)
    pages = parser.parse_args().pages
    print(f"per cent of {pages:,} pages; {CORRELATION} correlation, a move of {MOVE:g} errors")
    print("waves indicators df | false | first-last, last step, step back")
    for case in CASES:
        shares = (false_pages(pages, *case), *found_changes(pages, *case))
        print(*case, "|", *(f"{100 * share:.1f}" for share in shares))


if __name__ == "__main__":
    main()
