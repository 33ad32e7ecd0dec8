"""The command line answers ``--help`` and wrong arguments without the libraries of its commands."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from repository import PROJECT, python_path

from disrupting_harm.__main__ import main
from disrupting_harm.cli import command_line

HEAVY = ("numpy", "pandas", "pydantic", "pandera", "matplotlib", "snakemake")
# Asks for the help of the program, and of each command and action that a help text lists.
ASK_ALL = f"""
import contextlib, io, json, re, sys
from disrupting_harm.__main__ import main

loaded, waiting = {{}}, [()]
while waiting:
    command = waiting.pop(0)
    printed = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(printed):
        main([*command, "--help"])
    loaded[" ".join(command)] = [name for name in {HEAVY} if name in sys.modules]
    text = printed.getvalue()
    if not command:
        waiting = [(name,) for name in re.findall(r"^  ([a-z-]+)  +[a-z]", text, re.M)]
    # An action has no actions of its own.
    elif len(command) == 1 and (
        choices := re.search(r"^positional arguments:\\n  {{([a-z,-]+)}}", text, re.M)
    ):
        waiting += [(*command, name) for name in choices[1].split(",")]
print(json.dumps(loaded))
"""


def test_help_of_the_program_and_of_each_command_loads_no_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK_ALL],
        env={"PYTHONPATH": python_path(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stdout)
    assert {"", "run", "plan", "release accept", "statistics import", "translate"} <= set(loaded)
    assert {command: names for command, names in loaded.items() if names} == {}


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["frobnicate"], "argument COMMAND: invalid choice: 'frobnicate'"),
        (["check", "--cores", "2"], "unknown argument --cores"),
        (["release"], "the following arguments are required: action"),
        (["release", "accept"], "the following arguments are required: NAME"),
        (["plan", "--n", "many"], "argument --n: invalid int value: 'many'"),
    ],
)
def test_wrong_arguments_end_with_2_and_are_named(arguments, fault, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert f"error: {fault}" in capsys.readouterr().err


def test_what_run_does_not_know_goes_to_snakemake_in_its_order(monkeypatch) -> None:
    options = []
    monkeypatch.setattr(
        "disrupting_harm.cli.run.run_study", lambda namespace: options.append(namespace) or 0
    )
    assert (
        main(["run", "--cores", "2", "--dry-run", "--only", "KEN", "--rerun-triggers", "mtime"])
        == 0
    )
    assert options[0].snakemake == ["--dry-run", "--rerun-triggers", "mtime"]
    assert (options[0].cores, options[0].only) == (2, ["KEN"])


def test_help_tells_the_defaults_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["run", "--help"], ["plan", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "configuration of the study (default: config/config.yaml)" in printed
    assert "standards, separated by commas; default all" in printed
    assert "(default: None)" not in printed
    assert "(default: )" not in printed
    assert printed.endswith(f"disrupting-harm {version('disrupting-harm')}")


def test_help_lists_every_command_once_below_its_task(capsys: pytest.CaptureFixture[str]) -> None:
    listed = re.findall(r"^  ([a-z-]+)  +[a-z]", command_line("").format_help(), re.MULTILINE)
    with pytest.raises(SystemExit):
        main(["frobnicate"])
    (known,) = re.findall(r"\(choose from ([^)]*)\)", capsys.readouterr().err)
    assert sorted(listed) == sorted(known.replace("'", "").split(", "))


def test_a_shell_completes_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """As bash does, with the lines that the program prints for it."""
    assert main(["completion", "bash"]) == 0
    lines = capsys.readouterr().out
    ask = """
function=$(complete -p disrupting-harm | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=(disrupting-harm re); COMP_CWORD=1; $function disrupting-harm re disrupting-harm
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = subprocess.run(["bash", "-c", lines + ask], capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split()) == ["release", "render"]


def test_a_run_elsewhere_says_how_a_study_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 1
    assert "`disrupting-harm init` drafts one of your own data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
