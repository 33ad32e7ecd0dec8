"""Lists of what jobs made: taken from the writing, read before a run, nobody's work lost."""

import json
import os
from pathlib import Path

import pytest

from disrupting_harm.core import files
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_text
from disrupting_harm.core.job_records import (
    find_faulty_jobs,
    find_records,
    read_digests,
    record_path,
    sha256,
    undo_job,
    write_record,
)
from disrupting_harm.provenance.signature import verify_public


def make(results: Path, job: str, *names: str) -> Path:
    """Write files as a job does, then its record, which is returned."""
    files.WRITTEN.clear()
    for name in names:
        write_text(results / name, f"{name} of {job}\n")
    record = record_path(results / "restricted" / "logs" / f"{job}.log")
    assert record is not None
    write_record(record, files.WRITTEN)
    return record


def test_a_record_lists_what_was_written(tmp_path: Path) -> None:
    record = make(tmp_path, "figures/KEN", "public/figures/KEN/a.svg", "restricted/x.parquet")
    assert record == tmp_path / "restricted" / "made" / "figures" / "KEN.json"
    made = read_digests([record])
    assert {path.relative_to(tmp_path).as_posix() for path in made} == {
        "public/figures/KEN/a.svg", "restricted/x.parquet",
    }  # fmt: skip
    assert all(sha256(path) == digest for path, digest in made.items())
    assert record_path(tmp_path / "my" / "job.log") is None


def test_all_but_public_files_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record does, by which a public file that a failing power cut short is found."""
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    record = make(tmp_path, "figures/KEN", "public/a.svg", "restricted/x.parquet")
    assert len(flushed) == len([tmp_path / "restricted" / "x.parquet", record])
    (tmp_path / "public" / "a.svg").write_bytes(b"")
    (job,) = find_faulty_jobs(tmp_path / "restricted", ["KEN"])
    assert job.changed == (tmp_path / "public" / "a.svg",)


def test_what_a_job_no_longer_makes_goes_but_nothing_restricted(tmp_path: Path) -> None:
    make(tmp_path, "figures/KEN", "public/a.svg", "public/b.svg", "restricted/c.parquet")
    (tmp_path / "public" / "own.txt").write_text("mine")
    make(tmp_path, "figures/KEN", "public/a.svg")
    assert {path.name for path in (tmp_path / "public").iterdir()} == {"a.svg", "own.txt"}
    assert (tmp_path / "restricted" / "c.parquet").is_file()


def test_a_file_that_another_stage_makes_today_stays(tmp_path: Path) -> None:
    """Whichever of the two jobs ends first after an update."""
    make(tmp_path, "publish_evidence", "public/a.csv", "public/b.csv")
    make(tmp_path, "triangulate", "public/b.csv")
    record = make(tmp_path, "publish_evidence", "public/a.csv")
    assert (tmp_path / "public" / "b.csv").read_text() == "public/b.csv of triangulate\n"
    assert list(read_digests([record])) == [tmp_path / "public" / "a.csv"]


def test_faulty_jobs_are_undone_and_changes_set_aside(tmp_path: Path) -> None:
    restricted = tmp_path / "restricted"
    make(tmp_path, "report/KEN", "public/r/KEN/r.qmd", "public/r/KEN/r.pdf", "public/r/KEN/f.svg")
    make(tmp_path, "report/UGA", "public/r/UGA/r.qmd")
    make(tmp_path, "site", "public/index.html")
    folder = tmp_path / "public" / "r" / "KEN"
    assert list(find_faulty_jobs(restricted, ["KEN", "UGA"])) == []
    for text in ("first", "second"):
        (folder / "r.qmd").write_text(text, encoding="utf-8")
        (folder / "f.svg").unlink()
        assert list(find_faulty_jobs(restricted, ["UGA"])) == []
        (job,) = find_faulty_jobs(restricted, ["KEN", "UGA"])
        assert (job.missing, job.changed) == ((folder / "f.svg",), (folder / "r.qmd",))
        undo_job(job, restricted)
        assert list(folder.iterdir()) == []
        make(tmp_path, "report/KEN", *(f"public/r/KEN/{name}" for name in ("r.qmd", "f.svg")))
    aside = restricted / "set-aside" / "r" / "KEN"
    kept = {path.name: path.read_text(encoding="utf-8") for path in aside.iterdir()}
    assert kept == {"r.qmd": "first", "r-2.qmd": "second"}
    assert {path.stat().st_mode & 0o777 for path in aside.iterdir()} == {0o600}
    assert (tmp_path / "public" / "index.html").is_file()
    assert len(find_records(restricted, ["KEN"])) == 2


def test_a_stage_on_all_countries_may_have_several_jobs(tmp_path: Path) -> None:
    restricted = tmp_path / "restricted"
    for kind in ("ranks", "gaps"):
        make(tmp_path, f"comparison_figures/{kind}", f"public/f/{kind}.svg")
    # One job of all kinds made this in an earlier version.
    make(tmp_path, "comparison_figures", "public/f/old.svg")
    for name in ("ranks.svg", "old.svg"):
        (tmp_path / "public" / "f" / name).unlink()
    (job,) = find_faulty_jobs(restricted, [])
    assert job.missing == (tmp_path / "public" / "f" / "ranks.svg",)


def test_a_file_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "public" / "a.txt"
    write_text(path, "one\n")
    first = sha256(path)
    write_text(path, "two\n")
    assert sha256(path) != first


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "there is no manifest.json"),
        ("{", "it is no JSON"),
        ("[]", "it does not list the files of a run"),
        ('{"outputs": {"public/../../etc/passwd": "0"}}', "it lists '../../etc/passwd'"),
        ('{"outputs": {"/etc/passwd": "0"}}', "it lists '/etc/passwd'"),
    ],
)
def test_a_faulty_manifest_is_a_plain_error(
    tmp_path: Path, content: str | None, found: str
) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=found.replace("[", r"\[").replace("..", r"\.\.")):
        verify_public(tmp_path)


def test_findings_are_told_one_by_one(tmp_path: Path) -> None:
    record = make(tmp_path, "site", "public/a.txt", "public/b.txt", "public/c/d.txt")
    public = tmp_path / "public"
    outputs = {
        path.relative_to(tmp_path).as_posix(): d for path, d in read_digests([record]).items()
    }
    (public / "manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    assert verify_public(public).format_lines() == []
    (public / "a.txt").unlink()
    write_text(public / "b.txt", "other")
    write_text(public / "c" / "e.txt", "new")
    # What Quarto leaves at the root is no file of the results; elsewhere it would not leave it.
    write_text(public / ".quarto" / "idx" / "a.json", "{}")
    write_text(public / ".gitignore", "/.quarto/\n")
    write_text(public / "c" / ".gitignore", "*\n")
    found = verify_public(public)
    assert (found.listed, found.missing, found.changed, found.foreign) == (
        3, ("a.txt",), ("b.txt",), ("c/.gitignore", "c/e.txt"),
    )  # fmt: skip
    told = ["missing  a.txt", "changed  b.txt", "foreign  c/.gitignore", "foreign  c/e.txt"]
    assert found.format_lines() == told
