"""Read public tables as typed rows.

Apart from the rows themselves: figures that compare countries use those, and no key of evidence.
"""

from collections.abc import Collection
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.report.reading.rows import PublicRow


def read_public_rows(
    path: Path, areas: Collection[str] | None = None, *, compared: bool = False
) -> list[PublicRow]:
    """Read a public table.

    Args:
        path: of the table, which its file name names.
        areas: the countries whose rows are wanted, or the world (``WLD``); None: all.
        compared: whether it is a table of the comparison.

    Raises:
        StudyError: if there is no such file.
    """
    rows = address_cells(path.stem, read_rows(path, areas)[1], compared=compared)
    return [PublicRow(row) for row in rows]
