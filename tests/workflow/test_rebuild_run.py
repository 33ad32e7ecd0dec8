"""A finished run is made again in a fresh folder, and the answer is that of what lies there."""

import json
import subprocess
import sys
from collections.abc import Mapping

import pytest
from checkout import ELSEWHERE, Checkout
from mini_study import CONFIG

from disrupting_harm.files import write_json
from disrupting_harm.provenance.made import sha256


def rebuild(
    checkout: Checkout, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Use the command line in a copy of the workflow."""
    command = ["verify", "--rebuild", "--config", CONFIG, "--cores", "2", *arguments]
    return subprocess.run(
        [sys.executable, "-m", "disrupting_harm", *command],
        cwd=checkout.folder,
        env={**checkout.environment(), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(mini_copy: Checkout) -> None:
    """In another time zone, locale and hash order, too, and in the sums of another processor.

    The last bits of restricted numbers may differ there.
    """
    done = rebuild(mini_copy, environment={**ELSEWHERE, "OPENBLAS_CORETYPE": "Prescott"})
    assert (done.returncode, done.stdout) == (0, "yes: the same bytes\n"), done.stderr


@pytest.mark.slow
def test_a_number_that_was_changed_is_found(mini_copy: Checkout) -> None:
    """Somebody has changed a public number, and the manifests so that they agree with it."""
    results = mini_copy.folder / "results" / "mini"
    table, manifest = results / "public/countries/N/estimates.csv", results / "public/manifest.json"
    header, first, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = first.split(",")
    column = header.strip().split(",").index("estimate")
    was, cells[column] = cells[column], "0.99"
    table.write_text("".join([header, ",".join(cells), *rest]), encoding="utf-8")
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    listed["outputs"]["public/countries/N/estimates.csv"] = sha256(table)
    write_json(manifest, listed)
    done = rebuild(mini_copy)
    assert done.returncode == 1, done.stderr
    assert f"N/daily/estimate: '0.99', and now '{was}'" in done.stdout
    assert done.stdout.startswith("no (versions differ: none)\n")


def test_another_selection_has_other_inputs(mini_copy: Checkout) -> None:
    done = rebuild(mini_copy, "--only", "N")
    assert (done.returncode, done.stdout) == (1, "inputs differ: only\n"), done.stderr
