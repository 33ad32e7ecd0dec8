"""The table of PSUs that a wave kept from the wave before: the key between their two codes.

PSU codes are issued anew from wave to wave, so that equal codes prove nothing. Only places named
here count as the same.
"""

from collections.abc import Collection
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.csv_table import read_csv_table

COLUMNS = ["stratum_before", "psu_before", "stratum", "psu"]
Psu = tuple[str, str]


def read_kept_psus(
    path: str | Path, before: Collection[Psu], now: Collection[Psu]
) -> list[tuple[Psu, Psu]]:
    """Return the kept PSUs: stratum and PSU in the wave before, and in this one.

    Args:
        path: a CSV file with the columns of :data:`COLUMNS`.
        before: all PSUs of the wave before, as (stratum, PSU).
        now: those of this wave.

    Raises:
        StudyError: naming the row: other columns, a PSU that the wave does not have, or one that
            stands twice.
    """
    header, rows = read_csv_table(Path(path))
    if header != COLUMNS:
        found = f"the columns are {', '.join(header)}"
        raise StudyError(f"{path}, row 1", found, f"Write {','.join(COLUMNS)}")
    pairs: list[tuple[Psu, Psu]] = []
    seen: tuple[set[Psu], set[Psu]] = (set(), set())
    for number, row in rows:
        pair = (row[0], row[1]), (row[2], row[3])
        for name, psu, known, used in zip(
            ("the wave before", "this wave"), pair, (before, now), seen, strict=True
        ):
            if psu not in known:
                raise StudyError(
                    f"{path}, row {number}",
                    f"{name} has no PSU {psu[1]} in stratum {psu[0]}",
                    "Write both as in the prepared sample",
                )
            if psu in used:
                raise StudyError(
                    f"{path}, row {number}",
                    f"PSU {psu[1]} of stratum {psu[0]} of {name} stands twice",
                    "Name each kept PSU once",
                )
            used.add(psu)
        pairs.append(pair)
    return pairs
