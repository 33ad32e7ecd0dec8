"""Columns that several tables of evidence share."""

from disrupting_harm.evidence.columns import WORLD, Column, Field
from disrupting_harm.evidence.status import INCOMPLETE, STATUSES
from disrupting_harm.study.statuses import DATA_KINDS

_CODE = "ISO 3166-1 alpha-3 code, or the code of a region."
AREA = "Area of capacity, or of the Model National Response."
ITEM = "Item of a checklist or questionnaire, or what the fact is."
_SAYS_STATUS = (
    "reported, zero_reported, incomplete, or why there is no number: not_recorded, refused, "
    "not_applicable, suppressed."
)
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
STATUS = Column(
    "status", "code", "Whether there is a number, and why not.", STATUSES, published=_SAYS_STATUS
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
    published="What a reader should know about the row.",
)
YES_NO = {"yes": "yes", "no": "no", "not_recorded": "the records do not say"}
AGENCY = "Law-enforcement agency."


SOURCE = Field("source", "string", "Source of the figures.")
DATA_KIND = Field("data_kind", "string", "simulated, observed or published.", DATA_KINDS)
# From where a figure comes, in tables of facts and in those made of several.
TOLD = ("counted", "counted_by", "source_id", SOURCE, DATA_KIND)
SUMMED = ("counted", "counted_by", SOURCE, DATA_KIND)
STATUS_OF_SUM = Field("status", "string", _SAYS_STATUS, (*STATUSES, INCOMPLETE))
RATE = Field(
    "rate_per_1000_children", "number", "The count per 1,000 children aged 12-17.", empty=True
)
DENOMINATOR = Field("denominator_source", "string", "Source of the number of children.")
SHARE_PERCENT = Field("share_percent", "number", "Share in per cent.", highest=100, empty=True)
SERIES = (
    Field(
        "change_percent",
        "number",
        "Change from the year before, in per cent.",
        lowest=-100,
        empty=True,
    ),
    Field("series_break", "boolean", "Whether the row begins a series counted in another way."),
)
RATIOS = (
    Field("first_year", "integer", "First year of the series."),
    Field("last_year", "integer", "Last year of the series."),
    Field("changes", "integer", "From how many years to the next the range is."),
    Field("ratio_low", "number", "Smallest ratio of a year's count to that of the year before."),
    Field("ratio_median", "number", "Median of these ratios."),
    Field("ratio_high", "number", "Largest ratio of a year's count to that of the year before."),
)
RATIOS_IN_ORDER = (("first_year", "last_year"), ("ratio_low", "ratio_median", "ratio_high"))
AREA_LABEL = Field("area_label", "string", "The area's name.")
ITEM_LABEL = Field("item_label", "string", "The item's wording.")
