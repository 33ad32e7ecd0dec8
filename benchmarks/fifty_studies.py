"""Run the default study fifty times from an empty folder, and say whether one hung or differed.

    python benchmarks/fifty_studies.py [--studies 50] [--page]

Each must end by itself, with success, and publish the same bytes: the manifest holds the hash of
every public file. ``forks.py`` forks as many jobs without their statistics. What is not committed
is not run.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from report import Row, Section, show_section
from stages import of_run, used_by_jobs
from whole_study import CORES, checkout

# A study takes two minutes on an idle machine; this long is a hang on a busy one, too.
HANGS_AFTER = 40 * 60


class Study(NamedTuple):
    """One run; ``end`` is "done", "failed" or "hung", ``published`` the hash of its manifest."""

    end: str
    wall_seconds: float
    cpu_seconds: float
    jobs: int
    forked: int
    published: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--studies", type=int, default=50)
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    show_section(fifty_studies(options.studies), options.page)


def fifty_studies(number: int = 50) -> Section:
    """Run so many studies one after another and return what became of them."""
    with checkout("HEAD") as folder:
        paths = os.pathsep.join([f"{folder}/src", f"{folder}/engine/src"])
        environment = {**os.environ, "PYTHONPATH": paths}
        studies = []
        for place in range(number):
            studies.append(study(folder, environment))
            print(place + 1, *studies[-1], flush=True)
    walls = sorted(each.wall_seconds for each in studies)
    ends = Counter(each.end for each in studies)
    counts = ", ".join(f"{number} {end}" for end, number in sorted(ends.items()))
    different = len({each.published for each in studies})
    jobs, forked = (sum(getattr(each, kind) for each in studies) for kind in ("jobs", "forked"))
    return Section(
        "Fifty whole studies",
        "The default study from an empty folder, again and again. Each has to end by itself, "
        f"within {HANGS_AFTER // 60} minutes, and to publish the bytes of the others.",
        [
            Row(
                f"{number} studies",
                sum(each.cpu_seconds for each in studies),
                None,
                f"{counts}; sets of public files that differ: {different}; {jobs:,} jobs, "
                f"{forked:,} of them forked; {walls[0]:.0f} to {walls[-1]:.0f} s by the clock",
            )
        ],
    )


def study(folder: Path, environment: Mapping[str, str]) -> Study:
    """Run the study of a checkout from an empty folder and return what became of it."""
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    run = [sys.executable, "-m", "disrupting_harm", "run", "--cores", str(CORES)]
    started = time.time()
    process = subprocess.Popen(
        run, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = "done" if process.wait(timeout=HANGS_AFTER) == 0 else "failed"
    except subprocess.TimeoutExpired:
        # The run ends its own jobs when it is asked to end.
        process.terminate()
        process.wait()
        end = "hung"
    wall, logs = time.time() - started, results / "restricted" / "logs"
    if end != "done":
        return Study(end, wall, 0.0, 0, 0, "")
    _, own, below = of_run((logs / "run.log").read_text(encoding="utf-8"))
    jobs = used_by_jobs(logs, since=started)
    published = sha256((results / "public" / "manifest.json").read_bytes()).hexdigest()
    return Study(end, wall, own + below, len(jobs), int(jobs["forked"].sum()), published)


if __name__ == "__main__":
    main()
