"""The indicator that counts more than the main one, and may show a difference that it does not.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pydantic import Field

from disrupting_harm.study.section import Identifier, Section, Text


class Wider(Section):
    """An indicator that counts more than the main one, told where a gap in it is clear."""

    indicator: Identifier = Field(description="Indicator of the codebook, a proportion.")
    counted: Text = Field(
        description="What it counts beside the main one, as in “Counting ... as well”."
    )
