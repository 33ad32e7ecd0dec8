"""Profiles of rows: those that agree in several columns, for which work is done once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Integers

# No combination has a number beyond.
LARGEST = 2**62


def profiles_of(n_rows: int, columns: Sequence[Integers]) -> list[Integers]:
    """Number the combinations of codes that rows have, in the order of the rows.

    Args:
        n_rows: number of rows n.
        columns: M arrays (n,) of codes 0, 1, ...

    Returns:
        The (n,) profile of each row, then M arrays (C,) with the codes of the C profiles.
    """
    key: Integers = np.zeros(n_rows, dtype=np.intp)
    combinations = 1
    for column in columns:
        different = int(np.max(column, initial=0)) + 1
        if combinations * different > LARGEST:
            key, found = pd.factorize(key)
            combinations = len(found)
        key = key * different + column
        combinations *= different
    profile, found = pd.factorize(key)
    size = len(found)
    codes = []
    for column in columns:
        # The code of a profile is that of any of its rows.
        code = np.zeros(size, dtype=np.intp)
        code[profile] = column
        codes.append(code)
    return [profile, *codes]
