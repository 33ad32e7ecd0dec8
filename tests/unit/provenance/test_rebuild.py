"""A run beside the same run made again: the same bytes, the same numbers, or others."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from disrupting_harm.core.files import read_json, write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.rebuild import DIFFERENT, SAME_BYTES, SAME_NUMBERS, compare_runs

SECRET = 0.123456789


def write_manifests(results: Path, **changes: object) -> None:
    """List the files of a run as they are now."""
    listed = {
        kind: {
            path.relative_to(results).as_posix(): sha256(path)
            for path in (results / kind).rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
        for kind in ("public", "restricted")
    }
    public = {
        "configuration": {"only": None, "seed": 1},
        "inputs": {"config.yaml": "c"},
        "software": {"pandas": "3.1", "python": "3.13"},
        "code": {"tree": "t", "commit": None, "dirty": None},
        "renderers": [],
        "outputs": listed["public"],
    }
    write_json(results / "public" / "manifest.json", public | changes)
    restricted = {"inputs": {"raw.csv": "r"}, "outputs": listed["restricted"]}
    write_json(results / "restricted" / "manifest.json", restricted)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of results with the same files."""
    before = tmp_path / "before"
    write_text(before / "public" / "estimates.csv", "country,estimate\nKEN,0.25\n")
    write_json(before / "public" / "countries" / "KEN" / "quality.json", {"psus": [1, 2]})
    write_text(before / "public" / "report.html", "<p>0.25</p>\n")
    (before / "restricted").mkdir(parents=True)
    pd.DataFrame({"estimate": [SECRET]}).to_parquet(before / "restricted" / "KEN.parquet")
    after = Path(shutil.copytree(before, tmp_path / "after"))
    for results in (before, after):
        write_manifests(results)
    return before, after


def test_the_same_files_are_the_same(runs: tuple[Path, Path]) -> None:
    write_manifests(runs[1], code={"tree": "t", "commit": "abc", "dirty": False})
    found = compare_runs(*runs)
    assert (found.status, found.format_lines()) == (SAME_BYTES, ["yes: the same bytes"])


def test_other_bytes_of_the_same_numbers(runs: tuple[Path, Path]) -> None:
    after = runs[1]
    write_text(after / "public" / "estimates.csv", "country,estimate\nKEN,0.250\n")
    write_text(after / "public" / "report.html", "<p>0.25</p>")
    table = pd.DataFrame({"estimate": [SECRET * (1 + 1e-12)]})
    table.to_parquet(after / "restricted" / "KEN.parquet")
    write_manifests(after, software={"pandas": "3.2", "python": "3.13"}, code={"tree": "other"})
    found = compare_runs(*runs)
    assert found.status == SAME_NUMBERS
    assert found.format_lines() == [
        "numbers yes, bytes no (versions differ: pandas 3.1 and 3.2, code of the workflow)",
        "bytes public/estimates.csv",
        "bytes public/report.html",
    ]


def test_another_public_number_is_named(runs: tuple[Path, Path]) -> None:
    after = runs[1]
    write_text(after / "public" / "estimates.csv", "country,estimate\nKEN,0.26\n")
    write_json(after / "public" / "countries" / "KEN" / "quality.json", {"psus": [1, 3]})
    (after / "public" / "report.html").unlink()
    write_manifests(after)
    found = compare_runs(*runs)
    assert found.status == DIFFERENT
    assert found.format_lines() == [
        "no (versions differ: none)",
        "public/report.html: only in one of both",
        "public/countries/KEN/quality.json, 'psus[1]': 2, and now 3",
        "public/estimates.csv, row 2, estimate: '0.25', and now '0.26'",
    ]


@pytest.mark.parametrize("factor", [1 + 1e-8, -1, float("nan")])
def test_another_restricted_number_is_told_without_its_value(
    runs: tuple[Path, Path], factor: float
) -> None:
    table = pd.DataFrame({"estimate": [SECRET * factor]})
    table.to_parquet(runs[1] / "restricted" / "KEN.parquet")
    write_manifests(runs[1])
    found = compare_runs(*runs)
    assert found.status == DIFFERENT
    assert found.format_lines() == [
        "no (versions differ: none)",
        "restricted restricted/KEN.parquet",
    ]


def test_other_inputs_are_no_other_results(runs: tuple[Path, Path]) -> None:
    before, after = runs
    write_manifests(after, configuration={"only": ["KEN"], "seed": 1}, inputs={"config.yaml": "d"})
    closed = after / "restricted" / "manifest.json"
    write_json(closed, read_json(closed) | {"inputs": {"raw.csv": "s"}})
    found = compare_runs(before, after)
    assert (found.status, found.format_lines()) == (
        DIFFERENT,
        ["inputs differ: config.yaml, only, raw.csv"],
    )


def test_other_code_is_named_by_its_commits(runs: tuple[Path, Path]) -> None:
    codes = [{"tree": tree, "commit": tree * 40, "dirty": False} for tree in "ab"]
    for results, code in zip(runs, codes, strict=True):
        write_manifests(results, code=code)
    write_text(runs[1] / "public" / "report.html", "<p>0.25</p>")
    write_manifests(runs[1], code=codes[1])
    first = compare_runs(*runs).format_lines()[0]
    assert first.endswith(f"code of the workflow (commits {'a' * 40} and {'b' * 40}))")
