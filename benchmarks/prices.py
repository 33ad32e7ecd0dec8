"""What the launcher saves, which is there for speed alone.

    python benchmarks/prices.py [--page]

The default study runs twice, one run after the other on two cores: as it is, and with a Python for
every job. What is not committed is not run.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from report import PAGE, Row, Section, dated, print_section, write_section
from whole_study import CORES, Run, checkout, run_study

SOURCE = Path("src")
LAUNCHER = ("disrupting_harm_launcher", "snakemake_logger_plugin_disrupting_harm")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    section = price_list()
    print_section(section)
    if parser.parse_args().page:
        write_section(PAGE, section._replace(text=f"{section.text} {dated()}"))


def price_list() -> Section:
    """Run the study with the launcher and without it; return the seconds and its lines of code."""
    with checkout("HEAD") as folder:
        launcher_lines = count_lines(folder, [SOURCE / name for name in LAUNCHER])
        today = run_study(folder, "as it is")
    with checkout("HEAD") as folder:
        cold = run_study(folder, f"without the launcher ({launcher_lines:,} lines)", "--no-warm")
    return _describe_runs(today, cold)


def _describe_runs(today: Run, cold: Run) -> Section:
    rows = [
        Row(
            run.name,
            run.cpu_seconds,
            None if run is today else run.cpu_seconds / today.cpu_seconds,
            f"{run.wall_seconds:.0f} s by the clock, {CORES} cores; "
            f"figures {_seconds_of_figures(run):.1f} s",
        )
        for run in (today, cold)
    ]
    return Section(
        "The price of the launcher",
        "What the whole default study takes without the launcher, which is here for speed alone, "
        "and how many lines it has. The ratio is to the study as it is. Figures are the CPU "
        "seconds of all stages that draw.",
        rows,
    )


def _seconds_of_figures(run: Run) -> float:
    return sum(seconds for stage, seconds in (run.stages or {}).items() if "figures" in stage)


def count_lines(folder: Path, parts: Sequence[Path]) -> int:
    """Return the lines of the Python files at or below some paths of a checkout."""
    files = [
        file
        for part in parts
        for file in ([folder / part] if part.suffix else sorted((folder / part).rglob("*.py")))
    ]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


if __name__ == "__main__":
    main()
