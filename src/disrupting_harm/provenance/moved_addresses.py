"""Addresses that a later release no longer has: where each went, and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.study.configuration.publication_config import Rename

FILE = "addresses-moved.csv"
COLUMNS = ("old", "new", "why", "release")
UNEXPLAINED = "nobody has said why; a group in which nobody was interviewed has no row"


@dataclass(frozen=True)
class Moved:
    """A row of a public table that is there no longer.

    Attributes:
        old: its address, without a column.
        new: the address of the row that took its place; empty where none did.
        why: the reason, as the configuration gives it.
        release: the last accepted release that printed it.
    """

    old: str
    new: str
    why: str
    release: str

    def at(self, column: str) -> str:
        """Return the address of a cell of the new row; empty where there is none."""
        return f"{self.new}/{column}" if self.new else ""

    def said(self) -> str:
        """Return what became of it, in words."""
        what = f"it is {self.new} now" if self.new else "it was withdrawn"
        return f"{what}, after release {self.release}: {self.why}"


def moved(
    before: Mapping[str, str], now: Collection[str], renames: Mapping[str, Rename]
) -> list[Moved]:
    """Return what became of rows that are there no longer, by their old addresses.

    Args:
        before: addresses of rows of accepted releases, each with the last that printed it.
        now: addresses of the rows of this run.
        renames: what the configuration says, by indicator or ``domain:level``.
    """
    found = []
    for old, release in sorted(before.items()):
        if old in now:
            continue
        new, why = _followed(old, renames)
        if new and new not in now:
            new, why = "", f"{why} (as {new} it is not published either)"
        found.append(Moved(old, new, why, release))
    return found


def _followed(old: str, renames: Mapping[str, Rename]) -> tuple[str, str]:
    """Return the new address of a row and the reasons; "" for none."""
    area, *names = old.split("/")
    reasons: list[str] = []
    for place, name in enumerate(names):
        seen = {name}
        while (rename := renames.get(names[place])) is not None:
            reasons.append(rename.why)
            if rename.to is None or rename.to in seen:
                return "", "; ".join(reasons)
            seen.add(rename.to)
            names[place] = rename.to
    return ("/".join([area, *names]), "; ".join(reasons)) if reasons else ("", UNEXPLAINED)


def read_moved(public: Path) -> dict[str, Moved]:
    """Return the rows of the public table by their old addresses; none where there is no table."""
    path = public / FILE
    if not path.is_file():
        return {}
    rows = read_rows(path)[1]
    return {row["old"]: Moved(*(row[name] for name in COLUMNS)) for row in rows}


def where_to(row: str, known: Mapping[str, Moved]) -> Moved | None:
    """Return what became of a row; None if nothing is known.

    The table has rows of estimates. A row of the comparison moved if its indicator has another
    name now.

    Args:
        row: address without a column.
        known: from :func:`read_moved`.
    """
    if row in known or not row.startswith(f"{COMPARE}/"):
        return known.get(row)
    parts = row.split("/")
    for one in _of_indicators(known.values()):
        old, new = (address.split("/")[1] for address in (one.old, one.new))
        if old in parts[2:3]:
            return Moved(row, "/".join([*parts[:2], new, *parts[3:]]), one.why, one.release)
    return None


def _of_indicators(rows: Iterable[Moved]) -> list[Moved]:
    """Return rows of everyone whose indicator has another name."""
    return [one for one in rows if one.new and one.old.count("/") == 1]
