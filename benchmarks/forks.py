"""Fork as many jobs as fifty whole studies have, and say whether one of them hung.

    python benchmarks/forks.py [--jobs 8250] [--page]

A child that is forked beside a thread can wait for ever for a lock which that thread held. So the
process that forks jobs has no second thread, and looks before each fork. Here its children use what
starts threads and takes locks (linear algebra, Arrow, compressed files, a program of its own) and a
child that has not ended after a minute is counted as hanging.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import cpu_count
from pathlib import Path
from threading import Timer

from report import Row, Section, show_section

from disrupting_harm_launcher.client import Server

# The default study has 165 jobs.
JOBS = 50 * 165
SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"
SCRIPT = """
import subprocess
import numpy as np, pandas as pd, pyarrow as pa, pyarrow.compute, pyarrow.parquet as pq

frame = pd.DataFrame({"x": np.arange(2000.0), "y": np.arange(2000) % 7})
pq.write_table(pa.Table.from_pandas(frame), __file__ + ".parquet", compression="zstd")
again = pd.read_parquet(__file__ + ".parquet")
matrix = np.outer(again.x[:200], again.y[:200]) + np.eye(200)
assert np.isfinite(np.linalg.solve(matrix, again.x[:200])).all()
assert pa.compute.sum(pa.array(again.x)).as_py() == frame.x.sum()
"""
EVERY_TENTH = 'subprocess.run(["true"], check=True)\n'
HANGS_AFTER = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    show_section(forks(options.jobs), options.page)


def forks(jobs: int = JOBS) -> Section:
    """Fork so many jobs, as many at once as there are cores, and return what became of them."""
    server, begin = Server(), time.monotonic()
    loaded = "".join(sorted(stage_imports()))
    with tempfile.TemporaryDirectory() as folder:
        scripts = [Path(folder) / f"job{place}.py" for place in range(jobs)]

        def run(place: int) -> str:
            scripts[place].write_text(loaded + SCRIPT + (EVERY_TENTH if place % 10 == 0 else ""))
            hanging = Timer(HANGS_AFTER, report_hanging, [place])
            hanging.start()
            try:
                return "done" if server.run_script(str(scripts[place])) else "not taken"
            except Exception as error:
                return type(error).__name__
            finally:
                hanging.cancel()

        with ThreadPoolExecutor(cpu_count()) as pool:
            ends = Counter(pool.map(run, range(jobs)))
    server.stop()
    used = os.times()
    seconds = used.children_user + used.children_system
    counts = ", ".join(f"{number} {end}" for end, number in sorted(ends.items()))
    clock = f"{time.monotonic() - begin:.0f} s by the clock, {cpu_count()} at once"
    return Section(
        "Forked jobs",
        "A child that is forked beside a thread can wait for ever for a lock which that thread "
        "held. So the process that forks jobs has no second thread and looks before each fork. As "
        "many jobs as fifty whole studies have, each with linear algebra, Arrow files and every "
        "tenth with a program of its own; a job that takes longer than a minute would be named.",
        [Row(f"{jobs} jobs", seconds, None, f"{counts}; {clock}")],
    )


def stage_imports() -> set[str]:
    """Return the lines by which the workflow's scripts load the library."""
    texts = [path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.py")]
    lines = {line.strip() for text in texts for line in text.splitlines()}
    return {f"{line}\n" for line in lines if line.startswith("from disrupting_harm")}


def report_hanging(place: int) -> None:
    print(f"job {place} has not ended after {HANGS_AFTER} s", flush=True)


if __name__ == "__main__":
    main()
