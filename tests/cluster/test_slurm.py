"""The mini study on a real Slurm of one node. Started by ``make test-cluster`` alone."""

import importlib.util
import re
from pathlib import Path

import pytest
from checkout import Checkout, hashes, make_checkout
from mini_study import CONFIG, write_mini_study
from preconditions import needs

from cluster.one_node import missing, one_node

pytestmark = [
    # It starts a Slurm on this machine.
    needs("make test-cluster"),
    pytest.mark.timeout(1800),
]
# So little that Slurm kills a job that reads tables, at its first attempt.
STARVED = "estimate:mem_mb=(1 if attempt == 1 else 1500)"
QUICK = (
    *("--slurm-status-command", "squeue", "--seconds-between-status-checks", "2"),
    *("--slurm-init-seconds-before-status-checks", "2", "--slurm-keep-successful-logs"),
)


def attempts(checkout: Checkout, rule: str) -> dict[str, int]:
    """Return how often Slurm was given the job of each region."""
    folder = checkout.folder / ".snakemake" / "slurm_logs" / f"rule_{rule}"
    return {region.name: len(list(region.glob("*.log"))) for region in sorted(folder.iterdir())}


def test_slurm_gives_the_bytes_of_a_local_run_and_repeats_a_job_killed_for_memory(
    mini: Checkout, tmp_path: Path
) -> None:
    assert not missing(), f"install slurm-wlm and munge: {missing()}"
    assert importlib.util.find_spec("snakemake_executor_plugin_slurm"), "run make cluster"
    checkout = make_checkout(tmp_path / "checkout")
    write_mini_study(checkout)
    with one_node(tmp_path / "slurm", megabytes=8000):
        done = checkout.run(
            *("--profile", "profiles/slurm", "--set-resources", STARVED, *QUICK), config=CONFIG
        )
    assert done.returncode == 0, done.stderr
    assert attempts(checkout, "estimate") == {"N": 2, "S": 2}
    assert attempts(checkout, "weight") == {"N": 1, "S": 1}
    killed = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (checkout.folder / ".snakemake/slurm_logs/rule_estimate").rglob("*.log")
    )
    assert re.search(r"(?i)exceeded.*memory|oom|out.of.memory", killed), killed[-2000:]
    results = "results/mini"
    for folder in ("public", "restricted/estimates", "restricted/comparison"):
        expected = hashes(mini.folder / results / folder)
        assert hashes(checkout.folder / results / folder) == expected
        assert expected
