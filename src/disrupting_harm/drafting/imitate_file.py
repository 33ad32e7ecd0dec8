"""A file in the shape of a real one, of rows that were never there.

A partner may show it before any data are shared: others write mapping and code with it. It tells of
the real file what :func:`imitate_file` lists, and nothing else; each column is drawn by itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import atomic_path, format_csv_lines, write_text
from disrupting_harm.core.spelling import is_plain_number
from disrupting_harm.drafting.raw_columns import RawColumn, RawSurvey, read_survey
from disrupting_harm.study.microdata.mapping import normalise_code

# A code that fewer rows have could tell of a person, unless the file itself labels it.
LEAST = 10
TITLE = "An imitation: no row of it is real"
Cells = list[str]


def imitate_file(
    path: Path,
    out: Path,
    rows: int,
    seed: int,
    renamed: Collection[str] = (),
    nested: Sequence[tuple[str, str]] = (),
) -> RawSurvey:
    """Write a file in the shape of another one, and return what it was read from.

    It has the names, labels and labelled codes of the columns; codes that at least :data:`LEAST`
    rows have; other numbers between two ends of one digit; and in tenths how many cells are empty
    or hold such a number. Codes are drawn as often as each other. Whole numbers of which no two
    rows have the same become running numbers.

    Args:
        path: the real file.
        out: the imitation, with the same ending.
        rows: how many rows it has.
        seed: of the draw.
        renamed: columns whose codes and labels become running numbers, such as names of places.
        nested: pairs of columns, such as PSU and stratum: the code of the first decides that of
            the second, as it does for those codes of the first that :data:`LEAST` rows have.

    Raises:
        StudyError: as :func:`~disrupting_harm.drafting.raw_columns.read_survey`; the endings
            differ, the real file would be overwritten, or a column is not there.
    """
    if out.suffix.lower() != path.suffix.lower():
        raise StudyError(str(out), f"it does not end in '{path.suffix}'", "Take the same ending")
    if out.exists():
        raise StudyError(str(out), "there is such a file", "Take another name")
    survey = read_survey(path)
    asked = {*renamed, *(name for pair in nested for name in pair)}
    if unknown := sorted(asked - set(survey.columns)):
        raise StudyError(str(path), f"it has no column '{unknown[0]}'", "Correct its name")
    numbers = {name: number_codes(survey.columns[name]) for name in renamed}
    columns = {
        name: rename_codes(column, numbers[name]) if name in renamed else column
        for name, column in survey.columns.items()
    }
    generator = np.random.default_rng(seed)
    cells = {name: draw_cells(column, rows, generator) for name, column in columns.items()}
    for inner, outer in nested:
        outer_codes = find_outer_codes(survey, inner, outer, numbers)
        cells[outer] = [
            outer_codes.get(inner_code, outer_code)
            for inner_code, outer_code in zip(cells[inner], cells[outer], strict=True)
        ]
    _WRITERS[out.suffix.lower()](out, columns, cells, survey)
    return survey


def number_codes(column: RawColumn) -> dict[str, str]:
    """Return running numbers for the codes that enough rows have."""
    common = [code for code, count in column.counts.items() if count >= LEAST]
    return {code: str(number) for number, code in enumerate(common, start=1)}


def rename_codes(column: RawColumn, numbers: Mapping[str, str]) -> RawColumn:
    """Return a column with these codes alone, under their numbers and without labels."""
    counts = {number: column.counts[code] for code, number in numbers.items()}
    return RawColumn(column.name, column.label, {}, (), counts, column.blank)


def find_outer_codes(
    survey: RawSurvey, inner: str, outer: str, numbers: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the code of the second column that goes with each common one of the first.

    Args:
        numbers: of the columns whose codes are renamed.

    Raises:
        StudyError: rows with one code of the first have several of the second.
    """
    pairs = survey.cells[[inner, outer]].astype("str").map(normalise_code).drop_duplicates()
    common = pairs[pairs[inner].isin(number_codes(survey.columns[inner]))]
    if common[inner].duplicated().any():
        raise StudyError(
            f"{survey.path}, column '{inner}'",
            f"rows that agree in it differ in '{outer}'",
            "Name the pair the other way round, or leave it out",
        )
    inner_numbers, outer_numbers = numbers.get(inner, {}), numbers.get(outer, {})
    return {
        inner_numbers.get(first, first): outer_numbers.get(second, second)
        for first, second in zip(common[inner], common[outer], strict=True)
    }


def draw_cells(column: RawColumn, rows: int, generator: np.random.Generator) -> Cells:
    """Draw the cells of a column; an empty one is ``""``."""
    if len(column.counts) == column.rows >= LEAST and _are_whole_numbers(column.counts):
        return [str(number) for number in range(1, rows + 1)]
    codes = [
        code
        for code in dict.fromkeys([*column.labels, *column.counts])
        if code in column.labels or column.counts[code] >= LEAST
    ]
    rare_codes = [code for code in column.counts if code not in codes]
    rare_rows = sum(column.counts[code] for code in rare_codes)
    filled_rows = max(column.rows - column.blank, 1)
    is_blank = generator.random(rows) < _round_share(column.blank / max(column.rows, 1))
    is_rare = generator.random(rows) < (
        _round_share(rare_rows / filled_rows) if codes else float(bool(rare_codes))
    )
    drawn_rare = _draw_rare(rare_codes, rows, generator)
    drawn_codes = generator.choice(codes, rows).tolist() if codes else [""] * rows
    return [
        "" if blank else rare_cell if rare else code
        for blank, rare, rare_cell, code in zip(
            is_blank, is_rare, drawn_rare, drawn_codes, strict=True
        )
    ]


def _round_share(share: float) -> float:
    """Return a share in tenths; of some and of not all it stays so."""
    return share if share in (0, 1) else min(max(round(share, 1), 0.1), 0.9)


def _draw_rare(codes: Sequence[str], rows: int, generator: np.random.Generator) -> Cells:
    """Draw in place of codes of few rows: numbers between two ends, or texts that say nothing."""
    running = [f"{number}" for number in range(1, rows + 1)]
    if not codes:
        return [""] * rows
    if not all(map(is_plain_number, codes)):
        return [f"text {number}" for number in running]
    numbers = [float(code) for code in codes]
    low, high = _round_outwards(min(numbers), floor), _round_outwards(max(numbers), ceil)
    if _are_whole_numbers(codes):
        return [str(number) for number in generator.integers(int(low), int(high) + 1, rows)]
    return [f"{number:.6g}" for number in generator.uniform(low, high, rows)]


def _are_whole_numbers(codes: Iterable[str]) -> bool:
    return all(is_plain_number(code) and float(code).is_integer() for code in codes)


def _round_outwards(number: float, rounded: Callable[[float], int]) -> float:
    """Return a number of one digit beyond another one."""
    if number == 0:
        return 0.0
    unit = 10.0 ** floor(log10(abs(number)))
    return float(rounded(round(number / unit, 9)) * unit)


def _write_csv(
    out: Path, columns: Mapping[str, RawColumn], cells: Mapping[str, Cells], survey: RawSurvey
) -> None:
    rows = [[*columns], *zip(*cells.values(), strict=True)]
    write_text(out, format_csv_lines(rows, survey.delimiter or ","))


def _write_parquet(
    out: Path, columns: Mapping[str, RawColumn], cells: Mapping[str, Cells], survey: RawSurvey
) -> None:
    with atomic_path(out) as path:
        pd.DataFrame(_type_cells(cells)).to_parquet(path, index=False)


def _write_sav(
    out: Path, columns: Mapping[str, RawColumn], cells: Mapping[str, Cells], survey: RawSurvey
) -> None:
    import pyreadstat

    typed_cells = _type_cells(cells)
    missing_ranges: dict[str, list[Any]] = {
        name: [{"lo": low, "hi": high} for low, high in column.user_missing]
        for name, column in columns.items()
        if column.user_missing
    }
    with atomic_path(out) as path:
        pyreadstat.write_sav(
            pd.DataFrame(typed_cells),
            str(path),
            file_label=TITLE,
            column_labels={name: column.label for name, column in columns.items()},
            variable_value_labels=_type_labels(columns, typed_cells),
            missing_ranges=missing_ranges,
        )


def _write_dta(
    out: Path, columns: Mapping[str, RawColumn], cells: Mapping[str, Cells], survey: RawSurvey
) -> None:
    import pyreadstat

    # Stata's own missing values are single letters beside numbers.
    letters = {
        name: sorted({cell[1:] for cell in [*of, *columns[name].labels] if _is_letter(cell)})
        for name, of in cells.items()
    }
    typed_cells = {
        name: [
            cell[1:] if _is_letter(cell) else float(cell) if cell else None for cell in cells[name]
        ]
        if letters[name]
        else typed
        for name, typed in _type_cells(cells).items()
    }
    with atomic_path(out) as path:
        pyreadstat.write_dta(
            pd.DataFrame(typed_cells),
            str(path),
            file_label=TITLE,
            column_labels={name: column.label for name, column in columns.items()},
            variable_value_labels=_type_labels(columns, typed_cells),
            missing_user_values={name: of for name, of in letters.items() if of},
        )


def _is_letter(cell: str) -> bool:
    return len(cell) == 2 and cell.startswith(".") and cell[1].isalpha()


def _type_cells(cells: Mapping[str, Cells]) -> dict[str, list[Any]]:
    """Return the cells of a column as numbers where all of them are numbers or empty."""
    return {
        name: [float(cell) if cell else None for cell in of]
        if all(is_plain_number(cell) for cell in of if cell)
        else of
        for name, of in cells.items()
    }


def _type_labels(
    columns: Mapping[str, RawColumn], cells: Mapping[str, Sequence[Any]]
) -> dict[str, dict[Any, str]]:
    """Return the labels of codes, which have the type of the cells."""
    labels: dict[str, dict[Any, str]] = {}
    for name, column in columns.items():
        is_text = any(isinstance(cell, str) and len(cell) > 1 for cell in cells[name])
        typed = {
            code if is_text else code[1:] if _is_letter(code) else float(code): label
            for code, label in column.labels.items()
        }
        if typed:
            labels[name] = typed
    return labels


_WRITERS = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".sav": _write_sav,
    ".dta": _write_dta,
}
