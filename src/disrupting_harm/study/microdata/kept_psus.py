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
        now: all PSUs of this wave.

    Raises:
        StudyError: naming the row: other columns, a PSU that the wave does not have, or one that
            stands twice.
    """
    header, rows = read_csv_table(Path(path))
    if header != COLUMNS:
        finding = f"the columns are {', '.join(header)}"
        raise StudyError(f"{path}, row 1", finding, f"Write {','.join(COLUMNS)}")
    pairs: list[tuple[Psu, Psu]] = []
    earlier_psus: tuple[set[Psu], set[Psu]] = (set(), set())
    for number, row in rows:
        pair = (row[0], row[1]), (row[2], row[3])
        for wave, psu, psus_of_wave, used_psus in zip(
            ("the wave before", "this wave"), pair, (before, now), earlier_psus, strict=True
        ):
            if psu not in psus_of_wave:
                raise StudyError(
                    f"{path}, row {number}",
                    f"{wave} has no PSU {psu[1]} in stratum {psu[0]}",
                    "Write both as in the prepared sample",
                )
            if psu in used_psus:
                raise StudyError(
                    f"{path}, row {number}",
                    f"PSU {psu[1]} of stratum {psu[0]} of {wave} stands twice",
                    "Name each kept PSU once",
                )
            used_psus.add(psu)
        pairs.append(pair)
    return pairs
