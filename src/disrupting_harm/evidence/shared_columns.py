"""Columns that several tables of evidence share, and short forms for public ones."""

import math

from disrupting_harm.evidence.columns import WORLD, Column, Field
from disrupting_harm.evidence.fact_status import INCOMPLETE, STATUSES
from disrupting_harm.study.statuses import DATA_KINDS

_CODE = "ISO 3166-1 alpha-3 code, or the code of a region."
AREA = "Area of capacity, or of the Model National Response."
ITEM = "Item of a checklist or questionnaire, or what the fact is."
_STATUS_MEANING = (
    "reported, zero_reported, incomplete, or why there is no number: not_recorded, refused, "
    "not_applicable, suppressed."
)


def text_field(name: str, meaning: str, *codes: str, unit: str = "") -> Field:
    """Return a public column of texts, or of codes."""
    return Field(name, "string", meaning, codes, unit=unit)


def count_field(name: str, meaning: str, empty: bool = False, unit: str = "") -> Field:
    """Return a public column of whole numbers from 0."""
    return Field(name, "integer", meaning, empty=empty, unit=unit)


def number_field(
    name: str, meaning: str, highest: float = math.inf, empty: bool = True, unit: str = ""
) -> Field:
    """Return a public column of numbers from 0."""
    return Field(name, "number", meaning, highest=highest, empty=empty, unit=unit)


COUNTRY = Column("country", "country", "ISO 3166-1 alpha-3 code, e.g. KEN.", published=_CODE)
PLACE = Column(
    "country",
    "place",
    f"ISO 3166-1 alpha-3 code, e.g. KEN; {WORLD} for the world.",
    published=_CODE,
)
YEAR = Column(
    "year", "year", "Calendar year of the Common Era, four digits.", published="Calendar year."
)
REPORTS = Column(
    "reports",
    "count",
    "Number of reports.",
    required=False,
    published="Reports counted; not children and not a prevalence.",
    unit="reports",
)
STATUS = Column(
    "status",
    "code",
    "Whether there is a number, and why not.",
    STATUSES,
    published=_STATUS_MEANING,
    labels={
        "not_recorded": "not recorded",
        "refused": "not given",
        "not_applicable": "does not apply",
        "suppressed": "not shown",
    },
)
PROVENANCE = (
    Column(
        "source_id",
        "identifier",
        "Row of the table of sources that tells the fact.",
        published="Short name of the source.",
    ),
    Column(
        "counted",
        "text",
        "What is counted, in words that can be printed.",
        published="What one counted unit is.",
    ),
    Column("counted_by", "text", "Who counted it.", published="Who counted."),
)
NOTE = Column(
    "note",
    "text",
    "Anything a reader should know.",
    required=False,
    published="What a reader of this row has to know.",
)
YES_NO = {"yes": "yes", "no": "no", "not_recorded": "the records do not say"}
AGENCY = "Law-enforcement agency."


SOURCE = text_field("source", "Source of the figures.")
DATA_KIND = text_field("data_kind", "simulated, observed or published.", *DATA_KINDS)
# From where a figure comes, in tables of facts and in those made of several.
PROVENANCE_COLUMNS = ("counted", "counted_by", "source_id", SOURCE, DATA_KIND)
SUMMED_PROVENANCE = ("counted", "counted_by", SOURCE, DATA_KIND)
STATUS_OF_SUM = text_field("status", _STATUS_MEANING, *STATUSES, INCOMPLETE)
RATE = number_field(
    "rate_per_1000_children", "The count per 1,000 children aged 12-17.", unit="per 1,000 children"
)
DENOMINATOR = text_field("denominator_source", "Source of the number of children.")
SHARE_PERCENT = number_field("share_percent", "Share in per cent.", 100, unit="per cent")
SERIES = (
    Field(
        "change_percent",
        "number",
        "Change from the year before, in per cent.",
        lowest=-100,
        empty=True,
        unit="per cent",
    ),
    Field("series_break", "boolean", "Whether the row begins a series counted in another way."),
)
# Who "counted" what is simulated, as sources name it.
SIMULATOR = "Disrupting Harm workflow"
# Services in the simulation, by kind: no real one is named for what nobody counted.
SIMULATED_SERVICES = {
    "helpline": "National helpline (simulated)",
    "hotline": "National hotline (simulated)",
}
FEW_OR_NONE, SOME, MOST_OR_ALL = "few_or_none", "some", "most_or_all"
BANDS = {
    FEW_OR_NONE: "fewer than a third",
    SOME: "a third to two thirds",
    MOST_OR_ALL: "more than two thirds",
}
BAND = Field(
    "band",
    "string",
    "Which third of those asked the count is, from 8 of them on: few_or_none (less than a third), "
    "some, most_or_all (more than two thirds); empty where they are fewer, or nobody counted.",
    ("", *BANDS),
    labels=BANDS,
)
RATIOS = (
    count_field("first_year", "First year of the series.", unit="calendar year"),
    count_field("last_year", "Last year of the series.", unit="calendar year"),
    count_field("changes", "From how many years to the next the range is.", unit="pairs of years"),
    number_field(
        "ratio_low",
        "Smallest ratio of a year's count to that of the year before.",
        empty=False,
        unit="ratio, without a unit",
    ),
    number_field(
        "ratio_median", "Median of these ratios.", empty=False, unit="ratio, without a unit"
    ),
    number_field(
        "ratio_high",
        "Largest ratio of a year's count to that of the year before.",
        empty=False,
        unit="ratio, without a unit",
    ),
)
RATIOS_IN_ORDER = (("first_year", "last_year"), ("ratio_low", "ratio_median", "ratio_high"))
AREA_LABEL = text_field("area_label", "The area's name.")
ITEM_LABEL = text_field("item_label", "The item's wording.")
