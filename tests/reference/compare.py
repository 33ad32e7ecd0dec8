"""Compare a committed table of reference numbers with a fresh one; exit 1 when they differ.

    python tests/reference/compare.py COMMITTED.csv FRESH.csv

Numbers may differ in the last digits between builds of R: by 1e-11 relative, no more.
"""

import sys
from pathlib import Path

import pandas as pd

TOLERANCE = 1e-11
# Standard errors of exactly zero come out as rounding errors that no two machines share.
ZERO = 1e-14


def main(committed: Path, fresh: Path) -> int:
    try:
        pd.testing.assert_frame_equal(
            pd.read_csv(committed), pd.read_csv(fresh), rtol=TOLERANCE, atol=ZERO
        )
    except AssertionError as difference:
        print(f"{committed.name} drifted: {difference}", file=sys.stderr)
        return 1
    print(f"{committed.name}: unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
