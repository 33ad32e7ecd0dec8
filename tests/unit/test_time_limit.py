"""A test that hangs is stopped, so that a fault that loops for ever is seen as one."""

import subprocess
import sys
from pathlib import Path

import pytest


def test_every_test_has_a_time_limit(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.hasplugin("timeout")
    assert 60 <= float(pytestconfig.getini("timeout")) <= 600


def test_a_test_that_hangs_fails(tmp_path: Path) -> None:
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text("def test_hangs():\n    while True:\n        pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-o", "timeout=1", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(hanging)],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Timeout" in done.stdout
