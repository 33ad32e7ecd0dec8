"""Primary keys of the tables of the comparison, and the addresses of their rows.

They stand apart from those of other tables, so that figures which compare countries do not depend
on what is published besides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from disrupting_harm.comparison import NEEDS, TABLES
from disrupting_harm.provenance.addresses import COMPARE, address_part
from disrupting_harm.tables.schema import read_table_key

COMPARISON_KEYS: dict[str, tuple[str, ...]] = {
    name: read_table_key(f"comparison/{name}").columns for name in (*TABLES, NEEDS)
}


def address_of_compared_row(table: str, row: Mapping[str, str]) -> str:
    """Return the address of a row of the comparison, to which a column is to be added."""
    values = [address_part(row[name]) for name in COMPARISON_KEYS[table]]
    return "/".join((COMPARE, table, *values))


def addresses_of_compared_rows(table: str, rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Return the address of each row of a table of the comparison."""
    return number_repeated(address_of_compared_row(table, row) for row in rows)


def number_repeated(addresses: Iterable[str]) -> Iterator[str]:
    """Return addresses of rows; where the key tells several rows, the later ones get a number."""
    counts: Counter[str] = Counter()
    for address in addresses:
        counts[address] += 1
        yield address if counts[address] == 1 else f"{address}+{counts[address]}"
