"""Offences that law enforcement recorded."""

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import ALL, Column
from disrupting_harm.evidence.definition import (
    Context,
    Frame,
    Protection,
    PublicTable,
    SimulationText,
    SmallCounts,
    Table,
)
from disrupting_harm.evidence.shared_columns import count_field


def _hide_small_counts(facts: Frame, small: SmallCounts) -> Frame:
    from disrupting_harm.evidence.measures.small_counts import hide_small_counts

    victims = ["victim_sex", "victim_age_band"]
    group_columns = [name for name in TABLE.key if name not in victims]
    return hide_small_counts(facts, group_columns, victims, "offences", small.people)


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.offences import rate_offences, tabulate_offence_changes

    inputs = (facts, context.countries, context.order)
    return {
        "offences": facts,
        "offence_rates": rate_offences(*inputs),
        "offence_changes": tabulate_offence_changes(*inputs),
    }


_KEY = (
    "country", "agency", "year", "offence_code", "technology", "stage", "victim_sex",
    "victim_age_band", "counting_rule",
)  # fmt: skip
_UNITS = {
    "victims": "victims",
    "cases": "cases",
    "offenders": "offenders",
    "reports": "reports",
}
_OF_A_TOTAL = ("category", "technology", "stage", "counting_rule")
TABLE = Table(
    name="offences",
    position=40,
    title="Offences recorded by law enforcement",
    meaning="Offences of one kind that an agency counted in a year, at one stage.",
    file="Offences that law enforcement recorded.",
    columns=(
        shared_columns.COUNTRY,
        Column("agency", "text", "Agency that recorded them.", published=shared_columns.AGENCY),
        shared_columns.YEAR,
        Column("offence_code", "identifier", "The agency's code of the offence."),
        Column(
            "offence_label",
            "text",
            "Its name in the agency's words.",
            published="The offence in the agency's words.",
        ),
        Column(
            "law_reference",
            "text",
            "Law and article, e.g. Children Act, s. 15.",
            published="Law and article.",
        ),
        Column(
            "category",
            "code",
            "What the offence is in this study.",
            {
                "ocsea": "online child sexual exploitation and abuse",
                "csea": "child sexual exploitation and abuse, not by definition online",
                "other": "another offence",
            },
            published="ocsea, csea or other: what the offence is in this study.",
            labels={
                "ocsea": "Online exploitation and abuse",
                "csea": "Other exploitation and abuse",
                "other": "Other offences",
            },
        ),
        Column(
            "technology",
            "code",
            "Whether technology was involved.",
            shared_columns.YES_NO,
            published="Whether technology was involved: yes, no or not_recorded.",
            labels={
                "yes": "with technology",
                "no": "without technology",
                "not_recorded": "technology not recorded",
            },
        ),
        Column(
            "stage",
            "code",
            "How far the cases went.",
            {
                "reported": "reported to the agency",
                "investigated": "investigated",
                "charged": "somebody was charged",
                "convicted": "somebody was convicted",
            },
            published="reported, investigated, charged or convicted.",
            labels={
                "reported": "reported",
                "investigated": "investigated",
                "charged": "charged",
                "convicted": "convicted",
            },
        ),
        Column(
            "victim_sex",
            "code",
            "Sex of the victims counted; `all` is the total of the others.",
            {
                "girl": "girls",
                "boy": "boys",
                "other": "another sex or gender",
                "not_recorded": "the records do not say",
                ALL: "all together",
            },
            total=ALL,
            published="Sex of the victims; all is the total.",
            labels={
                "girl": "Girls",
                "boy": "Boys",
                "other": "Another sex or gender",
                "not_recorded": "Sex not recorded",
            },
        ),
        Column(
            "victim_age_band",
            "identifier",
            "Ages of the victims counted, e.g. 12-17; `all`; `not_recorded`.",
            total=ALL,
            published="Ages of the victims; all is the total.",
            labels={"not_recorded": "Age not recorded"},
        ),
        Column(
            "counting_rule",
            "code",
            "What one unit of the count is.",
            _UNITS,
            published="victims, cases, offenders or reports: one counted unit.",
            labels=_UNITS,
        ),
        Column(
            "offences",
            "count",
            "Number of victims, cases, offenders or reports.",
            required=False,
            published="Units counted by the counting rule; not prevalence.",
            unit="units of the counting rule",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
        Column(
            "iccs",
            "code",
            "Code of the International Classification of Crime for Statistical Purposes, where the "
            "agency or the statistical office assigns one; none is guessed.",
            {
                "0301": "sexual violence",
                "03011": "rape",
                "03012": "sexual assault",
                "03019": "other acts of sexual violence",
                "0302": "sexual exploitation",
                "030221": "child pornography (the term of the classification)",
                "030222": "child prostitution (the term of the classification)",
                "030223": "sexual grooming of children",
                "030229": "other sexual exploitation of children",
            },
            required=False,
            published="ICCS code of the offence; empty: no agreed code.",
        ),
    ),
    key=(*_KEY, "source_id"),
    amount="offences",
    fact_label="Recorded offences",
    protection=Protection("Few victims or offenders could be recognised.", _hide_small_counts),
    public=(
        PublicTable(
            "offences",
            "Offences that law enforcement recorded",
            (
                *_KEY[:4],
                "offence_label law_reference iccs category",
                *_KEY[4:],
                "offences status",
                *shared_columns.PROVENANCE_COLUMNS,
            ),
            amount="offences",
        ),
        PublicTable(
            "offence_rates",
            "Totals of recorded offences, and per 1,000 children",
            (
                "country agency year",
                *_OF_A_TOTAL,
                "offences",
                shared_columns.STATUS_OF_SUM,
                count_field(
                    "offence_codes",
                    "Offence codes that the total is made of.",
                    unit="offence codes",
                ),
                count_field(
                    "codes_without_number",
                    "Offence codes of the total that have no number.",
                    unit="offence codes",
                ),
                shared_columns.RATE,
                shared_columns.DENOMINATOR,
                *shared_columns.SERIES,
                *shared_columns.SUMMED_PROVENANCE,
                shared_columns.NOTE.make_public_field(),
            ),
            address="year agency category technology stage counting_rule",
            kind_of_evidence="records of law enforcement",
            key="country agency year category technology stage counting_rule",
        ),
        PublicTable(
            "offence_changes",
            "How much recorded offences changed from year to year",
            (
                "country agency",
                *_OF_A_TOTAL,
                *shared_columns.RATIOS,
                *shared_columns.SUMMED_PROVENANCE,
            ),
            in_order=shared_columns.RATIOS_IN_ORDER,
            key="country agency category technology stage counting_rule",
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Offences recorded by the police (simulated)", "simulated records of the police"
    ),
)
