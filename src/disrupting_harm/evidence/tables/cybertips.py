"""CyberTipline reports by country, year and class."""

from disrupting_harm.evidence import shared
from disrupting_harm.evidence.columns import Column
from disrupting_harm.evidence.definition import Context, Frame, Protection, Public, Table
from disrupting_harm.evidence.shared import count, number


def _make(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.cybertips import cybertip_changes, cybertip_table

    of = (facts, context.countries, context.order)
    return {"cybertips": cybertip_table(*of), "cybertip_changes": cybertip_changes(*of)}


TABLE = Table(
    name="cybertips",
    place=10,
    title="CyberTip reports",
    meaning="Reports of one class that were resolved to a country in a year.",
    file="CyberTip reports by country, year and class.",
    columns=(
        shared.PLACE,
        shared.YEAR,
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
        Column(
            "reports",
            "count",
            "Number of reports.",
            required=False,
            published="Reports counted; not children and not a prevalence.",
        ),
        shared.STATUS,
        *shared.PROVENANCE,
    ),
    key=("country", "year", "class", "source_id"),
    amount="reports",
    fact_label="CyberTip reports",
    protection=Protection("A body published the figures; they count reports and no people."),
    public=(
        Public(
            "cybertips",
            "CyberTipline reports by country and year",
            (
                "country year reports",
                count("children", "Children of the country aged 12-17.", empty=True),
                shared.RATE,
                shared.SERIES[0],
                "counted",
                shared.SOURCE,
                shared.DATA_KIND,
                "class status counted_by",
                shared.DENOMINATOR,
                number(
                    "share_world_percent",
                    "Share of the world's reports of the year, in per cent.",
                    100,
                ),
                shared.SERIES[1],
                shared.NOTE.field(),
            ),
            amount="reports",
            address="year class",
            kind_of_evidence="CyberTipline reports",
            key="country year class",
        ),
        Public(
            "cybertip_changes",
            "How much CyberTipline reports changed from year to year",
            ("country class", *shared.RATIOS, *shared.SUMMED),
            in_order=shared.RATIOS_IN_ORDER,
            key="country class",
        ),
    ),
    make=_make,
)
