"""``python tests/redteam PUBLIC [--codebook FILE] [--before PUBLIC]``: attack what is published.

Prints what each point found; ends with 1 where any found something. Who owns the study has a folder
``restricted`` beside the public one: then the last point counts children, over all releases.
"""

import argparse
import sys
from pathlib import Path

from bounds import Rules, wrong_bounds
from linked import countries_of, releases_of, told_counts
from points import of_one, of_two
from released import Published


def main() -> int:
    parser = argparse.ArgumentParser(prog="redteam", description="Attack what is published.")
    parser.add_argument("public", type=Path, help="public folder of a finished study")
    parser.add_argument("--codebook", type=Path, default=Path("config/indicators.yaml"))
    parser.add_argument("--before", type=Path, help="public folder of the release before it")
    given = parser.parse_args()
    study = Published.read(given.public, given.codebook)
    found = of_one(study)
    if given.before:
        found |= of_two(Published.read(given.before, given.codebook), study)
    restricted = given.public.parent / "restricted"
    if countries_of(restricted):
        rules = Rules.of(study.rules.get("disclosure", {}))
        found["19 counts behind print"], found["20 bounds behind print"] = [], []
        for country in countries_of(restricted):
            releases = releases_of(restricted, country)
            told = told_counts(releases, study.codebook, rules)
            found["19 counts behind print"] += [f"{country}/{count}" for count in told]
            found["20 bounds behind print"] += wrong_bounds(releases[-1], rules)
    for point, faults in found.items():
        print(f"{point}: {len(faults) or 'nothing'}")
        print(*(f"    {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
    return int(any(found.values()))


sys.exit(main())
