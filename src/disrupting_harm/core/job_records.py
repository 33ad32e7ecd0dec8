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
    results_of,
    write_json,
)

LOGS, MADE, SET_ASIDE = "logs", "made", "set-aside"
# Stages on all countries together that have several jobs.
IN_PARTS = ("comparison_figures",)


@dataclass(frozen=True)
class Faulty:
    """A job whose public files do not lie there as it made them.

    Attributes:
        files: all public files that it made.
        missing: those of them that are not there.
        changed: those that hold something else.
    """

    files: tuple[Path, ...]
    missing: tuple[Path, ...]
    changed: tuple[Path, ...]


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    state = path.stat()
    return _sha256(path, state.st_ino, state.st_size, state.st_mtime_ns)


@cache
def _sha256(path: Path, *_state: int) -> str:
    """Read a file once as long as it stays as it is: a run looks before its jobs and after them."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_of(log: Path) -> Path | None:
    """Return the record that belongs to a job's log; None for a log outside the results."""
    logs = next((folder for folder in log.parents if folder.name == LOGS), None)
    if logs is None or logs.parent.name != RESTRICTED:
        return None
    return logs.parent / MADE / log.relative_to(logs).with_suffix(".json")


def write_record(record: Path, written: Iterable[Path]) -> None:
    """Write what a job made; public files that it made before and no longer makes are removed.

    A file that another job has made stays: it has moved from one stage to another.
    """
    results = results_of(record)
    inside = {
        path.resolve().relative_to(results.resolve()).as_posix()
        for path in written
        if path.is_file() and results.resolve() in path.resolve().parents
    }
    gone = {name for name in _read(record) if name.startswith(f"{PUBLIC}/")} - inside
    if gone:
        others = (results / RESTRICTED / MADE).rglob("*.json")
        gone -= {name for other in others if other != record for name in _read(other)}
    for name in gone:
        (results / name).unlink(missing_ok=True)
    write_json(record, {name: sha256(results / name) for name in sorted(inside)})


def made_by(records: Iterable[Path]) -> dict[Path, str]:
    """Return the SHA-256 of every file that these jobs made."""
    made: dict[Path, str] = {}
    for record in records:
        results = results_of(record)
        made |= {results / name: digest for name, digest in _read(record).items()}
    return made


def records_of(restricted: Path, countries: Collection[str]) -> list[Path]:
    """Return the records of jobs on these countries, and of jobs on all countries."""
    folder = restricted / MADE
    of_one = (path for code in countries for path in folder.glob(f"*/{code}.json"))
    of_parts = (path for stage in IN_PARTS for path in folder.glob(f"{stage}/*.json"))
    # A stage that has several jobs today may have left the record of one.
    of_all = (path for path in folder.glob("*.json") if path.stem not in IN_PARTS)
    return sorted([*of_all, *of_parts, *of_one])


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


def faulty_jobs(restricted: Path, countries: Collection[str]) -> Iterator[Faulty]:
    """Yield the jobs of these countries some of whose public files are missing or changed."""
    for record in records_of(restricted, countries):
        results = results_of(record)
        made = {
            results / name: digest
            for name, digest in _read(record).items()
            if name.startswith(f"{PUBLIC}/")
        }
        missing = tuple(path for path in made if not path.is_file())
        changed = tuple(p for p in made if p not in missing and sha256(p) != made[p])
        if missing or changed:
            yield Faulty(tuple(made), missing, changed)


def undo(job: Faulty, restricted: Path) -> None:
    """Take away what a faulty job made, so that it runs again; nobody's changes are lost.

    A changed file is moved to ``restricted/set-aside``: somebody may have worked on it.
    """
    for path in job.files:
        if path in job.changed:
            place = _free(restricted / SET_ASIDE / path.relative_to(restricted.parent / PUBLIC))
            make_folder(place.parent)
            shutil.move(path, place)
            place.chmod(0o600)
        path.unlink(missing_ok=True)


def _read(record: Path) -> dict[str, str]:
    return dict(read_json(record)) if record.is_file() else {}


def _free(path: Path) -> Path:
    """Return ``path``, or that path with the first number that nobody has taken."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
