"""The tables of evidence: their columns, codes and meaning, in one definition.

Reading (:mod:`.reading`), templates (:mod:`.workbook`) and the data dictionary in docs/evidence.md
follow from it.
"""

from disrupting_harm.evidence.columns import WORLD, Column, Table
from disrupting_harm.evidence.policy_items import POLICY_AREAS, POLICY_ITEMS
from disrupting_harm.evidence.status import STATUSES

_COUNTRY = Column("country", "country", "ISO 3166-1 alpha-3 code, e.g. KEN.")
_PLACE = Column("country", "place", f"ISO 3166-1 alpha-3 code, e.g. KEN; {WORLD} for the world.")
_YEAR = Column("year", "year", "Calendar year of the Common Era, four digits.")
_STATUS = Column("status", "code", "Whether there is a number, and why not.", STATUSES)
_PROVENANCE = (
    Column("source_id", "identifier", "Row of the table of sources that tells the fact."),
    Column("counted", "text", "What is counted, in words that can be printed."),
    Column("counted_by", "text", "Who counted it."),
)
_NOTE = Column("note", "text", "Anything a reader should know.", required=False)
_YES_NO = {"yes": "yes", "no": "no", "not_recorded": "the records do not say"}

SOURCES = Table(
    "sources",
    "Sources",
    "One document, data set or office that tells facts.",
    (
        Column("source_id", "identifier", "Short name that rows of the other tables refer to."),
        Column("organisation", "text", "Who published or handed over the figures."),
        Column(
            "type",
            "code",
            "Kind of source.",
            {
                "law_enforcement": "police or another agency that enforces the law",
                "ngo": "non-governmental organisation",
                "industry": "company",
                "hotline": "hotline that takes reports of material",
                "helpline": "helpline that children call",
                "ncmec": "National Center for Missing & Exploited Children",
                "iwf": "Internet Watch Foundation",
                "inhope": "INHOPE, the association of hotlines",
                "search_interest": "index of searches",
                "survey": "survey",
                "review": "review of law, policy or literature",
                "publication": "other publication",
                "simulation": "simulated: nobody counted it",
            },
        ),
        Column("title", "text", "Title as cited."),
        Column("year", "year", "Year of publication.", required=False),
        Column("url", "text", "Address of the publication.", required=False),
        Column("accessed", "date", "When it was read: 2026-11-24 or 2026-11.", required=False),
        Column("licence", "text", "Terms of use.", required=False),
        Column(
            "restriction",
            "code",
            "Who may see its figures.",
            {
                "open": "published: everyone",
                "partner": "partners of the study",
                "restricted": "the team that holds it",
            },
        ),
    ),
    key=("source_id",),
    amount=None,
)

_CYBERTIPS = Table(
    "cybertips",
    "CyberTip reports",
    "Reports of one class that were resolved to a country in a year.",
    (
        _PLACE,
        _YEAR,
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
        ),
        Column("reports", "count", "Number of reports.", required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("country", "year", "class", "source_id"),
    amount="reports",
)
_REPORTERS = Table(
    "reporters",
    "CyberTip reports by reporter",
    "Reports that one company made, in a country and year.",
    (
        _PLACE,
        _YEAR,
        Column("reporter", "identifier", "Company that reported.", total="all"),
        Column("reports", "count", "Number of reports.", required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("country", "year", "reporter", "source_id"),
    amount="reports",
)
_OFFENCES = Table(
    "offences",
    "Offences recorded by law enforcement",
    "Offences of one kind that an agency counted in a year, at one stage.",
    (
        _COUNTRY,
        Column("agency", "text", "Agency that recorded them."),
        _YEAR,
        Column("offence_code", "identifier", "The agency's code of the offence."),
        Column("offence_label", "text", "Its name in the agency's words."),
        Column("law_reference", "text", "Law and article, e.g. Children Act, s. 15."),
        Column(
            "category",
            "code",
            "What the offence is in this study.",
            {
                "ocsea": "online child sexual exploitation and abuse",
                "csea": "child sexual exploitation and abuse, not by definition online",
                "other": "another offence",
            },
        ),
        Column("technology", "code", "Whether technology was involved.", _YES_NO),
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
                "all": "all together",
            },
            total="all",
        ),
        Column(
            "victim_age_band",
            "identifier",
            "Ages of the victims counted, e.g. 12-17; `all`; `not_recorded`.",
            total="all",
        ),
        Column(
            "counting_rule",
            "code",
            "What one unit of the count is.",
            {
                "victims": "victims",
                "cases": "cases",
                "offenders": "offenders",
                "reports": "reports",
            },
        ),
        Column("offences", "count", "Number of victims, cases, offenders or reports.",
               required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=(
        "country", "agency", "year", "offence_code", "technology", "stage", "victim_sex",
        "victim_age_band", "counting_rule", "source_id",
    ),
    amount="offences",
)  # fmt: skip
_TRANSPARENCY = Table(
    "transparency",
    "Figures that companies publish",
    "One figure of a platform for a year.",
    (
        Column("platform", "identifier", "Company or platform."),
        _YEAR,
        Column(
            "metric",
            "code",
            "What the figure is.",
            {
                "reports_to_ncmec": "reports made to NCMEC",
                "pieces": "images, videos and other pieces acted on",
                "accounts": "accounts closed",
            },
        ),
        Column("scope", "identifier", "global, or the country's code."),
        Column("amount", "count", "The figure.", required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("platform", "year", "metric", "scope", "source_id"),
    amount="amount",
)
_HOTLINES = Table(
    "hotlines",
    "Hotlines and helplines",
    "One count of a hotline or helpline for a year.",
    (
        _PLACE,
        _YEAR,
        Column("organisation", "text", "Hotline or helpline."),
        Column(
            "kind",
            "code",
            "What it is.",
            {"hotline": "takes reports of material", "helpline": "children call it"},
        ),
        Column(
            "measure",
            "code",
            "What is counted.",
            {
                "reports_received": "reports received",
                "actionable": "reports that could be acted on",
                "removed": "reports after which material was removed",
                "contacts_total": "calls and messages on any subject",
                "contacts_ocsea": "calls and messages on online sexual exploitation and abuse",
            },
        ),
        Column("contacts", "count", "Number of reports or contacts.", required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("country", "year", "organisation", "kind", "measure", "source_id"),
    amount="contacts",
)
_SEARCH_INTEREST = Table(
    "search_interest",
    "Interest in search terms",
    "The index of one group of terms in a month.",
    (
        _COUNTRY,
        Column("term_group", "identifier", "Opaque name of the group, e.g. g01; never the terms."),
        _YEAR,
        Column("month", "month", "Month, 1 to 12."),
        Column("index_value", "percent", "Index, 0 to 100; 100 is the highest of the series.",
               required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("country", "term_group", "year", "month", "source_id"),
    amount="index_value",
)  # fmt: skip
_CAPACITY = Table(
    "capacity",
    "Capacity of law enforcement",
    "The score of an agency on one item of the needs analysis.",
    (
        _COUNTRY,
        Column("agency", "text", "Agency that was assessed."),
        Column("date", "date", "When: 2021-03-15 or 2021-03."),
        Column("area", "identifier", "Area of the item, as in the file of areas."),
        Column("item", "identifier", "Item, as in the file of areas."),
        Column("score", "score", "0 absent, 1 beginning, 2 partly in place, 3 in place.",
               required=False),
        _STATUS,
        Column(
            "evidence",
            "code",
            "What the score rests on.",
            {
                "interview": "what an officer said",
                "document": "a document that was seen",
                "observation": "what was seen on the spot",
            },
        ),
        Column(
            "confidence",
            "code",
            "How sure the assessor is.",
            {"low": "low", "medium": "medium", "high": "high"},
        ),
        _NOTE,
        *_PROVENANCE,
    ),
    key=("country", "agency", "date", "item", "source_id"),
    amount="score",
)  # fmt: skip
_FRONTLINE = Table(
    "frontline",
    "Survey of frontline workers",
    "The answer of one frontline worker to one item: microdata, for restricted use.",
    (
        _COUNTRY,
        Column("respondent", "identifier", "Number of the respondent; no name."),
        Column("item", "identifier", "Item of the questionnaire."),
        Column("answer", "identifier", "Code of the answer, e.g. yes, no, dont_know."),
        *_PROVENANCE,
    ),
    key=("country", "respondent", "item", "source_id"),
    amount=None,
    microdata=True,
)
_JUSTICE = Table(
    "justice",
    "Interviews on access to justice",
    "In how many interviews with people of one role a theme came up.",
    (
        _COUNTRY,
        Column("role", "identifier", "Role of the people interviewed."),
        Column("theme", "identifier", "Theme that was coded."),
        Column("interviews", "count", "Interviews that were coded for the theme."),
        Column("mentioned", "count", "Interviews in which it came up.", required=False),
        _STATUS,
        *_PROVENANCE,
    ),
    key=("country", "role", "theme", "source_id"),
    amount="mentioned",
)
_POLICY = Table(
    "policy",
    "Law and policy",
    "One item of the WeProtect Model National Response in a country.",
    (
        _COUNTRY,
        Column("area", "code", "Area of the Model National Response.", POLICY_AREAS),
        Column("item", "code", "Capability within the area.", POLICY_ITEMS),
        Column(
            "answer",
            "code",
            "Whether the country has it.",
            {
                "in_place": "in place",
                "partly": "partly in place",
                "not_in_place": "not in place",
                "not_known": "looked for; could not be told",
            },
            required=False,
        ),
        _STATUS,
        Column("instrument", "text", "Law, plan or body that shows it.", required=False),
        Column("year", "year", "Year of the instrument.", required=False),
        _NOTE,
        *_PROVENANCE,
    ),
    key=("country", "area", "item", "source_id"),
    amount="answer",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _CYBERTIPS, _REPORTERS, _OFFENCES, _TRANSPARENCY, _HOTLINES, _SEARCH_INTEREST, _CAPACITY,
        _FRONTLINE, _JUSTICE, _POLICY,
    )
}  # fmt: skip
# The scope of a company's figure for all countries together.
GLOBAL = "global"
# Columns that reading adds from the table of sources.
JOINED = ("source", "source_title", "restriction", "data_kind")
