"""Single PSUs of a stratum: drawn with certainty, or lonely."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Integers
from designbased.errors import InputError

LonelyPsu: TypeAlias = Literal["fail", "remove", "centre", "average", "certainty", "collapse"]


def collapse_strata(lonely: NDArray[np.bool_], fully_sampled: NDArray[np.bool_]) -> Integers:
    """Join lonely strata with others (collapsed strata), always in the same way.

    In the order of the strata, the first lonely one is joined with the second, the third with the
    fourth, and so on; a last one left over joins the pair before it. A lonely stratum that is the
    only one joins the nearest stratum before it, or else the nearest after it, that was not taken
    whole. Order the strata so that neighbours are alike, without looking at the answers: the
    variance is then somewhat too large, never systematically too small (Wolter 2007, section 2.5).

    Args:
        lonely: (H,) strata with a single PSU, drawn out of several.
        fully_sampled: (H,) strata whose PSUs were all taken.

    Returns:
        (H,) index of the joined stratum of each stratum, 0, 1, ... in their order.

    Raises:
        InputError: there is no other stratum to join.
    """
    leader = np.arange(len(lonely))
    alone = np.flatnonzero(lonely)
    if len(alone) == 1:
        partners = np.flatnonzero(~lonely & ~fully_sampled)
        if len(partners) == 0:
            raise InputError(
                "lonely_psu",
                "a single stratum with one PSU, and no other stratum to join",
                "One PSU gives no variance: choose 'certainty' if it was not drawn by chance",
            )
        before = partners[partners < alone[0]]
        partner = before[-1] if len(before) else partners[0]
        leader[max(partner, alone[0])] = min(partner, alone[0])
    elif len(alone):
        pair = np.minimum(np.arange(len(alone)) // 2, len(alone) // 2 - 1)
        leader[alone] = alone[2 * pair]
    _, joined = np.unique(leader, return_inverse=True)
    return joined


def certainty_strata(
    sure: NDArray[np.bool_],
    stratum_code: Integers,
    strata: list[Any],
    psu_code: Integers,
    psus: list[Any],
) -> tuple[Integers, list[Any]]:
    """Make each PSU that was drawn with certainty a stratum.

    Args:
        sure: (n,) rows of such PSUs.
        stratum_code: (n,) index of each row's stratum among ``strata``.
        psu_code: (n,) index of each row's PSU among ``psus``.
        psus: the PSUs, whose identifiers may repeat across strata.

    Returns:
        The (n,) new index of each row's stratum, and the strata: first those that hold other PSUs
        too, then those made of one.
    """
    stratum_of_psu = len(strata) + stratum_code * len(psus) + psu_code
    distinct, code = np.unique(np.where(sure, stratum_of_psu, stratum_code), return_inverse=True)
    labels = []
    for index in distinct:
        h, psu = divmod(int(index) - len(strata), len(psus))
        labels.append(strata[index] if h < 0 else f"{strata[h]} / {psus[psu]}")
    return code, labels


# Profiles of rows: those that agree in several columns, for which work is done once.


# No combination has a number beyond.
LARGEST = 2**62


def number_profiles(n_rows: int, columns: Sequence[Integers]) -> list[Integers]:
    """Number the combinations of codes that rows have, in the order of the rows.

    Args:
        columns: M arrays (n,) of codes 0, 1, ...

    Returns:
        The (n,) profile of each row, then M arrays (C,) with the codes of the C profiles.
    """
    key: Integers = np.zeros(n_rows, dtype=np.intp)
    combinations = 1
    for column in columns:
        n_codes = int(np.max(column, initial=0)) + 1
        if combinations * n_codes > LARGEST:
            key, distinct = pd.factorize(key)
            combinations = len(distinct)
        key = key * n_codes + column
        combinations *= n_codes
    profile, distinct = pd.factorize(key)
    n_profiles = len(distinct)
    codes = []
    for column in columns:
        # The code of a profile is that of any of its rows.
        code = np.zeros(n_profiles, dtype=np.intp)
        code[profile] = column
        codes.append(code)
    return [profile, *codes]
