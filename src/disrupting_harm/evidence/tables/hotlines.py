"""Reports and contacts of hotlines and helplines."""

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


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.yearly_change import add_changes

    series_columns = ["country", "organisation", "kind", "measure"]
    return {"hotlines": add_changes(facts, series_columns, "contacts")}


def _find_wrong_measure(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    contacts = str(row["measure"]).startswith("contacts_")
    if contacts == (row["kind"] == "helpline"):
        return None
    return Fault(
        "measure",
        f"a {row['kind']} with the measure '{row['measure']}'",
        "Hotlines count reports, helplines contacts; correct one of the two",
    )


TABLE = Table(
    name="hotlines",
    position=50,
    title="Hotlines and helplines",
    meaning="One count of a hotline or helpline for a year.",
    file="Reports to hotlines and helplines.",
    columns=(
        shared_columns.PLACE,
        shared_columns.YEAR,
        Column("organisation", "text", "Hotline or helpline."),
        Column(
            "kind",
            "code",
            "What it is.",
            {"hotline": "takes reports of material", "helpline": "children call it"},
            published="hotline or helpline.",
        ),
        Column(
            "measure",
            "code",
            "What is counted.",
            {
                "reports_received": "reports received",
                "actionable": "reports that could be acted on",
                "removed": "reports after which material was removed",
                "contacts_total": "calls and messages on any subject",
                "contacts_ocsea": "calls and messages on online sexual exploitation and abuse",
            },
            published="What the hotline or helpline counts.",
            labels={
                "reports_received": "Reports received",
                "actionable": "Reports that could be acted on",
                "removed": "Reports after which material was removed",
                "contacts_total": "Contacts on any subject",
                "contacts_ocsea": "Contacts on online exploitation and abuse",
            },
        ),
        Column(
            "contacts",
            "count",
            "Number of reports or contacts.",
            required=False,
            published="Reports or contacts counted.",
            unit="contacts",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "year", "organisation", "kind", "measure", "source_id"),
    amount="contacts",
    check=_find_wrong_measure,
    fact_label="Hotlines and helplines",
    protection=Protection("They count reports and contacts of a year and a whole country."),
    public=(
        PublicTable(
            "hotlines",
            "Reports and contacts of hotlines and helplines",
            (
                "country year organisation kind measure contacts status",
                *shared_columns.SERIES,
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            amount="contacts",
            address="year organisation measure",
            kind_of_evidence="figures of hotlines and helplines",
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Reports and contacts of hotlines and helplines (simulated)",
        "simulated records of hotlines and helplines",
        open=True,
    ),
)
