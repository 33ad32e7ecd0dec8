"""What a person sees when something is wrong, and what is left behind: nothing half-written."""

import contextlib
import subprocess
import sys
import time

import psutil
import pytest
from checkout import Checkout, hashes, make_checkout
from mini_study import CONFIG, write_mini_study


def test_an_unknown_code_stops_the_run_with_one_plain_message(mini_copy: Checkout) -> None:
    before = hashes(mini_copy.folder / "results" / "mini" / "public")
    raw = mini_copy.folder / "mini" / "N.csv"
    lines = raw.read_text(encoding="utf-8").splitlines()
    cells = lines[41].split(",")
    cells[6] = "7"
    lines[41] = ",".join(cells)
    raw.write_text("\n".join(lines) + "\n", encoding="utf-8")

    failed = mini_copy.run(config=CONFIG)

    assert failed.returncode == 1
    assert "FAILED  prepare N\n" in failed.stderr
    assert "N.csv, column 'q1', item 'daily': a code that the mapping does not" in failed.stderr
    assert "know in data row 41" in failed.stderr
    assert failed.stderr.count("Full log: results/mini/restricted/logs/prepare/N.log") == 1
    assert "Traceback" not in failed.stderr
    assert "Done in" not in failed.stderr
    prepared = mini_copy.folder / "results" / "mini" / "restricted" / "prepared" / "N"
    assert not prepared.exists() or not any(prepared.iterdir())
    assert hashes(mini_copy.folder / "results" / "mini" / "public") == before


@pytest.fixture(scope="module")
def unmade(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A mini study without results."""
    checkout = make_checkout(tmp_path_factory.mktemp("unmade") / "checkout")
    write_mini_study(checkout)
    return checkout


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("config.yaml", "source: column", "source: colum", ["config.yaml", "weighting.source"]),
        ("config.yaml", "  template:", "  tempalte:", ["study.tempalte", "unknown key"]),
        ("regions.csv", "N.csv", "lost.csv", ["lost.csv", "N"]),
        ("indicators.yaml", "{item: daily,", "{item: dayly,", ["indicators.yaml", "dayly"]),
        ("mapping.yaml", "sex: {column", "sexx: {column", ["mapping.yaml", "sexx"]),
    ],
    ids=["value", "key", "raw file", "item", "variable"],
)
def test_a_fault_of_the_configuration_stops_before_any_job(
    unmade: Checkout, path: str, old: str, new: str, words: list[str]
) -> None:
    with unmade.restored(f"mini/{path}"):
        unmade.edit(f"mini/{path}", old, new)
        failed = unmade.run(config=CONFIG)
    assert failed.returncode == 1
    assert not (unmade.folder / "results").exists()
    assert "Traceback" not in failed.stderr
    assert 'File "' not in failed.stderr
    for word in words:
        assert word in failed.stderr


def test_an_unknown_target_is_named(mini_copy: Checkout) -> None:
    failed = mini_copy.run("no_such_target", config=CONFIG)
    assert failed.returncode == 1
    assert "no_such_target" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.slow
def test_a_second_runner_leaves_the_first_alone(mini_copy: Checkout) -> None:
    command = mini_copy.command(CONFIG, "--forcerun", "compare")
    with subprocess.Popen(
        command,
        cwd=mini_copy.folder,
        env=mini_copy.environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if "compare" in line:
                break
        second = mini_copy.run(config=CONFIG)
        rest = first.stderr.read()
    assert second.returncode == 1
    assert "another run is working in this folder" in second.stderr
    assert "Traceback" not in second.stderr
    assert first.returncode == 0, rest
    assert "Done in" in rest
    assert mini_copy.plan(config=CONFIG) == []


@pytest.mark.slow
@pytest.mark.parametrize("warm", [True, False], ids=["forked", "own Python"])
def test_a_killed_job_is_named_and_can_be_rerun(mini_copy: Checkout, warm: bool) -> None:
    """As where the machine has no more memory."""
    public = mini_copy.folder / "results" / "mini" / "public"
    before = hashes(public)
    forced = "results/mini/public/figures/comparison/figures-ranks.json"
    options = ("--forcerun", forced, *(() if warm else ("--no-warm",)))
    for _ in range(9):
        with subprocess.Popen(
            mini_copy.command(CONFIG, *options),
            cwd=mini_copy.folder,
            env=mini_copy.environment(),
            stderr=subprocess.PIPE,
            text=True,
        ) as runner:
            job = _wait_for_job(runner.pid, forked=warm)
            while not (public.parent / "restricted/logs/comparison_figures/ranks.log").exists():
                time.sleep(0.01)
            # A job that ended before it was caught is made and caught again.
            with contextlib.suppress(psutil.NoSuchProcess):
                job.kill()
            assert runner.stderr is not None
            said = runner.stderr.read()
        if runner.returncode != 0:
            break
    assert runner.returncode == 1
    assert "FAILED  comparison figures\n  The job was killed; it can be rerun.\n" in said
    assert "Traceback" not in said
    # What a job makes does not depend on how its process began.
    again = mini_copy.run(*(() if warm else ("--no-warm",)), config=CONFIG)
    assert again.returncode == 0, again.stderr
    assert hashes(public) == before


def _wait_for_job(runner: int, *, forked: bool) -> psutil.Process:
    """Return the process of a job of comparison figures as soon as it is there."""
    while True:
        for process in psutil.Process(runner).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                command, parent = process.cmdline(), process.parent().cmdline()
                own = [sys.executable] == command[:1] and "comparison_figures.py" in command[-1]
                child = command == parent and "disrupting_harm_launcher.server" in command
                if child if forked else own:
                    return process
        time.sleep(0.01)
