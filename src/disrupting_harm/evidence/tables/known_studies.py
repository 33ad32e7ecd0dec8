"""What other studies have published, to stand beside a study's own estimates."""

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

# Nobody older is asked as a child, or as an adult about childhood.
HIGHEST_AGE = 120
COMPARABLE = {
    "yes": "the same question, asked of the same people",
    "partly": "something differs; the reason says what",
    "no": "another question, or other people",
}


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.known_studies import order_studies

    return {"known_studies": order_studies(facts)}


def _find_fault(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    """Return what is wrong between the cells of a row."""
    indicator, indicators = str(row["indicator"]), known_codes.indicators
    if indicator and indicators is not None and indicator not in indicators:
        return Fault(
            "indicator",
            f"the codebook has no proportion '{indicator}'",
            "Name an indicator of the codebook that is a proportion, or leave it empty",
        )
    numbers = {name: value for name, value in row.items() if isinstance(value, int | float)}
    for end, start in (("age_to", "age_from"), ("year_end", "year")):
        if numbers.get(end, numbers[start]) < numbers[start]:
            return Fault(end, f"{row[end]} lies before '{start}', {row[start]}", "Correct one")
    if numbers["age_to"] > HIGHEST_AGE:
        return Fault("age_to", f"an age of {row['age_to']}", "Write ages in whole years")
    return _find_wrong_limits(row, numbers)


def _find_wrong_limits(row: Mapping[str, Value], numbers: Mapping[str, float]) -> Fault | None:
    """Return what is wrong with the limits: both or none, around the estimate, with their name."""
    limits = [numbers[name] for name in ("ci_low", "ci_high") if name in numbers]
    if len(limits) == 1:
        return Fault("ci_high", "one limit without the other", "Write both limits, or none")
    if limits and not ("estimate" in numbers and limits[0] <= numbers["estimate"] <= limits[1]):
        finding = f"limits {limits[0]:g} and {limits[1]:g} that do not hold the estimate"
        return Fault("ci_low", finding, "Correct the limits or the estimate")
    if bool(limits) != bool(row["limits"]):
        return Fault(
            "limits",
            "limits without their name" if limits else "a name without limits",
            "Say what the limits are, as their source does, e.g. '95 % confidence interval'; "
            "leave it empty where there are none",
        )
    return None


TABLE = Table(
    name="known_studies",
    position=110,
    title="What other studies have published",
    meaning="One published estimate of another study, of one measure in one country.",
    file="Published estimates of other studies, shown beside the study's own.",
    columns=(
        shared_columns.COUNTRY,
        Column(
            "measure",
            "identifier",
            "What is measured. Estimates of different measures never stand in one column: give "
            "each definition, and each base, a name of its own.",
            published="What is measured; estimates of two measures cannot be compared.",
            label_column="What the study calls the measure; empty where it names none.",
        ),
        Column(
            "indicator",
            "identifier",
            "Indicator of the codebook beside which the measure stands; all rows of a measure "
            "name the same, or none.",
            required=False,
            published="Indicator of the study beside which it stands; empty where none does.",
        ),
        Column("study", "text", "Short name of the study, as printed."),
        Column("year", "year", "Year in which fieldwork began.", published="Year of fieldwork."),
        Column(
            "year_end",
            "year",
            "Year in which fieldwork ended, where that is a later one.",
            required=False,
            published="Last year of fieldwork; empty where it is the first, too.",
        ),
        Column("age_from", "count", "Youngest age of those asked.", unit="years"),
        Column("age_to", "count", "Oldest age of those asked.", unit="years"),
        Column(
            "base",
            "text",
            "Of whom the estimate is a share, in words that can be printed.",
            published="Of whom the estimate is a share.",
        ),
        Column(
            "question",
            "text",
            "What was asked, in short, in words that can be printed.",
            published="What was asked, in short.",
        ),
        Column(
            "persons",
            "count",
            "How many were asked, where the source says it.",
            required=False,
            published="How many were asked; empty where the source does not say it.",
            unit="persons",
        ),
        Column("estimate", "percent", "The published estimate, in per cent.", required=False),
        Column("ci_low", "percent", "Its lower limit, where one is published.", required=False),
        Column("ci_high", "percent", "Its upper limit, where one is published.", required=False),
        Column(
            "limits",
            "text",
            "What the limits are, as the source calls them; empty without limits.",
            required=False,
            published="What the limits are, as the source calls them.",
        ),
        shared_columns.STATUS,
        Column(
            "comparable",
            "code",
            "Whether the study's own estimate can be compared with it.",
            COMPARABLE,
            published="yes, partly or no: whether the study's estimate can be compared with it.",
            labels={"yes": "yes", "partly": "partly", "no": "no"},
        ),
        Column("reason", "text", "Why it can be compared, or what differs."),
        Column("address", "address", "Page where the estimate stands."),
        Column(
            "checked",
            "date",
            "When somebody looked whether the estimate stands there: 2026-11-24 or 2026-11.",
            may_be_later=True,
            published="When somebody looked whether the estimate stands there.",
        ),
        Column(
            "checked_by",
            "code",
            "What that person looked at.",
            {
                "page": "the page itself",
                "stored_page": "a copy of the page that somebody had stored",
                "list": "a list that somebody made of such pages",
            },
            published="What that person looked at: page, stored_page (a copy of it) or list.",
        ),
        shared_columns.NOTE,
        shared_columns.PROVENANCE[0],
    ),
    key=("country", "measure", "study", "year", "age_from", "age_to", "source_id"),
    amount="estimate",
    check=_find_fault,
    protection=Protection("Shares that others published; they are printed as they are."),
    public=(
        PublicTable(
            "known_studies",
            "What other studies have published",
            (
                "country measure measure_label indicator study year year_end age_from age_to base "
                "question persons estimate ci_low ci_high limits status comparable reason address "
                "checked checked_by note source_id",
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
            ),
            amount="estimate",
            in_order=(("ci_low", "estimate", "ci_high"), ("age_from", "age_to")),
        ),
    ),
    make=_make_public_tables,
)
