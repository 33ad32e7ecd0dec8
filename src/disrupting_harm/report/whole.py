"""Shares in whole per cent, as texts, tiles and figures print them.

They are read from columns of their own, which publication rounds from the exact values: a published
share of 20.5 per cent may be 20 or 21.
One above 0 that rounds to 0 is nowhere printed as 0: it is "under 1%", and a limit of it "<1".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from disrupting_harm.provenance.addresses import computed, number_of, whole_number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, hundredths

LARGEST_PART = 10  # "1 in 11" is no easier to see than "9 in 100"
NEAR = 0.1  # "about 1 in 2" is said of 46 in 100, and not of 41: at most a tenth from the estimate


@dataclass(frozen=True)
class Whole:
    """A share and its interval in whole per cent, as printed.

    A ``small`` one is above 0 and rounds to 0: no text says that it is 0.
    """

    estimate: int
    low: int
    high: int
    small: bool = False

    @property
    def some(self) -> bool:
        """Whether anybody is meant: then no limit is 0."""
        return self.small or self.estimate > 0

    @property
    def limit(self) -> int:
        """The whole per cent that the estimate lies below."""
        return computed("under", self.estimate + 1, [self.estimate])  # type: ignore[no-any-return]

    @property
    def one_in(self) -> int | None:
        """The k of "about 1 in k", to 10: 1/k is near the estimate, within its printed interval."""
        if self.estimate == 0:
            return None
        k: int = computed("one_in", round(100 / self.estimate), [self.estimate])
        near = abs(100 / k - self.estimate) <= NEAR * self.estimate
        fits = 2 <= k <= LARGEST_PART and self.low <= 100 / k <= self.high and near
        return k if fits else None


def whole_of(row: Mapping[str, str]) -> Whole | None:
    """Return an estimate and its interval in whole per cent; None where they are not printed.

    Args:
        row: of a public table, with its addresses.
    """
    if not row["whole"]:
        return None
    of_100, low, high = (
        whole_number_of(row[name]) for name in ("whole", "whole_low", "whole_high")
    )
    return Whole(of_100, low, high, of_100 == 0 and float(row["estimate"]) > 0)


def whole_of_hundredths(row: Mapping[str, str]) -> Whole:
    """Return what :func:`whole_of` does, of a table that publishes whole per cents alone."""
    of_100, low, high = (
        hundredths(number_of(row[name])) for name in ("estimate", "ci_low", "ci_high")
    )
    return Whole(of_100, low, high)


@overload
def in_percent(words: Text, share: Whole) -> Markdown: ...
@overload
def in_percent(words: Words, share: Whole) -> str: ...
def in_percent(words: Words | Text, share: Whole) -> str:
    """Return the estimate of a share with its sign, e.g. "17%"; of a small one "under 1%"."""
    if not share.small:
        return words.with_sign(share.estimate)
    return words("under {limit}", limit=words.with_sign(share.limit))


def in_order(shares: Iterable[Whole]) -> list[Whole]:
    """Return shares from the lowest to the highest."""
    return sorted(shares, key=lambda share: (share.estimate, share.small))


def span(text: Text, shares: Sequence[Whole]) -> dict[str, Markdown]:
    """Return the lowest and the highest of shares, without their signs, as ``low`` and ``high``."""
    ordered = in_order(shares)
    ends = {"low": ordered[0], "high": ordered[-1]}
    return {end: text.of_100(share.estimate, share.some) for end, share in ends.items()}


def interval(words: Words, share: Whole) -> str:
    """Return the limits as figures print them behind a number, e.g. "(14–21)"."""
    return printed_interval(words, share).replace("\u2060", "")


def printed_interval(words: Words | Text, share: Whole) -> str:
    """Return the limits as printed behind a number, e.g. "(14–21)"; no line may end within.

    With :class:`.text.Text` it is Markdown.
    """
    low, high = words.of_100(share.low, share.some), words.of_100(share.high, share.some)
    return f"({low}–\u2060{high})"
