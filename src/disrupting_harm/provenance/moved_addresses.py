"""Addresses that a later release no longer has: where each went, and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.study.configuration.publication_config import Rename

MOVED_FILE = "addresses-moved.csv"
MOVED_COLUMNS = ("old", "new", "why", "release")
UNEXPLAINED = "nobody has said why; a group in which nobody was interviewed has no row"


@dataclass(frozen=True)
class MovedRow:
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

    def cell_address(self, column: str) -> str:
        """Return the address of a cell of the new row; empty where there is none."""
        return f"{self.new}/{column}" if self.new else ""

    def describe(self) -> str:
        """Return in words what became of the row."""
        outcome = f"it is {self.new} now" if self.new else "it was withdrawn"
        return f"{outcome}, after release {self.release}: {self.why}"


def find_moved_rows(
    before: Mapping[str, str], now: Collection[str], renames: Mapping[str, Rename]
) -> list[MovedRow]:
    """Return what became of rows that are there no longer, by their old addresses.

    Args:
        before: addresses of rows of accepted releases, each with the last that printed it.
        now: addresses of the rows of this run.
        renames: what the configuration says, by indicator or ``domain:level``.
    """
    moved_rows = []
    for old, release in sorted(before.items()):
        if old in now:
            continue
        new, reason = _follow_renames(old, renames)
        if new and new not in now:
            new, reason = "", f"{reason} (as {new} it is not published either)"
        moved_rows.append(MovedRow(old, new, reason, release))
    return moved_rows


def _follow_renames(old: str, renames: Mapping[str, Rename]) -> tuple[str, str]:
    """Return the new address of a row and the reasons; "" for none."""
    area, *names = old.split("/")
    reasons: list[str] = []
    for index, name in enumerate(names):
        seen = {name}
        while (rename := renames.get(names[index])) is not None:
            reasons.append(rename.why)
            if rename.to is None or rename.to in seen:
                return "", "; ".join(reasons)
            seen.add(rename.to)
            names[index] = rename.to
    return ("/".join([area, *names]), "; ".join(reasons)) if reasons else ("", UNEXPLAINED)


def read_moved_rows(public: Path) -> dict[str, MovedRow]:
    """Return the rows of the public table by their old addresses; none where there is no table."""
    path = public / MOVED_FILE
    if not path.is_file():
        return {}
    rows = read_rows(path)[1]
    return {row["old"]: MovedRow(*(row[name] for name in MOVED_COLUMNS)) for row in rows}


def find_moved_row(row: str, moved_rows: Mapping[str, MovedRow]) -> MovedRow | None:
    """Return what became of a row; None if nothing is known.

    The table has rows of estimates. A row of the comparison moved if its indicator has another
    name now.

    Args:
        row: address without a column.
        known: from :func:`read_moved_rows`.
    """
    if row in moved_rows or not row.startswith(f"{COMPARE}/"):
        return moved_rows.get(row)
    segments = row.split("/")
    for moved_row in _select_moved_indicators(moved_rows.values()):
        old, new = (address.split("/")[1] for address in (moved_row.old, moved_row.new))
        if old in segments[2:3]:
            return MovedRow(
                row, "/".join([*segments[:2], new, *segments[3:]]), moved_row.why, moved_row.release
            )
    return None


def _select_moved_indicators(rows: Iterable[MovedRow]) -> list[MovedRow]:
    """Return rows of everyone whose indicator has another name."""
    return [row for row in rows if row.new and row.old.count("/") == 1]
