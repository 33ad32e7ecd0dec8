"""Writing files completely or not at all, with the same bytes everywhere.

Every writer makes a uniquely named temporary file in the target's folder and renames it over the
target. A killed run therefore never leaves half a file under a final name, and two writers never
mix their output. All but public results is flushed to disk before, so that this holds where the
power fails, too; each run compares public results with the records of what was made, which are
flushed (`disrupting_harm.core.job_records`). Rights of access are set in this module.
"""

import csv
import errno
import io
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.size_limits import SHEET_BYTES, refuse_larger
from disrupting_harm.core.spelling import compose_text

if TYPE_CHECKING:
    import pandas as pd

# Rights of access: results below ``restricted`` for their owner, those below ``public`` for all.
# They are set here and never left to the umask: other people work on the same server.
RESTRICTED, PUBLIC = "restricted", "public"
# Accepted releases, a folder each below the restricted results.
RELEASES = "releases"
# Lists of the texts that documents print, in the restricted results.
TEXTS = "texts"
# How names of unfinished files begin.
UNFINISHED = ".part-"
_FILE_RIGHTS = {RESTRICTED: 0o600, PUBLIC: 0o644}
_FOLDER_RIGHTS = {RESTRICTED: 0o700, PUBLIC: 0o755}


@contextmanager
def for_owner_alone() -> Iterator[None]:
    """Let files that are written inside the block be their owner's, wherever they lie."""
    umask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(umask)


def find_top_folder(path: Path) -> Path | None:
    """Return the folder ``restricted`` or ``public`` that holds ``path``, or is it; None outside.

    The innermost counts: a project may itself lie in a folder of such a name.
    """
    depth = next((n for n in range(len(path.parts), 0, -1) if path.parts[n - 1] in _FILE_RIGHTS), 0)
    return Path(*path.parts[:depth]) if depth else None


def is_public(path: Path) -> bool:
    """Return whether a result is public."""
    top = find_top_folder(path)
    return top is not None and top.name == PUBLIC


def results_folder(path: Path) -> Path:
    """Return the folder of results that ``path`` lies in.

    Raises:
        ValueError: if it lies in none.
    """
    top = find_top_folder(path)
    if top is None:
        raise ValueError(f"{path} lies neither in {RESTRICTED} nor in {PUBLIC}")
    return top.parent


def file_mode(path: Path) -> int:
    """Return the rights of a file at ``path``; outside the results those that the umask leaves."""
    top = find_top_folder(path.parent)
    if top is not None:
        return _FILE_RIGHTS[top.name]
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it, with the rights of their place."""
    folder.mkdir(parents=True, exist_ok=True)
    top = find_top_folder(folder)
    if top is None:
        return
    mode = _FOLDER_RIGHTS[top.name]
    folders = [
        ancestor
        for ancestor in (folder, *folder.parents)
        if ancestor == top or top in ancestor.parents
    ]
    for ancestor in folders:
        _set_mode(ancestor, mode)
    if top.name == PUBLIC:
        _set_mode(top.parent, mode)


def restrict_to_owner(*folders: Path) -> None:
    """Take the rights of others from all that lies in ``folders``, where they exist."""
    for folder in folders:
        for path in (folder, *_list_below(folder)):
            if path.exists() and not path.is_symlink():
                _set_mode(path, path.stat().st_mode & 0o700)


def _list_below(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*") if folder.is_dir() else ()


def _set_mode(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)


# Texts in public CSV files that a spreadsheet would run as a formula get an apostrophe before them:
# `write_csv` puts it there, the functions that read take it away again. Numbers stay numbers.
# https://owasp.org/www-community/attacks/CSV_Injection
CONVENTION = (
    "A text that a spreadsheet would take for a formula, because it begins with =, +, -, @, a tab "
    "or a line break, has an apostrophe before it. Numbers are as they are."
)
# Texts that have their apostrophe already get one more, so that it can be taken away.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRAL_FORMULA = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def neutralise_formula(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restore_formula(text: str) -> str:
    """Return the text from which :func:`neutralise_formula` made ``text``."""
    return text[1:] if text.startswith("'") and _NEUTRAL_FORMULA.match(text) else text


def neutralise_formulas(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return ``frame`` so that no spreadsheet runs one of its texts."""
    return _change_texts(frame, neutralise_formula)


def restore_formulas(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return ``frame``, read from a public file, with every text as it was."""
    return _change_texts(frame, restore_formula)


def read_rows(
    path: Path, countries: Collection[str] | None = None
) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns of a public CSV file, and its rows as text.

    ``countries``: which values of the column ``country`` are wanted; absent: all rows.
    """
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    reader = csv.reader(io.StringIO(text, newline=""))
    column_names = next(reader, [])
    rows: Iterable[Iterable[str]] = filter(None, reader)
    if countries is not None and "country" in column_names:
        country_index = column_names.index("country")
        rows = (row for row in filter(None, reader) if row[country_index] in countries)
    if "'" in text:  # nearly no file has a text to restore
        rows = (map(restore_formula, row) for row in rows)
    return column_names, [dict(zip(column_names, row, strict=True)) for row in rows]


def _change_texts(frame: "pd.DataFrame", change: Callable[[str], str]) -> "pd.DataFrame":
    changed = frame.copy()
    for name, column in frame.items():
        if column.dtype.kind not in "iufbM":
            values = [change(cell) if isinstance(cell, str) else cell for cell in column]
            changed[name] = type(column)(values, index=column.index, dtype=object)
    return changed


# Twelve significant digits keep every published comparison exact and drop the last bits, which
# depend on the processor's instruction set.
SIGNIFICANT_DIGITS = 12

# Rows of a Parquet file that are made ready at a time.
ROWS_AT_ONCE = 2**17

# Every file that this process has written: a job's own list of what it made.
WRITTEN: set[Path] = set()


@contextmanager
def atomic_path(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside ``target`` that becomes ``target`` when the block succeeds."""
    target = Path(target)
    with _explain_full_disk(target):
        make_folder(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=UNFINISHED, suffix=target.suffix)
        os.close(handle)
        unfinished = Path(name)
        try:
            yield unfinished
            # A study has thousands of public files, and to wait for the disk at each takes seconds.
            if not is_public(target):
                with unfinished.open("rb") as file:
                    os.fsync(file.fileno())
            unfinished.chmod(file_mode(target))
            unfinished.replace(target)
            WRITTEN.add(target)
        finally:
            unfinished.unlink(missing_ok=True)


@contextmanager
def _explain_full_disk(target: Path) -> Iterator[None]:
    """Turn the error of a full disk, or of a used-up quota, into one that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StudyError(
            str(target),
            "the disk is full",
            "Free space and run again: the run goes on where it stopped",
        ) from error


def refuse_special_file(source: Path) -> None:
    """Refuse what has no end or waits for a writer: a device such as ``/dev/zero``, or a pipe.

    Raises:
        OSError: there is no such file.
        StudyError: it is neither an ordinary file nor a folder.
    """
    mode = source.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise StudyError(
            str(source), "a device or a pipe, no ordinary file", "Save the content as a file"
        )


def read_text(source: Path) -> str:
    """Return the text of a file that a user wrote, composed (NFC), without a byte-order mark.

    Raises:
        StudyError: if it is missing, unreadable, no ordinary file, larger than
            :data:`~disrupting_harm.core.size_limits.SHEET_BYTES`, not UTF-8 or holds a NUL byte.
    """
    try:
        refuse_special_file(source)
        refuse_larger(str(source), source.stat().st_size, SHEET_BYTES, "bytes")
        text = source.read_text(encoding="utf-8-sig")
        if (nul_index := text.find("\0")) < 0:
            return compose_text(text)
        location = f"{source}, line {text.count(chr(10), 0, nul_index) + 1}"
        raise StudyError(location, "a NUL byte", "Save the file again as UTF-8 text")
    except FileNotFoundError:
        finding, remedy = "there is no such file", "Correct the path or create it"
    except UnicodeDecodeError as error:
        finding, remedy = f"byte {error.start} is not UTF-8", "Save the file as UTF-8"
    except OSError as error:
        finding = f"it cannot be read ({error.strerror})"
        remedy = "Check the path and its permissions"
    raise StudyError(str(source), finding, remedy)


def write_bytes(target: str | os.PathLike[str], content: bytes) -> None:
    """Write ``content`` to ``target`` atomically."""
    with atomic_path(target) as unfinished:
        unfinished.write_bytes(content)


def write_text(target: str | os.PathLike[str], content: str) -> None:
    """Write ``content`` as UTF-8 with Unix line ends, atomically."""
    write_bytes(target, content.encode("utf-8"))


def write_json(target: str | os.PathLike[str], content: Any) -> None:
    """Write ``content`` as indented JSON with keys in the order given; refuses NaN."""
    write_text(target, format_json(content))


def format_json(content: Any) -> str:
    """Return the text that :func:`write_json` writes."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def format_json_list(items: Iterable[Any]) -> str:
    """Return ``items`` as JSON, each on a line of its own: indented, many of them fill pages."""
    return "[\n" + ",\n".join(map(_format_compact_json, items)) + "\n]"


def write_json_of_lists(target: str | os.PathLike[str], content: Mapping[str, Any]) -> None:
    """Write ``content`` as JSON whose lists have each item on a line of its own; refuses NaN."""
    values = {
        key: format_json_list(value) if isinstance(value, list) else _format_compact_json(value)
        for key, value in content.items()
    }
    members = [f"{_format_compact_json(key)}:{value}" for key, value in values.items()]
    write_text(target, "{\n" + ",\n".join(members) + "\n}\n")


def _format_compact_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read_json(source: str | os.PathLike[str]) -> Any:
    """Read a JSON file."""
    return json.loads(Path(source).read_text(encoding="utf-8"))


def round_significant(frame: "pd.DataFrame", digits: int = SIGNIFICANT_DIGITS) -> "pd.DataFrame":
    """Return ``frame`` with every float column rounded to ``digits`` significant digits."""
    import numpy as np  # late: the Snakefile loads this module, too

    rounded = frame.copy(deep=False)
    for column in rounded.columns[[dtype.kind == "f" for dtype in rounded.dtypes]]:
        values = rounded[column].to_numpy(dtype=float)
        finite = np.isfinite(values) & (values != 0)
        numbers = values[finite]
        # Whole numbers of fewer digits are round already, as most answers are.
        if (np.abs(numbers) >= 10.0 ** (digits - 1)).any() or (numbers != np.rint(numbers)).any():
            magnitude = np.floor(np.log10(np.abs(numbers)))
            # Two exact powers of ten, so that neither overflows for very small numbers.
            scale = np.power(10.0, np.clip(digits - 1 - magnitude, -300, 300))
            values = values.copy()
            values[finite] = np.round(numbers * scale) / scale
        rounded[column] = values
    return rounded


def format_csv_lines(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """Return rows as lines of CSV: added to a file that only grows, or parted as a raw file is."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return lines.getvalue()


def write_csv(target: str | os.PathLike[str], frame: "pd.DataFrame", exact: bool = False) -> None:
    """Write ``frame`` as UTF-8 CSV; floats in their shortest exact form, missing values empty.

    In a public file no text can be a spreadsheet's formula. Floats are rounded as
    :func:`round_significant` does, or have every bit where ``exact``.
    """
    safe_frame = frame if exact else round_significant(frame)
    if is_public(Path(target)):
        safe_frame = neutralise_formulas(safe_frame)
    write_text(target, safe_frame.to_csv(index=False, lineterminator="\n"))


def write_sheet(target: str | os.PathLike[str], frame: "pd.DataFrame") -> None:
    """Write ``frame`` as CSV for a spreadsheet: by the mark at its head that knows UTF-8.

    No text can be a formula.
    """
    content = neutralise_formulas(frame).to_csv(index=False, lineterminator="\n")
    write_text(target, f"\ufeff{content}")


def write_parquet(
    target: str | os.PathLike[str], frame: "pd.DataFrame", metadata: Mapping[str, str] | None = None
) -> None:
    """Write ``frame`` as Parquet with ``metadata`` in the file's key-value store."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Without pandas' own note the file does not depend on how the frame was built.
    schema = pa.Schema.from_pandas(frame, preserve_index=False).remove_metadata()
    # Without Arrow's types, categories are read as the texts that they are. Nobody looks rows up by
    # their values, so no group of rows tells its smallest and largest.
    options = {"store_schema": False, "write_statistics": False}
    with (
        atomic_path(target) as unfinished,
        pq.ParquetWriter(unfinished, schema, **options) as writer,
    ):
        for start in range(0, max(len(frame), 1), ROWS_AT_ONCE):
            chunk = round_significant(frame.iloc[start : start + ROWS_AT_ONCE])
            writer.write_table(pa.Table.from_pandas(chunk, schema=schema, preserve_index=False))
        writer.add_key_value_metadata(dict(sorted((metadata or {}).items())))


def read_parquet_metadata(source: str | os.PathLike[str]) -> dict[str, str]:
    """Return the key-value notes written by :func:`write_parquet`."""
    import pyarrow.parquet as pq

    notes = pq.read_schema(source).metadata or {}
    return {key.decode(): value.decode() for key, value in notes.items()}
