"""The names that the templates of the pages use, with their values for one language."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.exchange.catalogue_records import describe_dataset
from disrupting_harm.provenance.addresses import (
    COMPARE,
    CONFIDENCE,
    COUNTRY,
    EVERYWHERE,
    address_part,
    cell_count,
    with_address,
)
from disrupting_harm.provenance.anchors import EVIDENCE, FOLDER
from disrupting_harm.report.documents.brief.study_text import format_title_of_all
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.signs import SHORT, describe_short_interval
from disrupting_harm.report.language.terms import describe_terms, link_contact
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.language.undescribed_designs import group_undescribed
from disrupting_harm.report.web.explained.tables import list_evidence_tables
from disrupting_harm.report.web.site.comparison_page import (
    BOOK_FORMATS,
    Document,
    find_versions,
    put_language_first,
    read_comparison_sections,
)
from disrupting_harm.report.web.site.country_page import CountryPage
from disrupting_harm.report.web.site.downloads import (
    Link,
    describe_columns,
    group_downloads,
    has_simulated_evidence,
    list_downloads,
    list_kinds_of_evidence,
)
from disrupting_harm.report.web.site.home_page import read_home
from disrupting_harm.report.web.site.languages import Edition
from disrupting_harm.report.web.site.law_page import (
    LAW_PAGE,
    LawOfStudy,
    list_kinds_of_answers,
    read_law,
    read_law_summaries,
)
from disrupting_harm.report.web.site.methods_page import describe_methods
from disrupting_harm.report.web.site.simulated_numbers import describe_simulation, list_invented
from disrupting_harm.report.web.site.site_inputs import Site
from disrupting_harm.report.web.templates import (
    OWN_FILES,
    format_content_policy,
    format_json_in_page,
)
from disrupting_harm.report.web.translation_mark import TRANSLATION_SIGN
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.country_names import english_name

METHODS_PAGE = "methods.html"


# How each action of a country was chosen.
EXPLAINED_NEEDS = "explained/compare/needs.html"


# The one table without a country.
_COMPANIES = PUBLIC["transparency"].title


# CLDR's code of the world.
_WORLD = "001"


def build_shared_context(
    site: Site,
    edition: Edition,
    all_editions: Sequence[Edition],
    translator: Translator[str],
    pages: Sequence[CountryPage],
) -> dict[str, Any]:
    """Return the context of all pages of one language."""
    config = site.config
    study = config.study
    return {
        "edition": edition,
        "editions": all_editions,
        "study": study,
        "title": translator.of_study(study.title),
        "policy": format_content_policy(
            script=OWN_FILES, style=OWN_FILES, img=OWN_FILES, font=OWN_FILES
        ),
        "population": translator.of_study(study.population),
        "translator": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "number": translator.number,
        "percent": translator.percent,
        "date": translator.date(study.date),
        "translation_mark": TRANSLATION_SIGN if translator.reviews else "",
        "has_survey": site.has_survey,
        "has_comparison": site.has_comparison,
        "confidence": translator.percent(with_address(config.estimation.confidence, CONFIDENCE))
        if site.has_survey
        else "",
        "explorer": _list_explorer_pages(config.report.project_languages, translator)
        if site.has_survey
        else [],
        "tables": list_downloads(site.public, translator, study.simulated),
        "simulated_evidence": has_simulated_evidence(site.public),
        "has_law": site.has_law,
        "has_simulation": site.simulation is not None and site.has_survey,
        "has_actions": site.recommendations is not None and site.has_survey,
        "rule_of_actions": [
            translator.of_study(text)
            for text in (site.recommendations.rule, site.recommendations.reason)
            if text
        ]
        if site.recommendations
        else [],
        "marks_of_actions": [
            (translator.of_study(action.text), translator.of_study(action.mark))
            for _, action in (site.recommendations.actions if site.recommendations else ())
            if action.mark
        ],
        "has_explained_needs": (site.public / EXPLAINED_NEEDS).is_file(),
        # A page on which nothing is simulated says otherwise.
        "is_real": False,
        "has_evidence": bool(list_evidence_tables(site.public)),
        "strands": translator.enumeration(list_kinds_of_evidence(site.public, translator)),
        "terms": describe_terms(translator, study),
        "contact_link": link_contact(study),
        "places": _name_places(pages, translator),
        "regional": _list_regional_documents(site, translator),
        "pages": pages,
        # A search finds a country by its English name, too: not every keyboard has the letters.
        "in_english": {row.country: english_name(row.country, row.name) for row in site.countries},
    }


def build_page_contexts(
    site: Site, translator: Translator[str], pages: Sequence[CountryPage], templates: Path
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the template of each page and its own context, by the page's name."""
    downloads = list_downloads(site.public, translator, site.config.study.simulated)
    shared_columns, described_tables = describe_columns(
        site.public, downloads if translator.language == ENGLISH else ()
    )
    config, codebook, country_names = (
        site.config,
        site.codebook,
        {page.code: page.name for page in pages},
    )
    rows = sorted(site.countries, key=lambda row: build_sort_key(country_names[row.country]))
    law = _read_law(site, pages, translator)
    contexts: dict[str, tuple[str, dict[str, Any]]] = {
        "index.html": (
            "index.html.j2",
            {
                "heading": _head_home_page(site, pages, translator),
                "invented": _name_invented(site, pages),
                **read_home(
                    site.public,
                    rows,
                    country_names,
                    {page.code: page.name_in_text for page in pages},
                    config,
                    site.brief,
                    site.comparison,
                    translator,
                ),
            },
        ),
        "data.html": (
            "data.html.j2",
            {
                "explained": list_explained_pages(
                    site.public, [(page.code, page.name) for page in pages], codebook, translator
                ),
                "dataset": format_json_in_page(
                    describe_dataset(config.study, rows, codebook, config.study.licence)
                ),
                "groups": group_downloads(downloads, translator),
                "shared_columns": shared_columns,
                "described_tables": described_tables,
                "follows": site.follows,
                "unsigned": config.publication.release and config.publication.release.unsigned,
                "asked": translator.enumeration(
                    config.study.organisations or [translator("its publisher")]
                ),
            },
        ),
        **{
            page.href: (
                "country.html.j2",
                {"page": page, "law_summaries": read_law_summaries(law)},
            )
            for page in pages
        },
    }
    if site.has_comparison:
        area_name = translator("all {areas}")
        contexts["comparison.html"] = (
            "comparison.html.j2",
            {
                "main_finding": _describe_main_comparison(site, translator),
                "untold": group_undescribed(
                    {page.code: (page.quality or {}).get("undescribed", ()) for page in pages},
                    translator,
                    country_names,
                ),
                "short_interval": f"{SHORT}: {describe_short_interval(translator)}",
                "sections": read_comparison_sections(
                    site.public,
                    codebook,
                    config.study,
                    country_names,
                    area_name,
                    site.comparison,
                    translator,
                    site.short_intervals,
                    site.brief.lead.indicator if site.brief else "",
                ),
            },
        )
    if law:
        contexts[LAW_PAGE] = (
            "law.html.j2",
            {
                "law": law,
                "is_real": not law.simulated,
                "kinds": list_kinds_of_answers(law, translator),
            },
        )
    contexts[METHODS_PAGE] = (
        "methods.html.j2",
        {
            "methods": describe_methods(pages, rows, config, codebook, translator, templates)
            if site.has_survey
            else None,
            "simulation": describe_simulation(
                site.simulation,
                rows,
                codebook,
                translator,
                config.seed,
                config.simulation.name if config.simulation else "",
            )
            if site.simulation
            else None,
        },
    )
    return contexts


def list_explained_pages(
    public: Path,
    codes_and_names: Sequence[tuple[str, str]],
    codebook: Codebook,
    translator: Translator[str],
) -> list[tuple[str, list[Link]]]:
    """Return links to the pages of how numbers were made, under what these are numbers of.

    Args:
        public: the public results.
        codes_and_names: code and name of each country, in the order of a list.
        codebook: its headline indicators are compared.
        translator: the reader's language; the pages are in English.
    """
    links_by_source = []
    if codebook.indicators:
        surveys = [_link_explained_page(code, name) for code, name in codes_and_names]
        indicator_links = [
            _link_explained_page(
                f"{COMPARE}/{indicator}", translator.of_study(codebook.indicator(indicator).label)
            )
            for indicator in codebook.headlines()
        ]
        links_by_source += [
            (translator("Estimates"), surveys),
            (translator("Comparison"), indicator_links),
        ]
    if list_evidence_tables(public):
        world = translator.locale.territories[_WORLD]
        areas_besides_countries = [
            (WORLD, world[:1].upper() + world[1:]),
            (EVERYWHERE, translator(_COMPANIES)),
        ]
        links = [
            _link_explained_page(f"{EVIDENCE}/{code}", name)
            for code, name in (*codes_and_names, *areas_besides_countries)
        ]
        links_by_source.append((translator("Other sources"), links))
    return links_by_source


def _link_explained_page(page: str, label: str) -> Link:
    return Link(f"{FOLDER}/{page}.html", label)


def _name_invented(site: Site, pages: Sequence[CountryPage]) -> list[str]:
    """Return the countries whose main number follows no published one, where others' do."""
    if site.simulation is None or site.brief is None:
        return []
    codes = list_invented(site.simulation, site.countries, site.brief.lead.indicator)
    return [page.name_in_text for page in pages if page.code in codes]


def _read_law(
    site: Site, pages: Sequence[CountryPage], translator: Translator[str]
) -> LawOfStudy | None:
    """Return what the page on law says; None in a study without tables of it."""
    if not site.has_law:
        return None
    return read_law(
        site.public,
        {page.code: page.name for page in pages},
        {page.code: page.name_in_text for page in pages},
        translator,
    )


def _describe_main_comparison(site: Site, translator: Translator[str]) -> str:
    """Return what the brief on all countries finds in them; empty where no number bears it."""
    if site.brief is None or site.brief.all_countries is None:
        return ""
    indicator = site.brief.lead.indicator
    rows = {row["country"]: row for row in site.comparison.rows("prevalence", indicator=indicator)}
    title = format_title_of_all(site.brief, translator, rows)
    return "" if title == translator.of_study(site.brief.pictures[0].title) else title


def _name_places(pages: Sequence[CountryPage], translator: Translator[str]) -> str:
    """Return of what the study speaks: the one country or region, or how many there are."""
    if len(pages) == 1:
        return pages[0].name
    return translator("{count} {areas}", count=_count_places(pages, translator))


def _count_places(pages: Sequence[CountryPage], translator: Translator[str]) -> str:
    return translator.number(
        cell_count([f"{address_part(page.code)}/{COUNTRY}/country" for page in pages])
    )


def _head_home_page(site: Site, pages: Sequence[CountryPage], translator: Translator[str]) -> str:
    """Return what the home page is about, as briefs are titled: the subject, and where."""
    study = site.config.study
    if not study.subject:
        return translator.of_study(study.title)
    subject = translator.of_study(study.subject)
    if len(pages) == 1:
        return translator("{subject} in {country}", subject=subject, country=pages[0].name_in_text)
    return translator(
        "{subject} in {count} {areas}", subject=subject, count=_count_places(pages, translator)
    )


def _list_explorer_pages(
    languages: Sequence[str], translator: Translator[str]
) -> list[tuple[str, str, str]]:
    """Return address, language and own name of the pages with all estimates.

    The reader's own comes first, and English before all others.
    """
    ordered = put_language_first(put_language_first(languages, "en"), translator.language)
    return [(f"explorer/{code}.html", code, translator.endonym(code)) for code in ordered]


def _list_regional_documents(site: Site, translator: Translator[str]) -> tuple[Document, ...]:
    """Return the documents that compare the countries."""
    public, formats = site.public, site.config.report.formats
    documents = (
        Document(
            "report",
            translator("Regional report"),
            translator("What can be said across all, and what cannot"),
            find_versions(public, "regional", "report", ("en",), formats, translator),
        ),
        Document(
            "databook",
            translator("Data book of the comparison"),
            translator("All its numbers"),
            find_versions(public, "databooks/all", "databook", ("en",), BOOK_FORMATS, translator),
        ),
    )
    return tuple(document for document in documents if document.versions)
