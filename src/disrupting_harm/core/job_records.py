"""Records of the files that each job wrote, with their SHA-256.

A rule cannot declare every file: which figures exist depends on what may be published. So the
functions that write files list them. The record of a job lies in ``restricted/made/``, named as the
job's log is in ``restricted/logs/``.
"""

import hashlib
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from disrupting_harm.core.files import (
    PUBLIC,
    RESTRICTED,
    make_folder,
    read_json,
    results_folder,
    write_json,
)

LOGS, MADE, SET_ASIDE = "logs", "made", "set-aside"
# Stages on all countries together that have several jobs.
IN_PARTS = ("comparison_figures",)


@dataclass(frozen=True)
class FaultyJob:
    """A job whose public files do not lie there as it made them: some are missing or changed."""

    # All public files that it made.
    files: tuple[Path, ...]
    missing: tuple[Path, ...]
    changed: tuple[Path, ...]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    state = path.stat()
    return _hash_file(path, state.st_ino, state.st_size, state.st_mtime_ns)


@cache
def _hash_file(path: Path, *_state: int) -> str:
    """Read a file once as long as it stays as it is: a run looks before its jobs and after them."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_path(log: Path) -> Path | None:
    """Return the record that belongs to a job's log; None for a log outside the results."""
    logs = next((folder for folder in log.parents if folder.name == LOGS), None)
    if logs is None or logs.parent.name != RESTRICTED:
        return None
    return logs.parent / MADE / log.relative_to(logs).with_suffix(".json")


def write_record(record: Path, written_files: Iterable[Path]) -> None:
    """Write what a job made; public files that it made before and no longer makes are removed.

    A file that another job has made stays: it has moved from one stage to another.
    """
    results = results_folder(record)
    names_of_files = {
        path.resolve().relative_to(results.resolve()).as_posix()
        for path in written_files
        if path.is_file() and results.resolve() in path.resolve().parents
    }
    removed_names = {
        name for name in _read_record(record) if name.startswith(f"{PUBLIC}/")
    } - names_of_files
    if removed_names:
        other_records = (results / RESTRICTED / MADE).rglob("*.json")
        removed_names -= {
            name
            for other_record in other_records
            if other_record != record
            for name in _read_record(other_record)
        }
    for name in removed_names:
        (results / name).unlink(missing_ok=True)
    write_json(record, {name: sha256(results / name) for name in sorted(names_of_files)})


def read_digests(records: Iterable[Path]) -> dict[Path, str]:
    """Return the SHA-256 of every file that these jobs made."""
    digest_of_file: dict[Path, str] = {}
    for record in records:
        results = results_folder(record)
        digest_of_file |= {results / name: digest for name, digest in _read_record(record).items()}
    return digest_of_file


def find_records(restricted: Path, countries: Collection[str]) -> list[Path]:
    """Return the records of jobs on these countries, and of jobs on all countries."""
    folder = restricted / MADE
    of_one_country = (path for code in countries for path in folder.glob(f"*/{code}.json"))
    of_parts = (path for stage in IN_PARTS for path in folder.glob(f"{stage}/*.json"))
    # A stage that has several jobs today may have left the record of one.
    of_all = (path for path in folder.glob("*.json") if path.stem not in IN_PARTS)
    return sorted([*of_all, *of_parts, *of_one_country])


def forget_other_stages(
    restricted: Path, countries: Collection[str], stages: Collection[str]
) -> None:
    """Remove the records of jobs that these countries no longer have.

    One that sent statistics before and has microdata now, or the other way round, has the same
    files from other stages.
    """
    for stage in stages:
        for code in countries:
            (restricted / MADE / stage / f"{code}.json").unlink(missing_ok=True)


def find_faulty_jobs(restricted: Path, countries: Collection[str]) -> Iterator[FaultyJob]:
    """Yield the jobs of these countries some of whose public files are missing or changed."""
    for record in find_records(restricted, countries):
        results = results_folder(record)
        digest_of_file = {
            results / name: digest
            for name, digest in _read_record(record).items()
            if name.startswith(f"{PUBLIC}/")
        }
        missing = tuple(path for path in digest_of_file if not path.is_file())
        changed = tuple(
            p for p in digest_of_file if p not in missing and sha256(p) != digest_of_file[p]
        )
        if missing or changed:
            yield FaultyJob(tuple(digest_of_file), missing, changed)


def undo_job(job: FaultyJob, restricted: Path) -> None:
    """Take away what a faulty job made, so that it runs again; nobody's changes are lost.

    A changed file is moved to ``restricted/set-aside``: somebody may have worked on it.
    """
    for path in job.files:
        if path in job.changed:
            set_aside_path = _find_free_path(
                restricted / SET_ASIDE / path.relative_to(restricted.parent / PUBLIC)
            )
            make_folder(set_aside_path.parent)
            shutil.move(path, set_aside_path)
            set_aside_path.chmod(0o600)
        path.unlink(missing_ok=True)


def _read_record(record: Path) -> dict[str, str]:
    return dict(read_json(record)) if record.is_file() else {}


def _find_free_path(path: Path) -> Path:
    """Return ``path``, or that path with the first number that nobody has taken."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
