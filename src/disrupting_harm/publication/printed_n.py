"""How many answered, as printed: of sensitive questions one number for all that were put alike.

Beside the number of children who were asked, the number of valid answers to one question tells how
many gave none; of a question on violence even that says something of one to four children. The
weight of these answers tells it nearly as well: a child weighs about as much as another. So all
sensitive indicators with the same universe print the same n and the same population in every group:
the largest of all questions that were put to the same children. They say of no single one how many
left it unanswered.

In an update the largest may be of a table that stays as it was printed. So what is printed of a
table that stays counts in place of its new number; and where nobody behind a cell differs, its n
and population stay. Otherwise a number that moves by a few would tell of that other table, or,
where it falls, how few answers there were to a question.
"""

import pandas as pd

from disrupting_harm.publication.earlier_releases import NOTHING, SIZES, Earlier
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL

GROUP = ["country", "domain", "level"]
# A question that fewer than this share of the children answered was put to some of them alone, such
# as a random half: the number of the others would be wrong for it.
SAME_CHILDREN = 0.9


def with_printed_sizes(
    table: pd.DataFrame, codebook: Codebook, earlier: Earlier = NOTHING
) -> pd.DataFrame:
    """Return cells with ``n_printed`` and ``population_printed``.

    Args:
        table: cells with ``country, indicator, domain, level, n, population``.
        codebook: the definitions.
        earlier: what earlier releases printed, where the cells are of one country.
    """
    put_to = table["indicator"].map({e.id: _put_to(e.id, codebook) for e in codebook.indicators})
    alike = put_to.mask(_put_to_fewer(table, put_to), table["indicator"])
    sensitive = table["indicator"].isin([e.id for e in codebook.indicators if e.sensitive])
    own = table[["n", "population"]].set_axis(SIZES, axis=1)
    standing = earlier.sizes(table).set_axis(table.index)
    known = standing.fillna(own)
    groups = known.groupby([*(table[name] for name in GROUP), alike])
    printed = standing.fillna(groups.transform("max")).where(sensitive, own)
    return table.assign(
        n_printed=printed["n_printed"].astype(int),
        population_printed=printed["population_printed"].astype(float),
    )


def _put_to_fewer(table: pd.DataFrame, put_to: "pd.Series[str]") -> "pd.Series[bool]":
    """Return which cells are of questions with far fewer answers than others put to the same."""
    whole = (table["domain"] == TOTAL[0]) & (table["level"] == TOTAL[1])
    nation = (
        table["n"].where(whole).groupby([table["country"], table["indicator"]]).transform("max")
    )
    largest = nation.groupby([table["country"], put_to]).transform("max")
    return nation < SAME_CHILDREN * largest


def _put_to(name: str, codebook: Codebook) -> str:
    """Return a name of the children that an indicator is about, equal where they are the same."""
    entry = codebook.indicator(name)
    if not entry.any_of:
        return f"{sorted(map(str, entry.universe))}, {entry.weight}"
    parts = {_put_to(part, codebook) for part in entry.any_of}
    return parts.pop() if len(parts) == 1 else name
