"""The accepted releases of a study: a folder each, and the order in which they followed.

No pandas here: the Snakefile loads this module at every call.
"""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import RELEASES, RESTRICTED, read_json
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.publication_config import ReleaseName, ReleaseRules
from disrupting_harm.study.configuration.section import Section, validate_content
from disrupting_harm.study.study import Study

ACCEPTED = "accepted.json"
# Where the gate leaves what it decides, below the restricted results.
GATE = "gate"
FORMAT = 3
# Public files of a country that stay as they are where it is held.
PUBLIC_FILES = ("quality.json", "disclosure.json", "questions.csv", "dyads.csv")
# A release of a study that asked no pairs of respondents has no table of them.
_PAIRS = "dyads.csv"
# Valid and missing answers to each question, of all children; restricted.
ITEM_ANSWERS = "item_answers.csv"


class AcceptedStatement(Section):
    """What ``accepted.json`` says of a release.

    Attributes:
        after: the release before it; None for the first.
        date: ``study.date`` of its run; no clock is read.
        format: version of the files beside it.
        key_id: tells the key of its records from others.
        codebook: SHA-256 of the definitions that its estimates depend on.
        rules: SHA-256 of the rules of publication.
        min_change: smallest number of children that had to differ; ``min_change_sensitive`` for
            indicators marked sensitive.
        audit: hidden numbers that could be worked back from this release and all before it.
        manifest: SHA-256 of the public manifest.
        countries: whose tables it holds.
        corrected: errors of code that its run had mended, and the sentence on each.
        by: who accepted it, if that was said.
        sign_offs: who agreed to it, by role.
        missing_sign_offs: roles of which nobody agreed.
    """

    name: ReleaseName
    after: ReleaseName | None
    date: str
    format: int
    key_id: str
    codebook: str
    rules: str
    min_change: int
    min_change_sensitive: int
    audit: Literal[0]
    manifest: str
    countries: tuple[str, ...]
    by: str | None
    # A release of an earlier version says nothing of them, and counts as one from before.
    corrected: Mapping[str, str] = {}
    sign_offs: Mapping[str, str] = {}
    missing_sign_offs: tuple[str, ...] = ()


def releases_folder(results: Path) -> Path:
    """Return the folder of all accepted releases."""
    return results / RESTRICTED / RELEASES


def records_file(results: Path, release: str, country: str) -> Path:
    """Return the record of a country's children in a release."""
    return releases_folder(results) / release / f"{country}.records.parquet"


def table_file(results: Path, release: str, country: str, table: str) -> Path:
    """Return a table of a country, or of the ``comparison``, as a release has it."""
    return releases_folder(results) / release / f"{country}.{table}.parquet"


def country_file(results: Path, release: str, country: str, name: str) -> Path:
    """Return a file of a country, of those in :data:`PUBLIC_FILES` or its answers by item."""
    return releases_folder(results) / release / f"{country}.{name}"


def country_files(results: Path, release: str, country: str, names: Sequence[str]) -> list[str]:
    """Return files of a country by :func:`country_file`, without a table of pairs that it lacks."""
    paths = [country_file(results, release, country, name) for name in names]
    return [
        str(path)
        for name, path in zip(names, paths, strict=True)
        if name != _PAIRS or path.is_file()
    ]


def read_accepted_releases(results: Path) -> list[AcceptedStatement]:
    """Return the accepted releases, the first one first.

    Raises:
        StudyError: a release that cannot be read, or one whose predecessor is missing.
    """
    unordered = [
        _read_accepted(file) for file in sorted(releases_folder(results).glob(f"*/{ACCEPTED}"))
    ]
    ordered: list[AcceptedStatement] = []
    while unordered:
        last = ordered[-1].name if ordered else None
        following = [release for release in unordered if release.after == last]
        if len(following) != 1:
            orphan = (following or unordered)[-1]
            raise StudyError(
                str(releases_folder(results) / orphan.name),
                f"it follows release {orphan.after}, which is not there or has another successor",
                "Restore the folder of releases whole from its backup",
            )
        ordered += following
        unordered.remove(following[0])
    return ordered


def find_last_release(config: Configuration) -> AcceptedStatement | None:
    """Return the release that a run of this configuration updates; None where there is none.

    Raises:
        StudyError: the configuration and the accepted releases do not agree.
    """
    configured_name = release_rules(config).after
    accepted = read_accepted_releases(config.results)
    location = "configuration, key 'publication.release.after'"
    if configured_name and configured_name not in [release.name for release in accepted]:
        accepted_names = ", ".join(release.name for release in accepted) or "none"
        raise StudyError(
            location,
            f"there is no accepted release '{configured_name}' in "
            f"{releases_folder(config.results)}",
            f"Correct the name (accepted: {accepted_names}), or restore that folder from its "
            "backup",
        )
    if accepted and configured_name != accepted[-1].name:
        finding = "there is an accepted release, and 'publication.release.after' does not name it"
        raise StudyError("configuration", finding, f"Add 'after: {accepted[-1].name}'")
    return accepted[-1] if accepted else None


def release_rules(config: Configuration) -> ReleaseRules:
    """Return the rules of updating, the defaults where the configuration has none."""
    return config.publication.release or ReleaseRules()


def _read_accepted(path: Path) -> AcceptedStatement:
    try:
        content = read_json(path)
    except (json.JSONDecodeError, UnicodeDecodeError):
        content = None
    # Files of another version may have other keys.
    is_other_version = isinstance(content, dict) and content.get("format", FORMAT) != FORMAT
    if (
        is_other_version
        or validate_content(AcceptedStatement, content, str(path)).name != path.parent.name
    ):
        raise StudyError(
            str(path),
            "it is of another version of the workflow, or of another folder",
            "Restore the folder of releases from its backup, or use the version that wrote it",
        )
    release: AcceptedStatement = validate_content(AcceptedStatement, content, str(path))
    return release


# The key of the records of releases: 32 random bytes in a file that lies apart from the results.
#
# Without the key a record tells nothing of a child; with the key and the child's identifier it
# tells the answers. So key and records are kept in different places.


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


def read_key(last: AcceptedStatement, guarded: Iterable[Path]) -> Key:
    """Read the key with which a release was accepted.

    Args:
        guarded: folders in which the key must not lie.

    Raises:
        StudyError: it is another key, is not there, or lies where it must not.
    """
    path = _find_key_path(guarded)
    if not path.is_file():
        finding = (
            f"it names no file, and release {last.name} was accepted with a key "
            f"({_key_ending(last)})"
        )
        raise StudyError(VARIABLE, finding, _KEY_ADVICE)
    key = _read_key(path)
    if key.id != last.key_id:
        finding = f"release {last.name} was accepted with another key ({_key_ending(last)})"
        raise StudyError(VARIABLE, finding, _KEY_ADVICE)
    return key


def make_first_key(guarded: Iterable[Path]) -> Key:
    """Return the key for a first release: that of the file, or a new one where there is no file.

    Args:
        guarded: folders in which the key must not lie.

    Raises:
        StudyError: the file holds no key, or lies where it must not.
    """
    path = _find_key_path(guarded)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Two first releases at once must not end with two keys.
        path.touch(mode=0o600, exist_ok=False)
        with path.open("wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    return _read_key(path)


_KEY_ADVICE = f"Point {VARIABLE} to it. Without it nothing can be updated"


def _key_ending(last: AcceptedStatement) -> str:
    return f"…{last.key_id[-4:]}"


def _find_key_path(guarded: Iterable[Path]) -> Path:
    """Return the file of the key, outside the guarded folders and any git tree."""
    configured_path = os.environ.get(VARIABLE)
    if not configured_path:
        raise StudyError(
            f"environment variable {VARIABLE}",
            "it is not set",
            "Let it name the file of the key, outside the project and the results; the first "
            "release makes it there",
        )
    path = Path(configured_path).resolve()
    for folder in guarded:
        if folder.resolve() in path.parents:
            raise _misplaced_error(f"inside {folder.resolve()}, beside what it protects")
    repository = next((folder for folder in path.parents if (folder / ".git").exists()), None)
    if repository:
        raise _misplaced_error(f"in the git repository {repository}")
    return path


def _misplaced_error(location: str) -> StudyError:
    return StudyError(
        VARIABLE,
        f"the file that it names lies {location}",
        "Move the key to a folder of its own, that no copy or backup of the results includes",
    )


def _read_key(path: Path) -> Key:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise StudyError(str(path), "it is no file that you may read", f"Correct {VARIABLE}")
    rights = stat.S_IMODE(path.stat().st_mode)
    if rights & 0o077:
        finding = f"others may read it (its rights are {rights:o})"
        raise StudyError(str(path), finding, f"Close it: chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise StudyError(
            str(path),
            f"it is no key: it does not hold {KEY_BYTES} bytes",
            f"Let {VARIABLE} name the file of the key",
        )
    return Key(secret)
