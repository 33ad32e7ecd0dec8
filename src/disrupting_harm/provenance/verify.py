"""Compare results with the manifest: files that are missing, changed or not listed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json
from disrupting_harm.places import PUBLIC, RESTRICTED
from disrupting_harm.provenance.made import sha256

MANIFEST = "manifest.json"
# What Quarto leaves at the root of a project in which somebody calls it: an index, and in a
# repository a line that keeps the index out.
_QUARTO_INDEX, _QUARTO_IGNORED = ".quarto/", ".gitignore"


@dataclass(frozen=True)
class Findings:
    """Names of files, relative to the folder that was verified, each list sorted.

    Attributes:
        listed: how many files the manifest lists.
        missing: listed files that are not there.
        changed: listed files that hold something else.
        foreign: files that the manifest does not list.
    """

    listed: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return one line per finding."""
        kinds = {"missing": self.missing, "changed": self.changed, "foreign": self.foreign}
        return [f"{kind:<8} {name}" for kind, names in kinds.items() for name in names]


def verify_public(public: Path) -> Findings:
    """Compare a folder of public results, wherever it was copied to, with its manifest.

    What Quarto leaves where it renders by itself is no file of the results.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    listed = _listed(_manifest(public), PUBLIC, public)
    above = f"{public.as_posix()}/"
    files = (path.as_posix().removeprefix(above) for path in public.rglob("*") if path.is_file())
    there = {name for name in files if not name.startswith(_QUARTO_INDEX)}
    return _findings(public, listed, there - listed.keys() - {MANIFEST, _QUARTO_IGNORED})


def verify_restricted(restricted: Path) -> Findings:
    """Compare restricted results with their manifest; other files may lie among them.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    manifest = _manifest(restricted)
    listed = _listed(manifest, RESTRICTED, restricted)
    # It names the public manifest that was written with it.
    listed[f"../{PUBLIC}/{MANIFEST}"] = str(manifest.get("public_manifest"))
    return _findings(restricted, listed, set())


def _findings(folder: Path, listed: Mapping[str, str], foreign: set[str]) -> Findings:
    missing = {name for name in listed if not (folder / name).is_file()}
    changed = {
        name
        for name, digest in listed.items()
        if name not in missing and sha256(folder / name) != digest
    }
    return Findings(len(listed), *(tuple(sorted(names)) for names in (missing, changed, foreign)))


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = read_json(path)
        if isinstance(manifest, dict) and isinstance(manifest.get("outputs"), dict):
            return manifest
        found = "it does not list the files of a run"
    except FileNotFoundError:
        raise StudyError(
            str(folder), f"there is no {MANIFEST}", "Name the folder of public results of a run"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        found = "it is no JSON"
    raise StudyError(str(path), found, "Run the study again, or ask for the whole folder")


def _listed(manifest: dict[str, Any], top: str, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path below the folder.

    Raises:
        StudyError: for a path that leads out of the folder.
    """
    names = {str(name).removeprefix(f"{top}/"): str(d) for name, d in manifest["outputs"].items()}
    for name in names:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise StudyError(
                str(folder / MANIFEST), f"it lists '{name}'", "A manifest names files beside it"
            )
    return names
