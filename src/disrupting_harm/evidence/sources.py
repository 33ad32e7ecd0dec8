"""Sources: who published or gave each fact, and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from disrupting_harm.evidence.columns import Column, Sheet

SIMULATION = "simulation"
OPEN = "open"
SIMULATED = "simulated"
PUBLISHED = "published"
# Columns that reading adds from the table of sources.
SOURCE_COLUMNS = ("source", "source_title", "restriction", "data_kind")
SOURCES = Sheet(
    name="sources",
    title="Sources",
    meaning="One document, data set or office that tells facts.",
    columns=(
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
                "statute": "text of a law",
                "depositary": "depositary of a treaty, or a list made from it",
                "press": "newspaper or other press",
                "publication": "other publication",
                "simulation": "simulated: nobody counted it",
            },
        ),
        Column("title", "text", "Title as cited."),
        Column("year", "year", "Year of publication.", required=False),
        Column("url", "address", "Address of the publication.", required=False),
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


def format_citation(row: Mapping[str, Any]) -> str:
    """Return a row of the table of sources as printed: organisation, title, year."""
    year = f", {row['year']}" if row["year"] else ""
    return f"{row['organisation']}, {row['title']}{year}"


@dataclass(frozen=True)
class Source:
    """One row of the table of sources; texts are "" and the year is None where not given."""

    source_id: str
    organisation: str
    type: str
    title: str
    year: int | None
    url: str
    accessed: str
    licence: str
    restriction: str

    @property
    def citation(self) -> str:
        """Return the source as printed."""
        return format_citation(
            {"organisation": self.organisation, "title": self.title, "year": self.year}
        )

    @property
    def data_kind(self) -> str:
        """Return ``simulated``, ``published`` (open to everyone) or ``observed``."""
        if self.type == SIMULATION:
            return SIMULATED
        return PUBLISHED if self.restriction == OPEN else "observed"
