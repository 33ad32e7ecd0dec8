"""Interviews on access to justice: in how many a theme was mentioned, by role."""

import numpy as np
import pandas as pd

from disrupting_harm.evidence.definition import SmallCounts
from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.evidence.measures.bands import BANDS_FROM, find_band
from disrupting_harm.evidence.shared_columns import BANDS


def order_interviews(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the interviews of each role, themes that came up most often first.

    There are counts or bands and no shares: the people were chosen, and few. ``facts`` are those
    of :func:`protect_interviews`.
    """
    rank = {band: position for position, band in enumerate(BANDS)}
    ordered = facts.assign(rank=facts["band"].map(rank)).sort_values(
        ["country", "role", "rank", "mentioned", "theme"],
        ascending=[True, True, False, False, True],
        na_position="last",
        kind="stable",
    )
    return ordered.drop(columns="rank").reset_index(drop=True)


def protect_interviews(facts: pd.DataFrame, small: SmallCounts) -> pd.DataFrame:
    """Return the interviews as they may be published, with ``band``: which third of them it was.

    A count is published where the interviews in which a theme came up, and the others, are as many
    as the role's threshold; else its band, from eight interviews on. Nothing is published of fewer,
    and nothing of roles whose people are known.
    """
    facts = facts[~facts["role"].isin(small.identifiable)].copy()
    thresholds = np.where(facts["role"].isin(small.roles), small.professionals, small.people)
    has_number = facts["mentioned"].notna().to_numpy()
    mentioned = facts["mentioned"].fillna(0).to_numpy(dtype=np.int64)
    interviews = facts["interviews"].to_numpy(dtype=np.int64)
    is_shown = has_number & (mentioned >= thresholds) & (interviews - mentioned >= thresholds) | (
        thresholds == 1
    )
    bands = [find_band(*pair) for pair in zip(mentioned.tolist(), interviews.tolist(), strict=True)]
    facts["band"] = np.where(has_number, bands, "")
    facts["mentioned"] = facts["mentioned"].where(is_shown)
    facts["interviews"] = facts["interviews"].where((interviews >= BANDS_FROM) | (thresholds == 1))
    facts.loc[has_number & ~is_shown, "status"] = SUPPRESSED
    return facts.reset_index(drop=True)
