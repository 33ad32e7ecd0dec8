"""National plans and policies on the sexual exploitation and abuse of children online."""

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

OVER = ("ended", "superseded")
KINDS = {"plan": "plan", "policy": "policy", "programme": "programme", "strategy": "strategy"}


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.law import order_rows

    return {"policies": order_rows(facts, "year_from")}


def _find_fault(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    first, last, status = row["year_from"], row["year_to"], row["status"]
    if isinstance(last, int):
        if isinstance(first, int) and last < first:
            return Fault("year_to", f"{last} lies before 'year_from', {first}", "Correct one")
        if str(last) < str(row["checked"])[:4] and status not in OVER:
            return Fault(
                "status",
                f"'{status}' of a plan that ended in {last}",
                "Write 'ended', or 'superseded' where another took its place",
            )
    return find_claim_fault(row)


TABLE = Table(
    name="policies",
    position=140,
    title="National plans",
    meaning="One national plan, policy, programme or strategy.",
    file="National plans and policies.",
    columns=(
        shared_columns.COUNTRY,
        Column("title", "text", "Title, in English."),
        Column(
            "kind",
            "code",
            "What it is.",
            KINDS,
            labels=KINDS,
        ),
        Column("year_from", "year", "First year.", required=False, published="Calendar year."),
        Column(
            "year_to",
            "year",
            "Last year, where it has one.",
            required=False,
            may_be_later=True,
            published="Last year; empty where it has none.",
        ),
        Column(
            "status",
            "code",
            "Where it stands.",
            {
                "announced": "announced, not adopted",
                "adopted": "adopted",
                "running": "adopted, and its years are not over",
                "ended": "its years are over",
                "superseded": "another took its place",
            },
            published="Where it stands: announced, adopted, running, ended or superseded.",
            labels={
                "announced": "announced",
                "adopted": "adopted",
                "running": "running",
                "ended": "ended",
                "superseded": "replaced by another",
            },
        ),
        *CLAIM,
    ),
    key=("country", "title"),
    amount=None,
    check=_find_fault,
    protection=Protection("Plans count no people."),
    public=(
        PublicTable(
            "policies",
            "National plans and policies",
            ("country title kind year_from year_to status", *PUBLISHED_CLAIM),
        ),
    ),
    make=_make_public_tables,
)
