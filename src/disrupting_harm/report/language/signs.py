"""Signs beside a number or in its place, and what they mean: in documents, pages and workbooks.

Where nothing is shown, tables have a sign, workbooks a letter in brackets, and pages have words.
The letters are those of the guidance of the British government's Analysis Function on symbols in
tables (2022): other offices use them, too, and screen readers can say them.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.publication.short_intervals import MAY_BE_SHORT
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import Other, Translator
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.statuses import (
    NO_INDICATOR,
    NOBODY_INTERVIEWED,
    NOT_ASKED,
    RETRACTED_REASON,
    SAME_ANSWERS,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
)

if TYPE_CHECKING:
    # It reads the tables of evidence, with which no figure that compares countries is to rerun.
    from disrupting_harm.report.reading.country_results import Cell

CAUTION, REVIEWED = "†", "‡"
# As in the column "shown" of public tables.
CONFIDENTIAL, UNRELIABLE, RETRACTED = "c", "*", "r"
UNAVAILABLE, INAPPLICABLE, LOW = "x", "z", "low"
# Beside limits.
SHORT = "§"
MEANINGS: dict[str, Callable[[Translator[Markdown]], Markdown]] = {
    CAUTION: lambda translator: translator(
        "†: use with caution, the estimate is less precise, or more than a tenth of it is imputed."
    ),
    REVIEWED: lambda translator: translator(
        "‡: use with caution, shown after a statistician's review, as the configuration says."
    ),
    UNRELIABLE: lambda translator: _explain_letter(translator, UNRELIABLE),
    CONFIDENTIAL: lambda translator: _explain_letter(translator, CONFIDENTIAL),
    RETRACTED: lambda translator: translator(
        "r: retracted, as it was wrong; too few answers change for a new number."
    ),
    SHORT: lambda translator: Markdown(f"{SHORT}: {describe_short_interval(translator)}"),
}


_LETTER_OF_STATUS = {
    SUPPRESS_DISCLOSURE: CONFIDENTIAL,
    SUPPRESS_RELIABILITY: UNRELIABLE,
    NOT_ASKED: UNAVAILABLE,
    SAME_ANSWERS: INAPPLICABLE,
    NO_INDICATOR: INAPPLICABLE,
    # Of facts that others counted.
    SUPPRESSED: CONFIDENTIAL,
    "refused": UNAVAILABLE,
    "not_recorded": UNAVAILABLE,
    "not_applicable": INAPPLICABLE,
}


def bracket(letter: str) -> str:
    """Return a sign as workbooks have it, where only letters can be said."""
    return f"[{'u' if letter == UNRELIABLE else letter}]"


def abbreviate_cell(cell: "Cell") -> str:
    """Return what stands in a workbook in place of a number of a cell that is not shown."""
    if cell.reason == RETRACTED_REASON:
        return bracket(UNAVAILABLE)
    return abbreviate_status(cell.status)


def abbreviate_status(status: str) -> str:
    """Return what stands in place of a number of a row with this status; empty where it has one."""
    letter = _LETTER_OF_STATUS.get(status)
    return bracket(letter) if letter else ""


def name_missing(translator: Translator[Other], letter: str) -> Other:
    """Return the short words for a number that is not shown."""
    if letter == CONFIDENTIAL:
        return translator("not shown: privacy")
    return translator("not shown: too uncertain")


def describe_missing(translator: Translator[Other]) -> dict[str, Other]:
    """Return by letter what stands behind a number that is not there."""
    return {
        CONFIDENTIAL: translator("not shown, to protect respondents"),
        UNRELIABLE: translator("not shown, not reliable enough"),
        UNAVAILABLE: translator.in_context("a share", "not available"),
        INAPPLICABLE: translator("does not apply"),
        LOW: translator("above 0, and rounded to 0"),
    }


def describe_shorthand(translator: Translator[Markdown]) -> Markdown:
    """Return what the letters in brackets mean that a workbook has."""
    return translator.join_sentences(
        _explain_letter(translator, letter, bracket(letter))
        for letter in describe_missing(translator)
    )


def _explain_letter(translator: Translator[Markdown], letter: str, printed: str = "") -> Markdown:
    meaning = describe_missing(translator)[letter]
    return translator("{sign}: {meaning}.", sign=printed or escape(letter), meaning=meaning)


def describe_short_interval(translator: Translator[Other]) -> Other:
    """Return what a reader has to know of an interval that may be too short."""
    return translator("The interval may be too short: few answers lie behind it.")


def sign_of(cell: "Cell") -> str:
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


def sign_of_interval(cell: "Cell") -> str:
    """Return the sign that stands beside the limits of an estimate, if any."""
    return SHORT if cell.interval_note == MAY_BE_SHORT else ""


def format_without_number(translator: Translator[Markdown], cell: "Cell") -> str:
    """Return what stands in place of an estimate: why there is none, a bound, or a sign."""
    if cell.status == NOT_ASKED:
        return translator("not asked")
    if cell.status == NOBODY_INTERVIEWED:
        return translator("nobody interviewed")
    if cell.status == SAME_ANSWERS:
        return "–"
    if cell.bound:
        sign, share = cell.bound
        return Markdown(f"{escape(sign)} {translator.percent(share)}")
    return sign_of(cell)


def legend(
    translator: Translator[Markdown],
    cells: Sequence["Cell"],
    releases: Mapping[str, datetime.date],
    coded: bool,
    one_n: bool = False,
) -> list[Markdown]:
    """Return what explains a table: its intervals, n, the signs that it uses, and old numbers.

    Args:
        releases: the dates of earlier releases in which some of them may stand.
        coded: whether bounds are printed whatever the estimate, by its size alone.
        one_n: whether some questions share the largest of their numbers of answers.
    """
    signs_used = {sign(cell) for cell in cells for sign in (sign_of, sign_of_interval)}
    notes = [meaning(translator) for sign, meaning in MEANINGS.items() if sign in signs_used]
    if any(cell.bound for cell in cells):
        notes.append(
            translator(
                "A number with the sign \\< or \\> is a bound on the estimate: it follows from how "
                "many answered, and the true share may lie beyond it."
            )
            if coded
            else translator(
                "A number with the sign \\< or \\> is a bound: it holds for all persons of the "
                "group, not only for those who answered (97.5 per cent sure)."
            )
        )
    if any(cell.status == SAME_ANSWERS for cell in cells):
        notes.append(translator("–: the groups are made of the answers to this very question."))
    opening = [
        translator(
            "n: unweighted number of valid answers; for questions on violence the largest of all "
            "that were put to the same persons."
        )
        if one_n
        else translator("n: unweighted number of valid answers.")
    ]
    if methods := list_interval_names(translator, cells):
        opening.insert(0, translator("Intervals: {method}.", method=methods))
    return [*opening, *notes, *_describe_earlier_releases(translator, cells, releases)]


def _describe_earlier_releases(
    translator: Translator[Markdown], cells: Sequence["Cell"], releases: Mapping[str, datetime.date]
) -> list[Markdown]:
    """Return which earlier releases numbers of a table stand in, and why they do."""
    releases_used = list(dict.fromkeys(cell.release for cell in cells if cell.release))
    if len(releases_used) == 1 and all(cell.release for cell in cells):
        sentence = translator(
            "As published in release {release} ({date}); later changes concern too few "
            "{respondents} to be shown.",
            release=releases_used[0],
            date=translator.date(releases[releases_used[0]]),
        )
        return [sentence]
    return [
        translator(
            "Some numbers stand as published in release {release} ({date}): later changes of them "
            "concern too few {respondents} to be shown.",
            release=release,
            date=translator.date(releases[release]),
        )
        for release in releases_used
    ]


def list_interval_names(translator: Translator[Markdown], cells: Iterable["Cell"]) -> Markdown:
    """Return the methods of the intervals that some cells have; empty where none has one.

    A mean has another interval than a share: the cells know theirs, the configuration does not.
    """
    methods = sorted({cell.interval for cell in cells if cell.is_shown and cell.interval})
    return translator.enumeration([interval_name(translator, method) for method in methods])


def interval_name(translator: Translator[Markdown], method: str) -> Markdown:
    """Return the name of an interval method in the reader's language."""
    return translator(LABELS[method])
