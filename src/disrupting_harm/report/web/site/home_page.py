"""What the first page of the site holds: a card a country, all estimates, the latest counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.measures.cybertips import NOT_PREVALENCE, PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of, with_address_of
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.evidence.cybertips import breaks_series
from disrupting_harm.report.findings.evidence.source_notes import translate_source
from disrupting_harm.report.findings.order_claims import is_set_apart
from disrupting_harm.report.language.collation import by_letters
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import Translator, hundredths
from disrupting_harm.report.language.whole_percent import in_percent, printed_interval
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.rows import PublicRow, read_public_rows
from disrupting_harm.report.reading.whole_percent import whole_of
from disrupting_harm.report.web.site.comparison_page import (
    BOOK_FORMATS,
    FOLDER,
    Version,
    gallery,
    versions,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE

# The cards of the site's first page: one country each, all numbers on one scale.


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
    translator: Translator[str],
) -> list[Card]:
    """Return the cards in the order of ``countries``; their bars have one scale.

    Args:
        public: the public results.
        countries: rows of the countries file.
        named: names of the countries by code.
        lead: the indicator of the main number; None: cards without one.
        results: the tables of the comparison.
        translator: the reader's language.
    """
    rows: dict[str, PublicRow] = {}
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
            translator,
            results.coded,
        )
        for row in countries
    ]


def _card(
    public: Path,
    country: Country,
    name: str,
    row: PublicRow | None,
    apart: bool,
    scale: int,
    translator: Translator[str],
    coded: bool,
) -> Card:
    code = country.country
    number, limits, note = "", "", ""
    low = estimate = high = bound = None
    if row and (share := whole_of(row)):
        number, limits = in_percent(translator, share), printed_interval(translator, share)
        low, estimate, high = (
            with_address_of(100 * part / scale, part)
            for part in (share.low, share.estimate, share.high)
        )
    elif row and row["bound_high"] and row.number("bound_high") < 1:
        limit = hundredths(row.number("bound_high"))
        number = translator("under {limit}", limit=translator.with_sign(limit))
        note = translator("by the estimate") if coded else translator("only a range is published")
        bound = with_address_of(100 * limit / scale, limit)
    elif row and row["status"] == NOT_ASKED:
        number, note = "–", translator("not asked")
    elif row:
        number = "–"
        hidden = row["status"] == SUPPRESS_DISCLOSURE
        note = (
            translator("not shown: privacy") if hidden else translator("not shown: too uncertain")
        )
    if apart:
        note = translator("set apart: not to be compared")
    return Card(
        code, name, translator.plain(country.region or ""), scale,
        number, limits, note, low, estimate, high, bound, apart,
        _languages({
            translator("two pages"): versions(
                public, f"briefs/{code}", "brief", country.languages_of_brief, PAGE, translator
            ),
            translator("report"): versions(
                public, f"reports/{code}", "report", country.languages, PAGE, translator
            ),
            translator("data book"): versions(
                public, f"databooks/{code}", "databook", country.languages, BOOK_FORMATS[:1],
                translator,
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


EVIDENCE = "figures/evidence"  # there is none in a study of a survey alone


def home(
    public: Path,
    rows: Sequence[Country],
    named: Mapping[str, str],
    config: Configuration,
    codebook: Codebook,
    brief: Brief | None,
    results: RegionalResults,
    translator: Translator[str],
) -> dict[str, Any]:
    """Return what the first page knows besides what all pages know.

    Args:
        public: the public results.
        rows: of the countries file, in the order of the cards.
        named: names of the countries by code.
        config: the configuration of the study.
        codebook: the label of the number on the cards.
        brief: what the study's briefs say, if it has any.
        results: the tables of the comparison.
        translator: the reader's language.
    """
    lead = brief.lead.indicator if brief else None
    shown = cards(public, rows, named, lead, results, translator)
    place = translator("all {areas}")
    languages = {each.language: each.called for card in shown for each in card.languages}
    return {
        "cards": shown,
        "measure": _measure(codebook, lead, translator),
        "meaning": translator.of_study(brief.lead.meaning) if brief else "",
        "languages": sorted(languages.items(), key=lambda each: by_letters(each[1])),
        "regions": sorted({card.region for card in shown if card.region}),
        "study_briefs": versions(
            public,
            "briefs/all",
            "brief",
            _brief_languages(config, translator),
            ("html", "pdf"),
            translator,
        ),
        "lead_pictures": [
            picture
            for picture in (
                gallery(public, FOLDER, config.study, place, translator) if lead else ()
            )
            if picture.indicator == lead and picture.kind == ON_SITE[0]
        ],
        "evidence": latest_reports(public, translator, named),
        "evidence_pictures": gallery(public, EVIDENCE, config.study, place, translator)
        if (public / EVIDENCE).is_dir()
        else [],
        "not_prevalence": f"{translator(PLACED_BY_UPLOAD)} {translator(NOT_PREVALENCE)}",
    }


def _brief_languages(config: Configuration, translator: Translator[str]) -> list[str]:
    """Return in which languages a page offers the brief on all: its own and English.

    The English page, which all readers can be sent to, offers all of them; so does one whose
    language the brief does not have.
    """
    languages = list(config.report.project_languages)
    if translator.language == ENGLISH or translator.language not in languages:
        return languages
    return [language for language in languages if language in (translator.language, ENGLISH)]


def _measure(codebook: Codebook, lead: str | None, translator: Translator[str]) -> str:
    """Return what the number on the cards is, and of what time; empty without one."""
    found = [entry for entry in codebook.indicators if entry.id == lead]
    if not found:
        return ""
    label = translator.of_study(found[0].label)
    of_past_year = found[0].recall == "past_year"
    return translator("{label}, in the past year", label=label) if of_past_year else label


def latest_reports(
    public: Path, translator: Translator[str], named: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the last year's CyberTip reports, a row a country and a column a class; None: none."""
    table = public / "evidence" / "cybertips.csv"
    every = read_public_rows(table) if table.is_file() else []
    last = max((row["year"] for row in every), default="")
    rows = [row for row in every if row["year"] == last]
    if not rows:
        return None
    called = {
        # Reports that a source does not tell apart by class.
        "unsplit": translator("Reports"),
        "referral": translator("Referrals"),
        "informational": translator("Informational reports"),
    }
    classes = list(dict.fromkeys(row["class"] for row in rows))
    counted = {(row["country"], row["class"]): row["reports"] for row in rows}
    return {
        "year": last,
        "classes": [called[each] for each in classes],
        "rows": [
            (
                named[code],
                [
                    translator.number(number_of(found))
                    if (found := counted.get((code, each)))
                    else translator("no figure")
                    for each in classes
                ],
            )
            for code in sorted(
                {row["country"] for row in rows}, key=lambda code: by_letters(named[code])
            )
        ],
        "anew": translator("From {year} reports are counted in another way.", year=last)
        if any(breaks_series(row) for row in rows)
        else "",
        "told_apart": translator(
            "Referrals hold enough for law enforcement to act on; informational reports hold too "
            "little."
        )
        if {"referral", "informational"} <= set(classes)
        else "",
        "source": translate_source(translator, rows[0]["source"]),
        "kind": rows[0].get("data_kind", ""),
    }
