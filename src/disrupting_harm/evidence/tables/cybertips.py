"""CyberTipline reports by country, year and class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from disrupting_harm.evidence.columns import Column, Field
from disrupting_harm.evidence.definition import Context, Protection, Public, Table
from disrupting_harm.evidence.shared import (
    DATA_KIND,
    DENOMINATOR,
    NOTE,
    PLACE,
    PROVENANCE,
    RATE,
    RATIOS,
    RATIOS_IN_ORDER,
    SERIES,
    SOURCE,
    STATUS,
    SUMMED,
    YEAR,
)

if TYPE_CHECKING:
    import pandas as pd


def _make(facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    from disrupting_harm.evidence.cybertips import cybertip_changes, cybertip_table

    of = (facts, context.countries, context.order)
    return {"cybertips": cybertip_table(*of), "cybertip_changes": cybertip_changes(*of)}


TABLE = Table(
    name="cybertips",
    place=10,
    title="CyberTip reports",
    meaning="Reports of one class that were resolved to a country in a year.",
    file="CyberTip reports by country, year and class.",
    columns=(
        PLACE,
        YEAR,
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
        ),
        Column(
            "reports",
            "count",
            "Number of reports.",
            required=False,
            published="Reports counted; not children and not a prevalence.",
        ),
        STATUS,
        *PROVENANCE,
    ),
    key=("country", "year", "class", "source_id"),
    amount="reports",
    conflicts=True,
    protection=Protection("A body published the figures; they count reports and no people."),
    public=(
        Public(
            "cybertips",
            "CyberTipline reports by country and year",
            (
                "country",
                "year",
                "reports",
                Field("children", "integer", "Children of the country aged 12-17.", empty=True),
                RATE,
                SERIES[0],
                "counted",
                SOURCE,
                DATA_KIND,
                "class",
                "status",
                "counted_by",
                DENOMINATOR,
                Field(
                    "share_world_percent",
                    "number",
                    "Share of the world's reports of the year, in per cent.",
                    highest=100,
                    empty=True,
                ),
                SERIES[1],
                NOTE.field(),
            ),
            amount="reports",
            kind_of_evidence="CyberTipline reports",
        ),
        Public(
            "cybertip_changes",
            "How much CyberTipline reports changed from year to year",
            ("country", "class", *RATIOS, *SUMMED),
            in_order=RATIOS_IN_ORDER,
        ),
    ),
    make=_make,
)
