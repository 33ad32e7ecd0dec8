"""A finished run is made again in a fresh folder, and the answer is that of what lies there."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from checkout import ELSEWHERE, Checkout, make_checkout
from mini_study import CONFIG, write_mini_study

from disrupting_harm.core.files import write_json
from disrupting_harm.core.job_records import sha256


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "results"),
    [
        ("../study/config.yaml", "results/mini"),
        ("../study/config.yaml", "../study/results"),
        ("../../studies/deep/config.yaml", "results/mini"),
        (None, "results/mini"),
    ],
    ids=["beside the project", "with its results", "further away", "named from the root"],
)
def test_a_study_outside_the_project(tmp_path: Path, config: str | None, results: str) -> None:
    checkout = make_checkout(tmp_path / "a" / "project")
    write_mini_study(checkout)
    study = tmp_path / "a" / "project" / (config or "../study/config.yaml")
    study.parent.resolve().parent.mkdir(parents=True, exist_ok=True)
    (checkout.folder / "mini").rename(study.parent.resolve())
    study.write_text(study.read_text().replace("results/mini", results), encoding="utf-8")
    # The data lie elsewhere again.
    (study.parent.parent / "raw").mkdir()
    (study.parent / "N.csv").rename(study.parent.parent / "raw" / "N.csv")
    rows = (study.parent / "regions.csv").read_text(encoding="utf-8")
    (study.parent / "regions.csv").write_text(rows.replace("N.csv", "../raw/N.csv"))
    named = config or str(study.resolve())
    done = checkout.run(config=named)
    assert done.returncode == 0, done.stderr
    before = files_below(tmp_path)
    done = rebuild(checkout, "--config", named)
    assert (done.returncode, done.stdout) == (0, "yes: the same bytes\n"), done.stderr
    # Nothing of the study or its results was touched.
    assert files_below(tmp_path) == before


def files_below(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of all files but those that Python and Snakemake keep."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not {".snakemake", "__pycache__"} & {*path.parts}
    }


def test_another_selection_has_other_inputs(mini_copy: Checkout) -> None:
    done = rebuild(mini_copy, "--only", "N")
    assert (done.returncode, done.stdout) == (1, "inputs differ: only\n"), done.stderr
