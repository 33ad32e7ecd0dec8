"""CyberTipline reports by the company that made them."""

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import ALL, Column
from disrupting_harm.evidence.definition import Context, Frame, Protection, PublicTable, Table
from disrupting_harm.evidence.shared_columns import number_field


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.reporter_shares import tabulate_reporters

    return {"reporters": tabulate_reporters(facts)}


TABLE = Table(
    name="reporters",
    position=20,
    title="CyberTip reports by reporter",
    meaning="Reports that one company made, in a country and year.",
    file="CyberTip reports by reporter.",
    columns=(
        shared_columns.PLACE,
        shared_columns.YEAR,
        Column(
            "reporter",
            "identifier",
            "Company that reported.",
            total=ALL,
            published="Company that made the reports.",
        ),
        shared_columns.REPORTS,
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "year", "reporter", "source_id"),
    amount="reports",
    fact_label="CyberTip reports of one company",
    protection=Protection("A body published the figures; they count reports and no people."),
    public=(
        PublicTable(
            "reporters",
            "CyberTipline reports by reporting company",
            (
                "country year reporter reports status",
                shared_columns.SHARE_PERCENT,
                number_field(
                    "hhi",
                    "Herfindahl-Hirschman index of reports over reporters, at the least.",
                    1,
                    unit="index, from 0 to 1",
                ),
                number_field(
                    "hhi_high",
                    "The same index at the most, whoever made the unattributed reports.",
                    1,
                    unit="index, from 0 to 1",
                ),
                *shared_columns.SUMMED_PROVENANCE,
            ),
            amount="reports",
            key="country year reporter",
        ),
    ),
    make=_make_public_tables,
)
