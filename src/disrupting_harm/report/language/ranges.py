"""Averages and sums of which a hidden area makes a range: it counts with its printed bound.

The average lies between two numbers, and the interval covers it wherever it lies there. Such a
range is mostly narrow, so that shares have the decimal that the public table gives them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

ENDS = ("set_low", "set_high", "ci_low", "ci_high")


@dataclass(frozen=True)
class Range:
    """The ends of a range of shares and of its interval, as proportions with their addresses."""

    low: float
    high: float
    ci_low: float
    ci_high: float
    digits: int


def read_range(row: PublicRow) -> Range | None:
    """Return the range of an average of shares; None where it is one number, or none.

    Args:
        row: of ``pooled.csv``.
    """
    if not row["set_low"]:
        return None
    low, high, ci_low, ci_high = (row.number(name) for name in ENDS)
    return Range(low, high, ci_low, ci_high, count_decimals(row[name] for name in ENDS))


def count_decimals(cells: Iterable[str]) -> int:
    """Return the decimals of shares in per cent, as a table has them that drops zeros."""
    return max(0, *(len(cell.partition(".")[2]) - 2 for cell in cells))


def format_limits(translator: Translator[str], share_range: Range) -> str:
    """Return the interval as printed behind a range, e.g. "(7.6–9.3)"; no line may end within."""
    low, high = (
        translator.percent(end, share_range.digits)
        for end in (share_range.ci_low, share_range.ci_high)
    )
    return f"({low}–\u2060{high})"


def format_ends(translator: Translator[str], share_range: Range) -> str:
    """Return a range without its interval, e.g. "8.2–8.7%"."""
    low, high = (
        translator.percent(end, share_range.digits) for end in (share_range.low, share_range.high)
    )
    return f"{low}–\u2060{high}%"


def format_range_in_figure(translator: Translator[str], share_range: Range) -> tuple[str, str]:
    """Return a range and its interval as figures print them beside a bar, which has one line."""
    ends, limits = format_ends(translator, share_range), format_limits(translator, share_range)
    return ends.replace("\u2060", ""), limits.replace("\u2060", "")


def format_range(translator: Translator[Markdown], share_range: Range) -> Markdown:
    """Return a range with its interval, e.g. "between 8.2 and 8.7 per cent (7.6–9.3)"."""
    ends = translator(
        "between {low} and {high} per cent",
        low=translator.percent(share_range.low, share_range.digits),
        high=translator.percent(share_range.high, share_range.digits),
    )
    return Markdown(f"{ends}\u00a0{format_limits(translator, share_range)}")


def describe_hidden_areas(
    translator: Translator[Markdown],
    hidden: Sequence[PublicRow],
    averages: Collection[PublicRow],
    name_areas: Callable[[Sequence[PublicRow]], Markdown],
) -> Markdown:
    """Return how hidden areas count in the averages of the main finding; empty without any.

    Args:
        hidden: rows of ``prevalence.csv`` of areas that can be compared and have no estimate.
        averages: of the main finding that are printed, of ``pooled.csv``.
        name_areas: returns the names of areas with their bounds.
    """
    if not hidden:
        return Markdown("")
    bounded_countries = {code for row in averages for code in row["bounded"].split()}
    if bounded := [row for row in hidden if row["country"] in bounded_countries]:
        return translator(
            "Averages of the main finding that include {countries} are ranges, as this estimate "
            "is not printed.",
            countries=name_areas(bounded),
        )
    if averages:
        return Markdown("")
    return translator(
        "No average of the main finding is printed: too much of it would be the hidden share of "
        "{countries}.",
        countries=name_areas(hidden),
    )
