"""How much less units vary than seconds, when other processes want the machine.

    python benchmarks/steadiness.py [--rounds 4] [--page]

One country's report is made from an empty folder beside none, two and four processes that sort
numbers all the time, in turn, with the unit before and after each run.
"""

import argparse
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from report import Row, Section, show_section
from small_reruns import COUNTRY, REPORT
from unit import Unit, measure_unit
from whole_study import Run, checkout, run_study

TARGETS = ("--only", COUNTRY, REPORT)
BESIDE = (0, 2, 4)
# They take what others leave, but are always there.
OTHER_WORK = ("nice", "-n", "19", sys.executable, "-c")
SORTING = "while True: sorted(str(number) for number in range(200_000))"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=4, help="runs beside each number")
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    show_section(steadiness(options.rounds), options.page)


def steadiness(rounds: int) -> Section:
    """Return seconds and units of the same study beside more and more other work."""
    runs: dict[int, list[Run]] = {number: [] for number in BESIDE}
    for _ in range(rounds):
        for number, found in runs.items():
            with checkout("HEAD") as folder, other_work(number):
                before = measure_unit()
                run = run_study(folder, f"beside {number} processes", *TARGETS)
                found.append(run._replace(unit=Unit(before, measure_unit())))
                print(*found[-1], flush=True)
    every = [run for found in runs.values() for run in found]
    seconds, units = ([measure(run) for run in every] for measure in (_seconds, _units))
    return Section(
        "Units beside seconds",
        f"The report of one country from an empty folder, {len(every)} times, beside none, two and "
        "four other processes in turn, and whatever else the machine had to do: what the same work "
        "takes in processor seconds depends on that, in units less so. Seconds vary by "
        f"{variation(seconds):.1f} % (standard deviation, of their mean; the largest is "
        f"{max(seconds) / min(seconds):.2f} times the least), units by {variation(units):.1f} % "
        f"({max(units) / min(units):.2f} times). Ratios are of the middle run in seconds to the "
        "middle run of the first row.",
        [_describe(found, runs[BESIDE[0]]) for found in runs.values()],
    )


def variation(numbers: Sequence[float]) -> float:
    """Return the standard deviation in per cent of the mean."""
    return 100 * statistics.stdev(numbers) / statistics.mean(numbers)


def _describe(runs: Sequence[Run], first: Sequence[Run]) -> Row:
    middle, of_first = (
        sorted(found, key=_seconds)[(len(found) - 1) // 2] for found in (runs, first)
    )
    seconds, units = (sorted(map(measure, runs)) for measure in (_seconds, _units))
    basis = (
        f"{seconds[0]:.1f} to {seconds[-1]:.1f} s, {units[0]:.1f} to {units[-1]:.1f} units; "
        f"{min(run.wall_seconds for run in runs):.0f} to "
        f"{max(run.wall_seconds for run in runs):.0f} s by the clock"
    )
    ratio = middle.cpu_seconds / of_first.cpu_seconds
    return Row(middle.name, middle.cpu_seconds, ratio, basis, middle.unit)


def _seconds(run: Run) -> float:
    return run.cpu_seconds


def _units(run: Run) -> float:
    return run.cpu_seconds / run.unit.seconds if run.unit else run.cpu_seconds


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
