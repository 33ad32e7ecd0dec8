"""Print the CPU seconds of the last run by stage, from the logs that its jobs left.

    python benchmarks/stages.py                     the default study, results/
    python benchmarks/stages.py results/nhanes2     another study
    python benchmarks/stages.py --page              the default study, into docs/benchmarks.md

Each job's log ends with what the job used (see `disrupting_harm.core.job`): own is its process with
interpreter and imports, programs are those that it started, such as pandoc. `run.log` says the same
of the whole run. What no job used is Snakemake's own.
"""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from report import PAGE, Row, Section, print_section, write_section

USED = re.compile(
    r"^used: (?P<own>[\d.]+) CPU s, (?P<programs>[\d.]+) CPU s in programs, (?P<kind>.+)$",
    re.MULTILINE,
)
# Stages that took less stand in one row.
SHOWN_FROM = 1.0
TOOK = re.compile(r"^took: ([\d.]+) s$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("results", type=Path, nargs="?", default=Path("results"))
    parser.add_argument("--page", action="store_true", help="write the section of the page")
    options = parser.parse_args()
    section = study_section(options.results)
    print_section(section)
    if options.page:
        write_section(PAGE, section)


def study_section(results: Path) -> Section:
    """Return what the last run of a study took in all and by stage, from its logs."""
    logs = results / "restricted" / "logs"
    run = logs / "run.log"
    if not run.is_file():
        raise SystemExit(f"{run}: there is no such file; run the study first")
    ended = run.stat().st_mtime
    took, own, programs = of_run(run.read_text(encoding="utf-8"))
    jobs = used_by_jobs(logs, since=ended - took)
    stages = by_stage(jobs)
    rows = [
        Row("the whole run", own + programs, None, f"{len(jobs)} jobs; {took:.0f} s by the clock"),
        Row("Snakemake between jobs", programs - stages["CPU s"].sum(), None, ""),
        Row("start and end of the run", own, None, ""),
    ]
    large = stages["CPU s"] >= SHOWN_FROM
    for stage, used in stages[large].iterrows():
        programs = f"; {used['programs']:.1f} s in programs" if used["programs"] >= 0.05 else ""
        rows.append(Row(str(stage), used["CPU s"], None, f"jobs: {used['jobs']:.0f}{programs}"))
    others = stages[~large]
    rows.append(Row("all other stages", others["CPU s"].sum(), None, ", ".join(others.index)))
    return Section(
        "The whole default study",
        "14 countries from simulated microdata to reports, data books, briefs, explorers and the "
        "site: CPU seconds of one run from an empty folder, all its jobs by stage, with the "
        "programs they start (pandoc, typst), from its logs. "
        f"It ended on {datetime.fromtimestamp(ended, UTC):%d %B %Y}.",
        rows,
    )


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
