"""Faults are put where they change what is computed, and a test that sees one kills it."""

import ast
import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from repository import PROJECT

MODULE = b'''\
"""A number, 1 < 2."""
from typing import Final

LIMIT: Final[int | None] = 3


def judged(n: int, known: set[int]) -> float:
    """Say what a count is, "\xc3\xa9" or not."""
    known.add(n)
    if n < LIMIT and n not in known:
        raise ValueError(f"{n + 1} is " + "few")
    return -n / 2 if n else 0.5
'''


def test_faults_are_in_what_is_computed_and_nowhere_else() -> None:
    from mutating import mutants_of

    found = {(each.line, each.kind, each.before, each.after) for each in mutants_of(MODULE)}
    assert found == {
        (4, "constant", "3", "(4)"),
        (9, "statement", "known.add(n)", "pass"),
        (10, "condition", "n < LIMIT and n not in known", "(not (n < LIMIT and n not in known))"),
        (10, "and, or", "n < LIMIT and n not in known", "(n < LIMIT or n not in known)"),
        (10, "comparison", "n < LIMIT", "(n <= LIMIT)"),
        (10, "comparison", "n not in known", "(n in known)"),
        (11, "statement", 'raise ValueError(f"{n + 1} is " + "few")', "pass"),
        (12, "branch", "-n / 2 if n else 0.5", "(0.5 if n else -n / 2)"),
        (12, "operator", "-n / 2", "(-n * 2)"),
        (12, "sign", "-n", "(n)"),
        (12, "constant", "2", "(3)"),
        (12, "constant", "0.5", "(1.5)"),
    }


def test_a_fault_stands_in_the_place_of_the_written_text() -> None:
    from mutating import mutants_of

    for mutant in mutants_of(MODULE):
        text = mutant.applied(MODULE)
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(MODULE))
        lines = zip(text.splitlines(), MODULE.splitlines(), strict=True)
        moved = [number for number, (new, old) in enumerate(lines, start=1) if new != old]
        assert moved == [mutant.line]


def test_a_fault_is_first_tried_with_the_tests_of_its_package() -> None:
    from mutants import TESTS, Fault, Test, tests_of
    from mutating import Mutant

    module = "designbased/errors.py"
    fault = Fault(module, Mutant(3, 3, "constant", "1", "(2)", 0, 1))
    names = ("tests/unit/test_errors.py::test_cheap", "engine/tests/test_errors.py::test_dear")
    tests = [Test(name, 0.1 + at, {module: [3]}) for at, name in enumerate(names)]
    assert tests_of(fault, tests) == [*reversed(names)]
    assert all(name.startswith(TESTS) for name in names)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("test", "outcome"),
    [("comparison/test_recovered_limits.py", "killed"), ("test_version.py", "survived")],
)
def test_a_fault_is_killed_by_a_test_that_sees_it(tmp_path: Path, test: str, outcome: str) -> None:
    module = "disrupting_harm/comparison/differences/recovered_limits.py"
    lines, found = tmp_path / "lines.jsonl", tmp_path / "found.csv"
    lines.write_text(json.dumps([f"tests/unit/{test}", 0.1, {module: [*range(1, 100)]}]))
    command = [sys.executable, "benchmarks/mutants.py", "try", lines, found, "--packages", module]
    done = subprocess.run(
        [*command, "--number", "1"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with found.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["module"], row["outcome"]) for row in rows] == [(module, outcome)]
    assert f"{module}:" in done.stdout or outcome == "killed"
