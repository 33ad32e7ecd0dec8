"""A finished run is made again in a fresh folder, and the answer is that of what lies there."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from checkout import ELSEWHERE, Checkout, make_checkout
from mini_study import CONFIG, write_mini_study

from disrupting_harm.core.files import write_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.rebuild import make_fresh_folder
from disrupting_harm.study.study import load_study


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


# Where a study and its results lie, as seen from the project; None: the path of the machine.
PLACES = {
    "beside the project": ("../study/config.yaml", "results/mini"),
    "with its results": ("../study/config.yaml", "../study/results"),
    "further away": ("../../studies/deep/config.yaml", "results/mini"),
    "further away than its results": ("../../studies/deep/config.yaml", "../study/results"),
    "named from the root": (None, "results/mini"),
}


def move_study(folder: Path, config: str | None, results: str) -> tuple[Checkout, str]:
    """Return a project in a new folder, and the name of its study, which lies where it should."""
    checkout = make_checkout(folder / "a" / "project")
    write_mini_study(checkout)
    study = checkout.folder / (config or "../study/config.yaml")
    study.parent.resolve().parent.mkdir(parents=True, exist_ok=True)
    (checkout.folder / "mini").rename(study.parent.resolve())
    study.write_text(study.read_text().replace("results/mini", results), encoding="utf-8")
    # The data lie elsewhere again.
    (study.parent.parent / "raw").mkdir()
    (study.parent / "N.csv").rename(study.parent.parent / "raw" / "N.csv")
    rows = (study.parent / "regions.csv").read_text(encoding="utf-8")
    (study.parent / "regions.csv").write_text(rows.replace("N.csv", "../raw/N.csv"))
    return checkout, config or str(study.resolve())


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    """In another time zone, locale and hash order, too, and in the sums of another processor.

    The last bits of restricted numbers may differ there. The study and its results lie outside the
    project.
    """
    checkout, named = move_study(tmp_path, *PLACES["further away than its results"])
    done = checkout.run(config=named)
    assert done.returncode == 0, done.stderr
    before = files_below(tmp_path)
    elsewhere = {**ELSEWHERE, "OPENBLAS_CORETYPE": "Prescott"}
    done = rebuild(checkout, "--config", named, environment=elsewhere)
    assert (done.returncode, done.stdout) == (0, "yes: the same bytes\n"), done.stderr
    # Nothing of the study or its results was touched.
    assert files_below(tmp_path) == before


@pytest.mark.slow
def test_a_number_that_was_changed_is_found(tmp_path: Path) -> None:
    """Somebody has changed a public number, and the manifests so that they agree with it.

    Nothing else is said to differ, though the study is named by its path on the machine.
    """
    checkout, named = move_study(tmp_path, *PLACES["named from the root"])
    first = checkout.run(config=named)
    assert first.returncode == 0, first.stderr
    results = checkout.folder / "results" / "mini"
    table, manifest = results / "public/countries/N/estimates.csv", results / "public/manifest.json"
    header, first, *rest = table.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = first.split(",")
    column = header.strip().split(",").index("estimate")
    was, cells[column] = cells[column], "0.99"
    table.write_text("".join([header, ",".join(cells), *rest]), encoding="utf-8")
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    listed["outputs"]["public/countries/N/estimates.csv"] = sha256(table)
    write_json(manifest, listed)
    done = rebuild(checkout, "--config", named)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        "no (versions differ: none)",
        f"N/daily/estimate: '0.99', and now '{was}'",
    ]


@pytest.fixture(scope="module")
def all_jobs(mini: Checkout) -> list[str]:
    """What is run where no result is there."""
    return mini.plan("--forceall", config=CONFIG)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_all_is_seen_from_a_fresh_folder_but_the_results(
    all_jobs: list[str], tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a run there finds all files of the study, and has every result to make."""
    checkout, named = move_study(tmp_path, *PLACES[place])
    made = checkout.folder / PLACES[place][1] / "public" / "index.html"
    made.parent.mkdir(parents=True)
    made.write_text("of the finished run", encoding="utf-8")
    before = files_below(tmp_path)
    monkeypatch.chdir(checkout.folder)
    study = load_study(Path(named))
    fresh = make_fresh_folder(tmp_path / "scratch", study)
    assert not (fresh / study.config.results).exists()
    assert Checkout(fresh).plan(config=named) == all_jobs
    # What is made there is made beside the results.
    (fresh / study.config.results).mkdir(parents=True)
    (fresh / study.config.results / "new.txt").write_text("new", encoding="utf-8")
    shutil.rmtree(tmp_path / "scratch")
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
