"""Capacity of law enforcement: scores of the needs analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.columns import HIGHEST, Column, Field, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Known,
    Protection,
    Public,
    Simulated,
    Table,
)
from disrupting_harm.evidence.shared import (
    AGENCY,
    AREA,
    AREA_LABEL,
    COUNTRY,
    DATA_KIND,
    ITEM,
    ITEM_LABEL,
    NOTE,
    PROVENANCE,
    SOURCE,
    STATUS,
)

if TYPE_CHECKING:
    import pandas as pd

_CONFIDENCE = {"low": "low", "medium": "medium", "high": "high"}
_SURE = "How sure the assessors are; of an area, the lowest of its items."
_RESTS_ON = "What the scores rest on: interview, document or observation."
_ITEMS = (
    Field("items_asked", "integer", "Items that have a score."),
    Field("items_total", "integer", "Items of the area, asked or not."),
    Field("items_absent", "integer", "Items asked whose score is 0."),
)
_GAP = Field(
    "gap",
    "number",
    "What the mean score lacks to the highest, from 0 to 1.",
    highest=1,
    empty=True,
)


def _make(facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    from disrupting_harm.evidence.capacity import DIGITS, capacity_needs, capacity_profile

    if context.areas is None:
        raise StudyError(
            "configuration, key 'evidence.capacity_areas'",
            "it is empty, but there are scores of capacity",
            "Name the file of areas, items and weights",
        )
    labels = {area.id: area.label for area in context.areas.areas}
    items = {item: text for area in context.areas.areas for item, text in area.items.items()}
    profile = capacity_profile(facts, context.areas)
    return {
        "capacity": facts.assign(
            area_label=facts["area"].map(labels).fillna(""),
            item_label=facts["item"].map(items).fillna(""),
        ),
        "capacity_profile": profile.round({"score_mean": DIGITS, "gap": DIGITS}),
        "capacity_needs": capacity_needs(facts, context.areas),
    }


def _wrong_area(row: Mapping[str, Value], known: Known) -> Fault | None:
    from disrupting_harm.evidence.cells import wrong_area

    return None if known.capacity_items is None else wrong_area(row, known.capacity_items)


TABLE = Table(
    name="capacity",
    place=70,
    title="Capacity of law enforcement",
    meaning="The score of an agency on one item of the needs analysis.",
    file="Items on police capacity.",
    columns=(
        COUNTRY,
        Column("agency", "text", "Agency that was assessed.", published=AGENCY),
        Column(
            "date",
            "date",
            "When: 2021-03-15 or 2021-03.",
            published="When the agency was assessed.",
        ),
        Column("area", "identifier", "Area of the item, as in the file of areas.", published=AREA),
        Column("item", "identifier", "Item, as in the file of areas.", published=ITEM),
        Column(
            "score",
            "score",
            "0 absent, 1 beginning, 2 partly in place, 3 in place.",
            required=False,
            published="Score of the item, 0 absent to 3 in place; empty where not asked.",
        ),
        STATUS,
        Column(
            "evidence",
            "code",
            "What the score rests on.",
            {
                "interview": "what an officer said",
                "document": "a document that was seen",
                "observation": "what was seen on the spot",
            },
            published=_RESTS_ON,
        ),
        Column("confidence", "code", "How sure the assessor is.", _CONFIDENCE, published=_SURE),
        NOTE,
        *PROVENANCE,
    ),
    key=("country", "agency", "date", "item", "source_id"),
    amount="score",
    check=_wrong_area,
    protection=Protection("Scores speak of an agency and count no people."),
    public=(
        Public(
            "capacity",
            "Capacity of law enforcement, item by item",
            (
                "country", "agency", "date", "area", AREA_LABEL, "item", ITEM_LABEL, "score",
                "status", "evidence", "confidence", "note", "source_id", SOURCE, DATA_KIND,
            ),
            amount="score",
        ),
        Public(
            "capacity_profile",
            "Capacity of law enforcement by area",
            (
                "country",
                "area",
                AREA_LABEL,
                Field(
                    "score_mean",
                    "number",
                    "Mean score of the items asked; takes the steps as equal.",
                    highest=HIGHEST["score"],
                    empty=True,
                ),
                *_ITEMS,
                _GAP,
                Field("evidence", "string", _RESTS_ON),
                Field("confidence", "string", _SURE, (*_CONFIDENCE, "")),
                Field("agencies", "integer", "Agencies that were asked."),
                SOURCE,
                DATA_KIND,
            ),
            kind_of_evidence="an assessment of law enforcement",
        ),
        Public(
            "capacity_needs",
            "Needs of law enforcement, ranked",
            (
                "country",
                "area",
                AREA_LABEL,
                *_ITEMS,
                Field(
                    "rank_low",
                    "integer",
                    "Best rank of the need that the scores allow; 1 is the greatest.",
                ),
                Field(
                    "rank_high",
                    "integer",
                    "Worst rank of the need that the scores allow, on any scale.",
                ),
                Field("may_be_first", "boolean", "Whether the area may be the greatest need."),
                Field(
                    "weight",
                    "number",
                    "Share of the area in the sum of the study's weights.",
                    highest=1,
                ),
                _GAP,
                Field(
                    "weighted_rank",
                    "integer",
                    "Rank of weight times gap, which takes the steps as equal.",
                    empty=True,
                ),
                SOURCE,
                DATA_KIND,
            ),
            in_order=(("rank_low", "rank_high"),),
        ),
    ),
    make=_make,
    simulation=Simulated(
        "Scores of the needs analysis (simulated)",
        "simulated needs analysis of law enforcement",
    ),
)  # fmt: skip
