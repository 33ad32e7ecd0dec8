"""Capacity of law enforcement: scores of areas, and the order of their needs.

An item that was not asked is not an item that is absent: it has no score, and takes no part in a
mean. What it could be, from 0 to 3, widens the ranks of its area instead.

Scores are ordered and have no distances. Ranks therefore rest on :mod:`.dominance`, which asks for
none. Means, gaps and the rank by the study's weights take the steps as equally long; they are
printed as such beside the ranks and order nothing.
"""

import numpy as np
import pandas as pd

from disrupting_harm.evidence.capacity_areas import Area, CapacityAreas
from disrupting_harm.evidence.fact_status import REPORTED, ZERO
from disrupting_harm.evidence.measures.dominance import (
    find_greater_needs,
    find_ranks,
    find_shares_at_most,
)
from disrupting_harm.evidence.measures.provenance_text import join_kinds, join_texts

HIGHEST = 3.0
CONFIDENCE = ("low", "medium", "high")
DIGITS = 4


def compute_item_scores(facts: pd.DataFrame) -> pd.DataFrame:
    """Return one score per country and item: the last of each agency, averaged over agencies.

    Args:
        facts: the table of evidence ``capacity``; rows without a score are left out.
    """
    scored = facts[facts["status"].isin([REPORTED, ZERO])].sort_values("date", kind="stable")
    last_scores = scored.drop_duplicates(["country", "agency", "item"], keep="last")
    scores = last_scores.groupby(["country", "area", "item"], as_index=False, sort=True)
    return scores.agg(score=("score", "mean"))


def profile_capacity(facts: pd.DataFrame, areas: CapacityAreas) -> pd.DataFrame:
    """Return the score of each area in each country.

    Returns:
        One row per country and area, areas in their order. ``score_mean`` is the
        mean over the items asked, from 0 to 3, and ``gap`` what is lacking to 3, from 0 to 1; both
        are missing where no item was asked. ``items_absent`` are those asked with score 0.
        ``confidence`` is the lowest that an item has.
    """
    scores = compute_item_scores(facts)
    rows = []
    for country, facts_of_country in facts.groupby("country", sort=True):
        score_of_item = scores[scores["country"] == country].set_index("item")["score"]
        rows += [
            {"country": country} | _build_profile_row(area, score_of_item, facts_of_country)
            for area in areas.areas
        ]
    return pd.DataFrame(rows)


def _build_profile_row(
    area: Area, scores: pd.Series, facts_of_country: pd.DataFrame
) -> dict[str, object]:
    scores_of_area = scores[scores.index.isin(list(area.items))]
    of_area = facts_of_country[facts_of_country["item"].isin(list(area.items))]
    asked_items = of_area[of_area["status"].isin([REPORTED, ZERO])]
    mean = float(scores_of_area.mean()) if len(scores_of_area) else np.nan
    facts_behind = of_area if len(of_area) else facts_of_country
    return {
        "area": area.id,
        "area_label": area.label,
        "score_mean": mean,
        "items_asked": len(scores_of_area),
        "items_total": len(area.items),
        "items_absent": int((scores_of_area == 0).sum()),
        "gap": (HIGHEST - mean) / HIGHEST,
        "evidence": "; ".join(sorted(set(asked_items["evidence"]) - {""})),
        "confidence": min(set(asked_items["confidence"]) - {""}, key=CONFIDENCE.index, default=""),
        "agencies": asked_items["agency"].nunique(),
        "source": join_texts(facts_behind["source"]),
        "data_kind": join_kinds(facts_behind["data_kind"]),
    }


def rank_capacity_needs(
    facts: pd.DataFrame, areas: CapacityAreas, profile: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return in which order the needs of each country stand, as far as the scores tell.

    Args:
        facts: the table of evidence ``capacity``.
        areas: the areas, their items and weights.
        profile: what :func:`profile_capacity` returns, where it is known.

    Returns:
        One row per country and area, by ranks. ``rank_low`` and ``rank_high`` are
        the best and the worst rank that the area may have on any rising scale and whatever the
        items not asked are, see :mod:`.dominance`; they use no weights. ``may_be_first`` is whether
        the best rank is 1. ``weighted_rank`` is that of the study's weight, scaled to add to 1 over
        the areas, times the gap; equal ones share the better rank, and areas not asked have none.
    """
    if facts.empty:
        return pd.DataFrame()
    profile = profile_capacity(facts, areas) if profile is None else profile
    scores = compute_item_scores(facts)
    tables = [
        _rank_needs_of_country(
            rows.reset_index(drop=True), scores[scores["country"] == country], areas
        )
        for country, rows in profile.groupby("country", sort=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _rank_needs_of_country(
    rows: pd.DataFrame, scores: pd.DataFrame, areas: CapacityAreas
) -> pd.DataFrame:
    """Return the needs of one country; ``rows`` stand in the order of the areas."""
    shares = [
        find_shares_at_most(
            scores.loc[scores["item"].isin(list(area.items)), "score"], len(area.items)
        )
        for area in areas.areas
    ]
    best, worst = find_ranks(find_greater_needs(*map(np.array, zip(*shares, strict=True))))
    weights = np.array([area.weight for area in areas.areas])
    share = weights / weights.sum()
    # Equal needs are equal whatever the order of their multiplication.
    need = (share * rows["gap"]).round(10)
    return rows.assign(
        rank_low=best,
        rank_high=worst,
        may_be_first=best == 1,
        weight=np.round(share, DIGITS),
        gap=rows["gap"].round(DIGITS),
        weighted_rank=need.rank(method="min", ascending=False).astype("Int64"),
    ).sort_values(["rank_low", "rank_high", "area"], kind="stable")
