"""The sections ``comparison`` and ``evidence`` of the configuration."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from disrupting_harm.study.section import Identifier, Names, Section, Share, Text


class StandardPopulation(Section):
    """The population to which age and sex are standardised."""

    domain: Identifier = Field(description="Domain whose levels are weighted, e.g. `sex_age`.")
    shares: dict[str, Annotated[float, Field(gt=0)]] = Field(
        min_length=2,
        description="Size of each level of the domain, relative to the others; scaled to add to 1.",
    )
    source: Text = Field(description="Where the shares come from, as printed.")

    @field_validator("shares")
    @classmethod
    def _add_to_one(cls, shares: dict[str, float]) -> dict[str, float]:
        total = sum(shares.values())
        return {level: share / total for level, share in shares.items()}


class Comparison(Section):
    """Comparison across countries."""

    alpha: Share = Field(
        default=0.05,
        description="Family-wise error rate of Holm's method, of simultaneous intervals and of "
        "rank sets, and false discovery rate of Benjamini and Hochberg's.",
    )
    gaps: Names = Field(
        default=(), description="Domains whose levels are compared within each country."
    )
    standard: StandardPopulation | None = Field(
        default=None, description="Direct standardisation; absent: none."
    )
    adjust_for: Names = Field(
        default=(),
        description="Domains in the model of adjusted prevalence ratios; empty: no model.",
    )
    comparability: Path | None = Field(
        default=None,
        description="CSV of what differs between countries, and whether they can be compared.",
    )
    others: bool = Field(
        default=True,
        description="Whether there are areas like these that the study leaves out; if not, nothing "
        "is predicted of a similar one.",
    )
    draws: int = Field(
        default=100_000,
        ge=10_000,
        description="Random draws behind simultaneous intervals and rank sets.",
    )


class EvidenceFiles(Section):
    """Evidence beside the survey: CSV or Excel files, relative to the configuration file.

    docs/evidence.md describes each table; `disrupting-harm evidence template` makes a workbook.
    """

    sources: Path | None = Field(default=None, description="Who told what, one row per source.")
    cybertips: Path | None = Field(
        default=None, description="CyberTip reports by country, year and class."
    )
    reporters: Path | None = Field(default=None, description="CyberTip reports by reporter.")
    offences: Path | None = Field(
        default=None, description="Offences that law enforcement recorded."
    )
    transparency: Path | None = Field(default=None, description="Companies' own figures.")
    hotlines: Path | None = Field(default=None, description="Reports to hotlines and helplines.")
    search_interest: Path | None = Field(
        default=None, description="Interest in groups of search terms, which have no words here."
    )
    capacity: Path | None = Field(default=None, description="Items on police capacity.")
    capacity_areas: Path | None = Field(
        default=None, description="YAML file of the areas of capacity, their items and weights."
    )
    frontline: Path | None = Field(default=None, description="Answers of frontline workers.")
    justice: Path | None = Field(default=None, description="Coded counts of justice interviews.")
    policy: Path | None = Field(default=None, description="Checklist of law and policy.")
    triangulation: Path | None = Field(
        default=None, description="YAML file: what each source says about each form of abuse."
    )
    simulation: Path | None = Field(
        default=None, description="YAML file of settings; makes the tables that have no file."
    )
    other_countries: Literal["refuse", "leave_out"] = Field(
        default="refuse",
        description="Rows of countries that `countries` does not list: a fault, or left out and "
        "counted in the log of the stage `evidence`.",
    )
    min_count: int = Field(
        default=10,
        ge=3,
        description="Smallest count of children, their families or offenders that is printed.",
    )
    min_count_professionals: int = Field(
        default=1,
        description="Smallest count of frontline workers and of `professional_roles` that is "
        "printed: 1, which prints all, or at least 3.",
    )
    professional_roles: list[Identifier] = Field(
        default=[],
        description="Roles in interviews on justice whose counts are printed like those of "
        "frontline workers. They are few and may be known by name: name a role only where they "
        "agreed.",
    )

    @model_validator(mode="after")
    def _two_is_no_protection(self) -> "EvidenceFiles":
        if self.min_count_professionals < 1 or self.min_count_professionals == 2:
            raise ValueError("'min_count_professionals' is 1, or at least 3")
        return self

    @model_validator(mode="after")
    def _capacity_has_areas(self) -> "EvidenceFiles":
        if self.capacity_areas is None:
            for key in ("capacity", "simulation"):
                if getattr(self, key) is not None:
                    raise ValueError(f"'{key}' needs 'capacity_areas'")
        return self

    @property
    def small_counts(self) -> dict[str, Any]:
        """Return the fields of ``evidence.door.SmallCounts``."""
        return {
            "people": self.min_count,
            "professionals": self.min_count_professionals,
            "roles": tuple(self.professional_roles),
        }

    @property
    def files(self) -> dict[str, Path]:
        """Return all files that are named, by key."""
        return {name: value for name, value in self if isinstance(value, Path)}

    @property
    def tables(self) -> dict[str, Path]:
        """Return the file of each table of facts that has one."""
        others = {"sources", "capacity_areas", "triangulation", "simulation"}
        return {name: path for name, path in self.files.items() if name not in others}
