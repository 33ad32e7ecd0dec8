"""Do rank sets and claims stand up to as much silence as they say? Prints a table.

    python benchmarks/silence.py                      some minutes
    python benchmarks/silence.py --repetitions 100    seconds

Children of some of 14 countries keep silent, in shares that a sample does not show. Beside today's
sets stand those with the margin of the largest share. Of two equal countries, one of them silent,
a claim that says to stand up to that share is false. Seeds are fixed. Exits with 1 where the sets
with a margin hold all true ranks in clearly fewer than 95 % of the samples, or where clearly more
than 2.5 % of the claims are false.
"""

import argparse
import sys

import numpy as np
from comparison_scenarios import ALPHA, COUNTRIES, N_EFF, SEED, TRUTHS, estimates, true_limits

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.multiplicity import (
    compare_family,
    ratios,
    satterthwaite,
)
from disrupting_harm.comparison.differences.pairwise import log_ratios
from disrupting_harm.comparison.differences.rank_sets import rank_limits
from disrupting_harm.comparison.nonresponse_tipping import SHARES, margin_limits, tipping_points
from disrupting_harm.comparison.pooling.averages import on_log_odds

REPETITIONS, DF = 2000, 88.0
# Today's sets are only beside the others: their critical value needs no third decimal.
DRAWS = Draws(10_000)


def patterns(share: float, truth: Floats, random: np.random.Generator) -> dict[str, Floats]:
    """Return the silent share of each country: in half of them, drawn, and against the order."""
    return {
        "half of the countries": np.where(np.arange(COUNTRIES) % 2, share, 0.0),
        "drawn for each": random.uniform(0, share, COUNTRIES),
        "the more, the higher": share * np.argsort(np.argsort(truth)) / (COUNTRIES - 1),
    }


def ranks_held(
    truth: Floats, silent: Floats, share: float, repetitions: int, random: np.random.Generator
) -> tuple[float, float]:
    """Return how often today's sets, and those with a margin, hold all true ranks."""
    low, high = true_limits(truth)
    df, n_eff = np.full(COUNTRIES, DF), np.full(COUNTRIES, float(N_EFF))
    held = np.zeros(2)
    for _ in range(repetitions):
        estimate, se = estimates(truth * (1 - silent), n_eff, DF, random)
        log_odds, error = on_log_odds(estimate, se, n_eff, df)
        for at, (lowest, highest) in enumerate(
            [
                rank_limits(log_odds, error, df, "mogstad_step_down", "simultaneous", ALPHA, DRAWS),
                margin_limits(np.log(estimate), se / estimate, df, share, ALPHA),
            ]
        ):
            held[at] += ((lowest <= low) & (highest >= high)).all()
    return tuple(held / repetitions)


def false_claims(p: float, share: float, repetitions: int, random: np.random.Generator) -> float:
    """Return how often one of two equal countries is called above the other in spite of silence."""
    truth, n_eff = np.array([p, p * (1 - share)]), np.full(2, float(N_EFF))
    df, pair, false = np.full(2, DF), (np.array([0]), np.array([1])), 0
    for _ in range(repetitions):
        estimate, se = estimates(truth, n_eff, DF, random)
        error = np.hypot(*se)[np.newaxis], satterthwaite(se[np.newaxis] ** 2, df[np.newaxis])
        row = compare_family(-np.diff(estimate), *error, ALPHA)
        # The claim has the limits that the row of the two countries prints.
        goes, _ = tipping_points(*ratios(*log_ratios(estimate, se, df, pair), row).values())
        false += bool(row["clear"][0] and goes[0] > share)
    return false / repetitions


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    repetitions = parser.parse_args().repetitions
    random = np.random.default_rng(SEED)
    # Three Monte Carlo standard errors from nominal.
    least = 1 - ALPHA - 3 * (ALPHA * (1 - ALPHA) / repetitions) ** 0.5
    most = ALPHA / 2 + 3 * (ALPHA / 2 * (1 - ALPHA / 2) / repetitions) ** 0.5
    failed = 0
    print("| true values | silence | up to, % | today's sets, % | with a margin, % |")
    print("|---|---|---|---|---|")
    for name, truth in TRUTHS.items():
        for share in SHARES:
            for pattern, silent in patterns(share, truth, random).items():
                today, margin = ranks_held(truth, silent, share, repetitions, random)
                failed += margin < least
                print(
                    f"| {name} | {pattern} | {100 * share:.0f} | {100 * today:.1f} "
                    f"| {100 * margin:.1f} |",
                    flush=True,
                )
    print("\n| true value, % | silent in one of two, % | false claims, % |\n|---|---|---|")
    for p in (0.05, 0.15, 0.4):
        for share in SHARES:
            false = false_claims(p, share, repetitions, random)
            failed += false > most
            print(f"| {100 * p:.0f} | {100 * share:.0f} | {100 * false:.1f} |", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
