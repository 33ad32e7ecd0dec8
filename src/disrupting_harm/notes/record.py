"""What a note printed: each address with its number, so that the next render tells what changed.

It lies beside the note as ``{note}.numbers.json``, with the SHA-256 of the manifest of the results.
"""

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from disrupting_harm.errors import amount
from disrupting_harm.files import read_json
from disrupting_harm.notes.filling import Filled
from disrupting_harm.notes.note import Note
from disrupting_harm.provenance.made import sha256
from disrupting_harm.report.number_check import CITED

_BETWEEN = " | "


def record_path(note: Path) -> Path:
    """Return where the record of a note lies."""
    return note.with_suffix(".numbers.json")


def record_of(note: Note, filled: Filled) -> dict[str, Any]:
    """Return what a filled note prints."""
    numbers: dict[str, list[str]] = {}
    for found in CITED.finditer(filled.text):
        # A number may be printed in two ways, e.g. rounded in a figure's caption.
        forms = numbers.setdefault(found[2], [])
        printed = re.sub(r"\\(.)", r"\1", found[1])
        forms += [printed] if printed not in forms else []
    return {
        "language": note.language,
        "manifest": sha256(note.public / "manifest.json"),
        "numbers": {address: _BETWEEN.join(forms) for address, forms in sorted(numbers.items())},
        "figures": {
            name: sha256(placed.folder / placed.figure.csv)
            for name, placed in sorted(filled.figures.items())
        },
        "allowed": note.allowed,
    }


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what differs between two records, of numbers first what changed.

    Of numbers that the author put in or took out one line tells, together for each indicator.
    """
    lines = [
        f"changed  {address}  {old} -> {now['numbers'][address]}"
        for address, old in sorted(before["numbers"].items())
        if now["numbers"].get(address, old) != old
    ]
    for word, own, other in (("new", now, before), ("gone", before, now)):
        only = sorted(own["numbers"].keys() - other["numbers"].keys())
        for name, group in groupby(only, key=_subject):
            found = [*group]
            said = f"{found[0]}  {own['numbers'][found[0]]}"
            many = f"{name}  {amount(len(found), 'number')}"
            lines.append(f"{word:<8} {said if len(found) == 1 else many}")
    for name in sorted({*before["figures"], *now["figures"]}):
        old, new = (record["figures"].get(name) for record in (before, now))
        if old is None or new is None:
            lines.append(f"{'new' if old is None else 'gone':<8} figure {name}")
        elif old != new:
            lines.append(f"changed  figure {name}: its data are others")
    return lines


def _subject(address: str) -> str:
    """Return what a number is of: its area and its indicator or table."""
    return "/".join(address.split("/")[:2])


def changes_since(note: Path, now: Mapping[str, Any]) -> list[str] | None:
    """Return the changes since the last render; None where there was none."""
    path = record_path(note)
    return changes(read_json(path), now) if path.is_file() else None
