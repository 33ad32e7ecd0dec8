"""A run that is killed goes on where it stopped, and ends with the same files as one that is not.

The moments are stages of the run, not seconds: a run is killed as soon as it reports a job of that
stage, while the next jobs work.
"""

import os
import signal
import subprocess

import pytest
from checkout import Checkout, hashes, make_checkout
from mini_study import CONFIG, write_mini_study

# (the run is killed after this stage, whole process group or the runner alone); each stage is made
# after those before it, whatever the order of the jobs in between
MOMENTS = (("prepare", False), ("estimate", True), ("figures", False), ("site", True))


@pytest.mark.slow
def test_a_killed_run_ends_with_the_same_files(tmp_path, mini: Checkout) -> None:
    checkout = make_checkout(tmp_path / "killed")
    write_mini_study(checkout)
    for stage, whole_group in MOMENTS:
        _run_and_kill(checkout, stage, whole_group)
    finished = checkout.run(config=CONFIG)
    assert finished.returncode == 0, finished.stderr
    public = checkout.folder / "results" / "mini" / "public"
    found = hashes(public)
    assert found == hashes(mini.folder / "results" / "mini" / "public")
    assert not [name for name in found if ".part-" in name]
    assert checkout.plan(config=CONFIG) == []


def _run_and_kill(checkout: Checkout, stage: str, whole_group: bool) -> None:
    """Run until ``stage`` has a finished job, then kill the runner, or all of its processes."""
    with subprocess.Popen(
        checkout.command(CONFIG),
        cwd=checkout.folder,
        env=checkout.environment(),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as runner:
        assert runner.stderr is not None
        shown = []
        for line in runner.stderr:
            shown.append(line)
            if line.startswith("[") and line[line.index("]") + 1 :].split(maxsplit=1)[1].startswith(
                stage
            ):
                break
        assert runner.poll() is None, "".join(shown)
        if whole_group:
            os.killpg(runner.pid, signal.SIGKILL)
        else:
            runner.kill()
    assert runner.returncode == -signal.SIGKILL, "".join(shown)
