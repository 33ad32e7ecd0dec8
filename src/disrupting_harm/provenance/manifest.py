"""The manifest: every input and output of a run with its SHA-256, versions, configuration, seed."""

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
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


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_manifest(
    *,
    settings: dict[str, Any],
    inputs: Iterable[Path],
    results: Path,
    audit: dict[str, Any],
    engines: list[dict[str, Any]],
) -> dict[str, Any]:
    """Describe a finished run.

    Args:
        settings: the checked configuration, defaults filled in.
        inputs: configuration, codebook, mappings, raw and margins files.
        results: folder of the results; everything below its ``restricted`` and ``public`` parts
            is listed except logs and the manifest itself.
        audit: summary of the second estimator.
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
        "inputs": {path.as_posix(): sha256(path) for path in sorted(set(inputs))},
        "outputs": {
            path.relative_to(results).as_posix(): sha256(path) for path in _outputs(results)
        },
    }


def _outputs(results: Path) -> list[Path]:
    logs = results / "restricted" / "logs"
    manifest = results / "public" / "manifest.json"
    return sorted(
        path
        for part in ("public", "restricted")
        for path in (results / part).rglob("*")
        if path.is_file() and logs not in path.parents and path != manifest
    )


def remove_stale(public: Path, expected: Iterable[Path]) -> list[Path]:
    """Remove public files that this run does not make, such as a country since left out.

    Only files that an earlier manifest lists, and parts of files left by a killed run, are
    removed: anything else in the folder belongs to somebody.

    Args:
        public: the public folder.
        expected: files of this run, and folders all of whose files belong to it.

    Returns:
        The removed files.
    """
    manifest = public / "manifest.json"
    known = read_json(manifest)["outputs"] if manifest.is_file() else {}
    keep = {path.resolve() for path in expected}
    removed = []
    for path in sorted(public.rglob("*")):
        if not path.is_file() or path == manifest:
            continue
        resolved = path.resolve()
        ours = path.name.startswith(".part-") or (
            path.relative_to(public.parent).as_posix() in known
            and not (keep & {resolved, *resolved.parents})
        )
        if ours:
            path.unlink()
            removed.append(path)
    for folder in sorted((p for p in public.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return removed
