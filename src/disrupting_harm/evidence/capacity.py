"""Capacity of law enforcement: scores of areas, needs and how firm their ranking is.

An item that was not asked is not an item that is absent: it has no score, and takes no part in a
mean. What it could be, from 0 to 3, widens the ranks of its area instead.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.evidence.capacity_areas import Area, CapacityAreas
from disrupting_harm.evidence.joined import joined_kind, joined_texts
from disrupting_harm.evidence.status import REPORTED, ZERO

Floats = NDArray[np.float64]

HIGHEST = 3.0
CONFIDENCE = ("low", "medium", "high")
# The check: weights up to so much smaller or larger, so many draws, so much of them kept.
SPREAD, DRAWS, KEPT = 0.5, 2000, 0.95
PROFILE = [
    "country", "area", "area_label", "score_mean", "items_asked", "items_total", "gap", "evidence",
    "confidence", "agencies", "source", "data_kind",
]  # fmt: skip
NEEDS = [
    "country", "area", "area_label", "weight", "gap", "need", "rank", "rank_low", "rank_high",
    "source", "data_kind",
]  # fmt: skip
DIGITS = 4


def item_scores(facts: pd.DataFrame) -> pd.DataFrame:
    """Return one score per country and item: the last of each agency, averaged over agencies.

    Args:
        facts: the table of evidence ``capacity``; rows without a score are left out.
    """
    asked = facts[facts["status"].isin([REPORTED, ZERO])].sort_values("date", kind="stable")
    last = asked.drop_duplicates(["country", "agency", "item"], keep="last")
    scores = last.groupby(["country", "area", "item"], as_index=False, sort=True)
    return scores.agg(score=("score", "mean"))


def capacity_profile(facts: pd.DataFrame, areas: CapacityAreas) -> pd.DataFrame:
    """Return the score of each area in each country.

    Returns:
        :data:`PROFILE`, one row per country and area, areas in their order. ``score_mean`` is the
        mean over the items asked, from 0 to 3, and ``gap`` what is lacking to 3, from 0 to 1; both
        are missing where no item was asked. ``confidence`` is the lowest that an item has.
    """
    scores = item_scores(facts)
    rows = []
    for country, told in facts.groupby("country", sort=True):
        own = scores[scores["country"] == country].set_index("item")["score"]
        rows += [{"country": country} | _profile_row(area, own, told) for area in areas.areas]
    kinds = {"score_mean": "float64", "gap": "float64"}
    return pd.DataFrame(rows, columns=PROFILE).astype(kinds)


def _profile_row(area: Area, scores: pd.Series, told: pd.DataFrame) -> dict[str, object]:
    own = scores[scores.index.isin(list(area.items))]
    of_area = told[told["item"].isin(list(area.items))]
    asked = of_area[of_area["status"].isin([REPORTED, ZERO])]
    mean = float(own.mean()) if len(own) else np.nan
    behind = of_area if len(of_area) else told
    return {
        "area": area.id,
        "area_label": area.label,
        "score_mean": mean,
        "items_asked": len(own),
        "items_total": len(area.items),
        "gap": (HIGHEST - mean) / HIGHEST,
        "evidence": "; ".join(sorted(set(asked["evidence"]) - {""})),
        "confidence": min(set(asked["confidence"]) - {""}, key=CONFIDENCE.index, default=""),
        "agencies": asked["agency"].nunique(),
        "source": joined_texts(behind["source"]),
        "data_kind": joined_kind(behind["data_kind"]),
    }


def capacity_needs(profile: pd.DataFrame, areas: CapacityAreas, seed: int) -> pd.DataFrame:
    """Return needs, their ranks within the country, and ranks under other weights.

    The need of an area is its weight, scaled to add to 1 over the areas, times its gap; rank 1 is
    the greatest need, and equal needs share the better rank. Areas not asked have no need and no
    rank. ``rank_low`` and ``rank_high`` are the best and worst rank over 2,000 seeded draws of the
    weights, each 50 % smaller to 50 % larger, with every item not asked anywhere between 0 and 3;
    the middle 95 % of the draws is kept.

    Args:
        profile: as :func:`capacity_profile` returns it.
        areas: the areas and their weights.
        seed: the study's seed; all countries see the same weights.
    """
    weights = np.array([area.weight for area in areas.areas])
    drawn = weights * np.random.default_rng(seed).uniform(
        1 - SPREAD, 1 + SPREAD, (DRAWS, len(weights))
    )
    parts = [
        _needs_of(rows.reset_index(drop=True), weights, drawn)
        for _, rows in profile.groupby("country", sort=True)
    ]
    if not parts:
        return pd.DataFrame(columns=NEEDS)
    return pd.concat(parts, ignore_index=True)[NEEDS]


def _needs_of(rows: pd.DataFrame, weights: Floats, drawn: Floats) -> pd.DataFrame:
    share = weights / weights.sum()
    need = share * rows["gap"]
    # Equal needs are equal whatever the order of their multiplication.
    rank = need.round(10).rank(method="min", ascending=False)
    best, worst = rank_limits(*gap_limits(rows), drawn)
    return rows.assign(
        weight=np.round(share, DIGITS),
        gap=rows["gap"].round(DIGITS),
        need=need.round(DIGITS),
        rank=rank.astype("Int64"),
        # The ranking itself is one of those that can be.
        rank_low=np.fmin(best, rank.to_numpy()).astype(int),
        rank_high=np.fmax(worst, rank.to_numpy()).astype(int),
    ).sort_values(["rank", "area"], na_position="last", kind="stable")


def gap_limits(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the smallest and the largest gap: items not asked all at 3, and all at 0."""
    asked, total = rows["items_asked"].to_numpy(float), rows["items_total"].to_numpy(float)
    known = rows["score_mean"].fillna(0).to_numpy(float) * asked
    lowest, highest = known / total, (known + HIGHEST * (total - asked)) / total
    return 1 - highest / HIGHEST, 1 - lowest / HIGHEST


def rank_limits(smallest: Floats, largest: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """Return the best and the worst rank of each area, outer 5 % of the draws left out.

    Args:
        smallest, largest: (a,) limits of the gaps.
        drawn: (d, a) weights.

    In each draw an area ranks best with its largest gap against the others' smallest, and worst the
    other way round; only the order counts, so the weights need not add to 1.
    """
    low, high = drawn * smallest, drawn * largest
    # [draw, area, other]: others whose need is greater whatever the items not asked would be.
    above = (low[:, None, :] > high[:, :, None]).sum(axis=2)
    may_be_above = (high[:, None, :] > low[:, :, None]).sum(axis=2)
    # An area is not above itself, however wide its own limits.
    may_be_above -= high > low
    tail = (1 - KEPT) / 2
    best = np.quantile(1 + above, tail, axis=0, method="inverted_cdf")
    worst = np.quantile(1 + may_be_above, 1 - tail, axis=0, method="inverted_cdf")
    return best.astype(float), worst.astype(float)
