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
    runs: dict[int, list[tuple[float, Unit, float]]] = {number: [] for number in BESIDE}
    with tempfile.TemporaryDirectory() as name:
        growth.make(Path(name), CHILDREN)
        for number in BESIDE * rounds:
            with other_work(number):
                before = measure_unit()
                measured = growth.run(Path(name))
                unit = Unit(before, measure_unit())
            used = sum(seconds for seconds, _ in measured.values())
            runs[number].append((used, unit, os.getloadavg()[0]))
            print(number, *runs[number][-1], flush=True)
    all_runs = [run for of_number in runs.values() for run in of_number]
    seconds = [used for used, _, _ in all_runs]
    units = [used / unit.seconds for used, unit, _ in all_runs]
    return Section(
        "Units beside seconds",
        f"The stages of a survey of {CHILDREN:,} children, {len(all_runs)} times, beside none, two "
        "and four other processes in turn and whatever else the machine had to do. Processor "
        f"seconds of the same work vary by {variation(seconds):.1f} % (their standard deviation, "
        f"of their mean; the largest is {max(seconds) / min(seconds):.2f} times the least), units "
        f"by {variation(units):.1f} % ({max(units) / min(units):.2f} times).",
        [_mean_row(number, of_number) for number, of_number in runs.items()],
    )


def _mean_row(number: int, runs: Sequence[tuple[float, Unit, float]]) -> Row:
    """Return the mean of the runs beside so many other processes."""
    seconds = statistics.mean(used for used, _, _ in runs)
    unit = Unit(*map(statistics.mean, zip(*(unit for _, unit, _ in runs), strict=True)))
    waiting = [load for _, _, load in runs]
    wanted = f"{min(waiting):.0f} to {max(waiting):.0f} processes wanted the machine"
    basis = f"mean of {len(runs)}; {wanted}"
    return Row(f"beside {number} processes", seconds, None, basis, unit)


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
