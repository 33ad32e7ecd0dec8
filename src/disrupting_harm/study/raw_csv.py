"""Read columns of a raw CSV file as text.

A file without quotes, as most are, is read by pyarrow in a tenth of the time. Any other file, and
one in which pyarrow finds a fault, is read row by row: that reader says exactly where the fault is.
"""

import codecs
import csv
import io
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.bounds import COLUMNS, TEXT_BYTES, refuse_larger
from disrupting_harm.errors import StudyError
from disrupting_harm.spelling import composed

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
        delimiter: separator of cells.

    Returns:
        The cells of each column, composed (NFC) and without spaces around them; empty lines are
        left out.

    Raises:
        StudyError: the file is unreadable or empty, is not UTF-8 or no valid CSV, has a row of
            another length, or what ``among`` finds wrong in its header.
    """
    content = _bytes(path)
    _check_text(path, content)
    columns = _read_plain(path, content, among, delimiter)
    return _read_any(path, content, among, delimiter) if columns is None else columns


def without_rows(path: Path, delimiter: str, rows: Collection[int]) -> bytes:
    """Return a CSV file without some of its rows, all others byte for byte.

    Args:
        path: the file.
        delimiter: separator of cells.
        rows: numbers of the rows, as :func:`read_csv` counts them: from 1, without the header and
            empty lines.

    Raises:
        StudyError: the file is unreadable, is not UTF-8 or no valid CSV.
    """
    content = _bytes(path)
    _check_text(path, content)
    lines = list(io.StringIO(content.decode("utf-8"), newline=""))
    reader = csv.reader(
        (line.removeprefix("\ufeff") for line in lines), delimiter=delimiter, strict=True
    )
    kept: list[str] = []
    before, number = 0, -1
    try:
        for row in reader:
            number += bool(row)
            if not row or number not in rows:
                kept += lines[before : reader.line_num]
            before = reader.line_num
    except csv.Error as error:
        raise _invalid(path, reader.line_num, error) from None
    return "".join(kept).encode("utf-8")


def texts(cells: Sequence[str]) -> pd.Categorical:
    """Return text cells as categories, in the order in which they first stand."""
    codes, found = pd.factorize(np.array(cells, dtype=object))
    return pd.Categorical.from_codes(codes, pd.Index(found, dtype="str"))


def unreadable(path: Path, why: object) -> StudyError:
    """Return the fault of a file that cannot be read."""
    return StudyError(
        str(path), f"it cannot be read ({why})", "Check the file, its permissions and its format"
    )


def _bytes(path: Path) -> bytes:
    try:
        refuse_larger(str(path), path.stat().st_size, TEXT_BYTES, "bytes")
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from None


def _check_text(path: Path, content: bytes) -> None:
    """Refuse bytes that are no text, without a second copy of the file in memory."""
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise StudyError(f"{path}, line {line}", "a NUL byte", "Save the file again as UTF-8 text")
    decoder = codecs.getincrementaldecoder("utf-8")()
    for first in range(0, max(len(content), 1), BLOCK):
        # The decoder keeps the first bytes of a character that the last block cut.
        pending = len(decoder.getstate()[0])
        block = memoryview(content)[first : first + BLOCK]
        try:
            decoder.decode(block, final=first + BLOCK >= len(content))
        except UnicodeDecodeError as error:
            at = first - pending + error.start
            line = content.count(b"\n", 0, at) + 1
            raise StudyError(
                f"{path}, line {line}",
                f"byte {at} (0x{content[at]:02x}) is not UTF-8",
                "Save the file as UTF-8",
            ) from None


def _read_plain(
    path: Path, content: bytes, among: Callable[[Sequence[str]], list[str]], delimiter: str
) -> dict[str, pd.Categorical] | None:
    """Read a file in which delimiters and line ends alone have a meaning; None if it is another."""
    line = content[: max(content.find(b"\n"), 0)].decode("utf-8-sig")
    if not line.strip() or b'"' in content or content.count(b"\r") != content.count(b"\r\n"):
        return None
    import pyarrow as pa
    from pyarrow import csv as arrow

    header = _checked_header(path, next(csv.reader([line], delimiter=delimiter)))
    wanted = {str(header.index(name)): name for name in among(header)}
    cells = pa.dictionary(pa.int32(), pa.string())
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
                column_types=dict.fromkeys(wanted, cells),
                include_columns=list(wanted),
            ),
        )
    except (pa.ArrowException, ValueError):
        return None
    return {name: _stripped(table[position]) for position, name in wanted.items()}


def _stripped(column: Any) -> pd.Categorical:
    """Return the cells of a dictionary-encoded column, composed and without spaces around them."""
    import pyarrow.compute as pc

    column = column.unify_dictionaries().combine_chunks()
    codes, cells = column.indices.to_numpy(), column.dictionary
    if not cells.equals(pc.utf8_normalize(pc.utf8_trim_whitespace(cells), form="NFC")):
        stripped = [composed(cell.strip()) for cell in cells.to_pylist()]
        code, found = pd.factorize(np.array(stripped, dtype=object))
        return pd.Categorical.from_codes(code[codes], pd.Index(found, dtype="str"))
    return pd.Categorical.from_codes(codes, pd.Index(cells.to_pandas(), dtype="str"))


def _read_any(
    path: Path, content: bytes, among: Callable[[Sequence[str]], list[str]], delimiter: str
) -> dict[str, pd.Categorical]:
    text = content.decode("utf-8-sig")
    if not text.strip():
        raise StudyError(str(path), EMPTY, FILL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = _checked_header(path, next(rows, []))
        names = among(header)
        positions = [header.index(name) for name in names]
        cells: list[list[str]] = []
        for row in rows:
            if len(row) != len(header) and row:
                raise StudyError(
                    f"{path}, line {rows.line_num}",
                    f"{len(row)} cells, but the header has {len(header)}",
                    "Correct the line; put a cell with the delimiter in it into quotes",
                )
            if row:
                cells.append([composed(row[position].strip()) for position in positions])
    except csv.Error as error:
        raise _invalid(path, rows.line_num, error) from None
    return {name: texts([row[at] for row in cells]) for at, name in enumerate(names)}


def _invalid(path: Path, line: int, error: csv.Error) -> StudyError:
    found = f"it is not valid CSV ({error})"
    return StudyError(f"{path}, line {line}", found, "Correct the line")


def _checked_header(path: Path, names: Sequence[str]) -> list[str]:
    refuse_larger(str(path), len(names), COLUMNS, "columns")
    return [composed(name.strip()) for name in names]
