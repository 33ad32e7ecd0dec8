"""Limits on the size of the files that are read.

They lie far above real surveys and tables of evidence. Without them a stray cell in the last row of
a sheet, or a small file that unpacks to gigabytes, could use up all memory.
"""

from disrupting_harm.core.errors import StudyError

MEBIBYTE = 2**20
# Microdata: rows, columns, and bytes of a text file.
ROWS, COLUMNS, TEXT_BYTES = 5_000_000, 20_000, 2048 * MEBIBYTE
# Tables of evidence: rows, columns, characters of a cell, and bytes of a file or an unpacked one.
SHEET_ROWS, SHEET_COLUMNS, CELL, SHEET_BYTES = 50_000, 200, 10_000, 64 * MEBIBYTE
# How much larger than the file its content may be, where it is larger than UNSUSPICIOUS at all.
RATIO, UNSUSPICIOUS = 250, 8 * MEBIBYTE


def refuse_larger(location: str, count: int, limit: int, unit: str) -> None:
    """Refuse a file with more than ``limit`` of a ``unit``: "rows", "columns" or "bytes".

    Raises:
        StudyError: ``count`` is above it.
    """
    if count > limit:
        raise StudyError(
            location,
            f"{count:,} {unit}, and no more than {limit:,} are read",
            "Check that it is the right file; keep what is needed in a smaller one",
        )


def refuse_zip_bomb(location: str, packed: int, unpacked: int) -> None:
    """Refuse a file whose content is out of all proportion to its size; both in bytes.

    Raises:
        StudyError: the content is more than :data:`RATIO` times as large as the file.
    """
    if unpacked > max(UNSUSPICIOUS, RATIO * packed):
        raise StudyError(
            location,
            f"{packed:,} bytes would unpack to {unpacked:,}",
            "Check where it comes from; save the table again in the program that made it",
        )
