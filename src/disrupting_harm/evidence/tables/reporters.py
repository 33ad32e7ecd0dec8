"""CyberTipline reports by the company that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from disrupting_harm.evidence.columns import ALL, Column, Field
from disrupting_harm.evidence.definition import Context, Protection, Public, Table
from disrupting_harm.evidence.shared import PLACE, PROVENANCE, SHARE_PERCENT, STATUS, SUMMED, YEAR

if TYPE_CHECKING:
    import pandas as pd


def _make(facts: pd.DataFrame, context: Context) -> dict[str, pd.DataFrame]:
    from disrupting_harm.evidence.shares import reporter_table

    return {"reporters": reporter_table(facts)}


TABLE = Table(
    name="reporters",
    place=20,
    title="CyberTip reports by reporter",
    meaning="Reports that one company made, in a country and year.",
    file="CyberTip reports by reporter.",
    columns=(
        PLACE,
        YEAR,
        Column(
            "reporter",
            "identifier",
            "Company that reported.",
            total=ALL,
            published="Company that made the reports.",
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
    key=("country", "year", "reporter", "source_id"),
    amount="reports",
    conflicts=True,
    protection=Protection("A body published the figures; they count reports and no people."),
    public=(
        Public(
            "reporters",
            "CyberTipline reports by reporting company",
            (
                "country",
                "year",
                "reporter",
                "reports",
                "status",
                SHARE_PERCENT,
                Field(
                    "hhi",
                    "number",
                    "Herfindahl-Hirschman index of reports over reporters, at the least.",
                    highest=1,
                    empty=True,
                ),
                Field(
                    "hhi_high",
                    "number",
                    "The same index at the most, whoever made the unattributed reports.",
                    highest=1,
                    empty=True,
                ),
                *SUMMED,
            ),
            amount="reports",
        ),
    ),
    make=_make,
)
