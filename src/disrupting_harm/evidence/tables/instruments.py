"""Treaties, and what each country is to them; a signature is never called a ratification."""

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

# Treaties in the order in which they are printed: the year of adoption, name, label.
_TREATIES = {
    "crc": (1989, "Convention on the Rights of the Child"),
    "opsc": (2000, "Optional Protocol on the sale of children (OPSC)"),
    "ilo_c182": (1999, "ILO Convention No. 182 on the worst forms of child labour"),
    "budapest": (2001, "Convention on Cybercrime (Budapest)"),
    "malabo": (2014, "African Union Convention on Cyber Security (Malabo)"),
    "uncc": (2024, "United Nations Convention against Cybercrime"),
}
CLOSED = "closed"
TREATIES = {code: name for code, (_, name) in _TREATIES.items()}


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.law import order_rows

    return {"instruments": order_rows(facts, "instrument", list(TREATIES))}


def _find_fault(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    adopted = _TREATIES[str(row["instrument"])][0]
    if isinstance(row["year"], int) and row["year"] < adopted:
        found = f"{row['year']} lies before the treaty was adopted, {adopted}"
        return Fault("year", found, "Correct the year or the treaty")
    if row["status"] in ("signed", "invited") and "ratified" in str(row["note"]).casefold():
        return Fault(
            "note",
            f"'ratified' beside the status '{row['status']}'",
            "A signature is no ratification: correct the status, or the note",
        )
    if row["status"] == CLOSED and not row["note"]:
        return Fault("note", "nothing beside the status 'closed'", "Say to whom the treaty is open")
    return find_claim_fault(row)


TABLE = Table(
    name="instruments",
    position=130,
    title="Treaties",
    meaning="What a country is to a treaty.",
    file="Treaties, and what each country is to them.",
    columns=(
        shared_columns.COUNTRY,
        Column("instrument", "code", "Treaty.", TREATIES, labels=TREATIES),
        Column(
            "status",
            "code",
            "What the country is to it.",
            {
                "party": "it ratified or acceded",
                "signed": "it signed; it is not bound yet",
                "invited": "it was invited to accede",
                "not_party": "neither of these",
                CLOSED: "it cannot be a party: the treaty is open to others alone, as its note "
                "says",
                "unknown": "somebody looked, and could not tell",
            },
            published="What the country is to it: party, signed, invited, not_party, closed or "
            "unknown.",
            labels={
                "party": "party",
                "signed": "signed, not a party",
                "invited": "invited to accede",
                "not_party": "not a party",
                CLOSED: "not open to this country",
                "unknown": "not known",
            },
        ),
        Column("year", "year", "Year of that.", required=False, published="Calendar year."),
        *CLAIM,
    ),
    key=("country", "instrument"),
    amount=None,
    check=_find_fault,
    protection=Protection("Treaties count no people."),
    public=(
        PublicTable(
            "instruments",
            "Treaties, and what each country is to them",
            ("country instrument status year", *PUBLISHED_CLAIM),
            address="instrument",
        ),
    ),
    make=_make_public_tables,
)
