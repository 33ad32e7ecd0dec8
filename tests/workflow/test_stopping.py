"""A run that is stopped, or that cannot begin, says so in one sentence and the right status."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import Checkout, hashes, make_checkout
from mini_study import CONFIG, write_mini_study
from preconditions import needs
from repository import python_path


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)],
)
def test_a_signal_ends_a_run_with_one_sentence(
    mini_copy: Checkout, number: signal.Signals, status: int
) -> None:
    public = mini_copy.folder / "results" / "mini" / "public"
    before = hashes(public)
    # One figure, and the page, the site and the manifest after it.
    forced = "results/mini/public/figures/comparison/figures-ranks.json"
    with subprocess.Popen(
        mini_copy.command(CONFIG, "--forcerun", forced),
        cwd=mini_copy.folder,
        env=mini_copy.environment(),
        stderr=subprocess.PIPE,
        text=True,
    ) as runner:
        assert runner.stderr is not None
        for line in runner.stderr:
            if line.startswith("["):
                break
        runner.send_signal(number)
        said = runner.stderr.read()
    assert runner.returncode == status
    assert "Traceback" not in said
    assert "FAILED" not in said
    assert said.endswith(f"Stopped by {number.name}; another run goes on where this one stopped.\n")
    again = mini_copy.run(config=CONFIG)
    assert again.returncode == 0, again.stderr
    assert hashes(public) == before


def test_other_commands_end_on_a_signal_without_a_traceback() -> None:
    waiting = (
        "import os, signal, sys\n"
        "from disrupting_harm import __main__ as program\n"
        "from disrupting_harm.cli import run\n"
        "run.check_study = lambda _: os.kill(os.getpid(), int(sys.argv[1]))\n"
        "sys.exit(program.main(['check']))"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        done = subprocess.run(
            [sys.executable, "-c", waiting, str(int(number))],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 128 + number
        assert done.stderr == f"\nStopped by {number.name}.\n"


def test_a_study_that_is_not_there_is_named_and_nothing_is_written(
    mini: Checkout, tmp_path: Path
) -> None:
    environment = {"PYTHONPATH": python_path(mini.folder)}
    done = Checkout(tmp_path).run(config="study/config.yaml", environment=environment)
    assert done.returncode == 1
    assert done.stderr.startswith("error: study/config.yaml: there is no such file. ")
    assert list(tmp_path.iterdir()) == []


def test_results_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    write_mini_study(checkout)
    # As root every folder can be written, so that the place is one where nobody can.
    checkout.edit("mini/config.yaml", "results: results/mini", "results: /proc/results")
    done = checkout.run(config=CONFIG)
    assert done.returncode == 1
    assert done.stderr == (
        "error: /proc: nothing can be written there. Give yourself the right, or free space.\n"
    )


# Root may write everywhere, unless it gives up that right.
LIKE_OTHERS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()


@pytest.fixture(scope="module")
def finished(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A finished mini study that is run in vain."""
    return mini.copy_to(tmp_path_factory.mktemp("finished") / "copy")


@needs("root, and no setpriv")
@pytest.mark.parametrize(
    "folder", ["results/mini/public", "results/mini/restricted/logs/publish", ".snakemake"]
)
def test_read_only_folders_are_named(finished: Checkout, folder: str) -> None:
    closed = finished.folder / folder
    rights = closed.stat().st_mode
    closed.chmod(0o500)
    done = subprocess.run(
        [*LIKE_OTHERS, *finished.command(CONFIG)],
        cwd=finished.folder, env=finished.environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    closed.chmod(rights)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {folder}: nothing can be written there. Give yourself the right, or free space.\n"
    )


def test_a_line_break_does_not_cut_a_message(finished: Checkout) -> None:
    with finished.restored("mini/mapping.yaml"):
        finished.edit("mini/mapping.yaml", "column: q1,", 'column: "q1\\nq2",')
        done = finished.run(config=CONFIG)
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if "N.csv, column" in line]
    assert "q1 q2" in said
    assert said.endswith(".")
