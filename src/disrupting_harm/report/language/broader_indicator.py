"""The indicator that counts more than the main one, and may show what that one does not.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pydantic import Field

from disrupting_harm.study.configuration.section import Identifier, Section, Text


class BroaderIndicator(Section):
    """An indicator that counts more than the main one.

    It is told where a gap in it is clear, and in a brief without a number of the main one.
    """

    indicator: Identifier = Field(description="Indicator of the codebook, a proportion.")
    counted: Text = Field(
        description="What it counts beside the main one, as in “Counting ... as well”."
    )
