"""No run says "Done" while a published file is missing, changed or none of the study's."""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from checkout import Checkout, hashes
from mini_study import CONFIG

from disrupting_harm.core.files import read_json


def public_of(checkout: Checkout) -> Path:
    """Return the public results of the mini study."""
    return checkout.folder / "results" / "mini" / "public"


def one_of_each_kind(public: Path) -> list[Path]:
    """Return one public file of every folder (countries alike) and every type."""
    found: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for path in sorted(public.rglob("*")):
        if path.is_file():
            folder = ["*" if part in ("N", "S") else part for part in path.parent.parts]
            found[*folder, path.suffix].append(path)
    return [paths[-1] for paths in found.values()]


@pytest.mark.slow
def test_every_kind_of_public_file_is_made_again(mini_copy: Checkout) -> None:
    public = public_of(mini_copy)
    before = hashes(public)
    gone = one_of_each_kind(public)
    assert {path.suffix for path in gone} >= {".csv", ".json", ".svg", ".docx", ".qmd", ".html"}
    assert len(gone) > 15
    for path in gone:
        path.unlink()
    shutil.rmtree(public / "reports" / "S")
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert "Missing, to be made again: " in done.stderr
    assert hashes(public) == before
    assert mini_copy.say("verify", "--config", CONFIG).returncode == 0


def test_one_missing_and_one_changed_file_are_made_again_and_a_foreign_one_is_left(
    mini_copy: Checkout,
) -> None:
    """The missing one is one that no rule can declare, and the changed one is kept aside."""
    public = public_of(mini_copy)
    before = hashes(public)
    (public / "figures" / "comparison" / "ranks-daily.svg").unlink()
    source = public / "reports" / "N" / "en" / "report.qmd"
    written = source.read_text(encoding="utf-8") + "\nAn author's own paragraph.\n"
    source.write_text(written, encoding="utf-8")
    note = public / "reports" / "S" / "note.txt"
    note.write_text("mine", encoding="utf-8")
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    aside = mini_copy.folder / "results/mini/restricted/set-aside/reports/N/en/report.qmd"
    assert aside.read_text(encoding="utf-8") == written
    assert str(aside.relative_to(mini_copy.folder).parents[3]) in done.stderr
    named = "Not of this study, left as they are: results/mini/public/reports/S/note.txt"
    assert named in done.stderr
    assert note.read_text(encoding="utf-8") == "mine"
    note.unlink()
    assert hashes(public) == before


@pytest.mark.slow
def test_a_missing_manifest_is_made_again(mini_copy: Checkout) -> None:
    public = public_of(mini_copy)
    before = hashes(public)
    (public / "manifest.json").unlink()
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert hashes(public) == before


def test_one_missing_file_that_a_rule_declares_reruns_its_job(mini_copy: Checkout) -> None:
    (public_of(mini_copy) / "countries/N/estimates.csv").unlink()
    jobs = mini_copy.plan(config=CONFIG)
    assert {"publish N", "report N", "manifest"} <= {*jobs}
    # Where another country stands is drawn among all.
    assert {job for job in jobs if job.endswith(" S")} == {"standing S"}


@pytest.mark.slow
def test_a_truncated_intermediate_that_is_deleted_leaves_no_gap(mini_copy: Checkout) -> None:
    public = public_of(mini_copy)
    before = hashes(public)
    compared = mini_copy.folder / "results/mini/restricted/comparison/pairwise.parquet"
    compared.write_bytes(compared.read_bytes()[:500])
    stopped = mini_copy.run(config=CONFIG)
    assert stopped.returncode == 1
    compared.unlink()
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    assert compared.is_file()
    assert hashes(public) == before


def test_a_dry_run_names_missing_files_and_touches_nothing(mini_copy: Checkout) -> None:
    results = mini_copy.folder / "results"
    (public_of(mini_copy) / "figures" / "N" / "en" / "figures.json").unlink()
    before = hashes(results)
    shown = mini_copy.run("--dry-run", config=CONFIG)
    assert "Missing, to be made again: results/mini/public/figures/N/en/figures" in shown.stderr
    assert hashes(results) == before


def test_verify_names_missing_changed_and_foreign_files(mini: Checkout, tmp_path: Path) -> None:
    # A reviewer has the public folder alone, under another name.
    public = Path(shutil.copytree(public_of(mini), tmp_path / "received"))
    good = mini.say("verify", str(public))
    assert good.returncode == 0, good.stdout + good.stderr
    (public / "estimates.csv").unlink()
    page = public / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("study", "Study", 1), encoding="utf-8")
    (public / "notes.csv").write_text("mine\n", encoding="utf-8")
    bad = mini.say("verify", str(public))
    assert bad.returncode == 1
    lines = bad.stdout.splitlines()
    assert lines[:3] == ["missing  estimates.csv", "changed  index.html", "foreign  notes.csv"]
    (public / "manifest.json").write_text("{", encoding="utf-8")
    broken = mini.say("verify", str(public))
    assert broken.returncode == 1
    assert "manifest.json: it is no JSON" in broken.stderr
    assert "Traceback" not in broken.stderr


def test_verify_sees_changed_restricted_results(mini_copy: Checkout) -> None:
    table = mini_copy.folder / "results/mini/restricted/weights/N/steps.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = mini_copy.say("verify", "--config", CONFIG)
    assert found.returncode == 1
    assert "changed  weights/N/steps.csv" in found.stdout.splitlines()


def test_the_manifest_lists_each_public_file(mini: Checkout) -> None:
    public = public_of(mini)
    listed = read_json(public / "manifest.json")["outputs"]
    there = {f"public/{path.relative_to(public).as_posix()}"
             for path in public.rglob("*") if path.is_file()}  # fmt: skip
    assert there == {*listed, "public/manifest.json"}
    assert not [name for name in there if ".snakemake" in name]
