"""How much less units vary than seconds, when other processes want the machine.

    python benchmarks/steadiness.py [--rounds 4] [--page]

The stages of a country's survey run beside none, two and four processes that sort numbers all the
time, in turn, with the unit before and after each run.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import growth
from report import Row, Section, show_section
from unit import Unit, measure_unit

CHILDREN = 1_200
BESIDE = (0, 2, 4)
# They take what others leave, and are always there.
OTHER_WORK = ("nice", "-n", "19", sys.executable, "-c")
SORTING = "while True: sorted(str(number) for number in range(200_000))"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=4, help="runs beside each number")
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    show_section(steadiness(options.rounds), options.page)


def steadiness(rounds: int) -> Section:
    """Return seconds and units of the same stages beside more and more other work."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        growth.make(Path(name), CHILDREN)
        for round_, number in ((r, n) for r in range(rounds) for n in BESIDE):
            with other_work(number):
                before = measure_unit()
                measured = growth.run(Path(name))
                unit = Unit(before, measure_unit())
            seconds = sum(used for used, _ in measured.values())
            waiting = f"{os.getloadavg()[0]:.0f} processes wanted the machine"
            name_of_row = f"round {round_ + 1}, beside {number} processes"
            rows.append(Row(name_of_row, seconds, None, waiting, unit))
            print(*rows[-1], flush=True)
    seconds = [row.seconds for row in rows]
    units = [row.seconds / row.unit.seconds for row in rows if row.unit]
    return Section(
        "Units beside seconds",
        f"The stages of a survey of {CHILDREN:,} children, {len(rows)} times, beside none, two and "
        "four other processes in turn and whatever else the machine had to do. Processor seconds "
        f"of the same work vary by {variation(seconds):.1f} % (their standard deviation, of their "
        f"mean; the largest is {max(seconds) / min(seconds):.2f} times the least), units by "
        f"{variation(units):.1f} % ({max(units) / min(units):.2f} times).",
        rows,
    )


def variation(numbers: Sequence[float]) -> float:
    """Return the standard deviation in per cent of the mean."""
    return 100 * statistics.stdev(numbers) / statistics.mean(numbers)


@contextmanager
def other_work(number: int) -> Iterator[None]:
    """Let so many processes sort numbers for the length of a measurement."""
    others = [subprocess.Popen([*OTHER_WORK, SORTING]) for _ in range(number)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


if __name__ == "__main__":
    main()
