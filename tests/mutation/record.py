"""Run every mutation and write what came of it to ``expected.csv``, to be read and committed.

python tests/mutation/record.py
"""

import csv
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent)]

from classes import EXPECTED, HEADER, classified
from mutations import mutations

if __name__ == "__main__":
    start = time.process_time()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for result in classified(mutations(), Path(folder)):
            rows.append(result.row())
            if result.check:
                print(f"{result.mutation.name}: check says {result.check!r}")
    with EXPECTED.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    print(f"{len(rows)} mutations, {time.process_time() - start:.0f} s of processor time")
