"""The CPU seconds of the whole default study, beside earlier commits of the project itself.

    python benchmarks/whole_study.py                 today's checkout beside the commits of BEFORE
    python benchmarks/whole_study.py 1a2b3c4         beside another commit

Each commit is checked out into a folder of its own and runs with the libraries of this environment,
one after the other, on two cores. What is not committed is not measured. ``stages.py`` reads what
a run took from its logs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from report import Row, Section, print_section
from stages import by_stage, study_section, used_by_jobs

ROOT = Path(__file__).parents[1]
# The last commit that started a Python for every job, the last one before figures and documents
# were made cheaper, and the last one whose documents read the rows of all countries.
BEFORE = ("02cb6112", "cf55173a", "e897ed6a")
CORES = 2


class Run(NamedTuple):
    """What one run of the whole study took; ``stages`` is None where its logs do not say it."""

    name: str
    cpu_seconds: float
    wall_seconds: float
    stages: dict[str, float] | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("commits", nargs="*", default=BEFORE, help="earlier commits")
    for section in beside_earlier(parser.parse_args().commits):
        print_section(section)


def whole_study() -> Section:
    """Run the default study as it is committed; return its seconds and those of its stages."""
    with checkout("HEAD") as folder:
        run_study(folder, "today")
        return study_section(folder / "results")


def beside_earlier(commits: Sequence[str] = BEFORE) -> list[Section]:
    """Return the whole study's seconds, and those of its stages, beside earlier commits."""
    found = [commit for commit in commits if _is_there(commit)]
    runs = [measured(commit, f"commit {commit}") for commit in found]
    runs.append(measured("HEAD", "today, with a Python for every job", "--no-warm"))
    runs.append(measured("HEAD", "today"))
    return [_in_all(runs), _by_stage(runs)]


def measured(commit: str, name: str, *arguments: str) -> Run:
    """Run the default study of a commit and return what it took."""
    with checkout(commit) as folder:
        return run_study(folder, name, *arguments)


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
    stages = by_stage(jobs)["CPU s"].to_dict() if len(jobs) else None
    return Run(name, cpu, wall, stages)


def _in_all(runs: Sequence[Run]) -> Section:
    last = runs[-1]
    rows = [
        Row(
            run.name,
            run.cpu_seconds,
            None if run is last else run.cpu_seconds / last.cpu_seconds,
            f"{run.wall_seconds:.0f} s by the clock, {CORES} cores",
        )
        for run in runs
    ]
    return Section(
        "The whole default study",
        "14 countries from simulated microdata to reports, one run each from an empty folder. "
        "Ratios are to today. Earlier commits of this project are named by their number.",
        rows,
    )


def _by_stage(runs: Sequence[Run]) -> Section:
    """Return today's stages, dearest first, beside the last earlier run whose logs tell them."""
    today = runs[-1]
    earlier = next((run for run in reversed(runs[:-2]) if run.stages), None)
    before = earlier.stages or {} if earlier else {}
    rows = []
    for stage, seconds in (today.stages or {}).items():
        basis = f"{before[stage]:.1f} s at {earlier.name}" if earlier and stage in before else ""
        rows.append(Row(stage, seconds, before[stage] / seconds if basis else None, basis))
    return Section(
        "Its stages",
        "CPU seconds of all jobs of a stage with the programs they start (pandoc, typst), from the "
        "logs of the same runs; what is missing to the whole is Snakemake. Ratios are of the "
        "earlier commit to today.",
        rows,
    )


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """Give a folder with a commit's files, and remove it afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "study"
        _git("worktree", "add", "--detach", str(folder), commit)
        try:
            yield folder
        finally:
            _git("worktree", "remove", "--force", str(folder))


def _is_there(commit: str) -> bool:
    found = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True
    )
    return found.returncode == 0


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    main()
