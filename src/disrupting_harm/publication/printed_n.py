"""How many answered, as printed: of sensitive questions one number for all that were put alike.

Beside the number of children who were asked, the number of valid answers to one question tells how
many gave none; of a question on violence even that says something of one to four children. So all
sensitive indicators with the same universe print the same n in every group: the largest of all
questions that were put to the same children. It says of no single one how many left it unanswered.
"""

import pandas as pd

from disrupting_harm.study.codebook import Codebook

GROUP = ["country", "domain", "level"]


def printed_n(table: pd.DataFrame, codebook: Codebook) -> "pd.Series[int]":
    """Return n of every cell as it is printed, where it is.

    Args:
        table: cells with ``country, indicator, domain, level, n``.
        codebook: the definitions.
    """
    put_to = {entry.id: _put_to(entry.id, codebook) for entry in codebook.indicators}
    sensitive = [entry.id for entry in codebook.indicators if entry.sensitive]
    keys = [*(table[name] for name in GROUP), table["indicator"].map(put_to)]
    largest = table["n"].groupby(keys).transform("max")
    return largest.where(table["indicator"].isin(sensitive), table["n"]).astype(int)


def _put_to(name: str, codebook: Codebook) -> str:
    """Return a name of the children that an indicator is about, equal where they are the same."""
    entry = codebook.indicator(name)
    if not entry.any_of:
        return str(sorted(f"{each.item} {sorted(each.among)}" for each in entry.universe))
    parts = {_put_to(part, codebook) for part in entry.any_of}
    return parts.pop() if len(parts) == 1 else name
