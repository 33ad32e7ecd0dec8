"""Layers of the package: what may import what, as `pyproject.toml` lists it."""

import shutil
import subprocess
import sys
from pathlib import Path

from checkout import PROJECT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder / "src",
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_layer_imports_a_higher_one() -> None:
    done = lint(PROJECT)
    assert done.returncode == 0, done.stdout


def test_an_import_of_a_higher_layer_is_found(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "src", tmp_path / "src")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    module = tmp_path / "src/disrupting_harm/survey/design/lonely.py"
    module.write_text(
        module.read_text() + "\n\nfrom disrupting_harm.survey.tables import linearise\n"
    )
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "disrupting_harm.survey.design is not allowed to import" in done.stdout
