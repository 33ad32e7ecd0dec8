"""Primary keys of the tables of the comparison, and the addresses of their rows.

They stand apart from those of other tables, so that figures which compare countries do not depend
on what is published besides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from disrupting_harm.comparison import TABLES
from disrupting_harm.provenance.addresses import COMPARE, part
from disrupting_harm.tables.schema import read_key

COMPARISON_KEYS: dict[str, tuple[str, ...]] = {
    name: read_key(f"comparison/{name}").columns for name in TABLES
}


def compared_prefix(table: str, row: Mapping[str, str]) -> str:
    """Return the address of a row of a table of the comparison, to which a column is to be added.

    Args:
        table: name of the table, without its folder.
        row: the row; it has the columns of the table's key.
    """
    parts = [part(row[name]) for name in COMPARISON_KEYS[table]]
    return "/".join((COMPARE, table, *parts))


def compared_prefixes(table: str, rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Return the address of each row of a table of the comparison."""
    return told_apart(compared_prefix(table, row) for row in rows)


def told_apart(found: Iterable[str]) -> Iterator[str]:
    """Return addresses of rows; where the key tells several rows, the later ones get a number."""
    seen: Counter[str] = Counter()
    for each in found:
        seen[each] += 1
        yield each if seen[each] == 1 else f"{each}+{seen[each]}"
