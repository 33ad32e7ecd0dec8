"""Shares in the sentences of a brief, each with its interval."""

from collections.abc import Mapping

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.populations import use_invented
from disrupting_harm.report.results import Cell
from disrupting_harm.report.sentences import Sentences
from disrupting_harm.report.text import Text
from disrupting_harm.report.whole import Whole, in_percent, printed_interval


def printed_share(text: Text, share: Whole) -> Markdown:
    """Return a share with its interval, e.g. "17% (14–21)"."""
    return Markdown(f"{in_percent(text, share)}\u00a0{printed_interval(text, share)}")


def tile_number(text: Text, share: Whole) -> Markdown:
    """Return the number of a tile: a share, and smaller beside it its interval."""
    return Markdown(f"{in_percent(text, share)} [{printed_interval(text, share)}]{{.limits}}")


def tile_bar(share: Whole) -> str:
    """Return the attributes by which a tile draws a share with its interval."""
    return f" low={share.low} estimate={share.estimate} high={share.high}"


class ShortSentences(Sentences):
    """Sentences whose numbers are as short as a brief needs."""

    def share(self, cell: Cell) -> Markdown | None:
        """Return a share as "17% (14–21)", a bound as "fewer than 10 per cent"; None if hidden."""
        return printed_share(self._text, cell.whole) if cell.whole else super().share(cell)


def children_sentence(text: Text, row: Mapping[str, str] | None) -> Markdown:
    """Return how many children a share stands for; empty where the comparison does not say.

    Args:
        text: the language.
        row: of ``denominators.csv``, of the children who use the internet.
    """
    if row is None or not row["children"]:
        return Markdown("")
    said = text(
        "Scaled to the country, it is some **{children} {respondents}** ({low} to {high}) of the "
        "{population} who use the internet.",
        children=text.number(number_of(row["children"])),
        low=text.number(number_of(row["children_low"])),
        high=text.number(number_of(row["children_high"])),
        population=text.compact(number_of(row["population"])),
    )
    return Markdown(f"{said} {use_invented(text, row)}".strip())
