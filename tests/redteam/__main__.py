"""``python tests/redteam PUBLIC [--codebook FILE] [--before PUBLIC]``: attack what is published.

Prints what each point found; ends with 1 where any found something.
"""

import argparse
import sys
from pathlib import Path

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
    for point, faults in found.items():
        print(f"{point}: {len(faults) or 'nothing'}")
        print(*(f"    {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
    return int(any(found.values()))


sys.exit(main())
