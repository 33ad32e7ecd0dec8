"""Law and policy: the checklist, and the share of it in place in each area."""

import pandas as pd

from disrupting_harm.evidence.measures.provenance_text import join_kinds
from disrupting_harm.evidence.policy_items import POLICY_AREAS, POLICY_ITEMS

ANSWERS = ("in_place", "partly", "not_in_place")
# Without an answer: looked for and not found, cannot be answered here, or not looked for or given.
OPEN = ("not_known", "not_applicable", "without_answer")
DIGITS = 4


def order_checklist(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the checklist with printable names, in the order of the model."""
    item_order = list(POLICY_ITEMS)
    ordered = facts.assign(_place=facts["item"].map(item_order.index)).sort_values(
        ["country", "_place"], kind="stable"
    )
    return ordered.assign(
        area_label=ordered["area"].map(POLICY_AREAS), item_label=ordered["item"].map(POLICY_ITEMS)
    ).reset_index(drop=True)


def count_policy_areas(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many items of each area are in place.

    Returns:
        One row per country and area, areas in the order of the model. ``share_in_place`` is the
        share among the items of which it is known, from 0 to 1, missing where none is. Items looked
        for without an answer are ``not_known``, those that cannot be answered for the country
        ``not_applicable``, all others without an answer ``without_answer``: none of them counts as
        not in place.
    """
    rows = []
    for (country, area), group in order_checklist(facts).groupby(["country", "area"], sort=False):
        counts = {answer: int((group["answer"] == answer).sum()) for answer in ANSWERS}
        number_known = sum(counts.values())
        number_not_known = int((group["answer"] == "not_known").sum())
        number_not_applicable = int((group["status"] == "not_applicable").sum())
        rows.append(
            {"country": country, "area": area, "area_label": POLICY_AREAS[str(area)], **counts}
            | {
                "not_known": number_not_known,
                "not_applicable": number_not_applicable,
                "without_answer": len(group)
                - number_known
                - number_not_known
                - number_not_applicable,
                "items": len(group),
                "share_in_place": round(counts["in_place"] / number_known, DIGITS)
                if number_known
                else None,
                "data_kind": join_kinds(group["data_kind"]),
            }
        )
    return pd.DataFrame(rows)
