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


def range_of(row: PublicRow) -> Range | None:
    """Return the range of an average of shares; None where it is one number, or none.

    Args:
        row: of ``pooled.csv``.
    """
    if not row["set_low"]:
        return None
    low, high, ci_low, ci_high = (row.number(name) for name in ENDS)
    return Range(low, high, ci_low, ci_high, decimals_of(row[name] for name in ENDS))


def decimals_of(cells: Iterable[str]) -> int:
    """Return the decimals of shares in per cent, as a table has them that drops zeros."""
    return max(0, *(len(cell.partition(".")[2]) - 2 for cell in cells))


def printed_limits(translator: Translator[str], found: Range) -> str:
    """Return the interval as printed behind a range, e.g. "(7.6–9.3)"; no line may end within."""
    low, high = (translator.percent(end, found.digits) for end in (found.ci_low, found.ci_high))
    return f"({low}–\u2060{high})"


def printed_ends(translator: Translator[str], found: Range) -> str:
    """Return a range without its interval, e.g. "8.2–8.7%"."""
    low, high = (translator.percent(end, found.digits) for end in (found.low, found.high))
    return f"{low}–\u2060{high}%"


def drawn_range(translator: Translator[str], found: Range) -> tuple[str, str]:
    """Return a range and its interval as figures print them beside a bar, which has one line."""
    ends, limits = printed_ends(translator, found), printed_limits(translator, found)
    return ends.replace("\u2060", ""), limits.replace("\u2060", "")


def printed_range(translator: Translator[Markdown], found: Range) -> Markdown:
    """Return a range with its interval, e.g. "between 8.2 and 8.7 per cent (7.6–9.3)"."""
    said = translator(
        "between {low} and {high} per cent",
        low=translator.percent(found.low, found.digits),
        high=translator.percent(found.high, found.digits),
    )
    return Markdown(f"{said}\u00a0{printed_limits(translator, found)}")


def hidden_said(
    translator: Translator[Markdown],
    hidden: Sequence[PublicRow],
    averages: Collection[PublicRow],
    named: Callable[[Sequence[PublicRow]], Markdown],
) -> Markdown:
    """Return how hidden areas count in the averages of the main finding; empty without any.

    Args:
        translator: the language.
        hidden: rows of ``prevalence.csv`` of areas that can be compared and have no estimate.
        averages: of the main finding that are printed, of ``pooled.csv``.
        named: returns the names of areas with their bounds.
    """
    if not hidden:
        return Markdown("")
    counted = {code for row in averages for code in row["bounded"].split()}
    if bounded := [row for row in hidden if row["country"] in counted]:
        return translator(
            "Averages of the main finding that include {countries} are ranges, as this estimate "
            "is not printed.",
            countries=named(bounded),
        )
    if averages:
        return Markdown("")
    return translator(
        "No average of the main finding is printed: too much of it would be the hidden share of "
        "{countries}.",
        countries=named(hidden),
    )
