"""Do intervals cover the truth as often as they say? Writes docs/coverage.md and its picture.

    python benchmarks/coverage.py                        all of it, some minutes (make coverage)
    python benchmarks/coverage.py --country-repetitions 0   the 16 scenarios alone, seconds

Seeds are fixed: the same numbers come out everywhere. Exits with 1 where Korn–Graubard covers less
than 93.5 % in one of the 16 scenarios, or is undefined anywhere. In the harder ones it does cover
less; the page says by how much.
"""

import argparse
import sys
import time
from pathlib import Path

import coverage_countries
import coverage_hard
import coverage_page
import coverage_scenarios
import pandas as pd

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.study.study import load_study

LEAST = 0.935
PAGE = Path("docs/coverage.md")
PICTURE = Path("docs/images/coverage.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=coverage_scenarios.REPETITIONS)
    parser.add_argument("--country-repetitions", type=int, default=coverage_countries.REPETITIONS)
    options = parser.parse_args()
    start = time.monotonic()
    scenarios = coverage_scenarios.coverage(repetitions=options.repetitions)
    say(f"16 scenarios x {options.repetitions:,} samples: {time.monotonic() - start:.1f} s")
    start = time.monotonic()
    hard = coverage_hard.coverage()
    say(f"{len(coverage_hard.SAMPLES)} harder samples: {time.monotonic() - start:.1f} s")
    if options.country_repetitions:
        start = time.monotonic()
        study = load_study(Path("config/config.yaml"))
        countries = coverage_countries.repeat(study, study.codes, options.country_repetitions)
        say(
            f"{len(study.codes)} countries x {options.country_repetitions} samples: "
            f"{time.monotonic() - start:.0f} s"
        )
        write_text(
            PAGE,
            coverage_page.page(
                scenarios, hard, countries, options.repetitions, options.country_repetitions
            ),
        )
        write_bytes(PICTURE, coverage_page.picture(scenarios))
        say(f"Written: {PAGE}, {PICTURE}")
    return report(scenarios, hard)


def report(scenarios: pd.DataFrame, hard: pd.DataFrame) -> int:
    """Print the coverage of every method and return the exit status."""
    print((100 * coverage_page.wide(hard, "covered", coverage_hard.SCENARIO)).round(1).to_string())
    print((100 * coverage_page.wide(scenarios, "covered")).round(1).to_string())
    default = scenarios[scenarios["method"] == "korn_graubard"]
    failed = default[(default["covered"] < LEAST) | (default["undefined"] > 0)]
    for row in failed.itertuples():
        say(f"Korn–Graubard covers {100 * row.covered:.1f} %: {row.sample}, n {row.n}, {row.truth}")
    return 1 if len(failed) else 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
