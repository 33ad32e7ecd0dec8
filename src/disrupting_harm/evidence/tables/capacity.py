"""Capacity of law enforcement: scores of the needs analysis."""

from collections.abc import Mapping

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import HIGHEST, Column, Field, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Frame,
    KnownCodes,
    Protection,
    PublicTable,
    SimulationText,
    Table,
)
from disrupting_harm.evidence.shared_columns import count_field, number_field, text_field

_CONFIDENCE = {"low": "low", "medium": "medium", "high": "high"}
_CONFIDENCE_MEANING = "How sure the assessors are; of an area, the lowest of its items."
_EVIDENCE_MEANING = "What the scores rest on: interview, document or observation."
_ITEMS = (
    count_field("items_asked", "Items that have a score.", unit="items"),
    count_field("items_total", "Items of the area, asked or not.", unit="items"),
    count_field("items_absent", "Items asked whose score is 0.", unit="items"),
)
_GAP = number_field(
    "gap", "What the mean score lacks to the highest, from 0 to 1.", 1, unit="share, from 0 to 1"
)

_OF_ITEMS = (
    "country", "agency", "date", "area", shared_columns.AREA_LABEL,
    "item", shared_columns.ITEM_LABEL, "score", "status", "evidence", "confidence", "note",
    "source_id", shared_columns.SOURCE, shared_columns.DATA_KIND,
)  # fmt: skip


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.capacity import (
        DIGITS,
        profile_capacity,
        rank_capacity_needs,
    )

    if context.areas is None:
        raise StudyError(
            "configuration, key 'evidence.capacity_areas'",
            "it is empty, but there are scores of capacity",
            "Name the file of areas, items and weights",
        )
    labels = {area.id: area.label for area in context.areas.areas}
    items = {item: text for area in context.areas.areas for item, text in area.items.items()}
    profile = profile_capacity(facts, context.areas)
    return {
        "capacity": facts.assign(
            area_label=facts["area"].map(labels).fillna(""),
            item_label=facts["item"].map(items).fillna(""),
        ),
        "capacity_profile": profile.round({"score_mean": DIGITS, "gap": DIGITS}),
        "capacity_needs": rank_capacity_needs(facts, context.areas, profile),
    }


def _find_wrong_area(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    from disrupting_harm.evidence.typed_cells import find_wrong_area

    return (
        None
        if known_codes.capacity_items is None
        else find_wrong_area(row, known_codes.capacity_items)
    )


TABLE = Table(
    name="capacity",
    position=70,
    title="Capacity of law enforcement",
    meaning="The score of an agency on one item of the needs analysis.",
    file="Items on police capacity.",
    columns=(
        shared_columns.COUNTRY,
        Column("agency", "text", "Agency that was assessed.", published=shared_columns.AGENCY),
        Column(
            "date",
            "date",
            "When: 2021-03-15 or 2021-03.",
            published="When the agency was assessed.",
        ),
        Column(
            "area",
            "identifier",
            "Area of the item, as in the file of areas.",
            published=shared_columns.AREA,
        ),
        Column(
            "item", "identifier", "Item, as in the file of areas.", published=shared_columns.ITEM
        ),
        Column(
            "score",
            "score",
            "0 absent, 1 beginning, 2 partly in place, 3 in place.",
            required=False,
            published="Score of the item, 0 absent to 3 in place; empty where not asked.",
        ),
        shared_columns.STATUS,
        Column(
            "evidence",
            "code",
            "What the score rests on.",
            {
                "interview": "what an officer said",
                "document": "a document that was seen",
                "observation": "what was seen on the spot",
            },
            published=_EVIDENCE_MEANING,
            labels={
                "interview": "interview",
                "document": "document",
                "observation": "observation",
            },
        ),
        Column(
            "confidence",
            "code",
            "How sure the assessor is.",
            _CONFIDENCE,
            published=_CONFIDENCE_MEANING,
            labels=_CONFIDENCE,
        ),
        shared_columns.NOTE,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "agency", "date", "item", "source_id"),
    amount="score",
    check=_find_wrong_area,
    protection=Protection("Scores speak of an agency and count no people."),
    public=(
        PublicTable(
            "capacity",
            "Capacity of law enforcement, item by item",
            _OF_ITEMS,
            amount="score",
            address="agency date item",
        ),
        PublicTable(
            "capacity_profile",
            "Capacity of law enforcement by area",
            (
                "country area",
                shared_columns.AREA_LABEL,
                number_field(
                    "score_mean",
                    "Mean score of the items asked; takes the steps as equal.",
                    HIGHEST["score"],
                    unit="score, from 0 to 3",
                ),
                *_ITEMS,
                _GAP,
                text_field("evidence", _EVIDENCE_MEANING),
                text_field("confidence", _CONFIDENCE_MEANING, *_CONFIDENCE, ""),
                count_field("agencies", "Agencies that were asked.", unit="agencies"),
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
            ),
            kind_of_evidence="an assessment of law enforcement",
            key="country area",
        ),
        PublicTable(
            "capacity_needs",
            "Needs of law enforcement, ranked",
            (
                "country area",
                shared_columns.AREA_LABEL,
                *_ITEMS,
                count_field(
                    "rank_low",
                    "Best rank of the need that the scores allow; 1 is the greatest.",
                    unit="rank; 1 is the first",
                ),
                count_field(
                    "rank_high",
                    "Worst rank of the need that the scores allow, on any scale.",
                    unit="rank; 1 is the first",
                ),
                Field("may_be_first", "boolean", "Whether the area may be the greatest need."),
                number_field(
                    "weight",
                    "Share of the area in the sum of the study's weights.",
                    1,
                    empty=False,
                    unit="share, from 0 to 1",
                ),
                _GAP,
                count_field(
                    "weighted_rank",
                    "Rank of weight times gap, which takes the steps as equal.",
                    empty=True,
                    unit="rank; 1 is the first",
                ),
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
            ),
            in_order=(("rank_low", "rank_high"),),
            address="area",
            key="country area",
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Scores of the needs analysis (simulated)", "simulated needs analysis of law enforcement"
    ),
)
