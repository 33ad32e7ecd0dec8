"""What the first page of the site holds: a card a country, all estimates, the latest counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.measures.cybertips import NOT_PREVALENCE, PLACED_BY_UPLOAD
from disrupting_harm.provenance.addresses import number_of, with_address_of
from disrupting_harm.report.documents.brief.study_text import describe_total
from disrupting_harm.report.figures.comparison import ON_SITE
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.evidence.cybertips import breaks_series
from disrupting_harm.report.findings.evidence.source_notes import translate_source
from disrupting_harm.report.findings.order_claims import (
    is_set_apart,
    select_decisive_reasons,
    translate_reason,
)
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.signs import CONFIDENTIAL, UNRELIABLE, name_missing
from disrupting_harm.report.language.translator import MARKDOWN, Translator, read_whole_percent
from disrupting_harm.report.language.whole_percent import format_interval, format_whole_percent
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.report.web.site.addressed_numbers import strip_markdown
from disrupting_harm.report.web.site.comparison_page import (
    BOOK_FORMATS,
    FOLDER,
    Version,
    find_versions,
    read_gallery,
)
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE

# The cards of the site's first page: one country each, all numbers on one scale.


# Of a document a card leads to its page, or to paper where it has none.
PAGE = ("html", "pdf")
STEP = 10  # per cent: the scale ends at a multiple of it


@dataclass(frozen=True)
class DocumentsInLanguage:
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
    set_apart: bool
    languages: tuple[DocumentsInLanguage, ...]


def read_cards(
    public: Path,
    countries: Sequence[Country],
    country_names: Mapping[str, str],
    headline_indicator: str | None,
    results: RegionalResults,
    translator: Translator[str],
) -> list[Card]:
    """Return the cards in the order of ``countries``; their bars have one scale.

    Args:
        public: the public results.
        countries: rows of the countries file.
        country_names: names of the countries by code.
        headline_indicator: the indicator of the main number; None: cards without one.
    """
    rows: dict[str, PublicRow] = {}
    reasons_set_apart: dict[str, str] = {}
    if headline_indicator:
        rows = {
            row["country"]: row for row in results.rows("prevalence", indicator=headline_indicator)
        }
        comparability_rows = results.rows("comparability", indicator=headline_indicator)
        reasons_set_apart = {
            row["country"]: translate_reason(translator, select_decisive_reasons(row["reason"]))
            for row in comparability_rows
            if is_set_apart(row)
        }
    largest = [float(row["ci_high"] or row["bound_high"] or 0) for row in rows.values()]
    scale = STEP * ceil(100 * max(largest, default=0.1) / STEP - 1e-9)
    return [
        _build_card(
            public,
            row,
            country_names[row.country],
            rows.get(row.country),
            reasons_set_apart.get(row.country),
            scale,
            translator,
            results.coded,
        )
        for row in countries
    ]


def _build_card(
    public: Path,
    country: Country,
    name: str,
    row: PublicRow | None,
    reason_set_apart: str | None,
    scale: int,
    translator: Translator[str],
    coded: bool,
) -> Card:
    code = country.country
    number, limits, note = "", "", ""
    low = estimate = high = bound = None
    if row and (share := read_percent_interval(row)):
        number, limits = format_whole_percent(translator, share), format_interval(translator, share)
        low, estimate, high = (
            with_address_of(100 * percent / scale, percent)
            for percent in (share.low, share.estimate, share.high)
        )
    elif row and row["bound_high"] and row.number("bound_high") < 1:
        limit = read_whole_percent(row.number("bound_high"))
        number = translator("under {limit}", limit=translator.with_sign(limit))
        note = (
            translator("by the estimate")
            if coded
            else translator("a range alone, to protect respondents")
        )
        bound = with_address_of(100 * limit / scale, limit)
    elif row and row["status"] == NOT_ASKED:
        number, note = "–", translator("not asked")
    elif row:
        number = "–"
        hidden = row["status"] == SUPPRESS_DISCLOSURE
        note = name_missing(translator, CONFIDENTIAL if hidden else UNRELIABLE)
    if reason_set_apart is not None:
        note = translator("set apart: not to be compared")
        note += f" ({reason_set_apart})" if reason_set_apart else ""
    return Card(
        code, name, translator.translate_or_keep(country.region or ""), scale,
        number, limits, note, low, estimate, high, bound, reason_set_apart is not None,
        _group_by_language({
            translator("two pages"): find_versions(
                public, f"briefs/{code}", "brief", country.languages_of_brief, PAGE, translator
            ),
            translator("report"): find_versions(
                public, f"reports/{code}", "report", country.languages, PAGE, translator
            ),
            translator("data book"): find_versions(
                public, f"databooks/{code}", "databook", country.languages, BOOK_FORMATS[:1],
                translator,
            ),
        }),
    )  # fmt: skip


def _group_by_language(
    documents: Mapping[str, Sequence[Version]],
) -> tuple[DocumentsInLanguage, ...]:
    """Return documents by language, in the order in which the languages come."""
    versions_by_language = {
        version.language: version for versions in documents.values() for version in versions
    }
    documents_by_language = []
    for language, first_version in versions_by_language.items():
        titled_versions = [
            (title, version)
            for title, versions in documents.items()
            for version in versions
            if version.language == language
        ]
        marks = dict.fromkeys(version.mark for _, version in titled_versions if version.mark)
        documents_by_language.append(
            DocumentsInLanguage(
                language,
                first_version.name,
                first_version.called,
                "; ".join(marks),
                tuple((title, version.files[0].href) for title, version in titled_versions),
            )
        )
    return tuple(documents_by_language)


EVIDENCE = "figures/evidence"  # there is none in a study of a survey alone


def read_home(
    public: Path,
    rows: Sequence[Country],
    country_names: Mapping[str, str],
    names_in_text: Mapping[str, str],
    config: Configuration,
    brief: Brief | None,
    results: RegionalResults,
    translator: Translator[str],
) -> dict[str, Any]:
    """Return the context of the first page, besides that of all pages.

    Args:
        public: the public results.
        rows: of the countries file, in the order of the cards.
        country_names: names of the countries by code.
        names_in_text: the same inside a sentence.
        brief: what the study's briefs say, if it has any.
    """
    headline_indicator = brief.lead.indicator if brief else None
    country_cards = read_cards(public, rows, country_names, headline_indicator, results, translator)
    area_name = translator("all {areas}")
    languages = {
        documents.language: documents.called
        for card in country_cards
        for documents in card.languages
    }
    return {
        "cards": country_cards,
        "main_finding": _describe_all(
            brief, results, translator, names_in_text, translator.of_study(config.study.population)
        )
        if brief and len(country_cards) > 1
        else [],
        "meaning": translator.of_study(brief.lead.meaning) if brief else "",
        "languages": sorted(languages.items(), key=lambda documents: build_sort_key(documents[1])),
        "regions": sorted({card.region for card in country_cards if card.region}),
        "study_briefs": find_versions(
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
                read_gallery(public, FOLDER, config.study, area_name, translator)
                if headline_indicator
                else ()
            )
            if picture.indicator == headline_indicator and picture.kind == ON_SITE[0]
        ],
        "evidence": read_latest_reports(public, translator, country_names),
        "evidence_pictures": read_gallery(public, EVIDENCE, config.study, area_name, translator)
        if (public / EVIDENCE).is_dir()
        else [],
        "not_prevalence": f"{translator(PLACED_BY_UPLOAD)} {translator(NOT_PREVALENCE)}",
    }


def _brief_languages(config: Configuration, translator: Translator[str]) -> list[str]:
    """Return in which languages a page offers the brief on all: its own, and else English.

    The other languages have pages of their own, to which the head of every page leads.
    """
    languages = config.report.project_languages
    return [translator.language if translator.language in languages else ENGLISH]


def _describe_all(
    brief: Brief,
    results: RegionalResults,
    translator: Translator[str],
    names_in_text: Mapping[str, str],
    population: str,
) -> list[str]:
    """Return what the brief on all countries says first: how many it is in all, and of whom."""
    rows = {
        row["country"]: row for row in results.rows("prevalence", indicator=brief.lead.indicator)
    }
    names = {code: Markdown(name) for code, name in names_in_text.items()}
    sentences = describe_total(
        brief, translator.with_markup(MARKDOWN), results, rows, names, Markdown(population)
    )
    return [strip_markdown(sentence) for sentence in sentences]


def read_latest_reports(
    public: Path, translator: Translator[str], country_names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the last year's CyberTip reports, a row a country and a column a class; None: none."""
    table = public / "evidence" / "cybertips.csv"
    rows_of_all_years = read_public_rows(table) if table.is_file() else []
    last = max((row["year"] for row in rows_of_all_years), default="")
    rows = [row for row in rows_of_all_years if row["year"] == last]
    if not rows:
        return None
    class_labels = {
        # Reports that a source does not tell apart by class.
        "unsplit": translator("Reports"),
        "referral": translator("Referrals"),
        "informational": translator("Informational reports"),
    }
    classes = list(dict.fromkeys(row["class"] for row in rows))
    reports_by_class = {(row["country"], row["class"]): row["reports"] for row in rows}
    return {
        "year": last,
        "classes": [class_labels[report_class] for report_class in classes],
        "rows": [
            (
                country_names[code],
                [
                    translator.number(number_of(reports))
                    if (reports := reports_by_class.get((code, report_class)))
                    else translator("no figure")
                    for report_class in classes
                ],
            )
            for code in sorted(
                {row["country"] for row in rows},
                key=lambda code: build_sort_key(country_names[code]),
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
