"""Print the CPU seconds of the last run by stage, from the logs that its jobs left.

    python benchmarks/stages.py                     the default study, results/
    python benchmarks/stages.py results/nhanes2     another study

Each job's log ends with what the job used (see `disrupting_harm.core.job`): own is its process with
interpreter and imports, programs are those that it started, such as pandoc. `run.log` says the same
of the whole run. What no job used is Snakemake's own.
"""

import argparse
import re
from pathlib import Path

import pandas as pd

USED = re.compile(
    r"^used: (?P<own>[\d.]+) CPU s, (?P<programs>[\d.]+) CPU s in programs, (?P<kind>.+)$",
    re.MULTILINE,
)
TOOK = re.compile(r"^took: ([\d.]+) s$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("results", type=Path, nargs="?", default=Path("results"))
    logs = parser.parse_args().results / "restricted" / "logs"
    run = logs / "run.log"
    if not run.is_file():
        raise SystemExit(f"{run}: there is no such file; run the study first")
    took, own, below = of_run(run.read_text(encoding="utf-8"))
    stages = by_stage(used_by_jobs(logs, since=run.stat().st_mtime - took))
    print(stages.round(2).to_string())
    snakemake = own + below - stages["CPU s"].sum()
    print(f"{stages['jobs'].sum()} jobs, {took:.0f} s by the clock, {own + below:.1f} CPU s")
    print(f"of which {snakemake:.1f} CPU s Snakemake, start and end of the run")


def of_run(text: str) -> tuple[float, float, float]:
    """Return the seconds that a run took, its own CPU seconds and those of all below it."""
    took, used = TOOK.search(text), USED.search(text)
    if took is None or used is None:
        raise SystemExit("run.log does not say what the run used: run the study again")
    return float(took[1]), float(used["own"]), float(used["programs"])


def used_by_jobs(logs: Path, since: float) -> pd.DataFrame:
    """Return one row per job of the last run: its stage and CPU seconds."""
    rows = []
    for path in sorted(logs.rglob("*.log")):
        used = USED.search(path.read_text(encoding="utf-8"))
        if path.name != "run.log" and used and path.stat().st_mtime >= since:
            stage = path.relative_to(logs).parts[0].removesuffix(".log")
            seconds = {name: float(used[name]) for name in ("own", "programs")}
            rows.append({"stage": stage, **seconds, "forked": used["kind"] == "forked"})
    return pd.DataFrame(rows, columns=["stage", "own", "programs", "forked"])


def by_stage(jobs: pd.DataFrame) -> pd.DataFrame:
    """Return the jobs' number and CPU seconds by stage, dearest first."""
    table = jobs.groupby("stage").agg(
        jobs=("own", "size"),
        own=("own", "sum"),
        programs=("programs", "sum"),
        forked=("forked", "sum"),
    )
    table.insert(1, "CPU s", table["own"] + table["programs"])
    return table.sort_values("CPU s", ascending=False)


if __name__ == "__main__":
    main()
