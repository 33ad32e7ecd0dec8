"""Words of the report on all areas together.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pydantic import Field

from disrupting_harm.report.wider import Wider
from disrupting_harm.study.section import Identifier, Section, Text


class Region(Section):
    """Words of the report on all areas together; without them it takes those of the codebook."""

    indicator: Identifier = Field(description="A proportion of which the report asks.")
    said: Text = Field(
        description="What follows “of every 100 children”, as in “said that they were ...”."
    )
    meaning: Text | None = Field(
        default=None,
        description="What the indicator counts, as a sentence; it stands wherever the report first "
        "has its number.",
    )
    gaps: dict[Identifier, Text] = Field(
        default={},
        description="The question on differences between groups, by domain of `comparison.gaps`; "
        "a domain without one is told in the data book alone.",
    )
    wider: Wider | None = Field(
        default=None,
        description="An indicator that counts more, of which it is told where a gap is clear.",
    )

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        return [self.indicator, *([self.wider.indicator] if self.wider else [])]
