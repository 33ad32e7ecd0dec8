"""Read raw files: CSV, Parquet, SPSS and Stata, every cell as text.

Nothing is guessed. Types come later, from the codebook; so a cell that reads "NA" or "007" stays
what it is, and user-missing codes of SPSS and Stata stay codes.
"""

import codecs
import csv
import difflib
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.size_limits import (
    COLUMNS,
    ROWS,
    TEXT_BYTES,
    refuse_larger,
    refuse_zip_bomb,
)
from disrupting_harm.core.spelling import compose_text

# A CSV file without quotes, as most are, is read by pyarrow in a tenth of the time. Any other, and
# one in which pyarrow finds a fault, is read row by row: that reader says where the fault is.

EMPTY, FILL = "the file is empty", "Put the data into it"
# Bytes whose encoding is checked, or which are split into cells, at a time: few enough for their
# cells to stay in the processor's cache.
BLOCK = 2**20


def read_csv(
    path: Path, among: Callable[[Sequence[str]], list[str]], delimiter: str
) -> dict[str, pd.Categorical]:
    """Read the wanted columns of a CSV file.

    Args:
        path: the file, UTF-8 with or without a byte-order mark.
        among: returns the wanted ones of the names in the file's header, in its order.

    Returns:
        The cells of each column, composed (NFC) and without spaces around them; empty lines are
        left out.

    Raises:
        StudyError: the file is unreadable or empty, is not UTF-8 or no valid CSV, has a row of
            another length, or what ``among`` finds wrong in its header.
    """
    content = _read_bytes(path)
    _check_text(path, content)
    columns = _read_without_quotes(path, content, among, delimiter)
    return _read_by_rows(path, content, among, delimiter) if columns is None else columns


def drop_rows(path: Path, delimiter: str, rows: Collection[int]) -> bytes:
    """Return a CSV file without some of its rows, all others byte for byte.

    Args:
        rows: numbers of the rows, as :func:`read_csv` counts them: from 1, without the header and
            empty lines.

    Raises:
        StudyError: the file is unreadable, is not UTF-8 or no valid CSV.
    """
    content = _read_bytes(path)
    _check_text(path, content)
    text_lines = list(io.StringIO(content.decode("utf-8"), newline=""))
    reader = csv.reader(
        (line.removeprefix("\ufeff") for line in text_lines), delimiter=delimiter, strict=True
    )
    kept_lines: list[str] = []
    lines_read, number = 0, -1
    try:
        for row in reader:
            number += bool(row)
            if not row or number not in rows:
                kept_lines += text_lines[lines_read : reader.line_num]
            lines_read = reader.line_num
    except csv.Error as error:
        raise _describe_invalid_line(path, reader.line_num, error) from None
    return "".join(kept_lines).encode("utf-8")


def categorise_texts(cells: Sequence[str]) -> pd.Categorical:
    """Return text cells as categories, in the order in which they first stand."""
    codes, categories = pd.factorize(np.array(cells, dtype=object))
    return pd.Categorical.from_codes(codes, pd.Index(categories, dtype="str"))


def describe_unreadable(path: Path, reason: object) -> StudyError:
    """Return the fault of a file that cannot be read."""
    return StudyError(
        str(path), f"it cannot be read ({reason})", "Check the file, its permissions and its format"
    )


def _read_bytes(path: Path) -> bytes:
    try:
        refuse_larger(str(path), path.stat().st_size, TEXT_BYTES, "bytes")
        return path.read_bytes()
    except OSError as error:
        raise describe_unreadable(path, error.strerror or str(error)) from None


def _check_text(path: Path, content: bytes) -> None:
    """Refuse bytes that are no text, without a second copy of the file in memory."""
    if (offset := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, offset) + 1
        raise StudyError(f"{path}, line {line}", "a NUL byte", "Save the file again as UTF-8 text")
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, max(len(content), 1), BLOCK):
        # The decoder keeps the first bytes of a character that the last block cut.
        pending = len(decoder.getstate()[0])
        block = memoryview(content)[start : start + BLOCK]
        try:
            decoder.decode(block, final=start + BLOCK >= len(content))
        except UnicodeDecodeError as error:
            offset = start - pending + error.start
            line = content.count(b"\n", 0, offset) + 1
            raise StudyError(
                f"{path}, line {line}",
                f"byte {offset} (0x{content[offset]:02x}) is not UTF-8",
                "Save the file as UTF-8",
            ) from None


def _read_without_quotes(
    path: Path, content: bytes, among: Callable[[Sequence[str]], list[str]], delimiter: str
) -> dict[str, pd.Categorical] | None:
    """Read a file in which delimiters and line ends alone have a meaning; None if it is another."""
    line = content[: max(content.find(b"\n"), 0)].decode("utf-8-sig")
    if not line.strip() or b'"' in content or content.count(b"\r") != content.count(b"\r\n"):
        return None
    import pyarrow as pa
    from pyarrow import csv as arrow

    header = _check_header(path, next(csv.reader([line], delimiter=delimiter)))
    name_of_position = {str(header.index(name)): name for name in among(header)}
    cell_type = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow.read_csv(
            pa.BufferReader(content),
            arrow.ReadOptions(
                use_threads=False,
                block_size=BLOCK,
                skip_rows=1,
                column_names=[str(position) for position in range(len(header))],
            ),
            arrow.ParseOptions(delimiter=delimiter, quote_char=False),
            arrow.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(name_of_position, cell_type),
                include_columns=list(name_of_position),
            ),
        )
    except (pa.ArrowException, ValueError):
        return None
    return {name: _strip_cells(table[position]) for position, name in name_of_position.items()}


def _strip_cells(column: Any) -> pd.Categorical:
    """Return the cells of a dictionary-encoded column, composed and without spaces around them."""
    import pyarrow.compute as pc

    column = column.unify_dictionaries().combine_chunks()
    codes, cells = column.indices.to_numpy(), column.dictionary
    if not cells.equals(pc.utf8_normalize(pc.utf8_trim_whitespace(cells), form="NFC")):
        stripped = [compose_text(cell.strip()) for cell in cells.to_pylist()]
        code, categories = pd.factorize(np.array(stripped, dtype=object))
        return pd.Categorical.from_codes(code[codes], pd.Index(categories, dtype="str"))
    return pd.Categorical.from_codes(codes, pd.Index(cells.to_pandas(), dtype="str"))


def _read_by_rows(
    path: Path, content: bytes, among: Callable[[Sequence[str]], list[str]], delimiter: str
) -> dict[str, pd.Categorical]:
    content_text = content.decode("utf-8-sig")
    if not content_text.strip():
        raise StudyError(str(path), EMPTY, FILL)
    rows = csv.reader(io.StringIO(content_text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = _check_header(path, next(rows, []))
        column_names = among(header)
        positions = [header.index(name) for name in column_names]
        rows_of_cells: list[list[str]] = []
        for row in rows:
            if len(row) != len(header) and row:
                raise StudyError(
                    f"{path}, line {rows.line_num}",
                    f"{len(row)} cells, but the header has {len(header)}",
                    "Correct the line; put a cell with the delimiter in it into quotes",
                )
            if row:
                rows_of_cells.append(
                    [compose_text(row[position].strip()) for position in positions]
                )
    except csv.Error as error:
        raise _describe_invalid_line(path, rows.line_num, error) from None
    return {
        name: categorise_texts([row[index] for row in rows_of_cells])
        for index, name in enumerate(column_names)
    }


def _describe_invalid_line(path: Path, line: int, error: csv.Error) -> StudyError:
    finding = f"it is not valid CSV ({error})"
    return StudyError(f"{path}, line {line}", finding, "Correct the line")


def _check_header(path: Path, column_names: Sequence[str]) -> list[str]:
    refuse_larger(str(path), len(column_names), COLUMNS, "columns")
    return [compose_text(name.strip()) for name in column_names]


ENDINGS = {".csv": "csv", ".parquet": "parquet", ".sav": "sav", ".dta": "dta"}
CORRECT_PATH = "Correct the path or create the file"

Columns = dict[str, pd.Categorical]


def read_raw(
    path: str | Path,
    columns: Iterable[str],
    optional: Iterable[str] = (),
    file_format: str | None = None,
    delimiter: str = ",",
    items: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read columns of a raw file.

    Args:
        columns: columns that must be there.
        optional: columns that are read where they are there.
        file_format: csv, parquet, sav or dta; None for the file's ending.
        items: item of each column that holds one: a survey may not have asked it.

    Returns:
        One row per row of the file, numbered from 1 by the index (a header is not counted); columns
        of categories, whose cells are text, composed (NFC) and without spaces around it, "" where a
        cell is empty or system-missing.
        Numbers of typed files have their shortest exact form ("1", not "1.0"), truth values are
        "1" and "0", Stata's extended missing values are ".a" to ".z".

    Raises:
        StudyError: the file is missing, unreadable, empty or of unknown format, is not UTF-8, has a
            row of another length, a column twice, or lacks a column.
    """
    path = Path(path)
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", CORRECT_PATH)
    readers: dict[str, Callable[[_WantedColumns], Columns]] = {
        "csv": lambda wanted_columns: read_csv(path, wanted_columns.find_in_header, delimiter),
        "parquet": lambda wanted_columns: _read_parquet(path, wanted_columns),
        "sav": lambda wanted_columns: _read_statistical(path, wanted_columns, "sav"),
        "dta": lambda wanted_columns: _read_statistical(path, wanted_columns, "dta"),
    }
    name = file_format or ENDINGS.get(path.suffix.lower())
    if name not in readers:
        raise StudyError(
            str(path),
            f"'{path.suffix}' is no known format",
            f"Set the mapping's 'format' to one of {', '.join(readers)}",
        )
    if path.stat().st_size == 0:
        raise StudyError(str(path), EMPTY, FILL)
    content = readers[name](_WantedColumns(str(path), tuple(columns), tuple(optional), items or {}))
    frame = pd.DataFrame(content)
    if frame.empty:
        raise StudyError(str(path), "it has a header, but no rows", FILL)
    return frame.set_axis(pd.RangeIndex(1, len(frame) + 1, name="row"))


class _WantedColumns:
    """The columns to read, checked against those that a file has."""

    def __init__(
        self,
        location: str,
        columns: Sequence[str],
        optional: Sequence[str],
        items: Mapping[str, str],
    ) -> None:
        self._location, self._columns, self._optional, self._items = (
            location,
            columns,
            optional,
            items,
        )

    def find_in_header(self, header: Sequence[str]) -> list[str]:
        """Return the wanted columns that stand in ``header``, in its order."""
        wanted_names = {*self._columns, *self._optional}
        repeated = [name for name, count in Counter(header).items() if count > 1 and name]
        for name in repeated:
            if name in wanted_names:
                raise self._describe_repeated_column(f"'{name}'")
        present = set(header)
        for name in self._columns:
            if name not in present:
                raise self._describe_missing_column(name, header)
        if repeated:
            # Other names are not repeated: without a header they are the first respondent's cells.
            raise self._describe_repeated_column(str(header.index(repeated[0]) + 1))
        return [name for name in header if name in wanted_names]

    def find_stored_names(self, header: Sequence[str]) -> dict[str, str]:
        """Return the wanted columns, composed, and how each is spelt in a file of typed columns."""
        spelt = [compose_text(name) for name in header]
        return {name: header[spelt.index(name)] for name in self.find_in_header(spelt)}

    def _describe_repeated_column(self, column: str) -> StudyError:
        return StudyError(
            f"{self._location}, column {column}",
            "another column has the same name",
            "Rename or remove all but one",
        )

    def _describe_missing_column(self, name: str, header: Sequence[str]) -> StudyError:
        item = self._items.get(name)
        close = difflib.get_close_matches(name, header, n=1)
        # The nearest name may be another question, and nothing later would tell.
        remedy = (
            "Name the column in the mapping"
            if item is None
            else f"If the survey did not ask '{item}', write 'asked: false' under "
            f"'variables.{item}' in the mapping; if it did, name there the column of its answers"
        )
        if close and item is None:
            remedy += f"; the nearest in the file is '{close[0]}'"
        elif len(header) == 1:
            remedy += "; the file has only one, so the mapping's 'delimiter' may be wrong"
        elif not {*self._columns} & {*header}:
            remedy += f"; none of the {len(header)} names in the file's first line is known"
        return StudyError(f"{self._location}, column '{name}'", "there is no such column", remedy)


def _read_parquet(path: Path, wanted_columns: _WantedColumns) -> Columns:
    import pyarrow.parquet as pq

    location = str(path)
    with _explain_broken_file(path, "Parquet"):
        notes = pq.read_metadata(path)
        groups = [notes.row_group(number) for number in range(notes.num_row_groups)]
        refuse_larger(location, notes.num_columns, COLUMNS, "columns")
        refuse_larger(location, notes.num_rows, ROWS, "rows")
        refuse_zip_bomb(
            location, path.stat().st_size, sum(group.total_byte_size for group in groups)
        )
        stored = wanted_columns.find_stored_names(pq.read_schema(path).names)
        table = pq.read_table(path, columns=list(stored.values()))
    return {
        name: _format_cells(
            f"{location}, column '{name}'", _parquet_cells(table[column], location, name)
        )
        for name, column in stored.items()
    }


@contextmanager
def _explain_broken_file(path: Path, format_name: str) -> Iterator[None]:
    """Replace a library's message on a broken file, which may repeat the content, by our own."""
    try:
        yield
    except StudyError:
        raise
    except Exception:
        raise describe_unreadable(path, f"it is no whole {format_name} file") from None


def _parquet_cells(column: Any, location: str, name: str) -> Iterable[Any]:
    """Return the cells as they are: `to_numpy` would fill null categories and round integers."""
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_nested(column.type) or "binary" in str(column.type):
        raise StudyError(
            f"{location}, column '{name}'",
            f"its cells are of type {column.type}, not single values",
            "Write one value per cell, as text or number",
        )
    # Floats keep their own precision, so that 0.1 of four bytes reads 0.1.
    floats = types.is_floating(column.type)
    cells: Iterable[Any] = column.to_numpy() if floats else column.to_pylist()
    return cells


def _read_statistical(path: Path, wanted_columns: _WantedColumns, file_format: str) -> Columns:
    """Read an SPSS or Stata file; user-missing values keep their codes, dates their numbers."""
    import pyreadstat

    read_file = pyreadstat.read_sav if file_format == "sav" else pyreadstat.read_dta
    options: dict[str, Any] = {"disable_datetime_conversion": True}
    location = str(path)
    with _explain_broken_file(path, f".{file_format}"):
        _, header = read_file(location, metadataonly=True, **options)
        refuse_larger(location, header.number_columns, COLUMNS, "columns")
        # A file that was written as a stream does not know its rows.
        rows = header.number_rows or 0
        refuse_larger(location, rows, ROWS, "rows")
        row_bytes = sum(header.variable_storage_width.values())
        refuse_zip_bomb(location, path.stat().st_size, rows * row_bytes)
        stored = wanted_columns.find_stored_names(header.column_names)
        frame, notes = read_file(
            location, usecols=list(stored.values()), user_missing=True, **options
        )
    column_types = notes.readstat_variable_types
    return {
        name: _format_cells(
            f"{location}, column '{name}'", frame[column], extended=column_types[column] != "string"
        )
        for name, column in stored.items()
    }


def _format_cells(location: str, values: Iterable[Any], extended: bool = False) -> pd.Categorical:
    """Return the text of every cell; ``extended``: letters are Stata's missing values."""
    mark = "." if extended else ""
    text_of_value: dict[Any, str] = {}
    cells: list[str] = []
    for value in values:
        if value not in text_of_value:
            text = _format_cell(value)
            if "\0" in text:
                finding = f"a NUL byte in data row {len(cells) + 1}"
                raise StudyError(location, finding, "Correct the text")
            text_of_value[value] = mark + text if isinstance(value, str) and text else text
        cells.append(text_of_value[value])
    return categorise_texts(cells)


def _format_cell(value: Any) -> str:
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return ""
        # Adding zero turns minus zero into zero.
        return np.format_float_positional(value + 0, trim="-") if np.isfinite(value) else str(value)
    return compose_text(str(value).strip())
