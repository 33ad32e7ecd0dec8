"""Calls and messages to helplines by their reason."""

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import ALL, Column
from disrupting_harm.evidence.definition import (
    Context,
    Frame,
    Protection,
    PublicTable,
    SmallCounts,
    Table,
)

_KEY = ("country", "year", "organisation", "reason")


def _hide(facts: Frame, small: SmallCounts) -> Frame:
    from disrupting_harm.evidence.measures.small_counts import hide_small_counts

    together = ["country", "year", "organisation", "source_id"]
    return hide_small_counts(facts, together, ["reason"], "calls", small.people)


def _make(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.yearly_change import add_changes

    place = ["country", "organisation", "reason"]
    return {"helplines_calls": add_changes(facts, place, "calls")}


TABLE = Table(
    name="helplines_calls",
    position=55,
    title="Calls to helplines by reason",
    meaning="Calls and messages to a helpline in a year, for one reason.",
    file="Calls to helplines by reason and year.",
    columns=(
        shared_columns.COUNTRY,
        shared_columns.YEAR,
        Column("organisation", "text", "Helpline."),
        Column(
            "reason",
            "code",
            "Main reason of the call; `all` is the total of the others.",
            {
                "online_abuse": "sexual exploitation or abuse online",
                "other_violence": "other violence",
                "family": "family",
                "health": "health, body and mind",
                "school": "school",
                "other": "another reason",
                "not_recorded": "the records do not say",
                ALL: "all together",
            },
            total=ALL,
            published="Main reason of the calls; all is the total.",
            labels={
                "online_abuse": "abuse online",
                "family": "the family",
                "not_recorded": "a reason not recorded",
            },
        ),
        Column(
            "calls",
            "count",
            "Number of calls.",
            required=False,
            published="Calls counted.",
            unit="calls",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=(*_KEY, "source_id"),
    amount="calls",
    fact_label="Calls to a helpline",
    protection=Protection("Few callers with one reason could be recognised.", _hide),
    public=(
        PublicTable(
            "helplines_calls",
            "Calls to helplines by reason",
            (*_KEY, "calls status", *shared_columns.SERIES, *shared_columns.PROVENANCE_COLUMNS),
            amount="calls",
            address="year organisation reason",
            kind_of_evidence="calls to helplines",
        ),
    ),
    make=_make,
)
