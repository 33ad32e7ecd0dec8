"""Signs beside an estimate or in its place, and the legend that explains them."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence

from designbased.intervals.limits import INTERVALS
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.study.statuses import (
    NOBODY_INTERVIEWED,
    NOT_ASKED,
    RETRACTED_REASON,
    SAME_ANSWERS,
    SUPPRESS_DISCLOSURE,
)

CAUTION, REVIEWED, UNRELIABLE, CONFIDENTIAL, RETRACTED = "†", "‡", "*", "c", "r"
MEANINGS: dict[str, Callable[[Text], Markdown]] = {
    CAUTION: lambda text: text(
        "†: use with caution, the estimate is less precise, or more than a tenth of it is imputed."
    ),
    REVIEWED: lambda text: text(
        "‡: use with caution, shown after a statistician's review, as the configuration says."
    ),
    UNRELIABLE: lambda text: text("\\*: not shown, not reliable enough."),
    CONFIDENTIAL: lambda text: text("c: not shown, to protect respondents."),
    RETRACTED: lambda text: text(
        "r: retracted, as it was wrong; too few answers change for a new number."
    ),
}


def sign_of(cell: Cell) -> str:
    """Return the sign that stands beside a number or, where nothing is shown, in its place."""
    if cell.bound:
        return ""
    if cell.is_shown:
        return {"caution": CAUTION, "review": REVIEWED}.get(cell.status, "")
    if cell.status in (NOT_ASKED, NOBODY_INTERVIEWED, SAME_ANSWERS):
        return ""
    if cell.reason == RETRACTED_REASON:
        return RETRACTED
    return CONFIDENTIAL if cell.status == SUPPRESS_DISCLOSURE else UNRELIABLE


def instead(text: Text, cell: Cell) -> str:
    """Return what stands in place of an estimate: why there is none, a bound, or a sign."""
    if cell.status == NOT_ASKED:
        return text("not asked")
    if cell.status == NOBODY_INTERVIEWED:
        return text("nobody interviewed")
    if cell.status == SAME_ANSWERS:
        return "–"
    if cell.bound:
        sign, share = cell.bound
        return Markdown(f"{escape(sign)} {text.percent(share)}")
    return sign_of(cell)


def legend(
    text: Text,
    cells: Sequence[Cell],
    releases: Mapping[str, datetime.date],
    coded: bool,
    one_n: bool = False,
) -> list[Markdown]:
    """Return what explains a table: its intervals, n, the signs that it uses, and old numbers.

    Args:
        text: messages in the reader's language.
        cells: the cells that the table shows.
        releases: the dates of earlier releases in which some of them may stand.
        coded: whether bounds are printed whatever the estimate, by its size alone.
        one_n: whether some questions share the largest of their numbers of answers.
    """
    used = {sign_of(cell) for cell in cells}
    notes = [meaning(text) for sign, meaning in MEANINGS.items() if sign in used]
    if any(cell.bound for cell in cells):
        notes.append(
            text(
                "A number with the sign \\< or \\> is a bound on the estimate: it follows from how "
                "many answered, and the true share may lie beyond it."
            )
            if coded
            else text(
                "A number with the sign \\< or \\> is a bound: it holds for all persons of the "
                "group, not only for those who answered (97.5 per cent sure)."
            )
        )
    if any(cell.status == SAME_ANSWERS for cell in cells):
        notes.append(text("–: the groups are made of the answers to this very question."))
    opening = [
        text(
            "n: unweighted number of valid answers; for questions on violence the largest of all "
            "that were put to the same persons."
        )
        if one_n
        else text("n: unweighted number of valid answers.")
    ]
    if methods := interval_names(text, cells):
        opening.insert(0, text("Intervals: {method}.", method=methods))
    return [*opening, *notes, *_earlier(text, cells, releases)]


def _earlier(
    text: Text, cells: Sequence[Cell], releases: Mapping[str, datetime.date]
) -> list[Markdown]:
    """Return which earlier releases numbers of a table stand in, and why they do."""
    used = list(dict.fromkeys(cell.release for cell in cells if cell.release))
    if len(used) == 1 and all(cell.release for cell in cells):
        said = text(
            "As published in release {release} ({date}); later changes concern too few "
            "{respondents} to be shown.",
            release=used[0],
            date=text.date(releases[used[0]]),
        )
        return [said]
    return [
        text(
            "Some numbers stand as published in release {release} ({date}): later changes of them "
            "concern too few {respondents} to be shown.",
            release=name,
            date=text.date(releases[name]),
        )
        for name in used
    ]


def interval_names(text: Text, cells: Iterable[Cell]) -> Markdown:
    """Return the methods of the intervals that some cells have; empty where none has one.

    A mean has another interval than a share: the cells know theirs, the configuration does not.
    """
    methods = sorted({cell.interval for cell in cells if cell.is_shown and cell.interval})
    return text.enumeration([interval_name(text, method) for method in methods])


def interval_name(text: Text, method: str) -> Markdown:
    """Return the name of an interval method in the reader's language."""
    return text(INTERVALS[method].label)
