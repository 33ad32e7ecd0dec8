"""Making a finished run again in a fresh folder, and saying whether it gives the same results.

Three answers: yes, to the byte; the numbers are the same and the bytes are not, as with another
version of a library; no. Of restricted results it says which tables differ, and no value.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, RELEASES, RESTRICTED, read_json, read_text
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.provenance.signature import MANIFEST
from disrupting_harm.study.study import Study

# Restricted numbers are the same where they differ by no more than this, absolutely or relatively.
TOLERANCE = 1e-10
# So many differences are listed one by one.
MOST_LISTED = 20
# Where rows of tables have an address.
ADDRESSED_FOLDERS = ("comparison", "countries", "evidence")
SAME_BYTES, SAME_NUMBERS, DIFFERENT = 0, 3, 1


@dataclass(frozen=True)
class RunComparison:
    """What differs between a run and the same run made again.

    Attributes:
        inputs: files and settings that are others now; where there are any, nothing else counts.
        changed_files: public files whose bytes differ.
        values: differences of public numbers, in words.
        restricted: restricted tables whose numbers differ.
        versions: libraries and code with another version, in words.
    """

    inputs: tuple[str, ...]
    changed_files: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 the same bytes, 3 the same numbers, 1 others or other inputs."""
        if self.inputs or self.values or self.restricted:
            return DIFFERENT
        return SAME_NUMBERS if self.changed_files else SAME_BYTES

    def format_lines(self) -> list[str]:
        """Return the answer, and below it what differs."""
        if self.inputs:
            return [f"inputs differ: {', '.join(self.inputs)}"]
        if self.status == SAME_BYTES:
            return ["yes: the same bytes"]
        versions = ", ".join(self.versions) or "none"
        if self.status == SAME_NUMBERS:
            answer = f"numbers yes, bytes no (versions differ: {versions})"
            return [answer, *_list_differences("bytes", self.changed_files)]
        answer = f"no (versions differ: {versions})"
        return [
            answer,
            *_list_differences("", self.values),
            *_list_differences("restricted", self.restricted),
        ]


def rebuild(study: Study, cores: int, only: Sequence[str] | None = None) -> RunComparison:
    """Run a study again in a fresh folder and compare; the folder is removed afterwards.

    Args:
        study: the study as it is now, with the selection of countries that was run.
        cores: number of processes at once.
        only: that selection, where it is not that of the configuration.

    Raises:
        StudyError: there is no finished run, or the run does not end well.
    """
    results = study.config.results
    if results.is_absolute():
        raise StudyError("results", f"'{results}' is absolute", "Give a folder below this one")
    if study.config.publication.release and any((results / RESTRICTED / RELEASES).glob("*")):
        remedy = "A fresh folder has none of them: compare with their manifests alone"
        raise StudyError(str(results), "it updates accepted releases", remedy)
    if changed_settings := _find_changed_settings(study, read_json(results / PUBLIC / MANIFEST)):
        return RunComparison(changed_settings)
    with tempfile.TemporaryDirectory(prefix="rebuild-") as name:
        folder = make_fresh_folder(Path(name), study)
        command = [sys.executable, "-m", "disrupting_harm", "run", "--config", str(study.path)]
        command += [*(("--only", *only) if only else ()), "--cores", str(cores)]
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            raise StudyError(str(study.path), "it does not run any more", "Read what it said above")
        return compare_runs(results, folder / results)


def make_fresh_folder(scratch: Path, study: Study) -> Path:
    """Make a folder below ``scratch`` from which all is seen as from here, but the results.

    Where the study or its results lie beside or above this folder ('../study/config.yaml'), the
    folders above it are made, too, and what lies in the uppermost is linked there.
    """
    working_folder = Path.cwd()
    results = Path(os.path.normpath(working_folder / study.config.results))
    relative = [path for path in (study.path, study.config.results) if not path.is_absolute()]
    levels_up = max(
        (Path(os.path.normpath(path)).parts.count("..") for path in relative), default=0
    )
    if levels_up:
        _link_entries(working_folder.parents[levels_up - 1], scratch, results)
    folder = scratch.joinpath(*(f"rebuild-{number}" for number in range(levels_up)))
    _link_entries(working_folder, folder, results)
    return folder


def _link_entries(source: Path, folder: Path, results: Path) -> None:
    """Link what lies in ``source`` into ``folder``; folders on the way to the results are made."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if results.is_relative_to(path) and results != path:
            _link_entries(path, folder / path.name, results)
        elif not path.name.startswith(".") and results != path:
            (folder / path.name).symlink_to(path)


def compare_runs(before: Path, after: Path) -> RunComparison:
    """Compare two finished runs by their manifests, then by the numbers of files that differ.

    Args:
        before, after: their folders of results.
    """
    old, new = (read_json(results / PUBLIC / MANIFEST) for results in (before, after))
    restricted_manifests = [
        read_json(results / RESTRICTED / MANIFEST) for results in (before, after)
    ]
    results_prefix = f"{before.as_posix()}/"
    inputs_elsewhere = (
        {
            name: digest
            for name, digest in manifest["inputs"].items()
            if not name.startswith(results_prefix)
        }
        for manifest in restricted_manifests
    )
    inputs = differing_keys(old["configuration"], new["configuration"])
    inputs |= differing_keys(old["inputs"], new["inputs"]) | differing_keys(*inputs_elsewhere)
    if inputs:
        return RunComparison(tuple(sorted(inputs)))
    differing = sorted(differing_keys(old["outputs"], new["outputs"]))
    in_both = [name for name in differing if name in old["outputs"] and name in new["outputs"]]
    in_one = [f"{name}: only in one of both" for name in differing if name not in in_both]
    values = [
        line for name in in_both for line in _describe_public_differences(name, before, after)
    ]
    tables = sorted(
        differing_keys(restricted_manifests[0]["outputs"], restricted_manifests[1]["outputs"])
    )
    return RunComparison(
        (),
        tuple(differing),
        (*in_one, *values),
        tuple(name for name in tables if not _has_same_numbers(before / name, after / name)),
        tuple(describe_versions(old, new)),
    )


def _find_changed_settings(study: Study, manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys of the configuration that are not as they were when the run was made."""
    now = json.loads(study.config.model_dump_json())
    return tuple(sorted(differing_keys(now, manifest["configuration"])))


def differing_keys(first: dict[str, Any], second: dict[str, Any]) -> set[str]:
    """Return the keys of which two mappings do not say the same."""
    return {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


def describe_versions(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield libraries, code and renderer of which two public manifests name another version."""
    for name in sorted(differing_keys(old["software"], new["software"])):
        yield f"{name} {old['software'].get(name)} and {new['software'].get(name)}"
    if old.get("code", {}).get("tree") != new["code"]["tree"]:
        commits = [manifest.get("code", {}).get("commit") for manifest in (old, new)]
        named = all(commits) and commits[0] != commits[1]
        yield "code of the workflow" + (f" (commits {' and '.join(commits)})" if named else "")
    if old["renderers"] != new["renderers"]:
        yield "renderer"


def _describe_public_differences(name: str, before: Path, after: Path) -> Iterator[str]:
    """Yield the numbers of a public file that differ, with their address or line."""
    if name.endswith(".csv"):
        yield from _describe_cell_differences(name, before / name, after / name)
    elif name.startswith(f"{PUBLIC}/countries/") and name.endswith(".json"):
        yield from (
            f"{name}, '{key}': {was}, and now {now}"
            for key, was, now in _differing_leaves(
                read_json(before / name), read_json(after / name)
            )
        )


def _describe_cell_differences(name: str, before: Path, after: Path) -> Iterator[str]:
    old, new = (list(csv.reader(read_text(path).splitlines(True))) for path in (before, after))
    if len(old) != len(new) or old[:1] != new[:1]:
        yield f"{name}: {len(old) - 1} rows, and now {len(new) - 1}, or other columns"
        return
    for number, (was, now) in enumerate(zip(old[1:], new[1:], strict=True), start=2):
        for column, old_cell, new_cell in zip(old[0], was, now, strict=False):
            if old_cell != new_cell and not are_equal_numbers(old_cell, new_cell):
                location = _locate_row(name, dict(zip(old[0], was, strict=False)), number)
                yield f"{location}{column}: '{old_cell}', and now '{new_cell}'"


def _locate_row(name: str, row: dict[str, str], number: int) -> str:
    """Return the address of a row, to which the column is added; file and row where it has none."""
    _, folder, *_ = name.split("/")
    if folder in ADDRESSED_FOLDERS:
        return f"{address_of_row(Path(name).stem, row, compared=folder == 'comparison')}/"
    return f"{name}, row {number}, "


def are_equal_numbers(old_cell: str, new_cell: str) -> bool:
    """Return whether two cells hold the same number, which they may write in two ways."""
    try:
        return float(old_cell) == float(new_cell)
    except ValueError:
        return False


def _differing_leaves(old: Any, new: Any, key: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the keys at which two JSON values differ, each with both values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from _differing_leaves(old.get(name), new.get(name), f"{key}.{name}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (old_item, new_item) in enumerate(zip(old, new, strict=True)):
            yield from _differing_leaves(old_item, new_item, f"{key}[{index}]")
    elif old != new:
        yield key, old, new


def _has_same_numbers(before: Path, after: Path) -> bool:
    """Return whether a restricted file holds the same; pictures hold no numbers of their own."""
    if not before.is_file() or not after.is_file():
        return False
    if before.suffix == ".json":
        leaves = _differing_leaves(read_json(before), read_json(after))
        return all(
            _are_close(pd.Series([old_value]), pd.Series([new_value]))
            for _, old_value, new_value in leaves
        )
    if before.suffix not in (".csv", ".parquet"):
        return True
    read = pd.read_csv if before.suffix == ".csv" else pd.read_parquet
    old, new = read(before), read(after)
    if old.shape != new.shape or list(old.columns) != list(new.columns):
        return False
    return all(_are_close(old[name], new[name]) for name in old.columns)


def _are_close(old: "pd.Series[Any]", new: "pd.Series[Any]") -> bool:
    if pd.api.types.is_numeric_dtype(old) and pd.api.types.is_numeric_dtype(new):
        old_numbers, new_numbers = (
            column.to_numpy(dtype=float, na_value=np.nan) for column in (old, new)
        )
        return bool(
            np.allclose(old_numbers, new_numbers, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        )
    return bool((old.astype(str) == new.astype(str)).all())


def _list_differences(label: str, differences: Sequence[str]) -> list[str]:
    listed = [f"{label} {difference}".strip() for difference in differences[:MOST_LISTED]]
    return (
        [*listed, f"and {len(differences) - MOST_LISTED} more"]
        if len(differences) > MOST_LISTED
        else listed
    )
