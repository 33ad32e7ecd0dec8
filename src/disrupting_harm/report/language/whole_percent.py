"""Shares in whole per cent, as texts, tiles and figures print them."""

from collections.abc import Iterable, Sequence

from disrupting_harm.report.language.translator import Printed, Translator, read_whole_percent
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval


def read_percent_of_hundredths(row: PublicRow) -> PercentInterval:
    """Return a share with its limits, of a table that publishes whole per cents alone."""
    of_100, low, high = (
        read_whole_percent(row.number(name)) for name in ("estimate", "ci_low", "ci_high")
    )
    return PercentInterval(of_100, low, high)


def format_whole_percent(translator: Translator[Printed], share: PercentInterval) -> Printed:
    """Return the estimate of a share with its sign, e.g. "17%"; of a small one "under 1%"."""
    if not share.small:
        return translator.with_sign(share.estimate)
    return translator("under {limit}", limit=translator.with_sign(share.limit))


def sort_shares(shares: Iterable[PercentInterval]) -> list[PercentInterval]:
    """Return shares from the lowest to the highest."""
    return sorted(shares, key=lambda share: (share.estimate, share.small))


def format_span(
    translator: Translator[Printed], shares: Sequence[PercentInterval]
) -> dict[str, Printed]:
    """Return the lowest and the highest of shares, without their signs, as ``low`` and ``high``."""
    ordered = sort_shares(shares)
    ends = {"low": ordered[0], "high": ordered[-1]}
    return {end: translator.of_100(share.estimate, share.some) for end, share in ends.items()}


def format_interval_in_figure(translator: Translator[str], share: PercentInterval) -> str:
    """Return the limits as figures print them behind a number, e.g. "(14–21)"."""
    return format_interval(translator, share).replace("\u2060", "")


def format_interval(translator: Translator[str], share: PercentInterval) -> str:
    """Return the limits as printed behind a number, e.g. "(14–21)"; no line may end within.

    In the markup ``MARKDOWN`` it is Markdown.
    """
    low, high = translator.of_100(share.low, share.some), translator.of_100(share.high, share.some)
    return f"({low}–\u2060{high})"
