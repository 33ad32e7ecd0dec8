"""Settings of the simulated evidence.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from disrupting_harm.evidence.fact_status import NoNumber
from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    read_yaml,
    validate_content,
)

Proportion = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Deviation = Annotated[float, Field(ge=0)]
Years = Annotated[tuple[int, ...], Field(min_length=1)]
Score = Annotated[int, Field(ge=0, le=3)]
Rare = NoNumber | Literal["zero_reported"]


def _add_up(shares: dict[str, float]) -> dict[str, float]:
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise ValueError("shares must add up to 1")
    return shares


Shares = Annotated[dict[str, Proportion], AfterValidator(_add_up)]
Missing = Annotated[
    dict[NoNumber, Proportion],
    Field(description="Share of facts without a number, by status; each occurs at least once."),
]


class OffenceKind(Section):
    """One offence of the simulated law."""

    label: str
    law: str
    category: Literal["ocsea", "csea", "other"]
    technology: Literal["yes", "no", "not_recorded"]
    rate: Positive = Field(description="Reports per 100,000 children and year.")


class Offences(Section):
    """Offences recorded by the police."""

    agency: str
    years: Years
    kinds: dict[str, OffenceKind]
    growth: float = Field(gt=-1, description="Yearly growth, 0.1 for a tenth.")
    between_countries: Deviation = Field(description="Standard deviation of log rates.")
    investigated: Proportion = Field(description="Of those reported.")
    charged: Proportion = Field(description="Of those investigated.")
    convicted: Proportion = Field(description="Of those charged.")
    none_convicted: Proportion = Field(
        description="Share of offences and years in which nobody was; at least one."
    )
    girls: Proportion = Field(description="Of victims whose sex is recorded.")
    sex_not_recorded: Proportion
    ages: Shares
    missing: Missing


class Measure(Section):
    """A count of a hotline or helpline: a rate, or a part of another count."""

    kind: Literal["hotline", "helpline"]
    rate: Positive | None = Field(default=None, description="Per 100,000 children and year.")
    part_of: str | None = None
    share: Proportion | None = None


class Hotlines(Section):
    """Hotlines and helplines; a measure stands below the one it is part of."""

    years: Years
    measures: dict[str, Measure]
    between_countries: Deviation
    missing: Missing


class SearchInterest(Section):
    """Monthly indices of groups of terms."""

    years: Years
    term_groups: tuple[Identifier, ...]
    persistence: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="Correlation of a month with the one before."
    )
    missing: Missing


class Capacity(Section):
    """Scores of the needs analysis, cut from a normal score at 0.5, 1.5 and 2.5."""

    agency: str
    date: Annotated[str, BeforeValidator(str)]
    mean: float
    between_countries: Deviation
    between_areas: Deviation
    within: Deviation
    evidence: Shares
    confidence: Shares
    missing: Missing


class Frontline(Section):
    """Survey of frontline workers."""

    respondents: int = Field(ge=1, description="Where the countries file gives no number.")
    items: dict[Identifier, Shares] = Field(description="Share of each answer, by item.")


class Justice(Section):
    """Interviews on access to justice."""

    roles: dict[Identifier, int] = Field(description="Interviews by role.")
    themes: dict[Identifier, Proportion] = Field(description="How often a theme is mentioned.")
    between_countries: Deviation
    missing: Missing


class Policy(Section):
    """Law and policy."""

    answers: Shares
    missing: Missing


class CountryFacts(Section):
    """What is known of a country, and kept by the simulation."""

    no_technology: bool = Field(
        default=False, description="No offence with technology was recorded."
    )
    girls: Proportion | None = None
    capacity: dict[Identifier, Score] = Field(default_factory=dict)
    roles: dict[Identifier, int] = Field(default_factory=dict)


class EvidenceSimulation(Section):
    """All settings."""

    offences: Offences
    hotlines: Hotlines
    search_interest: SearchInterest
    capacity: Capacity
    frontline: Frontline
    justice: Justice
    policy: Policy
    countries: dict[str, CountryFacts] = Field(default_factory=dict)

    def facts(self, country: str) -> CountryFacts:
        """Return what is known of a country."""
        return self.countries.get(country, CountryFacts())


def load_evidence_simulation(path: Path) -> EvidenceSimulation:
    """Read the settings.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    settings: EvidenceSimulation = validate_content(
        EvidenceSimulation, read_yaml(path) or {}, str(path)
    )
    return settings
