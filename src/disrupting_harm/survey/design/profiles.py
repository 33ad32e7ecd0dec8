"""Profiles of rows: those that agree in several columns, for which work is done once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Integers


def profiles_of(n_rows: int, columns: Sequence[Integers]) -> list[Integers]:
    """Number the combinations of codes that rows have, in the order of the rows.

    Args:
        n_rows: number of rows n.
        columns: M arrays (n,) of codes 0, 1, ...

    Returns:
        The (n,) profile of each row, then M arrays (C,) with the codes of the C profiles.
    """
    profile: Integers = np.zeros(n_rows, dtype=np.intp)
    for column in columns:
        profile, _ = pd.factorize(profile * (np.max(column, initial=0) + 1) + column)
    size = int(np.max(profile, initial=-1)) + 1
    codes = []
    for column in columns:
        # The code of a profile is that of any of its rows.
        code = np.zeros(size, dtype=np.intp)
        code[profile] = column
        codes.append(code)
    return [profile, *codes]
