"""Rows and cells of public tables that differ between two runs, each with its address."""

import filecmp
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from disrupting_harm.core.files import read_json
from disrupting_harm.provenance.addresses import list_leaves
from disrupting_harm.provenance.primary_keys import primary_key_of
from disrupting_harm.provenance.rebuild import ADDRESSED_FOLDERS, are_equal_numbers
from disrupting_harm.provenance.row_addresses import FACTS, addresses_of_rows

Change = Literal["changed", "added", "gone"]
MAIN_NUMBER, VERDICT, OTHER_NUMBER, WORDS = "main_number", "verdict", "other_number", "words"
# What a test, an order of countries or the rules of publication say; so does each yes or no.
VERDICT_COLUMNS = {
    *("rank_low", "rank_high", "higher", "above", "comparable", "group", "position"),
    *("status", "highest_until", "lowest_until"),
}
_YES_OR_NO = {"True", "False"}


@dataclass(frozen=True)
class CellDifference:
    """A cell as it was and as it is; None where there is no such row or column.

    Attributes:
        documents: how many documents of a run print it, at most; of a number, else 0.
    """

    column: str
    kind: str
    before: str | None
    after: str | None
    documents: int


@dataclass(frozen=True)
class RowDifference:
    """A row that was changed, added or is gone.

    Attributes:
        address: of the row, to which a column is added; file and line where it has none.
        file: below the public folder.
        line: in the file of the later run, and of the earlier one where the row is gone; 0 in a
            file that is no table.
        cells: those that differ; of a row that was added or is gone, all that are filled.
    """

    change: Change
    address: str
    file: str
    line: int
    cells: tuple[CellDifference, ...]

    @property
    def documents(self) -> int:
        """How many documents print the number of the row that most of them print."""
        return max((cell.documents for cell in self.cells), default=0)

    def has(self, kind: str) -> bool:
        """Return whether a cell of this kind differs."""
        return any(cell.kind == kind for cell in self.cells)


@dataclass(frozen=True)
class FileDifference:
    """A table or a document that only one of the runs has, with its number of rows or sentences."""

    change: Change
    file: str
    parts: int


def find_row_differences(
    before: Path, after: Path, printed: Mapping[str, int]
) -> tuple[list[RowDifference], list[FileDifference]]:
    """Compare all tables and facts that two runs publish.

    The table of all estimates repeats those of the countries and is left out.

    Args:
        before, after: public folders.
        printed: addresses of numbers that documents print -> how many print them.
    """
    rows: list[RowDifference] = []
    files: list[FileDifference] = []
    for name in sorted({*_list_tables(before), *_list_tables(after)}):
        old, new = before / name, after / name
        if old.is_file() and new.is_file():
            if not filecmp.cmp(old, new, shallow=False):
                rows += _compare_tables(
                    _read_cells(before, name), _read_cells(after, name), printed
                )
        else:
            change: Change = "gone" if old.is_file() else "added"
            table = _read_cells(before if old.is_file() else after, name)
            files.append(FileDifference(change, name, len(table.cells)))
    return rows, files


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cells of a file as texts, by the addresses of its rows; with the line of each row."""

    file: str
    cells: pd.DataFrame
    lines: dict[str, int]


def _list_tables(public: Path) -> Iterator[str]:
    for folder in ADDRESSED_FOLDERS:
        for path in (public / folder).rglob("*"):
            if path.suffix == ".csv" or (path.suffix == ".json" and path.stem in FACTS):
                yield path.relative_to(public).as_posix()


def _read_cells(public: Path, name: str) -> _Cells:
    if name.endswith(".json"):
        path = Path(name)
        address = f"{path.parent.name}/{path.stem}"
        leaves = dict(list_leaves(read_json(public / name), address))
        # A fact is a row of its own: the last part of its address is the column.
        by_row: dict[str, dict[str, str]] = {}
        for leaf, value in leaves.items():
            row, _, column = leaf.rpartition("/")
            by_row.setdefault(row, {})[column] = "" if value is None else str(value)
        table = pd.DataFrame.from_dict(by_row, orient="index").fillna("")
        return _Cells(name, table, dict.fromkeys(by_row, 0))
    table = pd.read_csv(public / name, dtype=str, keep_default_na=False, na_values=[])
    addresses = _address_rows(name, table)
    table.index = pd.Index(addresses)
    return _Cells(name, table, {address: line for line, address in enumerate(addresses, start=2)})


def _address_rows(name: str, table: pd.DataFrame) -> list[str]:
    rows: list[dict[str, str]] = table.to_dict("records")  # type: ignore[assignment]
    folder, stem = name.split("/")[0], Path(name).stem
    try:
        return list(addresses_of_rows(stem, rows, compared=folder == "comparison"))
    except KeyError:  # a table, or a key of it, that this version does not know
        return [f"{name}, row {line}" for line in range(2, len(rows) + 2)]


def _compare_tables(old: _Cells, new: _Cells, printed: Mapping[str, int]) -> list[RowDifference]:
    """Return the rows that differ, in the order of the later file; those that are gone follow."""
    shared_columns = old.cells.columns.intersection(new.cells.columns, sort=False)
    differing = _find_differing_cells(old.cells, new.cells, shared_columns)
    keys = primary_key_of(new.file)
    rows = []
    for address in new.cells.index:
        if address in old.lines:
            cells = tuple(differing.get(address, ()))
            change: Change = "changed"
        else:
            values = _filled_cells(new.cells.loc[address], keys)
            cells, change = tuple((name, None, value) for name, value in values), "added"
        if cells or change == "added":
            described = _describe_cells(address, cells, printed)
            rows.append(RowDifference(change, address, new.file, new.lines[address], described))
    for address in old.cells.index.difference(new.cells.index, sort=False):
        values = _filled_cells(old.cells.loc[address], keys)
        gone = tuple((name, value, None) for name, value in values)
        described = _describe_cells(address, gone, printed)
        rows.append(RowDifference("gone", address, old.file, old.lines[address], described))
    return rows


_Cell = tuple[str, str | None, str | None]


def _find_differing_cells(
    old: pd.DataFrame, new: pd.DataFrame, columns: "pd.Index[str]"
) -> dict[str, list[_Cell]]:
    """Return column, earlier and later text of cells that differ, by the address of their row.

    Numbers that are written in other ways do not differ. Of a column that only one of the runs has,
    each filled cell does.
    """
    shared = new.index[new.index.isin(old.index)]
    texts_before, texts_after = old.loc[shared, columns], new.loc[shared, columns]
    differing: dict[str, list[_Cell]] = {}
    for row, column in np.argwhere(texts_before.ne(texts_after).to_numpy()):
        before, after = (str(texts.iat[row, column]) for texts in (texts_before, texts_after))
        if not are_equal_numbers(before, after):
            differing.setdefault(shared[row], []).append((columns[column], before, after))
    for table, is_before in ((old, True), (new, False)):
        for name in table.columns.difference(columns, sort=False):
            texts = table.loc[shared, name]
            for address, text in texts[texts != ""].items():
                cell = (str(name), text, None) if is_before else (str(name), None, text)
                differing.setdefault(str(address), []).append(cell)
    return differing


def _filled_cells(row: "pd.Series[Any]", keys: Sequence[str]) -> list[tuple[str, str]]:
    return [(str(name), text) for name, text in row.items() if text != "" and name not in keys]


def _describe_cells(
    address: str, cells: tuple[_Cell, ...], printed: Mapping[str, int]
) -> tuple[CellDifference, ...]:
    described = []
    for column, before, after in cells:
        documents = printed.get(f"{address}/{column}", 0)
        kind = _classify_cell(column, before, after, documents)
        described.append(CellDifference(column, kind, before, after, documents))
    return tuple(described)


def _classify_cell(column: str, before: str | None, after: str | None, documents: int) -> str:
    texts = {text for text in (before, after) if text}
    if column in VERDICT_COLUMNS or texts & _YES_OR_NO:
        return VERDICT
    if texts and all(are_equal_numbers(text, text) for text in texts):
        return MAIN_NUMBER if documents else OTHER_NUMBER
    return WORDS
