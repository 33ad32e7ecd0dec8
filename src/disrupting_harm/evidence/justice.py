"""Interviews on access to justice: in how many a theme came up, by the people's role."""

import pandas as pd

COLUMNS = [
    "country", "role", "theme", "interviews", "mentioned", "status", "counted", "counted_by",
    "source_id", "source", "data_kind",
]  # fmt: skip


def justice_table(facts: pd.DataFrame) -> pd.DataFrame:
    """Return :data:`COLUMNS`, themes that came up most often first.

    There are counts and no shares: the people were chosen, and few.
    """
    ordered = facts.sort_values(
        ["country", "role", "mentioned", "theme"],
        ascending=[True, True, False, True],
        na_position="last",
        kind="stable",
    )
    return ordered[COLUMNS].reset_index(drop=True)
