"""What a note printed: each address with its number, so that the next render tells what changed.

It lies beside the note as ``{note}.numbers.json``, with the SHA-256 of the manifest of the results.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
    """Return a line for each number and figure that differs between two records."""
    lines = []
    for address in sorted({*before["numbers"], *now["numbers"]}):
        old, new = (record["numbers"].get(address) for record in (before, now))
        if old is None:
            lines.append(f"new      {address}  {new}")
        elif new is None:
            lines.append(f"gone     {address}  {old}")
        elif old != new:
            lines.append(f"changed  {address}  {old} -> {new}")
    for name in sorted({*before["figures"], *now["figures"]}):
        old, new = (record["figures"].get(name) for record in (before, now))
        if old is None or new is None:
            lines.append(f"{'new' if old is None else 'gone':<8} figure {name}")
        elif old != new:
            lines.append(f"changed  figure {name}: its data are others")
    return lines


def changes_since(note: Path, now: Mapping[str, Any]) -> list[str] | None:
    """Return the changes since the last render; None where there was none."""
    path = record_path(note)
    return changes(read_json(path), now) if path.is_file() else None
