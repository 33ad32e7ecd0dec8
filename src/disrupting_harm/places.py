"""Rights of access: results below ``restricted`` for their owner, those below ``public`` for all.

The rights are set here and never left to the umask: other people work on the same server.
"""

import os
from collections.abc import Iterator
from pathlib import Path

RESTRICTED, PUBLIC = "restricted", "public"
# Accepted releases, a folder each below the restricted results.
RELEASES = "releases"
# How names of unfinished files begin, see disrupting_harm.files.
PART = ".part-"
_FILES = {RESTRICTED: 0o600, PUBLIC: 0o644}
_FOLDERS = {RESTRICTED: 0o700, PUBLIC: 0o755}


def top_of(path: Path) -> Path | None:
    """Return the folder ``restricted`` or ``public`` that holds ``path``, or is it; None outside.

    The innermost counts: a project may itself lie in a folder of such a name.
    """
    depth = next((n for n in range(len(path.parts), 0, -1) if path.parts[n - 1] in _FILES), 0)
    return Path(*path.parts[:depth]) if depth else None


def is_public(path: Path) -> bool:
    """Return whether a result is public."""
    top = top_of(path)
    return top is not None and top.name == PUBLIC


def results_of(path: Path) -> Path:
    """Return the folder of results that ``path`` lies in.

    Raises:
        ValueError: if it lies in none.
    """
    top = top_of(path)
    if top is None:
        raise ValueError(f"{path} lies neither in {RESTRICTED} nor in {PUBLIC}")
    return top.parent


def file_mode(path: Path) -> int:
    """Return the rights of a file at ``path``; outside the results those that the umask leaves."""
    top = top_of(path.parent)
    if top is not None:
        return _FILES[top.name]
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, with the rights of their place."""
    folder.mkdir(parents=True, exist_ok=True)
    top = top_of(folder)
    if top is None:
        return
    mode = _FOLDERS[top.name]
    inside = [each for each in (folder, *folder.parents) if each == top or top in each.parents]
    for each in inside:
        _set_mode(each, mode)
    if top.name == PUBLIC:
        _set_mode(top.parent, mode)


def close_to_others(*folders: Path) -> None:
    """Take the rights of others from all that lies in ``folders``, where they exist."""
    for folder in folders:
        for path in (folder, *_below(folder)):
            if path.exists() and not path.is_symlink():
                _set_mode(path, path.stat().st_mode & 0o700)


def _below(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*") if folder.is_dir() else ()


def _set_mode(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
