"""Interest in groups of search terms, which have no words here."""

import re
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

_OPAQUE = re.compile(r"[a-z]{1,2}[0-9]{1,3}")


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    return {"search_interest": facts}


def _find_search_terms(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    if _OPAQUE.fullmatch(str(row["term_group"])):
        return None
    # What stands there is not repeated.
    return Fault("term_group", "a text that is no opaque name", "Write g01, g02; never the terms")


TABLE = Table(
    name="search_interest",
    position=60,
    title="Interest in search terms",
    meaning="The index of one group of terms in a month.",
    file="Interest in groups of search terms, which have no words here.",
    columns=(
        shared_columns.COUNTRY,
        Column(
            "term_group",
            "identifier",
            "Opaque name of the group, e.g. g01; never the terms.",
            published="Opaque name of a group of search terms.",
        ),
        shared_columns.YEAR,
        Column("month", "month", "Month, 1 to 12."),
        Column(
            "index_value",
            "percent",
            "Index, 0 to 100; 100 is the highest of the series.",
            required=False,
            published="Index of searches, 0 to 100.",
            unit="index, from 0 to 100",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "term_group", "year", "month", "source_id"),
    amount="index_value",
    check=_find_search_terms,
    protection=Protection("An index of all searches of a country counts nobody."),
    public=(
        PublicTable(
            "search_interest",
            "Interest in groups of search terms",
            (
                "country term_group year month index_value status",
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            amount="index_value",
            kind_of_evidence="interest in search terms",
            in_documents=False,
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Index of searches (simulated)", "simulated index of searches", open=True
    ),
)
