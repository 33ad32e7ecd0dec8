"""The section ``comparison`` of the configuration."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from disrupting_harm.study.section import Identifier, Names, Section, Text

# A level of a standard population that is smaller decides nothing, and is a slip.
SMALLEST_SHARE = 0.001


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
        for level, share in shares.items():
            if share < SMALLEST_SHARE * total:
                raise ValueError(f"'{level}' is less than {SMALLEST_SHARE:g} of the population")
        return {level: share / total for level, share in shares.items()}


class Comparison(Section):
    """Comparison across countries."""

    alpha: float = Field(
        default=0.05,
        ge=0.0001,
        le=0.5,
        description="Family-wise error rate of Holm's method and of "
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
    model: Identifier | None = Field(
        default=None,
        description="Domain whose groups get estimates from a model of all countries, in a "
        "restricted table for statisticians (docs/hidden-groups.md); absent: none.",
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
        le=10_000_000,
        description="Random draws behind rank sets.",
    )
