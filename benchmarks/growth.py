"""What a large country costs: processor seconds and memory of each stage of its survey.

    python benchmarks/growth.py                 10,000, 100,000 and 1,000,000 children
    python benchmarks/growth.py --rows 1000000  so many
    python benchmarks/growth.py --page          1,000,000, into docs/benchmarks.md
    python benchmarks/growth.py --levels        a domain of 3, 30 and 300 levels
    python benchmarks/growth.py --rows 1000 --beside ../other/src
                                                this code and another in turn, five times

One country of the default study is simulated and its sample is repeated, with new PSUs and children
at each repetition, into a raw CSV file. Then the stages of the survey run one after the other as in
a run on Linux: jobs of one process that loaded their modules once, which counts by itself.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from forked_stages import STAGES
from report import Row, Section, show_section
from unit import Unit, measure_unit

from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.study import load_study

CONFIG = Path(__file__).parents[1] / "config" / "config.yaml"
COUNTRY = "KEN"
ROWS = (10_000, 100_000, 1_000_000)
LEVELS = (3, 30, 300)
BEST_OF = 3
# As every job has it: workflow/rules/common.smk.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
ONE_PROCESS = Path(__file__).with_name("forked_stages.py")
PAIRS = 5
# Their columns in the raw file.
CHILD, PSU = "child", "psu"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, help="children drawn; several sizes by default")
    parser.add_argument("--levels", action="store_true", help="grow a domain, not the sample")
    parser.add_argument("--page", action="store_true", help="write the table of the largest")
    parser.add_argument("--beside", type=Path, metavar="SRC", help="the code to compare with")
    options = parser.parse_args()
    if options.beside:
        show_section(beside(options.rows or ROWS[0], options.beside), options.page)
        return
    if options.page:
        show_section(large_country(options.rows or ROWS[-1]), options.page)
        return
    if options.levels:
        print(f"{'children':>14}{'levels':>10}{'CPU s':>9}")
        for rows, levels, used in many_levels():
            print(f"{rows:>14,}{levels:>10}{used:>9.2f}", flush=True)
        return
    print(f"{'children drawn':>14}{'stage':>10}{'CPU s':>9}{'peak MB':>9}")
    for rows in [options.rows] if options.rows else ROWS:
        drawn, measured = stages(rows)
        for stage, (used, peak) in measured.items():
            print(f"{drawn:>14,}{stage:>10}{used:>9.2f}{peak:>9,.0f}", flush=True)


def stages(rows: int) -> tuple[int, dict[str, tuple[float, float]]]:
    """Measure each stage of a country.

    Returns:
        The children drawn, and the processor seconds and the peak memory in MB of each stage, and
        of all together.
    """
    with tempfile.TemporaryDirectory() as name:
        drawn = make(Path(name), rows)
        measured = run(Path(name))
    seconds, peaks = zip(*measured.values(), strict=True)
    return drawn, {**measured, "all": (sum(seconds), max(peaks))}


def many_levels() -> Iterator[tuple[int, int, float]]:
    """Yield children, levels of their domain, and processor seconds of a table of 20 outcomes."""
    from data import simulate

    from designbased import SurveyDesign, estimate

    for rows, levels in product(ROWS[:2], LEVELS):
        rng = np.random.default_rng(5)
        country = simulate(rng, rows)
        names = [f"area {number}" for number in range(levels)]
        area = pd.Categorical.from_codes(rng.integers(0, levels, rows), names)
        design = SurveyDesign.from_frame(country.design)
        outcomes, domains = country.outcomes.iloc[:, :20], pd.DataFrame({"area": area})
        used = []
        for _ in range(BEST_OF):
            begin = time.process_time()
            estimate(design, outcomes, domains)
            used.append(time.process_time() - begin)
        yield rows, levels, min(used)


def large_country(rows: int) -> Section:
    """The stages of a large country."""
    before = measure_unit()
    drawn, measured = stages(rows)
    unit = Unit(before, measure_unit())
    return Section(
        f"One country of {drawn:,} children, stage by stage",
        "The sample of a country of the default study, repeated with new PSUs and "
        "children, from its raw CSV file to its public table: every indicator in every domain. "
        "Stages are jobs of one process that loaded their modules once, as in a run on Linux. "
        "One run.",
        [
            Row(stage, seconds, None, f"peak {peak:,.0f} MB", unit)
            for stage, (seconds, peak) in measured.items()
        ],
    )


def beside(rows: int, source: Path) -> Section:
    """The stages with this code and with another, in turn; the least of each counts."""
    seconds: dict[Path | None, list[dict[str, float]]] = {source: [], None: []}
    before = measure_unit()
    with tempfile.TemporaryDirectory() as name:
        drawn = make(Path(name), rows)
        for _ in range(PAIRS):
            for code, found in seconds.items():
                found.append({stage: used for stage, (used, _) in run(Path(name), code).items()})
    unit = Unit(before, measure_unit())
    other, own = (pd.DataFrame(seconds[code]).min() for code in (source, None))
    return Section(
        f"The stages of {drawn:,} children beside those before",
        f"The same stages of a small country with commit {commit(source)} and with this "
        f"code, in turn, the least of {PAIRS}. Ratios are of that commit to this.",
        [Row(stage, own[stage], other[stage] / own[stage], "", unit) for stage in own.index],
    )


def commit(source: Path) -> str:
    """The commit of a checkout's code."""
    command = ["git", "-C", str(source), "rev-parse", "--short=8", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run(folder: Path, source: Path | None = None) -> dict[str, tuple[float, float]]:
    """Run all stages; return processor seconds and the largest memory in MB of each.

    Args:
        folder: where their arguments are.
        source: the code, where it is not that which is installed.
    """
    command = [sys.executable, str(ONE_PROCESS), str(folder)]
    paths = [str(source), str(source.parent / "engine/src")] if source else []
    code = {"PYTHONPATH": os.pathsep.join(paths)} if source else {}
    done = subprocess.run(
        command,
        env={**os.environ, **ENVIRONMENT, **code},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return {stage: tuple(used) for stage, used in json.loads(done.stdout).items()}


def make(folder: Path, rows: int) -> int:
    """Write the raw file, the margins and the arguments of all stages; return the rows drawn."""
    from disrupting_harm.stages.simulate import simulate_country

    given = arguments(folder)
    for stage in STAGES:
        (folder / f"{stage}.json").write_text(json.dumps(given[stage]), encoding="utf-8")
    simulate_country(**given["simulate"])
    path = folder / "raw.csv"
    sample = pd.read_csv(path, dtype=str, keep_default_na=False)
    path.unlink()
    copies = max(1, round(rows / len(sample)))
    for copy in range(copies):
        again = sample.assign(**{name: sample[name] + f"-{copy}" for name in (CHILD, PSU)})
        again.to_csv(path, mode="a", header=copy == 0, index=False)
    return copies * len(sample)


def arguments(folder: Path) -> dict[str, dict[str, Any]]:
    """The arguments of each stage, as its rule has them, with all files in one folder."""
    study = load_study(CONFIG)
    simulation = load_simulation(study.resolve(study.config.simulation), study.codebook)
    settings = study.config.model_dump(mode="json")
    margins, estimation = settings["weighting"]["margins"], settings["estimation"]
    mapping = study.mappings[COUNTRY].model_dump(mode="json")

    def files(*names: str) -> dict[str, str]:
        return {Path(name).stem: str(folder / name) for name in names}

    def outputs(*names: str) -> dict[str, str]:
        return {f"{name}_output": path for name, path in files(*names).items()}

    codebook = {"codebook": study.codebook.definitions()}
    analysis = {
        "country": COUNTRY,
        **files("sample.parquet", "indicators.parquet", "parts.parquet", "weights.parquet"),
        **files("item_answers.csv"),
        **codebook,
        "estimation": estimation,
        "margins": margins,
        "reliability": settings["publication"]["reliability"],
        "simulated": True,
    }
    return {
        "simulate": {
            "population": study.countries[COUNTRY].model_dump(mode="json"),
            "settings": simulation.country(COUNTRY).model_dump(mode="json"),
            **codebook,
            "mapping": mapping,
            "margins": margins,
            "seed": study.config.seed,
            "sample_output": str(folder / "raw.csv"),
            **outputs("margins.csv", "truth.parquet", "frame.json"),
        },
        "prepare": {
            "country": COUNTRY,
            **files("raw.csv", "margins.csv"),
            "margin_names": margins,
            "mapping": mapping,
            **codebook,
            "simulated": True,
            "source": settings["weighting"]["source"],
            "lonely_psu": estimation["lonely_psu"],
            "calibrated_errors": estimation["calibrated_errors"],
            "folder": str(folder),
        },
        "weight": {
            **files("sample.parquet", "margins.csv"),
            "indicators": None,
            "weighting": settings["weighting"],
            "key_indicators": [],
            **outputs("weights.parquet", "units.parquet", "diagnostics.json", "steps.csv"),
            **outputs("collapses.csv"),
            "margins_output": str(folder / "weighted.csv"),
        },
        "estimate": {**analysis, "output": str(folder / "estimates.parquet")},
        "contrast": {
            **analysis,
            **files("asked.parquet"),
            "comparison": settings["comparison"],
            "outputs": files("gaps.parquet", "standardised.parquet", "bounds.parquet")
            | files("ratios.parquet"),
        },
        "publish": {
            "country": COUNTRY,
            **files("estimates.parquet", "sample.parquet", "diagnostics.json", "dropped.csv"),
            **files("item_answers.csv"),
            "margins": str(folder / "weighted.csv"),
            **codebook,
            "publication": settings["publication"],
            "ethics": settings["ethics"],
            "estimation": estimation,
            "date": settings["study"]["date"],
            "simulated": True,
            **outputs("release.parquet", "quality.json", "disclosure.json"),
            "table_output": str(folder / "public.csv"),
        },
    }


if __name__ == "__main__":
    main()
