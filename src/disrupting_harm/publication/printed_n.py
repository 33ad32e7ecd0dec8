"""How many answered, as printed: of sensitive questions one number for all that were put alike.

Beside the number of children of a group, the number of valid answers to one question tells how many
gave none; of a question on violence even that says something of one to four children. So the
sensitive indicators with the same universe share one n in every group: the largest of theirs. It
says of no single question how many left it without an answer.
"""

import numpy as np
import pandas as pd

from disrupting_harm.study.codebook import Codebook

GROUP = ["country", "domain", "level"]


def printed_n(table: pd.DataFrame, codebook: Codebook) -> "pd.Series[int]":
    """Return n of every cell as it is printed, where it is.

    Args:
        table: cells with ``country, indicator, domain, level, n``.
        codebook: the definitions.
    """
    universe = {
        entry.id: str(sorted(f"{each.item} {sorted(each.among)}" for each in entry.universe))
        for entry in codebook.indicators
        if entry.sensitive
    }
    asked = table["indicator"].map(universe)
    sensitive = asked.notna().to_numpy()
    # Others stand for themselves.
    keys = [*(table[name] for name in GROUP), asked.where(sensitive, table["indicator"])]
    largest = table["n"].groupby(keys).transform("max")
    return pd.Series(np.where(sensitive, largest, table["n"]), index=table.index).astype(int)
