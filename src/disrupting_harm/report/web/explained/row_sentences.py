"""What a page says of one row of a table, in the place of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.explain.explain_survey import Line


@dataclass(frozen=True)
class RowText:
    """A row in words.

    Attributes:
        title: what it says, as a heading.
        steps: how it was made, in their order: the name of each, and what it says; the name is ""
            where there is one step alone.
        link: where that is explained further, from the folder of pages, and what the link says;
            None where nowhere.
        remark: what to know of the row as it is published.
    """

    title: str
    steps: Sequence[Line] = ()
    link: tuple[str, str] | None = None
    remark: str = ""
