"""Which cells a table of estimates has, before any is hidden.

A level of a domain in which nobody was interviewed is no cell: it has no row, is in no equation and
hides nothing. A level with interviewed children of whom none is in an indicator's universe stays a
cell, as its emptiness is a fact about these children.

A cell of an indicator that the survey did not ask, or of a domain whose item it did not ask, has a
row with the status ``not_asked``, which hides nothing.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from disrupting_harm.study.statuses import NOT_ASKED


def select_present_cells(
    table: pd.DataFrame, domains: pd.DataFrame, weight: np.ndarray
) -> pd.DataFrame:
    """Return the rows of levels in which somebody was interviewed.

    Args:
        table: cells with ``domain`` and ``level``.
        domains: (n, D) categorical columns, one row per interviewed child. Of a domain in which no
            child is placed nothing is known, and its rows stay.
        weight: (n,) weights; a child of weight zero is outside the sample.
    """
    sampled = domains[weight > 0]
    present = {
        (name, str(level))
        for name in domains
        for level in (
            domains[name].cat.categories
            if sampled[name].isna().all()
            else sampled[name].cat.remove_unused_categories().cat.categories
        )
    }
    cells = zip(table["domain"], table["level"], strict=True)
    return table[np.array([cell in present for cell in cells], dtype=bool)].reset_index(drop=True)


def mark_not_asked(
    judged: pd.DataFrame, indicators: Collection[str], domains: pd.DataFrame
) -> pd.DataFrame:
    """Return judged cells whose ``reliability`` and ``reason`` say which were not asked.

    Args:
        judged: cells with ``indicator, domain, reliability, reason``.
        indicators: those that the survey did not ask.
        domains: as for :func:`select_present_cells`; one in which no child is placed was not asked.
    """
    unasked_domains = [name for name in domains if domains[name].isna().all()]
    is_unasked = judged["indicator"].isin(list(indicators)) | judged["domain"].isin(unasked_domains)
    with_marks = judged.copy()
    with_marks.loc[is_unasked, ["reliability", "reason"]] = NOT_ASKED
    return with_marks
