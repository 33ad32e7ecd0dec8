"""Interviews on access to justice: in how many a theme was mentioned, by role."""

import pandas as pd

from disrupting_harm.evidence.columns import ALL
from disrupting_harm.evidence.definition import SmallCounts
from disrupting_harm.evidence.measures.small_counts import protect


def justice_table(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each role, themes that came up most often first.

    There are counts and no shares: the people were chosen, and few.
    """
    ordered = facts.sort_values(
        ["country", "role", "mentioned", "theme"],
        ascending=[True, True, False, True],
        na_position="last",
        kind="stable",
    )
    return ordered.reset_index(drop=True)


def protect_interviews(facts: pd.DataFrame, small: SmallCounts) -> pd.DataFrame:
    """Return the interviews with small counts hidden, by the thresholds of each role."""
    professional = facts["role"].isin(small.roles)
    parts = [
        _protect(facts[professional], small.professionals),
        _protect(facts[~professional], small.people),
    ]
    return pd.concat(parts).sort_index()


def _protect(facts: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Hide how many mentioned a theme where they, or those who did not, are few.

    The number of interviews is hidden where it is small itself, or would give the rest back.
    """
    key = ["country", "role", "theme", "source_id"]
    facts, rows = facts.reset_index(drop=True), facts.index
    others = (facts["interviews"] - facts["mentioned"]).astype("Int64")
    parts = [
        facts.assign(part="mentioned", count=facts["mentioned"]),
        facts.assign(part="others", count=others),
        facts.assign(part=ALL, count=facts["interviews"]),
    ]
    shown = protect(pd.concat(parts, ignore_index=True), key, ("part",), "count", min_count)
    mentioned = shown[shown["part"] == "mentioned"]
    interviews = shown[shown["part"] == ALL].reset_index(drop=True)
    # One theme that shows the number of a role's interviews shows it for all of them.
    told = interviews.groupby(["country", "role", "source_id"])["count"].transform(
        lambda counts: counts.notna().all()
    )
    return facts.assign(
        mentioned=pd.array(mentioned["count"].to_numpy(), dtype="Int64"),
        interviews=interviews["count"].where(told.astype(bool)),
        status=mentioned["status"].to_numpy(),
    ).set_index(rows)
