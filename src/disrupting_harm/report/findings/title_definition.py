"""What a study says in the titles of its figures, and what the numbers must bear for each form.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

import re
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.study.configuration.section import Identifier, Section, Text

# The least and the greatest of the groups that a figure draws.
ENDS = ("low", "high")
_PLACEHOLDER = re.compile(r"{(\w+)}")
# Words that a printed number alone does not bear.
_CLAIMS = re.compile(r"\b(?:most|mostly|more|less|fewer|half|than|often|rarely)\b", re.I)

Cell = tuple[Identifier, Identifier, str]


class FigureTitle(Section):
    """One form of a title; it is printed where each of its numbers is, and each claim is borne."""

    text: Text = Field(
        description="A short sentence. `{indicator}` stands for its share of all, `{low}` and "
        "`{high}` for the ends of the groups that a figure by group draws."
    )
    shares: dict[Identifier, Cell] = Field(
        default={},
        description="Further placeholders, each with the indicator, the domain and the level of "
        "its share.",
    )
    most: tuple[Identifier, ...] = Field(
        default=(), description="Shares whose printed lower limit has to be above 50."
    )
    above: dict[Identifier, Annotated[tuple[Identifier, ...], Field(min_length=1)]] = Field(
        default={},
        description="A share, and those of the same people that its printed interval has to lie "
        "above as a whole.",
    )
    first: dict[Identifier, Identifier] = Field(
        default={},
        description="A question with several answers, and the one that alone may be the first by "
        "the test of all its answers together.",
    )

    @property
    def placeholders(self) -> list[str]:
        """Return the names of the numbers in the text."""
        return _PLACEHOLDER.findall(self.text)

    @property
    def indicators(self) -> list[str]:
        """Return all indicators that are named."""
        of_totals = [name for name in self.placeholders if name not in (*self.shares, *ENDS)]
        compared = [name for names in self.above.values() for name in names]
        of_cells = [cell[0] for cell in self.shares.values()]
        claimed = (*self.most, *self.above, *compared, *self.first.values())
        return [*dict.fromkeys([*of_totals, *of_cells, *claimed])]

    @model_validator(mode="after")
    def _check_claims(self) -> "FigureTitle":
        claim = _CLAIMS.search(self.text)
        if claim and not (self.most or self.above or self.first):
            raise ValueError(
                f"the title '{self.text}' claims something ('{claim[0]}') and names no condition: "
                "'most', 'above' or 'first'"
            )
        return self
