"""Titles of figures that say what the drawn estimates are; a plain name where they say nothing.

Nothing is compared: the ends of what is drawn are named with their numbers, as a reader sees them.
"""

from collections.abc import Sequence

from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.translator import Translator


def title_ends(translator: Translator[str], subject: str, rows: Sequence[Row]) -> str:
    """Return a title with the least and the greatest of several shares.

    It is ``subject`` alone where a row has no estimate, which might be one of them, or where both
    print the same number.
    """
    ends = _find_ends(rows)
    if ends is None or any(row.estimate is None for row in rows):
        return subject
    low, high = ends
    return translator(
        "{subject}: from {low} to {high}",
        subject=subject,
        low=low.printed_text,
        high=high.printed_text,
    )


def title_groups(translator: Translator[str], subject: str, rows: Sequence[Row], plain: str) -> str:
    """Return a title with the least and the greatest share of the groups shown; else ``plain``."""
    ends = _find_ends([row for row in rows if row.estimate is not None])
    if ends is None:
        return plain
    low, high = ends
    return translator(
        "{subject}: from {low} to {high} in the groups shown",
        subject=subject,
        low=low.printed_text,
        high=high.printed_text,
    )


def title_first_answers(
    translator: Translator[str], sections: Sequence[Section], plain: str, named: bool
) -> str:
    """Return a title with what stands first below the first two headings.

    It is ``plain`` where one of the two has no estimate there. ``named``: with the headings.
    """
    first = [section.rows[0] for section in sections[:2]]
    if len(first) < 2 or any(row.estimate is None for row in first):
        return plain
    if not named:
        return translator(
            "{label}, {share}; {other_label}, {other_share}",
            label=first[0].label,
            share=first[0].printed_text,
            other_label=first[1].label,
            other_share=first[1].printed_text,
        )
    return translator(
        "{heading}: {label}, {share}; {other_heading}: {other_label}, {other_share}",
        heading=sections[0].heading,
        label=first[0].label,
        share=first[0].printed_text,
        other_heading=sections[1].heading,
        other_label=first[1].label,
        other_share=first[1].printed_text,
    )


def _find_ends(rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """Return the rows with the least and the greatest estimate; None where they print alike."""
    ordered = sorted((row for row in rows if row.estimate is not None), key=_read_estimate)
    if len(ordered) < 2 or len({strip_addresses(row.printed_text) for row in ordered}) < 2:
        return None
    return ordered[0], ordered[-1]


def _read_estimate(row: Row) -> float:
    return row.estimate or 0.0
