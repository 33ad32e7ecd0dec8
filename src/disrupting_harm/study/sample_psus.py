"""Refuse a sample whose PSUs and strata cannot be right."""

import pandas as pd

from disrupting_harm.study.cells import RawColumn


def refuse_wrong_fpc(sample: pd.DataFrame, column: RawColumn) -> None:
    """Refuse numbers of a stratum's PSUs that differ within it, or are below those drawn."""
    strata = sample.groupby("stratum")
    differ = sample["fpc"] != strata["fpc"].transform("first")
    column.refuse(
        column.rows.isin(sample.index[differ]),
        "a number of PSUs that differs within a stratum",
        "Give the same number in all rows of a stratum",
    )
    few = sample["fpc"] < strata["psu"].transform("nunique")
    column.refuse(
        column.rows.isin(sample.index[few]),
        "fewer PSUs in the stratum's population than in the sample",
        "Give the number of PSUs in the stratum's population",
    )


def refuse_shared_psus(sample: pd.DataFrame, column: RawColumn) -> None:
    """Refuse PSUs that stand in several strata."""
    pairs = sample.drop_duplicates(["stratum", "psu"])
    shared = pairs.index[pairs["psu"].duplicated(keep=False)]
    column.refuse(
        column.rows.isin(shared),
        "PSUs that stand in more than one stratum",
        "Correct the PSU or its stratum; where ids are used again in every stratum, set the "
        "mapping's 'psu_unique' to false",
    )


def refuse_lonely_psus(respondents: pd.DataFrame, column: RawColumn) -> None:
    """Refuse a stratum with one PSU, unless its population has only that one, too."""
    pairs = respondents.drop_duplicates(["stratum", "psu"])
    alone = pairs.groupby("stratum")["psu"].transform("size") == 1
    if "fpc" in pairs:
        alone &= pairs.groupby("stratum")["fpc"].transform("max") > 1
    strata = alone.sum()
    column.refuse(
        column.rows.isin(pairs.index[alone]),
        f"{strata} {'strata' if strata > 1 else 'stratum'} with one PSU,",
        "Merge each with a neighbouring stratum, or set 'estimation.lonely_psu' to 'centre' "
        "(deviation from the overall mean) or 'certainty' (no sampling of PSUs there)",
    )
