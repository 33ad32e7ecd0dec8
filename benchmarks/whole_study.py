"""The CPU seconds of the whole default study and of its stages, beside an earlier commit.

    python benchmarks/whole_study.py                            today's commit alone
    python benchmarks/whole_study.py 1a2b3c4 --rounds 3 --page  in turn with an earlier commit
    python benchmarks/whole_study.py --no-launcher --page       in turn with a Python for every job

Each run has a folder of its own, with a checkout of its commit and nothing else, the libraries of
this environment and two cores. The unit is taken between the runs. What is not committed is not
measured.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from report import Row, Section, show_section
from stages import by_stage, used_by_jobs
from unit import Unit, measure_unit

ROOT = Path(__file__).parents[1]
CORES = 2
TODAY = "today"
# Stages that took less stand in one row.
SHOWN_FROM = 2.0
LAUNCHER = ("src/disrupting_harm_launcher", "src/snakemake_logger_plugin_disrupting_harm")


class Run(NamedTuple):
    """What one run of the whole study took; ``stages`` is empty where its logs do not say it."""

    name: str
    cpu_seconds: float
    wall_seconds: float
    stages: dict[str, float]
    unit: Unit | None = None


class Variant(NamedTuple):
    """A commit that is measured, and further arguments of its run."""

    name: str
    commit: str
    arguments: tuple[str, ...] = ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("commit", nargs="?", help="an earlier commit")
    parser.add_argument("--no-launcher", action="store_true", help="beside today without it")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each")
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    if options.no_launcher:
        show_section(price_of_launcher(options.rounds), options.page)
    else:
        show_section(whole_study(options.commit, options.rounds), options.page)


def whole_study(commit: str | None = None, rounds: int = 1) -> Section:
    """Return the seconds of the default study and its stages, in turn with an earlier commit."""
    variants = [Variant(f"commit {commit}", commit)] if commit else []
    runs = runs_in_turn([*variants, Variant(TODAY, "HEAD")], rounds)
    beside = f", in turn with commit {commit}; ratios are of that commit to today" if commit else ""
    return Section(
        "The whole default study",
        "14 countries from simulated microdata to reports, data books, briefs, explorers and the "
        f"site: CPU seconds from an empty folder, of all jobs by stage with the programs that they "
        f"start (pandoc, typst){beside}. Of {rounds} rounds the run with the middle number of "
        "units counts.",
        [*_rows_of_runs(runs), *_rows_of_stages(runs)],
    )


def price_of_launcher(rounds: int = 1) -> Section:
    """Return the seconds of the study with a Python for every job, and with the launcher."""
    files = [file for folder in LAUNCHER for file in (ROOT / folder).rglob("*.py")]
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    cold = Variant(f"without the launcher ({lines:,} lines)", "HEAD", ("--no-warm",))
    return Section(
        "The price of the launcher",
        "What the whole default study takes without the launcher, which is here for speed alone, "
        "and how many lines it has. The ratio is to the study as it is.",
        _rows_of_runs(runs_in_turn([cold, Variant(TODAY, "HEAD")], rounds)),
    )


def runs_in_turn(variants: Sequence[Variant], rounds: int) -> list[list[Run]]:
    """Run each variant once a round, with a unit between; return the runs of each variant."""
    runs: list[list[Run]] = [[] for _ in variants]
    before = measure_unit()
    for _ in range(rounds):
        for variant, of_variant in zip(variants, runs, strict=True):
            with checkout(variant.commit) as folder:
                run = run_study(folder, variant.name, *variant.arguments)
            after = measure_unit()
            of_variant.append(run._replace(unit=Unit(before, after)))
            before = after
            print(*of_variant[-1], flush=True)
    return runs


def run_study(folder: Path, name: str, *arguments: str) -> Run:
    """Run the default study in the folder of a checkout and return what it took."""
    paths = os.pathsep.join([f"{folder}/src", f"{folder}/engine/src"])
    environment = {**os.environ, "PYTHONPATH": paths}
    run = [sys.executable, "-m", "disrupting_harm", "run", "--cores", str(CORES)]
    started, before = time.time(), os.times()
    subprocess.run([*run, *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    wall, after = time.time() - started, os.times()
    cpu = sum(
        getattr(after, kind) - getattr(before, kind)
        for kind in ("children_user", "children_system")
    )
    jobs = used_by_jobs(folder / "results" / "restricted" / "logs", since=started)
    return Run(name, cpu, wall, by_stage(jobs)["CPU s"].to_dict() if len(jobs) else {})


def middle_run(runs: Sequence[Run]) -> Run:
    """Return the run with the middle number of units."""
    units = [run.cpu_seconds / run.unit.seconds if run.unit else run.cpu_seconds for run in runs]
    return runs[units.index(statistics.median_low(units))]


def _rows_of_runs(runs: Sequence[Sequence[Run]]) -> list[Row]:
    """Return a row of each variant; ratios are the middle of those of the rounds."""
    rows = []
    for of_variant in runs:
        run = middle_run(of_variant)
        pairs = zip(of_variant, runs[-1], strict=True)
        ratios = [one.cpu_seconds / today.cpu_seconds for one, today in pairs]
        seconds = sorted(each.cpu_seconds for each in of_variant)
        clock = min(each.wall_seconds for each in of_variant)
        basis = (
            f"{len(of_variant)} runs of {seconds[0]:.1f} to {seconds[-1]:.1f} s; "
            f"{clock:.0f} s by the clock at the least, {CORES} cores"
        )
        ratio = None if of_variant is runs[-1] else statistics.median(ratios)
        rows.append(Row(run.name, run.cpu_seconds, ratio, basis, run.unit))
    return rows


def _rows_of_stages(runs: Sequence[Sequence[Run]]) -> Iterator[Row]:
    """Yield today's stages, dearest first, beside those of the earlier commit."""
    earlier, today = middle_run(runs[0]), middle_run(runs[-1])
    compared = _parts(earlier) | earlier.stages
    for stage, seconds in _parts(today).items():
        before = compared.get(stage)
        if earlier is today or not before:
            yield Row(stage, seconds, None, "", today.unit)
        else:
            basis = f"{before:.1f} s at {earlier.name}"
            yield Row(stage, seconds, before / seconds if seconds else None, basis, today.unit)


def _parts(run: Run) -> dict[str, float]:
    """Return the seconds of large stages, of all others together and of Snakemake."""
    large = {stage: used for stage, used in run.stages.items() if used >= SHOWN_FROM}
    all_stages = sum(run.stages.values())
    return {
        **large,
        "all other stages": all_stages - sum(large.values()),
        "Snakemake, start and end": run.cpu_seconds - all_stages,
    }


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """Give a folder with a commit's files, compiled, and remove it afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "study"
        _git("worktree", "add", "--detach", str(folder), commit)
        compiled = [sys.executable, "-m", "compileall", "-q", "src", "engine/src"]
        subprocess.run(compiled, cwd=folder, check=True)
        try:
            yield folder
        finally:
            _git("worktree", "remove", "--force", str(folder))


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    main()
