"""The manifests: inputs and outputs of a run with their SHA-256, versions, configuration, seed.

There are two. The public one has the hashes of public files and of the study's own definitions; of
raw data, margins and evidence it has the names only, because a plain hash lets anyone who guesses a
file prove the guess. Their hashes are in the restricted manifest, with that of the public one,
which connects the two. Without a secret key in either, the same inputs and the same code give the
same manifests anywhere, but for the commit, which is known only where there is git.
"""

import hashlib
import importlib.metadata
import platform
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import (
    PUBLIC,
    RELEASES,
    RESTRICTED,
    UNFINISHED,
    read_json,
    write_json,
)
from disrupting_harm.core.job_records import LOGS, MADE, SET_ASIDE, sha256
from disrupting_harm.core.paths import ENGINE, PACKAGE, workflow_folder
from disrupting_harm.core.version import __version__

# The digest of the code is the same wherever the same code lies. The commit is known only in a
# clone with its history; in an unpacked archive it is None. So two builds of the same code have
# manifests that may differ in ``commit`` and ``dirty``, and in nothing else.

# What may differ between the manifests of two builds of one code.
COMMIT_KEYS = ("commit", "dirty")


def identify_code() -> dict[str, Any]:
    """Return ``tree``, the digest; ``commit``; ``dirty``, whether files differ from the commit."""
    return {"tree": code_digest(), **_identify_commit()}


def code_digest() -> str:
    """Return the SHA-256 of the list of all files of the package and the rules with theirs."""
    lines = sorted(f"{sha256(path)}  {name}\n" for name, path in _list_code_files())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _list_code_files() -> Iterator[tuple[str, Path]]:
    """Yield each file by a name that is the same in the repository and in an installed package."""
    workflow_copy = PACKAGE / "workflow"
    # They say where jobs run, not what is computed, and stand in the rules' folder of a package.
    profiles = workflow_folder() / "profiles"
    folders = {package.name: package for package in (PACKAGE, ENGINE)}
    for name, folder in {**folders, "workflow": workflow_folder()}.items():
        for path in folder.rglob("*"):
            is_code = name == "workflow" or workflow_copy not in path.parents
            is_code &= profiles not in path.parents and "__pycache__" not in path.parts
            if is_code and path.is_file():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _identify_commit() -> dict[str, Any]:
    rules = workflow_folder()
    # The whole project is one repository: one that only holds the environment is not this code.
    top = _run_git(rules, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != rules.resolve().parent:
        return dict.fromkeys(COMMIT_KEYS)
    changed = _run_git(rules.parent, "status", "--porcelain", "--", "engine", "src", "workflow")
    return {"commit": _run_git(rules, "rev-parse", "HEAD"), "dirty": bool(changed)}


def _run_git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints; None where there is no git, or no repository."""
    try:
        process = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return process.stdout.strip() if process.returncode == 0 else None


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
    "svy",
    "typst",
)


# The empty files in which Snakemake kept the time of folders, until version 0.1.
SNAKEMAKE_MARK = ".snakemake_timestamp"
# Restricted folders with one entry per country.
PER_COUNTRY = (
    "simulated", "prepared", "weights", "estimates", "release", "contrasts", "gate", "change",
)  # fmt: skip
# Beside the countries' folders of simulated data: the simulated evidence.
SIMULATED_EVIDENCE = "evidence"
# What lies in the restricted folder and is no result of this run: logs, lists of files, what users
# changed, accepted releases.
NOT_RESULTS = (LOGS, MADE, SET_ASIDE, RELEASES, "manifest.json")
# What the public manifest says until a release is accepted.
NO_RELEASE = "not a release"


def make_public_manifest(
    *,
    settings: dict[str, Any],
    definitions: Mapping[str, Path],
    data: Iterable[str],
    outputs: Mapping[Path, str],
    results: Path,
    audit: dict[str, Any] | None,
    engines: list[dict[str, Any]],
    numbers: dict[str, int],
) -> dict[str, Any]:
    """Describe a finished run for everyone.

    Args:
        settings: the checked configuration, defaults filled in.
        definitions: name -> file, of configuration, codebook, mappings and the like.
        data: names of raw files, margins and tables of evidence.
        outputs: SHA-256 of the public files of this run.
        results: folder of the results.
        audit: summary of the second estimator; None without a survey.
        engines: renderer and version per country.
        numbers: how many documents were checked, and how many of their numbers have an address.
    """
    return {
        "study": settings["study"]["id"],
        "simulated": settings["study"]["simulated"],
        "release": NO_RELEASE,
        "software": {
            "disrupting-harm": __version__,
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in LIBRARIES},
        },
        "renderers": engines,
        "code": identify_code(),
        "seed": settings["seed"],
        "audit": audit,
        "numbers": numbers,
        "configuration": settings,
        "inputs": {name: sha256(path) for name, path in sorted(definitions.items())},
        "restricted_inputs": sorted(data),
        "outputs": {
            path.relative_to(results).as_posix(): digest for path, digest in sorted(outputs.items())
        },
    }


def make_restricted_manifest(
    *, data: Mapping[str, Path], outputs: Iterable[Path], results: Path, manifest: Path
) -> dict[str, Any]:
    """Describe what may not leave, for whoever may see it.

    Args:
        data: name -> file, of raw files, margins and tables of evidence.
        outputs: restricted results of this run.
        results: folder of the results.
        manifest: the public manifest, already written.
    """
    return {
        "public_manifest": sha256(manifest),
        "inputs": {name: sha256(path) for name, path in sorted(data.items())},
        "outputs": {path.relative_to(results).as_posix(): sha256(path) for path in sorted(outputs)},
    }


def mark_release(results: Path, name: str) -> None:
    """Say in the manifests of a finished run that it was accepted as a release.

    The next run that writes a manifest makes other results, which are no release.
    """
    public = results / PUBLIC / "manifest.json"
    restricted = results / RESTRICTED / "manifest.json"
    record = results / RESTRICTED / MADE / "manifest.json"
    write_json(public, read_json(public) | {"release": name})
    write_json(restricted, read_json(restricted) | {"public_manifest": sha256(public)})
    digests = {path.relative_to(results).as_posix(): sha256(path) for path in (public, restricted)}
    write_json(record, read_json(record) | digests)


def find_restricted_files(restricted: Path, countries: Collection[str]) -> set[Path]:
    """Return the restricted results of this run's countries, and of their earlier waves."""
    return {
        path
        for path in restricted.rglob("*")
        if path.is_file()
        and not path.name.startswith(UNFINISHED)
        and (path_parts := path.relative_to(restricted).parts)[0] not in NOT_RESULTS
        and (
            path_parts[0] not in PER_COUNTRY
            or path_parts[1] == SIMULATED_EVIDENCE
            or Path(path_parts[1]).stem in countries
        )
    }


def remove_stale_files(public: Path, made_files: Collection[Path]) -> list[Path]:
    """Remove public files that this run does not make, such as a country since left out.

    Only files that the last manifest lists, and what a killed run left behind, are removed:
    anything else in the folder belongs to somebody.

    Returns:
        The removed files.
    """
    manifest = public / "manifest.json"
    listed_outputs = read_json(manifest)["outputs"] if manifest.is_file() else {}
    listed_files = {public.parent / name for name in listed_outputs}
    stale = {
        path for path in listed_files - set(made_files) if public in path.parents and path.is_file()
    }
    stale |= {path for path in public.rglob(f"{UNFINISHED}*") if path.is_file()}
    stale |= set(public.rglob(SNAKEMAKE_MARK))
    for path in stale:
        path.unlink()
    for folder in sorted((path for path in public.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    return sorted(stale)
