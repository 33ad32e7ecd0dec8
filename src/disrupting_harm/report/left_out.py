"""Who is in no average, and which way that moves it: what printed bounds prove, and no more.

An area without a printed estimate is in no average. Where its bound lies below the average, every
average of all areas would be lower than the one printed, however the areas are weighted.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

Row = Mapping[str, str]
Direction = Literal["lower", "higher"]


def bound_said(text: Text, row: Row) -> Markdown | None:
    """Return the bound that is printed for an area, e.g. ``below 5 per cent``, if any.

    Args:
        text: the language.
        row: of ``prevalence.csv``, with a bound of a share.
    """
    if not row["bound_high"]:
        return None
    low, high = number_of(row["bound_low"]), number_of(row["bound_high"])
    if high < 1:
        return text("below {limit} per cent", limit=text.percent(high))
    return text("above {limit} per cent", limit=text.percent(low))


def named_with_bound(text: Text, row: Row, name: Markdown) -> Markdown:
    """Return an area's name with its printed bound, e.g. ``Viet Nam (below 5 per cent)``."""
    bound = bound_said(text, row)
    return text("{country} ({bound})", country=name, bound=bound) if bound else name


def averages_leave_out(
    text: Text, hidden: Sequence[Row], names: Markdown, averages: Sequence[Row], coded: bool
) -> Markdown:
    """Return who is in no average, and whether it would be lower or higher with them.

    Args:
        text: the language.
        hidden, averages, coded: see :func:`with_all`.
        names: of the areas left out, with their bounds.
    """
    if not hidden or not averages:
        return Markdown("")
    way = with_all(hidden, averages, coded)
    if way == "lower":
        return text(
            "Averages of the main finding leave out {countries}; they would be lower otherwise.",
            countries=names,
        )
    if way == "higher":
        return text(
            "Averages of the main finding leave out {countries}; they would be higher otherwise.",
            countries=names,
        )
    return text(
        "Averages of the main finding leave out {countries}; how they would be with them is not "
        "known.",
        countries=names,
    )


def with_all(hidden: Sequence[Row], averages: Sequence[Row], coded: bool) -> Direction | None:
    """Return whether the averages would be lower, or higher, with all areas in them.

    Args:
        hidden: rows of ``prevalence.csv`` of the areas that are in no average.
        averages: rows of ``pooled.csv``.
        coded: whether bounds are printed by the estimate, so that the true share may lie beyond.

    Returns:
        None where the bounds do not tell.
    """
    if coded or not hidden or not all(row["bound_high"] for row in hidden):
        return None
    estimates = [float(row["estimate"]) for row in averages]
    if max(float(row["bound_high"]) for row in hidden) < min(estimates):
        return "lower"
    if min(float(row["bound_low"]) for row in hidden) > max(estimates):
        return "higher"
    return None
