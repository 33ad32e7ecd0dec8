"""The columns of a raw file with what stands beside them: labels, and which codes are used."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text
from disrupting_harm.core.spelling import compose_text, is_plain_number
from disrupting_harm.study.microdata.mapping import normalise_code
from disrupting_harm.study.microdata.raw_file import ENDINGS, read_raw

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class RawColumn:
    """One column of a raw file.

    Attributes:
        label: what the file says of the column; "" where it says nothing.
        labels: the label of each code, in the file's order, also of codes that nobody has.
        user_missing: ranges of codes that the file itself calls missing.
        counts: how many rows have each code, without empty cells.
        blank: how many cells are empty.
    """

    name: str
    label: str
    labels: dict[str, str]
    user_missing: tuple[tuple[str | float, str | float], ...]
    counts: dict[str, int]
    blank: int

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.blank + sum(self.counts.values())

    @property
    def numbers(self) -> list[float] | None:
        """The codes that are used, as numbers; None where one is none, or none is used."""
        if not self.counts or not all(map(is_plain_number, self.counts)):
            return None
        return sorted(map(float, self.counts))

    def is_user_missing(self, code: str) -> bool:
        """Return whether the file itself calls a code missing."""
        if code.startswith(".") and not is_plain_number(code):
            return True
        for low, high in self.user_missing:
            if code == str(low):
                return True
            both = isinstance(low, float) and isinstance(high, float) and is_plain_number(code)
            if both and float(low) <= float(code) <= float(high):
                return True
        return False


@dataclass(frozen=True)
class RawSurvey:
    """One raw file.

    Attributes:
        title: what the file calls itself; "" where it has no title.
        delimiter: between the cells of a CSV file; None of another.
        sets: columns of each question with several answers that the file itself names, by label.
        cells: rows by the columns that say who belongs together, for :func:`count_pairs`.
    """

    path: Path
    title: str
    delimiter: str | None
    columns: dict[str, RawColumn]
    sets: dict[str, tuple[str, ...]]
    cells: Any = field(repr=False, compare=False)

    @property
    def is_labelled(self) -> bool:
        """Whether the file has labels of columns."""
        return any(column.label for column in self.columns.values())

    def has_lonely_psus(self, stratum: str, psu: str) -> bool:
        """Return whether a stratum has one PSU alone."""
        pairs = self.cells[[stratum, psu]].drop_duplicates()
        return bool((pairs.groupby(stratum, observed=True).size() == 1).any())


def read_survey(path: Path) -> RawSurvey:
    """Read a raw file with all that is told of its columns.

    Raises:
        StudyError: as :func:`~disrupting_harm.study.microdata.raw_file.read_raw`.
    """
    file_format = ENDINGS.get(path.suffix.lower())
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", "Correct the path")
    if file_format is None:
        raise StudyError(
            str(path),
            f"'{path.suffix}' is no known format",
            f"Save it as one of {', '.join(ENDINGS)}",
        )
    delimiter = None
    labels: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    missing: dict[str, tuple[tuple[str | float, str | float], ...]] = {}
    title, sets = "", {}
    if file_format == "csv":
        delimiter = _find_delimiter(path)
        header = next(csv.reader([read_text(path).partition("\n")[0]], delimiter=delimiter), [])
    elif file_format == "parquet":
        header = _read_parquet_header(path)
    else:
        notes = _read_notes(path, file_format)
        header, title = notes.column_names, (notes.file_label or "").strip()
        labels = {name: (text or "").strip() for name, text in notes.column_names_to_labels.items()}
        codes = {
            name: {_format_code(code, file_format): str(text).strip() for code, text in of.items()}
            for name, of in notes.variable_value_labels.items()
        }
        missing = {
            name: tuple((part["lo"], part["hi"]) for part in parts)
            for name, parts in notes.missing_ranges.items()
        }
        sets = {
            (of_set.get("label") or name): tuple(of_set["variable_list"])
            for name, of_set in (notes.mr_sets or {}).items()
        }
    names = [compose_text(name.strip()) for name in header]
    cells = read_raw(path, names, file_format=file_format, delimiter=delimiter or ",")
    columns = {}
    for name in names:
        counts: Counter[str] = Counter()
        for code, count in cells[name].value_counts().items():
            counts[normalise_code(str(code))] += int(count)
        blank = counts.pop("", 0)
        columns[name] = RawColumn(
            name,
            compose_text(labels.get(name, "")),
            {code: compose_text(text) for code, text in codes.get(name, {}).items()},
            missing.get(name, ()),
            dict(sorted(counts.items(), key=lambda item: _build_sort_key(item[0]))),
            blank,
        )
    return RawSurvey(path, title, delimiter, columns, sets, cells)


def _build_sort_key(code: str) -> tuple[bool, float, bool, str]:
    """Return by what codes are ordered: "<1", "1", "2-3", "10+", then words."""
    if is_plain_number(code):
        return (False, float(code), True, code)
    number = re.match(r"([<≤]?)\s*(\d+)(?![^\W\d_])", code)
    return (number is None, float(number[2]) if number else 0.0, not (number and number[1]), code)


def _read_notes(path: Path, file_format: str) -> Any:
    import pyreadstat

    read_file = pyreadstat.read_sav if file_format == "sav" else pyreadstat.read_dta
    try:
        return read_file(str(path), metadataonly=True, user_missing=True)[1]
    except Exception:
        raise StudyError(
            str(path), f"it is no whole .{file_format} file", "Check the file and its format"
        ) from None


def _read_parquet_header(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except Exception:
        raise StudyError(
            str(path), "it is no whole Parquet file", "Check the file and its format"
        ) from None


def _find_delimiter(path: Path) -> str:
    """Return the delimiter that stands most often in the first line."""
    first_line = read_text(path).partition("\n")[0]
    return max(DELIMITERS, key=first_line.count)


def _format_code(code: Any, file_format: str) -> str:
    """Return a labelled code as the cells have it; Stata's missing values are ".a" to ".z"."""
    text = str(code)
    if file_format == "dta" and len(text) == 1 and text.isalpha():
        return f".{text}"
    return normalise_code(code)
