"""What studies of more and more countries and waves cost: planned, and run without documents.

    python benchmarks/many_countries.py                       planned and run, printed
    python benchmarks/many_countries.py --planned 14x1 60x3   these sizes, planned alone
    python benchmarks/many_countries.py --run 14x1 --page     run alone, written into the page

Countries of the default study stand again and again in a study of their own, with other codes,
small samples and no evidence; waves differ in their random numbers. A size is countries x waves.
"""

import argparse
import csv
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from report import Row, Section, show_section
from unit import in_units
from whole_study import checkout, run_study

PLANNED = ("14x1", "14x3", "60x1", "60x3", "200x1", "200x3")
RUN = ("14x1", "60x1", "200x1")
CONFIG = Path("config/many/config.yaml")
# Of less than half as many children some country could not be protected, and its run ends.
DRAW = {"psus": 100, "households": 10}
FRAME_PSUS = 400
# Stages that a row names.
DEAREST = 8


class Planned(NamedTuple):
    """The jobs of a dry run, and its processor seconds and memory in MB."""

    jobs: int
    seconds: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--planned", nargs="*", default=(), help="countries x waves to plan")
    parser.add_argument("--run", nargs="*", default=(), help="countries x waves to run")
    parser.add_argument("--page", action="store_true", help="write the sections of the page")
    options = parser.parse_args()
    all_sizes = not (options.planned or options.run)
    if sizes := PLANNED if all_sizes else options.planned:
        show_section(planned_studies(sizes), options.page)
    if sizes := RUN if all_sizes else options.run:
        show_section(run_studies(sizes), options.page)


def planned_studies(sizes: Sequence[str]) -> Section:
    """Return what a dry run of studies of some sizes takes."""

    def plan_sizes() -> Iterator[Row]:
        for size in sizes:
            with study_of(size) as (folder, _, name):
                planned = plan(folder)
                basis = (
                    f"{planned.jobs:,} jobs, {1e3 * planned.seconds / planned.jobs:.1f} ms each; "
                    f"{planned.memory:,.0f} MB"
                )
                yield Row(name, planned.seconds, None, basis)

    return Section(
        "More countries and waves, planned",
        "A dry run of studies of more countries and waves: like the default study, without "
        "evidence. Memory is that of the largest process.",
        list(in_units(plan_sizes())),
    )


def run_studies(sizes: Sequence[str]) -> Section:
    """Return what studies of some sizes take up to their tables."""

    def run_sizes() -> Iterator[Row]:
        for size in sizes:
            with study_of(size) as (folder, number, name):
                yield run_tables(folder, name, number)

    return Section(
        "More countries, run without documents",
        "Studies of countries like those of the default study, each drawn "
        f"{DRAW['psus'] * DRAW['households']} children, from their simulation to all tables, "
        "restricted and public, without evidence and documents. Memory is that of the largest "
        "process.",
        list(in_units(run_sizes())),
    )


@contextmanager
def study_of(size: str) -> Iterator[tuple[Path, int, str]]:
    """Give the folder of a study of some countries and waves, their number, and its name."""
    number, waves = map(int, size.split("x"))
    with checkout("HEAD") as folder:
        write_study(folder, number, waves)
        yield folder, number, f"{number} countries, {waves} {'wave' if waves == 1 else 'waves'}"


def run_tables(folder: Path, name: str, number: int) -> Row:
    """Run a study up to its tables; return its seconds, those for each country, and memory."""
    done = run_study(folder, name, "--config", str(CONFIG), "tables")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    dearest = list(done.stages.items())[:DEAREST]
    stages = "".join(f"{stage} {used:.1f}, " for stage, used in dearest)
    snakemake = done.cpu_seconds - sum(done.stages.values())
    basis = (
        f"{done.cpu_seconds / number:.2f} s a country; {memory:,.0f} MB; "
        f"{stages}Snakemake {snakemake:.1f}; {done.wall_seconds:.0f} s by the clock"
    )
    return Row(name, done.cpu_seconds, None, basis)


def plan(folder: Path) -> Planned:
    """Plan a study and return the number of its jobs."""
    command = [sys.executable, "-m", "disrupting_harm", "run", "--config", str(CONFIG)]
    paths = os.pathsep.join([f"{folder}/src", f"{folder}/engine/src"])
    process = subprocess.Popen(
        [*command, "--cores", "2", "--dry-run"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        output = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    jobs = re.findall(r"^(\d+) jobs would run", output, re.MULTILINE)
    if process.returncode or not jobs:
        raise SystemExit(f"the study cannot be planned:\n{output[-3000:]}")
    return Planned(int(jobs[-1]), used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3)


def write_study(folder: Path, number: int, waves: int) -> None:
    """Write the configuration, the countries and the simulation of a study into a checkout."""
    source, target = folder / "config", (folder / CONFIG).parent
    target.mkdir()
    study = yaml.safe_load((source / "config.yaml").read_text(encoding="utf-8"))
    study["study"] |= {
        "id": "many",
        "title": "Many regions",
        "areas": "regions",
        "template": "survey",
    }
    study |= {"results": "results", "codebook": "../indicators.yaml", "mapping": "../mapping.yaml"}
    study["report"] = {"formats": ["html"], "renderer": "embedded"}
    study["comparison"].pop("comparability")
    study.pop("evidence")
    with (source / "countries.csv").open(encoding="utf-8", newline="") as file:
        countries = list(csv.DictReader(file))
    simulation = yaml.safe_load((source / "simulation.yaml").read_text(encoding="utf-8"))
    settings = simulation.pop("countries")
    simulation |= {"countries": {}, "draw": DRAW}
    simulation["frame"]["psus"] = FRAME_PSUS
    rows: list[dict[str, Any]] = []
    for place, wave in product(range(number), range(1, waves + 1)):
        like = countries[place % len(countries)]
        code = f"R{place:03d}"
        several = {"wave": wave, "wave_year": 2020 + wave, "fieldwork": 2020 + wave}
        row = {**like, "country": code, "name": f"Region {place}", "name_in_text": ""}
        plain = {"languages": "en", "brief_languages": "", "frontline_respondents": ""}
        rows.append({**row, **plain, **(several if waves > 1 else {})})
        key = code if wave == waves else f"{code}-{wave}"
        simulation["countries"][key] = settings[like["country"]]
    with (target / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, {name: None for row in rows for name in row})
        writer.writeheader()
        writer.writerows(rows)
    for name, content in {"config.yaml": study, "simulation.yaml": simulation}.items():
        (target / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
