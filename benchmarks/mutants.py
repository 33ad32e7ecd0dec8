"""How many small faults of the library the fast tests see.

    python benchmarks/mutants.py record lines.jsonl         # which test runs which line; minutes
    python benchmarks/mutants.py try lines.jsonl found.csv  # some hundred faults, one at a time

A fault ("mutant") is one changed comparison, sign, number, branch or statement (see mutating.py),
chosen by a seed, in turn from each package named. It is killed when one of the tests that run its
line fails, first those of its package; it survives when none of them does. Tests dearer than a
limit are left out, so that a survivor may still be seen by those, and by those of whole runs. No
file is changed: each fault lives in a process of its own, which gets the changed module in place
of the written one.
"""

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import NamedTuple

from mutating import Mutant, mutants_of

ROOT = Path(__file__).parents[1]
# The folders that hold the packages whose modules are changed.
SOURCES = (ROOT / "src", ROOT / "engine/src")
TESTS = ("tests/unit", "tests/reference", "engine/tests")
PACKAGES = (
    "designbased",
    "disrupting_harm/comparison",
    "disrupting_harm/publication",
    "disrupting_harm/releases",
)
NUMBER, SEED = 200, 1
# CPU seconds: of a test that is tried, of all tests of a fault, of a fault that never ends.
DEAREST, BUDGET, ENDLESS = 2.5, 20.0, 60
COLUMNS = ("module", "line", "kind", "before", "after", "outcome", "tests", "cpu_seconds")


class Fault(NamedTuple):
    """A mutant of one module, ``module`` being its path from the folder that holds its package."""

    module: str
    mutant: Mutant


class Test(NamedTuple):
    """A test, its CPU seconds and the lines that it runs, by module."""

    name: str
    seconds: float
    lines: dict[str, list[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=["record", "try"])
    parser.add_argument("lines", type=Path, help="which test runs which line")
    parser.add_argument("found", type=Path, nargs="?", help="table of what became of each fault")
    parser.add_argument("--number", type=int, default=NUMBER)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--packages", nargs="+", default=PACKAGES, help="packages, or modules")
    asked = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if asked.what == "record":
        record(asked.lines)
        return
    tests = [Test(*json.loads(line)) for line in asked.lines.read_text("utf-8").splitlines()]
    faults = chosen(asked.packages, asked.number, asked.seed)
    import_libraries()
    unchanged = attempt(None, sorted({name for fault in faults for name in tests_of(fault, tests)}))
    if unchanged[0] != "survived":
        parser.error("these tests fail without any fault; record the lines anew")
    with asked.found.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        rows = []
        for row in tried(faults, tests):
            table.writerow(row)
            file.flush()
            rows.append(row)
    print_summary(rows)


def record(out: Path) -> None:
    """Run the fast tests once and write which lines each of them runs."""
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "reached_lines", "-p", "no:xdist"]
    paths = os.pathsep.join([str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH", "")])
    environment = {"REACHED_LINES": str(out.resolve()), "PYTHONPATH": paths}
    subprocess.run([*command, *TESTS], cwd=ROOT, env={**os.environ, **environment}, check=True)


def chosen(packages: Iterable[str], number: int, seed: int) -> list[Fault]:
    """Return faults drawn without replacement, the packages in turn."""
    draw = random.Random(seed)
    drawn = []
    for package in packages:
        faults = [
            Fault(path.relative_to(source).as_posix(), mutant)
            for source in SOURCES
            for path in modules(source / package)
            for mutant in mutants_of(path.read_bytes())
        ]
        drawn.append(draw.sample(faults, min(number, len(faults))))
    in_turn = (fault for faults in zip(*drawn, strict=False) for fault in faults)
    return [fault for fault, _ in zip(in_turn, range(number), strict=False)]


def modules(package: Path) -> list[Path]:
    """Return the modules of a package; a module may stand for a package."""
    return [package] if package.is_file() else sorted(package.rglob("*.py"))


def import_libraries() -> None:
    """Import what all tests need, and nothing of the project, before processes are forked."""
    # Otherwise Arrow starts a thread, and a process of several threads is not to be forked.
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    for name in ("matplotlib.pyplot", "pandas", "pyarrow.parquet", "pytest", "scipy.stats"):
        import_module(name)


def tried(faults: Iterable[Fault], tests: Sequence[Test]) -> Iterator[dict[str, object]]:
    """Yield one row of the table per fault."""
    for fault in faults:
        names = tests_of(fault, tests)
        outcome, seconds = attempt(fault, names) if names else ("no test", 0.0)
        yield {
            "module": fault.module,
            "line": fault.mutant.line,
            "kind": fault.mutant.kind,
            "before": fault.mutant.before,
            "after": fault.mutant.after,
            "outcome": outcome,
            "tests": len(names),
            "cpu_seconds": round(seconds, 1),
        }


def tests_of(fault: Fault, tests: Iterable[Test]) -> list[str]:
    """Return the names of the tests that run a fault's line, those of its package first.

    Of these, and of others, the cheapest come first. A line that no test runs by itself, such as a
    constant of the module, is tried with the tests that run anything of the module.
    """
    lines = range(fault.mutant.line, fault.mutant.last_line + 1)
    of_module = [test for test in tests if fault.module in test.lines and test.seconds <= DEAREST]
    of_line = [test for test in of_module if not set(lines).isdisjoint(test.lines[fault.module])]
    names, left = [], BUDGET
    package = fault.module.removeprefix("disrupting_harm/").partition("/")[0]
    of_package = "engine/tests/" if package == "designbased" else f"tests/unit/{package}/"
    order = sorted(
        of_line or of_module, key=lambda test: (not test.name.startswith(of_package), test.seconds)
    )
    for test in order:
        left -= test.seconds
        if left < 0:
            break
        names.append(test.name)
    return names


def attempt(fault: Fault | None, names: Sequence[str]) -> tuple[str, float]:
    """Return what became of a fault, or of none, and the CPU seconds that it took."""
    child = os.fork()
    if child == 0:
        _run_tests(fault, names)
    _, status, used = os.wait4(child, 0)
    # A module that cannot be imported, or that never ends, is seen, too.
    outcome = "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
    return outcome, used.ru_utime + used.ru_stime


def _run_tests(fault: Fault | None, names: Sequence[str]) -> None:
    """Run tests in this process, the library having the fault, and end it."""
    import pytest

    os.chdir(ROOT)
    if fault:
        resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS))
        sys.meta_path.insert(0, _Changed(fault))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"]
    options += ["-p", "no:faulthandler", "--hypothesis-profile=mutants"]
    os._exit(pytest.main([*options, *names], plugins=[_Examples()]))


class _Examples:
    """Makes the examples of hypothesis the same for every fault, and lets failing ones be."""

    def pytest_load_initial_conftests(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None,
            phases=(Phase.explicit, Phase.generate),
        )  # fmt: skip


class _Changed(MetaPathFinder):
    """Finds the module that has the fault."""

    def __init__(self, fault: Fault) -> None:
        (self.path,) = (path for source in SOURCES if (path := source / fault.module).exists())
        parts = Path(fault.module).with_suffix("").parts
        self.name = ".".join(parts).removesuffix(".__init__")
        self.text = fault.mutant.applied(self.path.read_bytes())

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self.name:
            return None
        loader = _Loader(name, str(self.path), self.text)
        return spec_from_file_location(name, self.path, loader=loader)


class _Loader(SourceFileLoader):
    """Loads a module from a text in place of its file, and keeps nothing compiled."""

    def __init__(self, name: str, path: str, text: bytes) -> None:
        super().__init__(name, path)
        self.text = text

    def get_data(self, _: str) -> bytes:
        return self.text

    def path_stats(self, path: str) -> dict[str, object]:
        raise OSError(path)


def print_summary(rows: Sequence[dict[str, object]]) -> None:
    """Print how many faults were killed, by package, and those that were not."""
    counts = Counter((Path(str(row["module"])).parent, row["outcome"]) for row in rows)
    for (package, outcome), count in sorted(counts.items()):
        print(f"{package!s:40} {outcome:10} {count:4}")
    for row in rows:
        if row["outcome"] in ("survived", "no test"):
            print("{module}:{line}: {before} -> {after}: {outcome}".format_map(row))


if __name__ == "__main__":
    main()
