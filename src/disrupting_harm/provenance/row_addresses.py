"""Addresses of the rows of public tables, made of their primary keys (:mod:`.primary_keys`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import (
    COUNTRY,
    EVERYWHERE,
    address_part,
    cell_with_address,
)
from disrupting_harm.provenance.compared_row_addresses import (
    address_of_compared_row,
    number_repeated,
)
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES, EVIDENCE_KEYS
from disrupting_harm.study.statuses import TOTAL

# Files of one country that are no tables.
FACTS = ("quality", "disclosure")
# What may stand in the second place of an address and is no indicator.
RESERVED_NAMES = {*EVIDENCE_KEYS, *COUNTRY_KEYS, *FACTS, COUNTRY}
_AREA = "country"

Row = dict[str, str]


def address_of_row(table: str, row: Mapping[str, str], *, compared: bool = False) -> str:
    """Return the address of a row, to which a column is to be added.

    Args:
        table: its name without folder.
        compared: whether it is a table of the comparison.

    Raises:
        StudyError: if an indicator has the name of a table.
    """
    if compared:
        return address_of_compared_row(table, row)
    if table == ESTIMATES:
        return _address_of_estimate(row)
    key = COUNTRY_KEYS.get(table) or EVIDENCE_KEYS[table]
    values = [address_part(row[name]) for name in key if name != _AREA]
    area = row[_AREA] if _AREA in key else EVERYWHERE
    return "/".join((address_part(area), table, *values))


def _address_of_estimate(row: Mapping[str, str]) -> str:
    indicator = row["indicator"]
    if indicator in RESERVED_NAMES:
        raise StudyError(
            f"codebook, indicator '{indicator}'",
            "a public table has this name, so that addresses of numbers would be ambiguous",
            "Give the indicator another name",
        )
    group = (row["domain"], row["level"])
    segments = [address_part(row["country"]), address_part(indicator)]
    if group != TOTAL:
        segments.append(":".join(map(address_part, group)))
    return "/".join(segments)


def addresses_of_rows(
    table: str, rows: Iterable[Mapping[str, str]], *, compared: bool = False
) -> Iterator[str]:
    """Return the address of each row; rows of which the key tells several get a number."""
    return number_repeated(address_of_row(table, row, compared=compared) for row in rows)


def address_cells(table: str, rows: Sequence[Row], *, compared: bool = False) -> list[Row]:
    """Return rows whose cells with a number carry their address.

    The rows are all of a table, or all of some countries where its key has the country.
    """
    return [
        {
            # Most cells are empty: for those no address is made.
            column: cell_with_address(cell, f"{row_address}/{column}") if cell else cell
            for column, cell in row.items()
        }
        for row, row_address in zip(
            rows, addresses_of_rows(table, rows, compared=compared), strict=True
        )
    ]
