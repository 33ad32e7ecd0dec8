"""A run of tests closes with what it did not prove, and fails where it was to prove everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from preconditions import PRECONDITIONS, REQUIRE
from repository import PROJECT

CHROMIUM = "no Chromium with its driver"
TESTS = f"""
import pytest
from preconditions import needs, require

@pytest.fixture(scope="session")
def browser():
    require("{CHROMIUM}")

def test_page(browser): pass
def test_other_page(browser): pass
@needs("make test-cluster")
def test_on_slurm(): pass
def test_quarto(): pass
"""


def run_tests(folder: Path, text: str, *options: str, path: str = "") -> tuple[int, list[str]]:
    """Run tests where ``path`` alone holds programs; return how they end and the closing lines."""
    (folder / "test_quarto_small.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name[:5] not in ("TEST_", "REAL_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "preconditions", *options],
        cwd=folder, env=kept | {"PYTHONPATH": str(PROJECT / "tests"), "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    # Below the list of skipped tests, which may be long; only the count of tests stands last.
    lines = done.stdout.splitlines()[-3:-1]
    return done.returncode, [line for line in lines if line.startswith(("Not ", "Only "))]


def put_programs(folder: Path) -> str:
    folder.mkdir()
    for name in ("chromium", "chromedriver"):
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(("options", "code"), [((), 0), ((REQUIRE, "-n", "2"), 1)])
def test_what_is_missing_is_named_once_with_its_command(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    closing = [
        f"Not proved here: pages in a browser: 2 skipped ({CHROMIUM}). "
        "Install: sudo apt-get install chromium chromium-driver",
        "Only on request: a real Slurm: 1 skipped (make test-cluster); a real Quarto: "
        "1 with a stand-in (make test-quarto REAL_QUARTO=/path/to/quarto)",
    ]
    assert run_tests(tmp_path, TESTS, *options) == (code, closing)


def test_what_is_left_out_on_purpose_fails_nothing(tmp_path: Path) -> None:
    path = put_programs(tmp_path / "bin")
    code, closing = run_tests(tmp_path, TESTS, REQUIRE, path=path)
    assert (code, [line.partition(":")[0] for line in closing]) == (0, ["Only on request"])


def test_a_skip_that_nobody_explained_is_named_and_fails(tmp_path: Path) -> None:
    text = "import pytest\ndef test_some(): pytest.skip('some reason')\n"
    closing = ["Not proved here: 1 skipped (some reason)"]
    assert run_tests(tmp_path, text, REQUIRE) == (1, closing)


def test_continuous_integration_installs_every_program_and_requires_it() -> None:
    words = (PROJECT / ".ci/run").read_text(encoding="utf-8").split()
    packages = {name for needed in PRECONDITIONS.values() for name in needed.packages}
    assert packages <= set(words)
    assert f"ARGS={REQUIRE}" in words
