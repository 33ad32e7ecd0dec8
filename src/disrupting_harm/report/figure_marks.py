"""Check the marks of figures: each row of a figure's data has its mark, and each mark its row."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from disrupting_harm.files import read_text
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.figure_numbers import TEXTS, numbers_of
from disrupting_harm.report.figures.addressed import marks_of
from disrupting_harm.report.figures.record import Reason
from disrupting_harm.spreadsheets import read_rows

REASONS = get_args(Reason)
_ONE = re.compile(r"[^(),]+")


def mark_faults(entry: Mapping[str, Any], folder: Path, published: Published) -> list[str]:
    """Return what is wrong with the addresses that the marks of a figure carry.

    A figure says itself which rows it leaves out, and why, but never leaves out all. A mark may
    also be of a row that a text of the figure has a number of, as a mean of countries is in a
    figure whose data are these countries. Pictures of briefs have no data of their own: their marks
    are of published rows, all that their alternative text tells numbers of.

    Args:
        entry: of the list of figures.
        folder: where the files of the figure are.
        published: the public results.
    """
    if not entry["files"]:
        return []
    drawing = folder / next(name for name in entry["files"] if name.endswith(".svg"))
    marks = marks_of(read_text(drawing))
    if entry.get("phone") and marks_of(read_text(folder / entry["phone"])) != marks:
        return [f"{entry['phone']} has other marks than {drawing.name}"]
    if not entry["csv"]:
        told = {one for one in _rows_of_texts(entry, ["alt"]) if published.has_row(one)}
        return [
            f"a mark of {drawing.name} is of {one}, where nothing is published"
            for one in sorted(marks)
            if not published.has_row(one)
        ] + [
            f"no mark of {drawing.name} is of {one}, of which its alternative text tells a number"
            for one in sorted(told - marks)
        ]
    rows = {row[ADDRESS] for row in read_rows(folder / entry["csv"])[1] if row.get(ADDRESS)}
    undrawn = {one for left_out in entry["undrawn"].values() for one in left_out}
    return [
        *(
            [f"{drawing.name} has no mark, where {entry['csv']} has rows"]
            if rows and not marks
            else []
        ),
        *(
            f"{drawing.name} leaves out rows for '{reason}'; reasons are {', '.join(REASONS)}"
            for reason in sorted(entry["undrawn"].keys() - set(REASONS))
        ),
        *(
            f"a mark of {drawing.name} is of {one}, which is no row of {entry['csv']}"
            for one in sorted(marks - rows - _rows_of_texts(entry, TEXTS))
        ),
        *(
            f"no mark of {drawing.name} is of {one}, a row of {entry['csv']}"
            for one in sorted(rows - marks - undrawn)
        ),
        *(
            f"{drawing.name} leaves out {one}, of which it has a mark"
            for one in sorted(undrawn & marks)
        ),
        *(
            f"{drawing.name} leaves out {one}, which is no row of {entry['csv']}"
            for one in sorted(undrawn - rows)
        ),
    ]


def _rows_of_texts(entry: Mapping[str, Any], texts: Sequence[str]) -> set[str]:
    """Return the addresses of the rows that the numbers in these texts of a figure are made of."""
    told = [number.address for text in texts for number in numbers_of(entry, text)]
    return {one.rpartition("/")[0] for address in told for one in _ONE.findall(address)}
