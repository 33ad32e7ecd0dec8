"""Law and policy: the checklist of the WeProtect Model National Response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from disrupting_harm.evidence.columns import Column, Field, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Known,
    Protection,
    Public,
    Simulated,
    Table,
)
from disrupting_harm.evidence.policy_items import AREA_OF_ITEM, POLICY_AREAS, POLICY_ITEMS
from disrupting_harm.evidence.shared import (
    AREA,
    AREA_LABEL,
    COUNTRY,
    DATA_KIND,
    ITEM,
    ITEM_LABEL,
    NOTE,
    PROVENANCE,
    STATUS,
    TOLD,
)

if TYPE_CHECKING:
    import pandas as pd


def _make(facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    from disrupting_harm.evidence.policy import policy_areas, policy_table

    return {"policy": policy_table(facts), "policy_areas": policy_areas(facts)}


def _wrong_area(row: Mapping[str, Value], known: Known) -> Fault | None:
    from disrupting_harm.evidence.cells import wrong_area

    return wrong_area(row, AREA_OF_ITEM)


TABLE = Table(
    name="policy",
    place=100,
    title="Law and policy",
    meaning="One item of the WeProtect Model National Response in a country.",
    file="Checklist of law and policy.",
    columns=(
        COUNTRY,
        Column("area", "code", "Area of the Model National Response.", POLICY_AREAS,
               published=AREA),
        Column("item", "code", "Capability within the area.", POLICY_ITEMS, published=ITEM),
        Column(
            "answer",
            "code",
            "Whether the country has it.",
            {
                "in_place": "in place",
                "partly": "partly in place",
                "not_in_place": "not in place",
                "not_known": "looked for; could not be told",
            },
            required=False,
            published="Answer, as a code.",
        ),
        STATUS,
        Column(
            "instrument",
            "text",
            "Law, plan or body that shows it.",
            required=False,
            published="Law, plan or body.",
        ),
        Column(
            "year", "year", "Year of the instrument.", required=False, published="Calendar year."
        ),
        NOTE,
        *PROVENANCE,
    ),
    key=("country", "area", "item", "source_id"),
    amount="answer",
    check=_wrong_area,
    protection=Protection("Laws and plans count no people."),
    public=(
        Public(
            "policy",
            "Law and policy beside the Model National Response",
            (
                "country", "area", AREA_LABEL, "item", ITEM_LABEL, "answer", "status",
                "instrument", "year", "note", *TOLD,
            ),
            kind_of_evidence="a review of law and policy",
        ),
        Public(
            "policy_areas",
            "Law and policy by area",
            (
                "country",
                "area",
                AREA_LABEL,
                Field("in_place", "integer", "Items in place."),
                Field("partly", "integer", "Items partly in place."),
                Field("not_in_place", "integer", "Items not in place."),
                Field(
                    "not_known",
                    "integer",
                    "Items that somebody looked for without finding an answer.",
                ),
                Field(
                    "not_applicable",
                    "integer",
                    "Items that cannot be answered for the country.",
                ),
                Field(
                    "without_answer",
                    "integer",
                    "Items that nobody looked for, or whose answer was not given.",
                ),
                Field("items", "integer", "Items of the area."),
                Field(
                    "share_in_place",
                    "number",
                    "Share in place of the items of which it is known.",
                    highest=1,
                    empty=True,
                ),
                DATA_KIND,
            ),
            in_documents=False,
        ),
    ),
    make=_make,
    simulation=Simulated(
        "Review of law and policy (simulated)", "simulated review of law and policy", open=True
    ),
)  # fmt: skip
