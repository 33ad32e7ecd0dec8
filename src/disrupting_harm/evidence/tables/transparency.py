"""Figures that companies publish of themselves."""

from collections.abc import Mapping

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import GLOBAL, Column, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Frame,
    KnownCodes,
    Protection,
    PublicTable,
    Table,
)


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.yearly_change import add_changes

    series_columns = ["platform", "metric", "scope"]
    return {"transparency": add_changes(facts, series_columns, "amount")}


def _find_unknown_scope(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    from disrupting_harm.evidence.typed_cells import match_country_code
    from disrupting_harm.evidence.typed_numbers import CellError

    try:
        match_country_code(str(row["scope"]), [GLOBAL, *known_codes.countries])
    except CellError as error:
        return Fault("scope", error.found, f"Write '{GLOBAL}' or a country's code")
    return None


TABLE = Table(
    name="transparency",
    position=30,
    title="Figures that companies publish",
    meaning="One figure of a platform for a year.",
    file="Companies' own figures.",
    columns=(
        Column("platform", "identifier", "Company or platform."),
        shared_columns.YEAR,
        Column(
            "metric",
            "code",
            "What the figure is.",
            {
                "reports_to_ncmec": "reports made to NCMEC",
                "pieces": "images, videos and other pieces acted on",
                "accounts": "accounts closed",
            },
            published="What the company counts.",
        ),
        Column(
            "scope",
            "identifier",
            "global, or the country's code.",
            published="global, or a country's code.",
        ),
        Column(
            "amount",
            "count",
            "The figure.",
            required=False,
            published="The figure as a number; empty where there is none.",
            unit="as the metric says",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=("platform", "year", "metric", "scope", "source_id"),
    amount="amount",
    check=_find_unknown_scope,
    fact_label="Figures of companies",
    protection=Protection("Companies published the figures; they count reports and accounts."),
    public=(
        PublicTable(
            "transparency",
            "Companies' own figures",
            (
                "platform year metric scope amount status",
                *shared_columns.SERIES,
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            amount="amount",
            kind_of_evidence="figures of companies",
            in_documents=False,
        ),
    ),
    make=_make_public_tables,
)
