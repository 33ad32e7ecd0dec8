"""Addresses of the rows of public tables, made of their primary keys (:mod:`.primary_keys`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import COUNTRY, EVERYWHERE, cited, part
from disrupting_harm.provenance.compared_row_addresses import compared_prefix, told_apart
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES, EVIDENCE_KEYS
from disrupting_harm.study.statuses import TOTAL

# Files of one country that are no tables.
FACTS = ("quality", "disclosure")
# What may stand in the second place of an address and is no indicator.
TAKEN = {*EVIDENCE_KEYS, *COUNTRY_KEYS, *FACTS, COUNTRY}
_AREA = "country"

Row = dict[str, str]


def prefix(table: str, row: Mapping[str, str], *, compared: bool = False) -> str:
    """Return the address of a row, to which a column is to be added.

    Args:
        table: name of the table, without its folder.
        row: the row; it has the columns of the table's key.
        compared: whether it is a table of the comparison.

    Raises:
        StudyError: if an indicator has the name of a table.
    """
    if compared:
        return compared_prefix(table, row)
    if table == ESTIMATES:
        return _of_cell(row)
    key = COUNTRY_KEYS.get(table) or EVIDENCE_KEYS[table]
    parts = [part(row[name]) for name in key if name != _AREA]
    area = row[_AREA] if _AREA in key else EVERYWHERE
    return "/".join((part(area), table, *parts))


def _of_cell(row: Mapping[str, str]) -> str:
    indicator = row["indicator"]
    if indicator in TAKEN:
        raise StudyError(
            f"codebook, indicator '{indicator}'",
            "a public table has this name, so that addresses of numbers would be ambiguous",
            "Give the indicator another name",
        )
    group = (row["domain"], row["level"])
    parts = [part(row["country"]), part(indicator)]
    if group != TOTAL:
        parts.append(":".join(map(part, group)))
    return "/".join(parts)


def prefixes(
    table: str, rows: Iterable[Mapping[str, str]], *, compared: bool = False
) -> Iterator[str]:
    """Return the address of each row; rows of which the key tells several get a number."""
    return told_apart(prefix(table, row, compared=compared) for row in rows)


def addressed(table: str, rows: Sequence[Row], *, compared: bool = False) -> list[Row]:
    """Return rows whose cells with a number carry their address.

    The rows are all of a table, or all of some countries where its key has the country.
    """
    return [
        {column: cited(cell, f"{where}/{column}") for column, cell in row.items()}
        for row, where in zip(rows, prefixes(table, rows, compared=compared), strict=True)
    ]
