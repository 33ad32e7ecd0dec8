"""Register of hotlines and helplines; how many people turned to them is in ``hotlines``."""

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
    Table,
)
from disrupting_harm.evidence.law_columns import CLAIM, PUBLISHED_CLAIM, find_claim_fault


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.law import order_rows

    return {"service_register": order_rows(facts, "kind", list(KINDS))}


def _find_fault(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    return find_claim_fault(row)


KINDS = {
    "helpline": "helpline that children can turn to",
    "inhope": "hotline for material, in the INHOPE network",
    "iwf_portal": "portal for reports of material, run by the Internet Watch Foundation",
    "police": "police unit that takes reports",
}
TABLE = Table(
    name="service_register",
    position=150,
    title="Register of hotlines and helplines",
    meaning="One hotline, helpline or portal that a source names.",
    file="Hotlines and helplines that sources name.",
    columns=(
        shared_columns.COUNTRY,
        Column("name", "text", "Name."),
        Column(
            "kind",
            "code",
            "What it is.",
            KINDS,
            labels={
                "helpline": "helpline",
                "inhope": "hotline for material (INHOPE)",
                "iwf_portal": "portal for reports of material (IWF)",
            },
        ),
        Column(
            "contact",
            "text",
            "Number or address as the source gives it. It is published in the table with its date; "
            "documents print none that the study did not confirm.",
            required=False,
            published="Number or address as the source gives it; nobody called it.",
            unit="telephone number or address",
        ),
        Column("since", "year", "Year it began.", required=False, published="Calendar year."),
        *CLAIM,
    ),
    key=("country", "name"),
    amount=None,
    check=_find_fault,
    protection=Protection("A register of services counts no people."),
    public=(
        PublicTable(
            "service_register",
            "Register of hotlines and helplines",
            ("country name kind contact since", *PUBLISHED_CLAIM),
            address="name",
        ),
    ),
    make=_make_public_tables,
)
