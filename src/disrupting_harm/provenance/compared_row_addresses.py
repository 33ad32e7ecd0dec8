"""Primary keys of the tables of the comparison, and the addresses of their rows.

They stand apart from those of other tables, so that figures which compare countries do not depend
on what is published besides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from disrupting_harm.provenance.addresses import COMPARE, part

_OF_COUNTRY = ("indicator", "country")
_PAIR = ("indicator", "country_a", "country_b")
_GAP = ("indicator", "domain", "level_a", "level_b")
COMPARISON_KEYS: dict[str, tuple[str, ...]] = {
    "prevalence": _OF_COUNTRY,
    "pairwise": _PAIR,
    "against_region": _OF_COUNTRY,
    "gaps": (*_GAP, "country"),
    "gap_pairs": (*_GAP, "country_a", "country_b"),
    "rank_sets": (*_OF_COUNTRY, "method", "scope"),
    "pooled": ("indicator", "group", "estimand"),
    "leave_one_out": ("indicator", "without"),
    "standardised": _OF_COUNTRY,
    "bounds": _OF_COUNTRY,
    "bound_pairs": _PAIR,
    "silence_claims": ("indicator", "domain", "country_a", "level_a", "country_b", "level_b"),
    "silence_ranks": (*_OF_COUNTRY, "silence"),
    "denominators": (*_OF_COUNTRY, "denominator"),
    "total": ("indicator", "group"),
    "adjusted": (*_OF_COUNTRY, "term", "level"),
    "adjusted_countries": _OF_COUNTRY,
    "comparability": (*_OF_COUNTRY, "wave"),
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
