"""Law and policy: the checklist of the WeProtect Model National Response."""

from collections.abc import Mapping

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Column, Value
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
from disrupting_harm.evidence.policy_items import (
    AREA_LABELS,
    AREA_OF_ITEM,
    ITEM_LABELS,
    POLICY_AREAS,
    POLICY_ITEMS,
)
from disrupting_harm.evidence.shared_columns import count_field, number_field


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.policy import count_policy_areas, order_checklist

    return {"policy": order_checklist(facts), "policy_areas": count_policy_areas(facts)}


def _find_wrong_area(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    from disrupting_harm.evidence.typed_cells import find_wrong_area

    return find_wrong_area(row, AREA_OF_ITEM)


TABLE = Table(
    name="policy",
    position=100,
    title="Law and policy",
    meaning="One item of the WeProtect Model National Response in a country.",
    file="Checklist of law and policy.",
    columns=(
        shared_columns.COUNTRY,
        Column(
            "area",
            "code",
            "Area of the Model National Response.",
            POLICY_AREAS,
            published=shared_columns.AREA,
            labels=AREA_LABELS,
        ),
        Column(
            "item",
            "code",
            "Capability within the area.",
            POLICY_ITEMS,
            published=shared_columns.ITEM,
            labels=ITEM_LABELS,
        ),
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
            labels={
                "in_place": "in place",
                "partly": "partly in place",
                "not_in_place": "not in place",
                "not_known": "not known",
            },
        ),
        shared_columns.STATUS,
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
        shared_columns.NOTE,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "area", "item", "source_id"),
    amount="answer",
    check=_find_wrong_area,
    protection=Protection("Laws and plans count no people."),
    public=(
        PublicTable(
            "policy",
            "Law and policy beside the Model National Response",
            (
                "country area",
                shared_columns.AREA_LABEL,
                "item",
                shared_columns.ITEM_LABEL,
                "answer status instrument year note",
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            address="item",
            kind_of_evidence="a review of law and policy",
        ),
        PublicTable(
            "policy_areas",
            "Law and policy by area",
            (
                "country area",
                shared_columns.AREA_LABEL,
                count_field("in_place", "Items in place.", unit="items"),
                count_field("partly", "Items partly in place.", unit="items"),
                count_field("not_in_place", "Items not in place.", unit="items"),
                count_field(
                    "not_known",
                    "Items that somebody looked for without finding an answer.",
                    unit="items",
                ),
                count_field(
                    "not_applicable", "Items that cannot be answered for the country.", unit="items"
                ),
                count_field(
                    "without_answer",
                    "Items that nobody looked for, or whose answer was not given.",
                    unit="items",
                ),
                count_field("items", "Items of the area.", unit="items"),
                number_field(
                    "share_in_place",
                    "Share in place of the items of which it is known.",
                    1,
                    unit="share, from 0 to 1",
                ),
                shared_columns.DATA_KIND,
            ),
            in_documents=False,
            key="country area",
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Review of law and policy (simulated)", "simulated review of law and policy", open=True
    ),
)
