"""Making a finished run again in a fresh folder, and saying whether it gives the same results.

Three answers: yes, to the byte; the numbers are the same and the bytes are not, as with another
version of a library; no. Of restricted results it is told which tables differ, and no value.
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
from disrupting_harm.provenance.row_addresses import prefix
from disrupting_harm.provenance.signature import MANIFEST
from disrupting_harm.study.study import Study

# Restricted numbers are the same where they differ by no more than this, absolutely or relatively.
TOLERANCE = 1e-10
# So many differences are told one by one.
TOLD = 20
# Where rows of tables have an address.
ADDRESSED = ("comparison", "countries", "evidence")
YES, NUMBERS, NO = 0, 3, 1


@dataclass(frozen=True)
class Comparison:
    """What differs between a run and the same run made again.

    Attributes:
        inputs: files and settings that are others now; where there are any, nothing else counts.
        bytes: public files whose bytes differ.
        values: differences of public numbers, in words.
        restricted: restricted tables whose numbers differ.
        versions: libraries and code with another version, in words.
    """

    inputs: tuple[str, ...]
    bytes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status: 0 the same bytes, 3 the same numbers, 1 others or other inputs."""
        if self.inputs or self.values or self.restricted:
            return NO
        return NUMBERS if self.bytes else YES

    def lines(self) -> list[str]:
        """Return the answer, and below it what differs."""
        if self.inputs:
            return [f"inputs differ: {', '.join(self.inputs)}"]
        if self.status == YES:
            return ["yes: the same bytes"]
        versions = ", ".join(self.versions) or "none"
        if self.status == NUMBERS:
            said = f"numbers yes, bytes no (versions differ: {versions})"
            return [said, *_first("bytes", self.bytes)]
        said = f"no (versions differ: {versions})"
        return [said, *_first("", self.values), *_first("restricted", self.restricted)]


def rebuild(study: Study, cores: int, only: Sequence[str] | None = None) -> Comparison:
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
    if other := _other_settings(study, read_json(results / PUBLIC / MANIFEST)):
        return Comparison(other)
    with tempfile.TemporaryDirectory(prefix="rebuild-") as name:
        folder = _fresh_folder(Path(name), study)
        command = [sys.executable, "-m", "disrupting_harm", "run", "--config", str(study.path)]
        command += [*(("--only", *only) if only else ()), "--cores", str(cores)]
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            raise StudyError(str(study.path), "it does not run any more", "Read what it said above")
        return compare(results, folder / results)


def _fresh_folder(scratch: Path, study: Study) -> Path:
    """Return a folder below ``scratch`` from which all is seen as from here, but the results.

    Where the study or its results lie beside or above this folder ('../study/config.yaml'), the
    folders above it are made, too, and what lies in the uppermost is linked there.
    """
    here = Path.cwd()
    results = Path(os.path.normpath(here / study.config.results))
    relative = [path for path in (study.path, study.config.results) if not path.is_absolute()]
    above = max((Path(os.path.normpath(path)).parts.count("..") for path in relative), default=0)
    if above:
        _link_entries(here.parents[above - 1], scratch, results)
    folder = scratch.joinpath(*(f"rebuild-{number}" for number in range(above)))
    _link_entries(here, folder, results)
    return folder


def _link_entries(source: Path, folder: Path, results: Path) -> None:
    """Link what lies in ``source`` into ``folder``; folders on the way to the results are made."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if results.is_relative_to(entry) and results != entry:
            _link_entries(entry, folder / entry.name, results)
        elif not entry.name.startswith(".") and results != entry:
            (folder / entry.name).symlink_to(entry)


def compare(before: Path, after: Path) -> Comparison:
    """Compare two finished runs by their manifests, then by the numbers of files that differ.

    Args:
        before, after: their folders of results.
    """
    old, new = (read_json(results / PUBLIC / MANIFEST) for results in (before, after))
    closed = [read_json(results / RESTRICTED / MANIFEST) for results in (before, after)]
    made = f"{before.as_posix()}/"
    kept = ({n: d for n, d in each["inputs"].items() if not n.startswith(made)} for each in closed)
    inputs = _unlike(old["configuration"], new["configuration"])
    inputs |= _unlike(old["inputs"], new["inputs"]) | _unlike(*kept)
    if inputs:
        return Comparison(tuple(sorted(inputs)))
    differing = sorted(_unlike(old["outputs"], new["outputs"]))
    there = [name for name in differing if name in old["outputs"] and name in new["outputs"]]
    gone = [f"{name}: only in one of both" for name in differing if name not in there]
    values = [line for name in there for line in _public(name, before, after)]
    tables = sorted(_unlike(closed[0]["outputs"], closed[1]["outputs"]))
    return Comparison(
        (),
        tuple(differing),
        (*gone, *values),
        tuple(name for name in tables if not _same_numbers(before / name, after / name)),
        tuple(_versions(old, new)),
    )


def _other_settings(study: Study, manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys of the configuration that are not as they were when the run was made."""
    now = json.loads(study.config.model_dump_json())
    return tuple(sorted(_unlike(now, manifest["configuration"])))


def _unlike(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _versions(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for name in sorted(_unlike(old["software"], new["software"])):
        yield f"{name} {old['software'].get(name)} and {new['software'].get(name)}"
    if old.get("code", {}).get("tree") != new["code"]["tree"]:
        yield "code of the workflow"
    if old["renderers"] != new["renderers"]:
        yield "renderer"


def _public(name: str, before: Path, after: Path) -> Iterator[str]:
    """Yield the numbers of a public file that differ, with their place."""
    if name.endswith(".csv"):
        yield from _cells(name, before / name, after / name)
    elif name.startswith(f"{PUBLIC}/countries/") and name.endswith(".json"):
        yield from (
            f"{name}, '{key}': {was}, and now {now}"
            for key, was, now in _leaves(read_json(before / name), read_json(after / name))
        )


def _cells(name: str, before: Path, after: Path) -> Iterator[str]:
    old, new = (list(csv.reader(read_text(path).splitlines(True))) for path in (before, after))
    if len(old) != len(new) or old[:1] != new[:1]:
        yield f"{name}: {len(old) - 1} rows, and now {len(new) - 1}, or other columns"
        return
    for number, (was, now) in enumerate(zip(old[1:], new[1:], strict=True), start=2):
        for column, one, other in zip(old[0], was, now, strict=False):
            if one != other and not _equal(one, other):
                place = _place(name, dict(zip(old[0], was, strict=False)), number)
                yield f"{place}{column}: '{one}', and now '{other}'"


def _place(name: str, row: dict[str, str], number: int) -> str:
    """Return the address of a row, to which the column is added; its place where it has none."""
    _, folder, *_ = name.split("/")
    if folder in ADDRESSED:
        return f"{prefix(Path(name).stem, row, compared=folder == 'comparison')}/"
    return f"{name}, row {number}, "


def _equal(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _leaves(one: Any, other: Any, key: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the places at which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from _leaves(one.get(name), other.get(name), f"{key}.{name}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _leaves(first, second, f"{key}[{at}]")
    elif one != other:
        yield key, one, other


def _same_numbers(before: Path, after: Path) -> bool:
    """Return whether a restricted file holds the same; pictures hold no numbers of their own."""
    if not before.is_file() or not after.is_file():
        return False
    if before.suffix == ".json":
        different = _leaves(read_json(before), read_json(after))
        return all(_close(pd.Series([one]), pd.Series([other])) for _, one, other in different)
    if before.suffix not in (".csv", ".parquet"):
        return True
    read = pd.read_csv if before.suffix == ".csv" else pd.read_parquet
    old, new = read(before), read(after)
    if old.shape != new.shape or list(old.columns) != list(new.columns):
        return False
    return all(_close(old[name], new[name]) for name in old.columns)


def _close(one: "pd.Series[Any]", other: "pd.Series[Any]") -> bool:
    if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other):
        first, second = (each.to_numpy(dtype=float, na_value=np.nan) for each in (one, other))
        return bool(np.allclose(first, second, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))
    return bool((one.astype(str) == other.astype(str)).all())


def _first(kind: str, found: Sequence[str]) -> list[str]:
    lines = [f"{kind} {each}".strip() for each in found[:TOLD]]
    return [*lines, f"and {len(found) - TOLD} more"] if len(found) > TOLD else lines
