"""Signs beside an estimate or in its place, and the legend that explains those of a table."""

from collections.abc import Callable, Sequence

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.results import Cell
from disrupting_harm.report.text import Text
from disrupting_harm.study.statuses import NOBODY_INTERVIEWED, NOT_ASKED, SAME_ANSWERS

CAUTION, REVIEWED, UNRELIABLE, CONFIDENTIAL = "†", "‡", "*", "c"
_MEANINGS: dict[str, Callable[[Text], Markdown]] = {
    CAUTION: lambda text: text(
        "†: use with caution, the estimate is less precise, or more than a tenth of it is imputed."
    ),
    REVIEWED: lambda text: text("‡: shown after review by a statistician."),
    UNRELIABLE: lambda text: text("\\*: not shown, not reliable enough."),
    CONFIDENTIAL: lambda text: text("c: not shown, to protect respondents."),
}


def sign_of(cell: Cell) -> str:
    """Return the sign that stands beside a number or, where nothing is shown, in its place."""
    if cell.bound:
        return ""
    if cell.is_shown:
        return {"caution": CAUTION, "review": REVIEWED}.get(cell.status, "")
    if cell.status in (NOT_ASKED, NOBODY_INTERVIEWED, SAME_ANSWERS):
        return ""
    return CONFIDENTIAL if cell.status == "suppress_disclosure" else UNRELIABLE


def instead(text: Text, cell: Cell) -> str:
    """Return what stands in place of an estimate: why there is none, a bound, or a sign."""
    if cell.status == NOT_ASKED:
        return text("not asked")
    if cell.status == NOBODY_INTERVIEWED:
        return text("nobody interviewed")
    if cell.status == SAME_ANSWERS:
        return "–"
    if cell.bound:
        return f"{cell.bound} {text.number(float(cell.shown[1:]))}"
    return sign_of(cell)


def legend(text: Text, cells: Sequence[Cell], interval: str) -> list[Markdown]:
    """Return what explains a table: its interval, n, and the signs that it uses.

    Args:
        text: messages in the reader's language.
        cells: the cells that the table shows.
        interval: the method of the intervals, as the configuration names it.
    """
    used = {sign_of(cell) for cell in cells}
    notes = [meaning(text) for sign, meaning in _MEANINGS.items() if sign in used]
    if any(cell.bound for cell in cells):
        notes.append(
            text(
                "A number with the sign \\< or \\> is a bound: the estimate itself is not shown, "
                "because few answers stand behind it."
            )
        )
    if any(cell.status == SAME_ANSWERS for cell in cells):
        notes.append(text("–: the groups are made of the answers to this very question."))
    method = text(
        "Intervals: {method}. n: unweighted number of valid answers.",
        method=interval_name(text, interval),
    )
    return [method, *notes]


def interval_name(text: Text, method: str) -> Markdown:
    """Return the name of an interval method in the reader's language."""
    names: dict[str, Callable[[], Markdown]] = {
        "korn_graubard": lambda: text("Korn–Graubard"),
        "logit": lambda: text("logit"),
        "modified_wilson": lambda: text("modified Wilson"),
        "beta": lambda: text("beta"),
        "arcsine": lambda: text("arcsine"),
        "likelihood": lambda: text("likelihood ratio"),
    }
    return names[method]()
