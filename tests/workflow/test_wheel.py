"""The wheels by themselves: the engine in an empty environment, the workflow without a clone."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from checkout import Checkout, hashes
from repository import PROJECT

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


def wheel_of(project: Path, folder: Path) -> Path:
    """Build the wheel of a distribution and return it."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the engine and what it depends on, in the locked versions."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = wheel_of(PROJECT / "engine", folder)
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
    installed = {line.partition("==")[0].lower() for line in listed.splitlines()}
    known = {"pip", "setuptools", "python-dateutil", "six", "tzdata"}
    assert installed - known == {"designbased", "numpy", "pandas", "scipy", "pyarrow"}
    size = sum(path.lstat().st_size for path in environment.rglob("*")) / 1e6
    print(f"installed: {size:.0f} MB")
    assert size < LARGEST


@pytest.mark.parametrize("page", ["docs/survey-engine.md", "engine/README.md"])
def test_the_first_example_of_its_page_runs(environment: Path, tmp_path: Path, page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    program = tmp_path / "example.py"
    program.write_text("\n".join(blocks[:2]), encoding="utf-8")
    started = time.perf_counter()
    printed = run(environment / "bin/python", program)
    print(f"start to finish: {time.perf_counter() - started:.1f} s")
    # A head, and a row for each level; boys and girls of the small example.
    levels = ["16-17", "girl"] if page.startswith("docs") else ["boy", "girl"]
    assert all(re.search(rf"^\d .*\b{level}\b", printed, re.MULTILINE) for level in levels)


def test_what_is_not_installed_is_named_with_its_extra(environment: Path) -> None:
    program = (
        "import pandas as pd; from designbased import SurveyDesign, fit_model;"
        "frame = pd.DataFrame({'y': [0.0, 1, 0, 1], 'x': list('abab'), 'weight': 1.0,"
        "'stratum': 1, 'psu': range(4)});"
        "fit_model(SurveyDesign.from_frame(frame), frame, 'y ~ x', 'logistic')"
    )
    done = subprocess.run(
        [environment / "bin/python", "-c", program], capture_output=True, text=True, check=False
    )
    assert "pip install 'designbased[models]'" in done.stderr


def test_rules_and_templates_are_in_the_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel_of(PROJECT, tmp_path)) as opened:
        inside = {name for name in opened.namelist() if "/workflow/" in name}
    # Settings of Snakemake stand beside the file of rules, where it looks for them.
    tracked = [
        (path, folder)
        for folder in (PROJECT / "workflow", PROJECT)
        for path in (PROJECT / ("workflow" if folder != PROJECT else "profiles")).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert inside == {
        f"disrupting_harm/workflow/{path.relative_to(folder).as_posix()}"
        for path, folder in tracked
    }


def test_the_workflow_asks_for_the_engine_and_for_what_it_needs() -> None:
    project, engine = (
        tomllib.loads((PROJECT / name).read_text())["project"]
        for name in ("pyproject.toml", "engine/pyproject.toml")
    )
    assert "designbased[models]" in project["dependencies"]
    assert set(engine["dependencies"]) < set(project["dependencies"])
    assert engine["version"] == project["version"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of both wheels in an environment that sees the libraries, and no clone."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv/bin/python"
    print_packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-c", print_packages).strip())
    # A folder named so brings its packages, and none of the clones that it names itself.
    libraries = f"{sysconfig.get_path('purelib')}\n"
    (packages / "libraries.pth").write_text(libraries, encoding="utf-8")
    wheels = [
        wheel_of(PROJECT, folder / "workflow"),
        wheel_of(PROJECT / "engine", folder / "engine"),
    ]
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-compile")
    run(sys.executable, *install, *wheels)
    return folder / "venv/bin/disrupting-harm"


@pytest.mark.slow
def test_a_folder_with_a_study_alone_runs_to_the_same_files(
    installed: Path, mini: Checkout, tmp_path: Path
) -> None:
    """Beside its configuration, without a clone: the files are those of a run in the clone."""
    folder = tmp_path / "study"
    shutil.copytree(mini.folder / "mini", folder)
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}

    def say(*words: str) -> str:
        done = subprocess.run(
            [installed, *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert say("run", "--cores", "2").endswith("results/mini/public/index.html\n")
    here, there = folder / "results" / "mini", mini.folder / "results" / "mini"
    files = hashes(here / "public")
    of_clone = hashes(there / "public")
    # The manifest says of what code the results are: the same, but for the clone's commit.
    assert files.pop("manifest.json")
    assert of_clone.pop("manifest.json")
    # Pages of numbers name the study's files as seen from the folder of the run.
    pages = [name for name in files if name.startswith("explained/")]
    for name in pages:
        of_the_clone = (there / "public" / name).read_text("utf-8").replace("mini/", "")
        assert (here / "public" / name).read_text("utf-8").replace("mini/", "") == of_the_clone
        del files[name], of_clone[name]
    assert pages
    assert files == of_clone
    codes = [
        json.loads((results / "public" / "manifest.json").read_text("utf-8"))["code"]["tree"]
        for results in (here, there)
    ]
    assert codes[0] == codes[1]
    assert "all agree with it" in say("verify")
    assert "Use the internet daily" in say("explain", "N/daily")
