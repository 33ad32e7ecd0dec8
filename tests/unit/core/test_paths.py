"""Commands as they can be typed where the program was started."""

import sys
from pathlib import Path

import pytest

from disrupting_harm.core.paths import format_command


def test_a_command_has_the_folder_that_no_shell_looks_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / ".venv" / "bin" / "disrupting-harm"
    program.parent.mkdir(parents=True)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert format_command("render", Path("a.qmd")) == ".venv/bin/disrupting-harm render a.qmd"
    monkeypatch.chdir(program.parent.parent)
    assert format_command("check") == "bin/disrupting-harm check"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent))
    assert format_command("check") == "disrupting-harm check"
