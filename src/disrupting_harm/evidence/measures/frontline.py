"""Answers of frontline workers: counts of those who answered, without inference to others."""

import numpy as np
import pandas as pd

from disrupting_harm.evidence.fact_status import REPORTED, SUPPRESSED
from disrupting_harm.evidence.measures.bands import Mask, band_of, leaves, told

# Below so many who answered, a share would suggest more than was asked.
SHARES_FROM = 10
_ITEM = ["country", "item", "source_id"]


def answer_counts(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many respondents gave each answer.

    Args:
        facts: the table of evidence ``frontline``: one answer of one respondent to one item a row.

    Returns:
        ``country, item, answer, count, n`` and the provenance, items and answers in alphabetical
        order; ``n`` is how many answered the item. An answer that nobody gave has no row.
    """
    kept = ["source_id", "counted", "counted_by", "source", "restriction", "data_kind"]
    counts = facts.groupby([*_ITEM, "answer"], as_index=False, sort=True).agg(
        count=("respondent", "nunique"), **{name: (name, "first") for name in kept[1:]}
    )
    counts["n"] = counts.groupby(_ITEM)["count"].transform("sum").astype("Int64")
    return counts.astype({"count": "Int64"})


def protect_answers(counts: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Return the answers to each item as they may be told, with ``band``.

    Small counts are bands, and more beside them where these would give them back
    (:func:`.bands.told`); every answer that anybody gave to the item is then listed. Of an item to
    which fewer than eight answered nothing is told, nor where bands would tell too much.
    """
    every = counts if min_count == 1 else _with_others(counts)
    parts = [_protect_item(rows, min_count) for _, rows in every.groupby(_ITEM, sort=False)]
    found = pd.concat(parts, ignore_index=True) if parts else every.assign(status="", band="")
    return found.drop(columns="least", errors="ignore")


def _protect_item(rows: pd.DataFrame, min_count: int) -> pd.DataFrame:
    given = rows[rows["count"] > 0]
    # Where every count may be told, an answer that nobody gave needs no row.
    rows = given if _told(given, min_count).all() else rows
    shown, counts = _told(rows, min_count), rows["count"].tolist()
    bands = [band_of(count, sum(counts)) for count in counts]
    found = rows.assign(
        status=np.where(shown, REPORTED, SUPPRESSED), band=bands, count=rows["count"].where(shown)
    )
    if shown.any() or (all(bands) and leaves(counts, rows["least"].tolist(), shown)):
        return found
    return found.assign(band="", n=pd.array([pd.NA] * len(found), dtype="Int64"))


def _told(rows: pd.DataFrame, min_count: int) -> Mask:
    if min_count == 1:
        return np.ones(len(rows), dtype=bool)
    return told(rows["count"].tolist(), rows["least"].tolist(), min_count)


def _with_others(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a row for every answer that anybody gave to an item, wherever it was asked.

    ``least`` is 1 where it is plain that somebody here gave the answer: nobody else did.
    """
    options = counts.groupby(["item", "answer"], as_index=False).size()
    here = counts.drop(columns=["answer", "count"]).drop_duplicates(_ITEM)
    every = here.merge(options, on="item").merge(
        counts[[*_ITEM, "answer", "count"]], on=[*_ITEM, "answer"], how="left"
    )
    given = every["count"].notna()
    every["least"] = (every["size"] - given < 1).astype(int)
    every["count"] = every["count"].fillna(0)
    every = every.sort_values([*_ITEM, "answer"], kind="stable")
    return every[[*counts.columns, "least"]].reset_index(drop=True)


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts as they may be published, with whole per cents in ``share_percent``.

    A share is missing where fewer than ten answered, and where the count or ``n`` is hidden.
    """
    enough = counts["count"].notna() & counts["n"].ge(SHARES_FROM).fillna(False)
    share = 100 * counts["count"].astype("float64") / counts["n"].astype("float64")
    return counts.assign(share_percent=share.round().where(enough))
