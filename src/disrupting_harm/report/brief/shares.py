"""Shares as a brief prints them: whole per cent, simple fractions where the interval bears them."""

from collections.abc import Mapping
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import computed, number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.populations import use_invented
from disrupting_harm.report.results import Cell
from disrupting_harm.report.sentences import Sentences
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, rounded_percent

LARGEST_PART = 10  # "1 in 11" is no easier to see than "9 in 100"
NEAR = 0.1  # "about 1 in 2" is said of 46 in 100, and not of 41: at most a tenth from the estimate


@dataclass(frozen=True)
class Whole:
    """A share and its interval in whole per cent, as printed."""

    estimate: int
    low: int
    high: int

    @property
    def one_in(self) -> int | None:
        """The k of "about 1 in k", to 10: 1/k is near the estimate, within its printed interval."""
        if self.estimate == 0:
            return None
        k: int = computed("one_in", round(100 / self.estimate), [self.estimate])
        near = abs(100 / k - self.estimate) <= NEAR * self.estimate
        fits = 2 <= k <= LARGEST_PART and self.low <= 100 / k <= self.high and near
        return k if fits else None


def whole(cell: Cell) -> Whole | None:
    """Return a printed proportion in whole per cent; None where it is not printed."""
    if cell.estimate is None or cell.ci_low is None or cell.ci_high is None:
        return None
    return Whole(*(rounded_percent(p) for p in (cell.estimate, cell.ci_low, cell.ci_high)))


def printed_interval(words: Words | Text, share: Whole) -> str:
    """Return the limits as printed behind a number, e.g. "(14–21)"; no line may end within.

    The lower limit of a share above 0 is not printed as 0, but as "<1".

    With :class:`.text.Text` it is Markdown.
    """
    low, high = words.lower_limit(share.low, share.estimate), words.number(share.high)
    return f"({low}–\u2060{high})"


def printed_share(text: Text, share: Whole) -> Markdown:
    """Return a share with its interval, e.g. "17% (14–21)"."""
    return Markdown(f"{text.with_sign(share.estimate)}\u00a0{printed_interval(text, share)}")


class ShortSentences(Sentences):
    """Sentences whose numbers are as short as a brief needs."""

    def share(self, cell: Cell) -> Markdown | None:
        """Return a share as "17% (14–21)", a bound as "fewer than 10 per cent"; None if hidden."""
        found = whole(cell)
        if found is None or not self._is_proportion(cell):
            return super().share(cell)
        return printed_share(self._text, found)


def children_sentence(text: Text, row: Mapping[str, str] | None) -> Markdown:
    """Return how many children a share stands for; empty where the comparison does not say.

    Args:
        text: the language.
        row: of ``denominators.csv``, of the children who use the internet.
    """
    if row is None or not row["children"]:
        return Markdown("")
    said = text(
        "Scaled to the country, it is some **{children} children** ({low} to {high}) of the "
        "{population} who use the internet.",
        children=text.number(number_of(row["children"])),
        low=text.number(number_of(row["children_low"])),
        high=text.number(number_of(row["children_high"])),
        population=text.compact(number_of(row["population"])),
    )
    return Markdown(f"{said} {use_invented(text, row)}".strip())
