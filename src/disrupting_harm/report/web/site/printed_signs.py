"""Signs and words in place of numbers: those that the pages of one language print."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.report.language.signs import (
    CONFIDENTIAL,
    SHORT,
    UNRELIABLE,
    describe_missing,
    describe_short_interval,
    name_missing,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.statuses import (
    NOT_ASKED,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
)

# The context of words in place of numbers.
NO_NUMBER = "a number that is not printed"


@dataclass(frozen=True)
class PrintedSign:
    """Signs or words of one meaning, as pages print them, and what they mean."""

    words: tuple[str, ...]
    meaning: str


def list_printed_signs(
    pages: Iterable[str], explorer_statuses: Iterable[str], translator: Translator[str], coded: bool
) -> list[PrintedSign]:
    """Return the signs that pages print, each with its meaning, in a fixed order.

    Args:
        pages: the pages of the site in the language of ``translator``, as HTML.
        explorer_statuses: statuses of the estimates, for which the explorer has words.
        coded: whether bounds are of estimates and not of the population.
    """
    texts = [unescape(re.sub(r"\s+", " ", page)) for page in pages]
    statuses = set(explorer_statuses)

    def select(*words: str, status: str = "", **patterns: str) -> tuple[str, ...]:
        """Return the words of which a page has one, the last being the explorer's."""
        printed = [word for word in words if any(word in text for text in texts)]
        if status in statuses and words[-1] not in printed:
            printed.append(words[-1])
        return (
            *(
                sign
                for sign, pattern in patterns.items()
                if any(re.search(pattern, text) for text in texts)
            ),
            *printed,
        )

    # A bound is printed with its number, which the words here leave out.
    below = translator("under {limit}", limit="…")
    under = re.escape(below).replace("…", r"\S*\d")
    entries = [
        (
            select(
                translator("a range alone, to protect respondents"),
                **{"<": r"(?<=>)<\s?\d", below: under},
            ),
            translator(
                "The estimate is below this number. It is not printed, to protect those who "
                "answered; the true share may be higher."
            )
            if coded
            else translator(
                "The share of all persons of the group is below this number (97.5 per cent "
                "sure). The estimate is not printed, to protect those who answered."
            ),
        ),
        (
            select(
                *_find_cells(texts, translator.in_context(NO_NUMBER, "hidden")),
                name_missing(translator, CONFIDENTIAL),
                describe_missing(translator)[CONFIDENTIAL],
                status=SUPPRESS_DISCLOSURE,
            ),
            translator(
                "Few persons stand behind this number, or behind one that could be worked out "
                "from it."
            ),
        ),
        (
            select(
                *_find_cells(texts, translator.in_context(NO_NUMBER, "uncertain")),
                name_missing(translator, UNRELIABLE),
                describe_missing(translator)[UNRELIABLE],
                status=SUPPRESS_RELIABILITY,
            ),
            translator("Not reliable enough by the presentation standard of this study."),
        ),
        (
            select(**{translator("Not shown"): f'"big">{re.escape(translator("Not shown"))}<'}),
            translator("No number is printed; the words below it say why."),
        ),
        (
            select(translator("not asked"), status=NOT_ASKED),
            translator("The survey did not ask, or not all that is needed; nothing is hidden."),
        ),
        (
            select(translator("set apart: not to be compared")),
            translator("The survey differs in its questions, ages or methods."),
        ),
        (
            select(**{"–": r">\s*–\s*<"}),
            translator("There is no number: not asked, not shown or not compared."),
        ),
        (select(SHORT), describe_short_interval(translator)),
        (
            select(**{"*": r"(?<=\w)\*(?!\*)"}),
            translator("A note near the number says more of it."),
        ),
    ]
    return [PrintedSign(words, meaning) for words, meaning in entries if words]


def _find_cells(texts: Iterable[str], word: str) -> tuple[str, ...]:
    """Return the word if it stands alone in a cell of a page, and nothing otherwise."""
    cell = re.compile(rf"<td[^>]*>\s*{re.escape(word)}\s*<")
    return (word,) if any(cell.search(text) for text in texts) else ()


def read_explorer_statuses(public: Path) -> frozenset[str]:
    """Return the statuses of all published estimates without a number or a bound."""
    table = public / "estimates.csv"
    return _read_statuses_once(table, table.stat().st_mtime_ns) if table.is_file() else frozenset()


@cache
def _read_statuses_once(table: Path, _written: int) -> frozenset[str]:
    """Read the table once for the pages of all languages."""
    return frozenset(
        row["status"]
        for row in read_rows(table)[1]
        if not row["estimate"] and not row.get("bound_high")
    )
