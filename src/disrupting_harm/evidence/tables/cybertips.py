"""CyberTipline reports by country, year and class."""

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
from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.evidence.shared_columns import number_field

WHOLE_YEAR, ALL_TYPES = "year", "all"


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.cybertips import (
        tabulate_cybertip_changes,
        tabulate_cybertip_parts,
        tabulate_cybertips,
    )

    is_whole_year = (facts["period"] == WHOLE_YEAR) & (facts["incident_type"] == ALL_TYPES)
    inputs = (facts[is_whole_year], context.countries, context.order)
    return {
        "cybertips": tabulate_cybertips(*inputs),
        "cybertip_changes": tabulate_cybertip_changes(*inputs),
        "cybertip_parts": tabulate_cybertip_parts(facts[~is_whole_year], context.countries),
    }


def _find_misplaced_bound(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    """Return a fault where something but a suppressed count says below which number it lies."""
    if row.get("below") is None or row["status"] == SUPPRESSED:
        return None
    return Fault("below", f"{row['below']} beside the status '{row['status']}'", "Leave it empty")


TABLE = Table(
    name="cybertips",
    position=10,
    title="CyberTip reports",
    meaning="Reports of one class that were resolved to a country in a year.",
    file="CyberTip reports by country, year and class.",
    columns=(
        shared_columns.PLACE,
        shared_columns.YEAR,
        Column(
            "class",
            "code",
            "Class of reports. From 2024 on NCMEC splits them, which breaks the series.",
            {
                "unsplit": "all reports",
                "referral": "reports with enough information for law enforcement to act on",
                "informational": "reports with too little information",
            },
            total="unsplit",
            published="unsplit, referral or informational: class of CyberTip reports.",
            labels={
                "unsplit": "all reports",
                "referral": "referrals",
                "informational": "informational",
            },
        ),
        shared_columns.REPORTS,
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
        Column(
            "period",
            "code",
            "Part of the year, where half-years are published. Years are read from rows of years: "
            "half-years are never added up.",
            {WHOLE_YEAR: "the whole year", "h1": "January to June", "h2": "July to December"},
            required=False,
            default=WHOLE_YEAR,
            published="year, h1 or h2: part of the year.",
        ),
        Column(
            "incident_type",
            "code",
            "What was reported, where types are published.",
            {
                ALL_TYPES: "all types together",
                "csam": "possession, manufacture or distribution of child sexual abuse material",
                "online_enticement": "online enticement of a child for sexual acts",
                "sex_trafficking": "child sex trafficking",
                "molestation": "child sexual molestation",
                "sex_tourism": "child sex tourism",
                "obscene_material": "obscene material sent to a child without being asked for",
                "misleading": "misleading domain names, words or digital images",
            },
            required=False,
            default=ALL_TYPES,
            published="What was reported; all: types together.",
            labels={
                ALL_TYPES: "All types together",
                "csam": "Sexual abuse material",
                "online_enticement": "Online enticement of a child",
                "sex_trafficking": "Trafficking of a child for sexual exploitation",
                "molestation": "Sexual abuse of a child",
                "sex_tourism": "Sexual exploitation of a child in travel and tourism",
                "obscene_material": "Obscene material sent to a child",
                "misleading": "Misleading domain names, words or images",
            },
        ),
        Column(
            "below",
            "count",
            "Of a suppressed count: the number below which it lies, where the source says so, such "
            "as 50 for “<50”.",
            required=False,
            published="Of a suppressed count: the number below which the source says that it lies; "
            "no count itself.",
            unit="reports",
        ),
        Column(
            "as_of",
            "date",
            "Day on which the figure was read, where the body goes on correcting it.",
            required=False,
            published="Day on which the figure was read; empty where it is not told.",
        ),
        Column(
            "series_id",
            "identifier",
            "Which of its series, where a body publishes several; figures of two series are not "
            "compared.",
            required=False,
            published="Series of the body that published the figure; empty where it has one.",
        ),
    ),
    key=("country", "year", "class", "period", "incident_type", "source_id"),
    amount="reports",
    check=_find_misplaced_bound,
    fact_label="CyberTip reports",
    protection=Protection("A body published the figures; they count reports and no people."),
    public=(
        PublicTable(
            "cybertips",
            "CyberTipline reports by country and year",
            (
                "country year reports",
                shared_columns.SERIES[0],
                "counted",
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
                "class status counted_by",
                number_field(
                    "share_world_percent",
                    "Share of the world's reports of the year, in per cent.",
                    100,
                    unit="per cent",
                ),
                shared_columns.SERIES[1],
                shared_columns.NOTE.make_public_field(),
            ),
            amount="reports",
            address="year class",
            kind_of_evidence="CyberTipline reports",
            key="country year class",
        ),
        PublicTable(
            "cybertip_changes",
            "How much CyberTipline reports changed from year to year",
            ("country class", *shared_columns.RATIOS, *shared_columns.SUMMED_PROVENANCE),
            in_order=shared_columns.RATIOS_IN_ORDER,
            key="country class",
        ),
        PublicTable(
            "cybertip_parts",
            "CyberTipline reports by half-year or type of incident",
            (
                "country year period class incident_type reports below status series_id as_of",
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            amount="reports",
        ),
    ),
    make=_make_public_tables,
)
