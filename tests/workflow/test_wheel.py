"""The survey engine by itself: the wheel in an empty environment, without the workflow."""

import re
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from checkout import PROJECT

# Installs the wheel and its libraries.
pytestmark = pytest.mark.slow
# Megabytes of the environment; all of the workflow takes more than a thousand.
LARGEST = 600


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel and what it depends on, in the locked versions."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pins = folder / "pins.txt"
    # Names, versions and markers, without the hashes.
    pins.write_text("\n".join(re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.MULTILINE)))
    run(sys.executable, "-m", "venv", folder / "venv")
    python = folder / "venv/bin/python"
    # Not compiled: few of the modules are ever loaded here.
    options = ("--quiet", "--no-compile", "--constraint", pins)
    run(python, "-m", "pip", "install", *options, wheel)
    return folder / "venv"


def test_it_brings_four_libraries_and_what_these_need(environment: Path) -> None:
    listed = run(environment / "bin/python", "-m", "pip", "list", "--format", "freeze")
    found = {line.partition("==")[0].lower() for line in listed.splitlines()}
    known = {"pip", "setuptools", "python-dateutil", "six", "tzdata"}
    assert found - known == {"disrupting-harm", "numpy", "pandas", "scipy", "pyarrow"}
    size = sum(path.lstat().st_size for path in environment.rglob("*")) / 1e6
    print(f"installed: {size:.0f} MB")
    assert size < LARGEST


def test_the_first_example_of_its_page_runs(environment: Path, tmp_path: Path) -> None:
    page = (PROJECT / "docs/survey-engine.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    program = tmp_path / "example.py"
    program.write_text("\n".join(blocks[:2]), encoding="utf-8")
    started = time.perf_counter()
    printed = run(environment / "bin/python", program)
    print(f"start to finish: {time.perf_counter() - started:.1f} s")
    assert "told_someone" not in printed
    assert len(printed.splitlines()) == 1 + 2 + 3
    assert "16-17" in printed


def test_what_is_not_installed_is_named_with_its_extra(environment: Path) -> None:
    command = [environment / "bin/disrupting-harm", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'disrupting-harm[workflow]'" in done.stderr
    assert "Traceback" not in done.stderr
    program = (
        "import pandas as pd; from disrupting_harm.survey import SurveyDesign, fit_model;"
        "frame = pd.DataFrame({'y': [0.0, 1, 0, 1], 'x': list('abab'), 'weight': 1.0,"
        "'stratum': 1, 'psu': range(4)});"
        "fit_model(SurveyDesign.from_frame(frame), frame, 'y ~ x', 'logistic')"
    )
    done = subprocess.run(
        [environment / "bin/python", "-c", program], capture_output=True, text=True, check=False
    )
    assert "pip install 'disrupting-harm[models]'" in done.stderr


def test_rules_and_templates_are_in_the_package(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if "/workflow/" in name}
    own = [path for path in (PROJECT / "workflow").rglob("*") if path.is_file()]
    assert inside == {
        f"disrupting_harm/workflow/{path.relative_to(PROJECT / 'workflow').as_posix()}"
        for path in own
        if "__pycache__" not in path.parts
    }


def test_the_workflow_asks_for_everything() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert "disrupting-harm[models]" in project["optional-dependencies"]["workflow"]
    makefile = (PROJECT / "Makefile").read_text()
    assert makefile.count("--extra workflow") == 2
