"""What a page says of one row of a table, in the place of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.explain.explain_survey import Line


@dataclass(frozen=True)
class CellSentence:
    """A sentence around the cell of a column, which stands there alone and not among the others."""

    before: str
    column: str
    cell: str
    after: str


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
        cell_sentence: what a reader should know before a cell is used; None without.
    """

    title: str
    steps: Sequence[Line] = ()
    link: tuple[str, str] | None = None
    remark: str = ""
    cell_sentence: CellSentence | None = None
