"""The cards of the site's first page: one country each, all numbers on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from disrupting_harm.provenance.addresses import number_of, of_cell
from disrupting_harm.report.incomparable import is_set_apart
from disrupting_harm.report.regional.results import RegionalResults
from disrupting_harm.report.site.documents import BOOK_FORMATS, Version, versions
from disrupting_harm.report.whole import in_percent, printed_interval, whole_of
from disrupting_harm.report.words import Words, hundredths
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE

# Of a document a card leads to its page, or to paper where it has none.
PAGE = ("html", "pdf")
STEP = 10  # per cent: the scale ends at a multiple of it


@dataclass(frozen=True)
class InLanguage:
    """The documents of a country in one language: what each is called, and where it is.

    The language has its own name, and is ``called`` otherwise in the reader's. ``mark`` says what
    is not settled about them; it is empty otherwise.
    """

    language: str
    name: str
    called: str
    mark: str
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Card:
    """One country: its main number, as a bar from 0 to ``scale`` per cent, and its documents.

    ``low``, ``estimate`` and ``high`` are per cent of the bar's width, with the addresses of what
    they show; None where no number is printed. ``bound`` is the width of an open bar where only a
    range is printed.
    """

    code: str
    name: str
    region: str
    scale: int
    number: str
    limits: str
    note: str
    low: float | None
    estimate: float | None
    high: float | None
    bound: float | None
    apart: bool
    languages: tuple[InLanguage, ...]


def cards(
    public: Path,
    countries: Sequence[Country],
    named: Mapping[str, str],
    lead: str | None,
    results: RegionalResults,
    words: Words,
) -> list[Card]:
    """Return the cards in the order of ``countries``; their bars have one scale.

    Args:
        public: the public results.
        countries: rows of the countries file.
        named: names of the countries by code.
        lead: the indicator of the main number; None: cards without one.
        results: the tables of the comparison.
        words: the reader's language.
    """
    rows: dict[str, dict[str, str]] = {}
    apart: set[str] = set()
    if lead:
        rows = {row["country"]: row for row in results.rows("prevalence", indicator=lead)}
        judged = results.rows("comparability", indicator=lead)
        apart = {row["country"] for row in judged if is_set_apart(row)}
    largest = [float(row["ci_high"] or row["bound_high"] or 0) for row in rows.values()]
    scale = STEP * ceil(100 * max(largest, default=0.1) / STEP - 1e-9)
    return [
        _card(
            public,
            row,
            named[row.country],
            rows.get(row.country),
            row.country in apart,
            scale,
            words,
            results.coded,
        )
        for row in countries
    ]


def _card(
    public: Path,
    country: Country,
    name: str,
    row: dict[str, str] | None,
    apart: bool,
    scale: int,
    words: Words,
    coded: bool,
) -> Card:
    code = country.country
    number, limits, note = "", "", ""
    low = estimate = high = bound = None
    if row and (share := whole_of(row)):
        number, limits = in_percent(words, share), printed_interval(words, share)
        low, estimate, high = (
            of_cell(100 * part / scale, part) for part in (share.low, share.estimate, share.high)
        )
    elif row and row["bound_high"] and float(row["bound_high"]) < 1:
        limit = hundredths(number_of(row["bound_high"]))
        number = words("under {limit}", limit=words.with_sign(limit))
        note = words("by the estimate") if coded else words("only a range is published")
        bound = of_cell(100 * limit / scale, limit)
    elif row and row["status"] == NOT_ASKED:
        number, note = "–", words("not asked")
    elif row:
        number = "–"
        hidden = row["status"] == SUPPRESS_DISCLOSURE
        note = words("not shown: privacy") if hidden else words("not shown: too uncertain")
    if apart:
        note = words("set apart: not to be compared")
    return Card(
        code, name, words.plain(country.region or ""), scale,
        number, limits, note, low, estimate, high, bound, apart,
        _languages({
            words("two pages"): versions(
                public, f"briefs/{code}", "brief", country.languages_of_brief, PAGE, words
            ),
            words("report"): versions(
                public, f"reports/{code}", "report", country.languages, PAGE, words
            ),
            words("data book"): versions(
                public, f"databooks/{code}", "databook", country.languages, BOOK_FORMATS[:1], words
            ),
        }),
    )  # fmt: skip


def _languages(documents: Mapping[str, Sequence[Version]]) -> tuple[InLanguage, ...]:
    """Return documents by language, in the order in which the languages come."""
    every = {each.language: each for versions in documents.values() for each in versions}
    found = []
    for language, first in every.items():
        own = [
            (title, each)
            for title, versions in documents.items()
            for each in versions
            if each.language == language
        ]
        marks = dict.fromkeys(each.mark for _, each in own if each.mark)
        found.append(
            InLanguage(
                language,
                first.name,
                first.called,
                "; ".join(marks),
                tuple((title, each.files[0].href) for title, each in own),
            )
        )
    return tuple(found)
