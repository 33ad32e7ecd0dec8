"""The manifest: every input and output of a run with its SHA-256, versions, configuration, seed."""

import hashlib
import importlib.metadata
import platform
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from disrupting_harm import __version__
from disrupting_harm.files import read_json

# Libraries that compute or draw something that is printed.
LIBRARIES = (
    "babel",
    "jinja2",
    "matplotlib",
    "numpy",
    "pandas",
    "pyarrow",
    "pypandoc_binary",
    "pyreadstat",
    "samplics",
    "scipy",
    "seaborn",
    "snakemake",
    "statsmodels",
    "typst",
)


# The empty file in which Snakemake keeps the time of a folder.
SNAKEMAKE_MARK = ".snakemake_timestamp"
# How names of unfinished files begin, see disrupting_harm.files.
PART = ".part-"
# Restricted folders with one entry per country.
PER_COUNTRY = ("simulated", "prepared", "weights", "estimates", "release", "contrasts")
# Beside the countries' folders of simulated data: the simulated evidence.
ALL_COUNTRIES = "evidence"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_manifest(
    *,
    settings: dict[str, Any],
    inputs: Mapping[str, Path],
    outputs: Iterable[Path],
    results: Path,
    audit: dict[str, Any] | None,
    engines: list[dict[str, Any]],
) -> dict[str, Any]:
    """Describe a finished run.

    Args:
        settings: the checked configuration, defaults filled in.
        inputs: name -> file, of configuration, codebook, mappings, raw and margins files.
        outputs: files of this run, below ``results``.
        results: folder of the results.
        audit: summary of the second estimator; None without a survey.
        engines: renderer and version per country.
    """
    return {
        "study": settings["study"]["id"],
        "simulated": settings["study"]["simulated"],
        "software": {
            "disrupting-harm": __version__,
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in LIBRARIES},
        },
        "renderers": engines,
        "seed": settings["seed"],
        "audit": audit,
        "configuration": settings,
        "inputs": {name: sha256(path) for name, path in sorted(inputs.items())},
        "outputs": {path.relative_to(results).as_posix(): sha256(path) for path in sorted(outputs)},
    }


def files_of(made: Iterable[Path]) -> set[Path]:
    """Return the files among ``made`` and those in its folders, without marks and parts."""
    found: set[Path] = set()
    for path in made:
        found.update(path.rglob("*") if path.is_dir() else [path])
    return {path for path in found if path.is_file() and not _is_scaffold(path)}


def restricted_files(restricted: Path, countries: Collection[str]) -> set[Path]:
    """Return the restricted results of this run's countries, without logs."""
    return {
        path
        for path in files_of([restricted])
        if (place := path.relative_to(restricted).parts)[0] != "logs"
        and (
            place[0] not in PER_COUNTRY
            or place[1] == ALL_COUNTRIES
            or Path(place[1]).stem in countries
        )
    }


def remove_stale(public: Path, made: set[Path]) -> list[Path]:
    """Remove public files that this run does not make, such as a country since left out.

    Only files that the last manifest lists, and what a killed run left behind, are removed:
    anything else in the folder belongs to somebody.

    Args:
        public: the public folder.
        made: files of this run.

    Returns:
        The removed files.
    """
    manifest = public / "manifest.json"
    known = read_json(manifest)["outputs"] if manifest.is_file() else {}
    listed = {public.parent / name for name in known}
    stale = {path for path in listed - made if public in path.parents and path.is_file()}
    stale |= {path for path in public.rglob(f"{PART}*") if path.is_file()}
    for path in stale:
        path.unlink()
    for folder in sorted((p for p in public.rglob("*") if p.is_dir()), reverse=True):
        left = list(folder.iterdir())
        if [path.name for path in left] == [SNAKEMAKE_MARK]:
            left.pop().unlink()
        if not left:
            folder.rmdir()
    return sorted(stale)


def _is_scaffold(path: Path) -> bool:
    return path.name == SNAKEMAKE_MARK or path.name.startswith(PART)
