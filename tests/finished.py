"""Things that take long to make and that all tests of a session share, whoever asks first.

Tests run in several processes. What is made here is made once for all of them: the first process
that asks makes it, the others wait. Nobody changes it afterwards: `changed` tells who did.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def once(shared: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder ``name`` of ``shared``, filled by ``make`` when it is asked for first.

    Args:
        shared: a folder that all processes of the session see.
        name: name of the new folder.
        make: fills the folder that it is given, which does not exist yet.
    """
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            assert not folder.exists(), f"{name} could not be made; another test shows why"
            make(folder)
            done.write_text(json.dumps(_files(folder)), encoding="utf-8")
    return folder


def changed(shared: Path) -> list[str]:
    """Return the files of `shared` that are no longer as they were made."""
    found = []
    for done in sorted(shared.glob("*.done")):
        made = json.loads(done.read_text(encoding="utf-8"))
        there = _files(shared / done.stem)
        names = sorted(made.keys() | there.keys())
        found += [f"{done.stem}/{name}" for name in names if made.get(name) != there.get(name)]
    return found


def _files(folder: Path) -> dict[str, list[int]]:
    """Return size and time of every file; those that Python and Snakemake keep do not count."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
        for path in files
        if not {"__pycache__", ".snakemake"} & {*path.parts}
    }


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the processes of this session share."""
    own = factory.getbasetemp()
    # With pytest-xdist each process has a folder of its own in that of the session.
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = session / "shared"
    folder.mkdir(exist_ok=True)
    return folder
