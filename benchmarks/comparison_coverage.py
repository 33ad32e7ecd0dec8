"""Do rank sets, verdicts and intervals hold the truth? Writes docs/comparison-coverage.md.

    python benchmarks/comparison_coverage.py                     some minutes
    python benchmarks/comparison_coverage.py --repetitions 100 --dry-run    seconds, writes nothing

Seeds are fixed: the same numbers come out everywhere. Exits with 1 where the sets of a method hold
all ranks in clearly fewer than 95 % of the samples of a scenario, or where the wrong country is
called highest or lowest in more than 5 %.
"""

import argparse
import sys
import time
from pathlib import Path

import comparison_page
import comparison_scenarios
import pandas as pd

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.study.study import load_study

NOMINAL = 1 - comparison_scenarios.ALPHA
EXTREME_REPETITIONS = 1000
PAGE = Path("docs/comparison-coverage.md")
PICTURE = Path("docs/images/comparison-coverage.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=comparison_scenarios.REPETITIONS)
    parser.add_argument("--extreme-repetitions", type=int, default=EXTREME_REPETITIONS)
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    start = time.monotonic()
    coverage = comparison_scenarios.coverage(options.repetitions)
    study = load_study(Path("config/config.yaml"))
    extremes = comparison_scenarios.false_extremes(study, options.extreme_repetitions)
    say(f"{options.repetitions:,} samples of each scenario: {time.monotonic() - start:.0f} s")
    if not options.dry_run:
        sizes = options.repetitions, options.extreme_repetitions
        write_text(PAGE, comparison_page.page(coverage, extremes, *sizes))
        write_bytes(PICTURE, comparison_page.picture(coverage))
        say(f"Written: {PAGE}, {PICTURE}")
    return report(coverage, extremes, options.repetitions)


def report(coverage: pd.DataFrame, extremes: pd.DataFrame, repetitions: int) -> int:
    """Print what falls short and return the exit status."""
    # Three Monte Carlo standard errors below nominal.
    least = NOMINAL - 3 * (NOMINAL * (1 - NOMINAL) / repetitions) ** 0.5
    together = coverage["scope"].isin(["simultaneous", "verdicts"])
    short = coverage[together & (coverage["joint"] < least)]
    alone = coverage[(coverage["scope"] == "marginal") & (coverage["worst"] < least)]
    for row in pd.concat([short, alone]).itertuples():
        say(f"{row.method}, {row.scope}: {row.scenario}: {row.joint:.3f}, one {row.worst:.3f}")
    wrong = extremes[(extremes["rule"] == "sole") & (extremes["wrong"] > 1 - NOMINAL)]
    for row in wrong.itertuples():
        say(f"{row.indicator}: the wrong country is the {row.extreme} in {row.wrong:.3f}")
    return 1 if len(short) + len(alone) + len(wrong) else 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
