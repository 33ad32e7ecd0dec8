"""The key of the records of releases: 32 random bytes in a file that lies apart from the results.

Without the key a record tells nothing of a child; with the key and the child's identifier it tells
the answers. So key and records are kept in different places.
"""

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.releases.history import Accepted
from disrupting_harm.study.study import Study

VARIABLE = "DISRUPTING_HARM_RELEASE_KEY"
KEY_BYTES = 32
ID_DIGITS = 8


@dataclass(frozen=True)
class Key:
    """The secret bytes; they are never printed."""

    secret: bytes

    @property
    def id(self) -> str:
        """What tells this key from others: eight digits of its SHA-256."""
        return hashlib.sha256(self.secret).hexdigest()[:ID_DIGITS]

    def __repr__(self) -> str:
        return f"Key(…{self.id[-4:]})"


def guarded_folders(study: Study) -> list[Path]:
    """Return the folders in which the key must not lie: of the project, the study, the results."""
    return [Path.cwd(), study.path.parent, study.config.results]


def key_of(last: Accepted, guarded: Iterable[Path]) -> Key:
    """Read the key with which a release was accepted.

    Args:
        last: the release.
        guarded: folders in which the key must not lie.

    Raises:
        StudyError: it is another key, is not there, or lies where it must not.
    """
    path = _place(guarded)
    if not path.is_file():
        found = f"it names no file, and release {last.name} was accepted with a key ({_end(last)})"
        raise StudyError(VARIABLE, found, _POINT)
    key = _read(path)
    if key.id != last.key_id:
        found = f"release {last.name} was accepted with another key ({_end(last)})"
        raise StudyError(VARIABLE, found, _POINT)
    return key


def first_key(guarded: Iterable[Path]) -> Key:
    """Return the key for a first release: that of the file, or a new one where there is no file.

    Args:
        guarded: folders in which the key must not lie.

    Raises:
        StudyError: the file holds no key, or lies where it must not.
    """
    path = _place(guarded)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two first releases at once must not end with two keys.
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    return _read(path)


_POINT = f"Point {VARIABLE} to it. Without it nothing can be updated"


def _end(last: Accepted) -> str:
    return f"…{last.key_id[-4:]}"


def _place(guarded: Iterable[Path]) -> Path:
    """Return the file of the key, outside the guarded folders and any git tree."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise StudyError(
            f"environment variable {VARIABLE}",
            "it is not set",
            "Let it name the file of the key, outside the project and the results; the first "
            "release makes it there",
        )
    path = Path(named).resolve()
    for folder in guarded:
        if folder.resolve() in path.parents:
            raise _misplaced(f"inside {folder.resolve()}, beside what it protects")
    repository = next((folder for folder in path.parents if (folder / ".git").exists()), None)
    if repository:
        raise _misplaced(f"in the git repository {repository}")
    return path


def _misplaced(where: str) -> StudyError:
    return StudyError(
        VARIABLE,
        f"the file that it names lies {where}",
        "Move the key to a folder of its own, that no copy or backup of the results includes",
    )


def _read(path: Path) -> Key:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise StudyError(str(path), "it is no file that you may read", f"Correct {VARIABLE}")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        found = f"others may read it (its rights are {mode:o})"
        raise StudyError(str(path), found, f"Close it: chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise StudyError(
            str(path),
            f"it is no key: it does not hold {KEY_BYTES} bytes",
            f"Let {VARIABLE} name the file of the key",
        )
    return Key(secret)
