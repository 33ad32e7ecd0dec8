"""Layers of the package: what may import what, as `pyproject.toml` lists it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from repository import PROJECT, python_path

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder / "src",
        env={**os.environ, "PYTHONPATH": python_path(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_layer_imports_a_higher_one() -> None:
    done = lint(PROJECT)
    assert done.returncode == 0, done.stdout


def test_an_import_of_a_higher_layer_is_found(tmp_path: Path) -> None:
    for source in ("src", "engine/src"):
        shutil.copytree(PROJECT / source, tmp_path / source)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    module = tmp_path / "engine/src/designbased/design/lonely_psus.py"
    module.write_text(module.read_text() + "\n\nfrom designbased.estimates import linearisation\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "designbased.design is not allowed to import" in done.stdout
