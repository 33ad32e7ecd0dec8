"""Answers of frontline workers: counts of those who answered, without inference to others."""

import numpy as np
import pandas as pd

from disrupting_harm.evidence.fact_status import REPORTED, SUPPRESSED
from disrupting_harm.evidence.measures.bands import (
    Mask,
    find_band,
    find_publishable_counts,
    leaves_enough_values,
)

# Below so many who answered, a share would suggest more than was asked.
SHARES_FROM = 10
_ITEM = ["country", "item", "source_id"]


def count_answers(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many respondents gave each answer.

    Args:
        facts: the table of evidence ``frontline``: one answer of one respondent to one item a row.

    Returns:
        ``country, item, answer, count, n`` and the provenance, items and answers in alphabetical
        order; ``n`` is how many answered the item. An answer that nobody gave has no row.
    """
    provenance = ["counted", "counted_by", "source", "restriction", "data_kind"]
    counts = facts.groupby([*_ITEM, "answer"], as_index=False, sort=True).agg(
        count=("respondent", "nunique"), **{name: (name, "first") for name in provenance}
    )
    counts["n"] = counts.groupby(_ITEM)["count"].transform("sum").astype("Int64")
    return counts.astype({"count": "Int64"})


def protect_answers(counts: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Return the answers to each item as they may be published, with ``band``.

    Small counts are bands, and more beside them where these would give them back
    (:func:`.bands.find_publishable_counts`); every answer that anybody gave to the item is then
    listed. Of an item to which fewer than eight answered nothing is published, nor where bands
    would tell too much.
    """
    all_counts = counts if min_count == 1 else _add_answers_of_others(counts)
    items = [_protect_item(rows, min_count) for _, rows in all_counts.groupby(_ITEM, sort=False)]
    if not items:
        return all_counts.assign(status="", band="").drop(columns="least", errors="ignore")
    return pd.concat(items, ignore_index=True).drop(columns="least", errors="ignore")


def _protect_item(rows: pd.DataFrame, min_count: int) -> pd.DataFrame:
    given_answers = rows[rows["count"] > 0]
    # Where every count may be told, an answer that nobody gave needs no row.
    rows = given_answers if _find_shown_counts(given_answers, min_count).all() else rows
    is_shown, counts = _find_shown_counts(rows, min_count), rows["count"].tolist()
    bands = [find_band(count, sum(counts)) for count in counts]
    status = np.where(is_shown, REPORTED, SUPPRESSED)
    protected = rows.assign(status=status, band=bands, count=rows["count"].where(is_shown))
    if is_shown.any():
        return protected
    if all(bands) and leaves_enough_values(counts, rows["least"].tolist(), is_shown):
        return protected
    return protected.assign(band="", n=pd.array([pd.NA] * len(protected), dtype="Int64"))


def _find_shown_counts(rows: pd.DataFrame, min_count: int) -> Mask:
    if min_count == 1:
        return np.ones(len(rows), dtype=bool)
    return find_publishable_counts(rows["count"].tolist(), rows["least"].tolist(), min_count)


def _add_answers_of_others(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every answer that anybody gave to an item, wherever it was asked.

    ``least`` is 1 where it is plain that somebody here gave the answer: nobody else did.
    """
    options = counts.groupby(["item", "answer"], as_index=False).size()
    items = counts.drop(columns=["answer", "count"]).drop_duplicates(_ITEM)
    all_answers = items.merge(options, on="item").merge(
        counts[[*_ITEM, "answer", "count"]], on=[*_ITEM, "answer"], how="left"
    )
    was_given = all_answers["count"].notna()
    all_answers["least"] = (all_answers["size"] - was_given < 1).astype(int)
    all_answers["count"] = all_answers["count"].fillna(0)
    all_answers = all_answers.sort_values([*_ITEM, "answer"], kind="stable")
    return all_answers[[*counts.columns, "least"]].reset_index(drop=True)


def add_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts as they may be published, with whole per cents in ``share_percent``.

    A share is missing where fewer than ten answered, and where the count or ``n`` is hidden.
    """
    enough = counts["count"].notna() & counts["n"].ge(SHARES_FROM).fillna(False)
    share = 100 * counts["count"].astype("float64") / counts["n"].astype("float64")
    return counts.assign(share_percent=share.round().where(enough))
