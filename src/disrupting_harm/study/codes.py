"""Codes of international classifications that an indicator has.

No code is guessed: one is given where those who keep the classification, or the study, have agreed
to it. An indicator without one has no agreed code, and tables say so.

ICVAC: International Classification of Violence against Children (UNICEF, 2023). SDG: global
indicator framework of the Sustainable Development Goals. Childlight: subtypes of technology-
facilitated abuse in the Into the Light index.

No pandas here: the Snakefile loads this module at every call.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from disrupting_harm.study.section import Section

NO_CODE = "no agreed code"
ICCS = (
    "ICCS classifies offences, not what children say: put the code into the column 'iccs' of the "
    "table of recorded offences"
)


class Codes(Section):
    """Codes of one indicator; what is left out has no agreed code."""

    icvac: Literal["301", "302"] | None = Field(
        default=None, description="ICVAC: 301 rape, 302 sexual assault of a child."
    )
    sdg: Literal["5.2.1", "5.2.2", "16.2.1", "16.2.2", "16.2.3"] | None = Field(
        default=None, description="SDG indicator; with `sdg_relation`."
    )
    sdg_relation: Literal["equal", "related"] | None = Field(
        default=None,
        description="Whether the indicator is that of the SDG, or on the same matter with another "
        "age, period or definition.",
    )
    childlight: (
        Literal["solicitation", "unwanted_exposure", "sexual_images", "exploitation", "extortion"]
        | None
    ) = Field(default=None, description="Childlight's subtype; `sexual_images`: CSAM or IBSA.")

    @model_validator(mode="before")
    @classmethod
    def _no_offences(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "iccs" in given:
            raise ValueError(ICCS)
        return given

    @model_validator(mode="after")
    def _relation_of_a_code(self) -> "Codes":
        if (self.sdg is None) != (self.sdg_relation is None):
            raise ValueError("'sdg' and 'sdg_relation' (equal or related) go together")
        return self

    def printed(self) -> dict[str, str]:
        """Return the code in each classification, in words where there is none."""
        sdg = f"{self.sdg} ({self.sdg_relation})" if self.sdg else NO_CODE
        return {
            "icvac": self.icvac or NO_CODE,
            "sdg": sdg,
            "childlight": self.childlight or NO_CODE,
        }
