"""Answers of frontline workers: counts of those who answered, without inference to others."""

import pandas as pd

from disrupting_harm.evidence.columns import ALL
from disrupting_harm.evidence.measures.small_counts import protect
from disrupting_harm.evidence.status import REPORTED

# Below so many who answered, a share would suggest more than was asked.
SHARES_FROM = 10
NO_INFERENCE = (
    "Frontline workers were chosen for what they know, not drawn at random: the counts speak of "
    "those who answered. There is no interval, and nothing is inferred about other workers or "
    "about children."
)


def answer_counts(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many respondents gave each answer.

    Args:
        facts: the table of evidence ``frontline``: one answer of one respondent to one item a row.

    Returns:
        ``country, item, answer, count, n`` and the provenance, items and answers in alphabetical
        order; ``n`` is how many answered the item. An answer that nobody gave has no row.
    """
    kept = ["source_id", "counted", "counted_by", "source", "restriction", "data_kind"]
    key = ["country", "item", "source_id"]
    counts = facts.groupby([*key, "answer"], as_index=False, sort=True).agg(
        count=("respondent", "nunique"), **{name: (name, "first") for name in kept[1:]}
    )
    counts["n"] = counts.groupby(key)["count"].transform("sum").astype("Int64")
    return counts.astype({"count": "Int64"})


def protect_answers(counts: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Hide answers of few, and the number who answered where it would give them back."""
    key = ["country", "item", "source_id"]
    cells = counts.assign(status=REPORTED)
    totals = cells.drop_duplicates(key).assign(answer=ALL, count=lambda first: first["n"])
    shown = protect(
        pd.concat([cells, totals], ignore_index=True), key, ("answer",), "count", min_count
    )
    of_item = shown[shown["answer"] == ALL].set_index(key)["count"]
    answers = shown[shown["answer"] != ALL]
    bases = of_item.loc[pd.MultiIndex.from_frame(answers[key])].to_numpy()
    return answers.assign(n=pd.array(bases, dtype="Int64")).reset_index(drop=True)


def with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Return counts as they may be published, with whole per cents in ``share_percent``.

    A share is missing where fewer than ten answered, and where the count or ``n`` is hidden.
    """
    enough = counts["count"].notna() & counts["n"].ge(SHARES_FROM).fillna(False)
    share = 100 * counts["count"].astype("float64") / counts["n"].astype("float64")
    return counts.assign(share_percent=share.round().where(enough))
