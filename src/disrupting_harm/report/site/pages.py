"""Write the pages of the site in all its languages: home, countries, comparison, data, methods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from disrupting_harm.files import write_bytes, write_text
from disrupting_harm.provenance.addresses import CONFIDENCE, COUNTRY, address_of, at, how_many, part
from disrupting_harm.report.alphabet import by_letters
from disrupting_harm.report.annotated import plain
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.explained.tables import tables_of_evidence
from disrupting_harm.report.regional.results import RegionalResults, read_regional
from disrupting_harm.report.site.comparison import sections
from disrupting_harm.report.site.country import CountryPage, Found, country_page, find
from disrupting_harm.report.site.documents import BOOK_FORMATS, Document, own_first, versions
from disrupting_harm.report.site.downloads import downloads, has_simulated_evidence, strands
from disrupting_harm.report.site.editions import Edition, editions
from disrupting_harm.report.site.explained import explained_pages
from disrupting_harm.report.site.home import home
from disrupting_harm.report.site.methods import methods
from disrupting_harm.report.site.numbers import noted, printed
from disrupting_harm.report.ways import own_name
from disrupting_harm.report.web_pages import OWN_FILES, content_policy, page_templates
from disrupting_harm.report.words import Words, load_words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.country_names import english_name

STYLE, FILTER, COPY = "site.css", "site-filter.js", "site-copy.js"


@dataclass(frozen=True)
class Site:
    """What the pages of every language are made from.

    ``public`` is the public results folder, ``brief`` what the study's briefs say, and ``earlier``
    the codes of the surveys of earlier waves, by country. ``follows`` is the identity of the
    release that these results update; empty where there is none.
    """

    public: Path
    config: Configuration
    countries: list[Country]
    codebook: Codebook
    brief: Brief | None
    earlier: Mapping[str, Sequence[str]]
    follows: str

    @cached_property
    def found(self) -> dict[str, Found | None]:
        """What the countries' briefs speak of, by country: read once for all languages."""
        codes = [row.country for row in self.countries]
        return {code: find(self.public, code, self.brief) for code in codes}

    @cached_property
    def compared(self) -> RegionalResults:
        """The tables of the comparison, read once for all languages."""
        return read_regional(self.public, self.config.publication.disclosure.coded)

    @property
    def has_survey(self) -> bool:
        """Whether children were asked: a study of evidence alone has no indicators."""
        return bool(self.codebook.indicators)


def write_site(
    *,
    public: Path,
    templates: Path,
    config: Configuration,
    countries: list[Country],
    codebook: Codebook,
    brief: Brief | None = None,
    earlier: Mapping[str, Sequence[str]] | None = None,
    follows: str = "",
) -> list[Path]:
    """Write the pages in all languages of the study, their style sheet and their two scripts.

    Args:
        public: the public results folder; reports, figures and tables lie below it.
        templates: the folder of templates and catalogues.
        config: the configuration of the study.
        countries: rows of the countries file.
        codebook: the words of the study; a study of evidence alone has no indicators.
        brief: what the study's briefs say; its main finding stands on each country's card.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.
        follows: identity of the release that these results update.

    Returns:
        The files, those in English in the public folder itself, and those in each other language in
        a folder of its own.
    """
    site = Site(public, config, countries, codebook, brief, earlier or {}, follows)
    every = editions(config.report.project_languages)
    environment = _environment(templates / "site")
    written = []
    for edition in every:
        bare = load_words(
            edition.language, templates / "locale", config.study.areas, config.study.respondents
        )
        pages, words = _countries(site, bare), bare.annotating()
        environment.globals.update(_shared(site, edition, every, words, pages))
        for name, (template, context) in _contexts(site, words, pages).items():
            up, root = edition.way_up(name)
            text = environment.get_template(template).render(
                {"name": name, "home": up, "root": root, **context}
            )
            written.append(public / edition.folder / name)
            write_text(written[-1], text + "\n")
    for name in (STYLE, FILTER, COPY):
        written.append(public / name)
        write_bytes(written[-1], (templates / "site" / name).read_bytes())
    return written


def _environment(templates: Path) -> jinja2.Environment:
    environment = page_templates(templates)
    environment.finalize = printed
    environment.filters |= {"address": address_of, "plain": plain, "points": _points}
    environment.globals["noted"] = noted
    return environment


def _countries(site: Site, words: Words) -> list[CountryPage]:
    """Return the pages of the countries, in the order of their names."""
    pages = [
        country_page(
            site.public, row, site.config.study, site.codebook, words,
            formats=site.config.report.formats, brief=site.brief, found=site.found[row.country],
            earlier=site.earlier.get(row.country, ()),
        )
        for row in site.countries
    ]  # fmt: skip
    return sorted(pages, key=lambda page: by_letters(page.name))


def _shared(
    site: Site,
    edition: Edition,
    every: Sequence[Edition],
    words: Words,
    pages: Sequence[CountryPage],
) -> dict[str, Any]:
    """Return what all pages of one language know."""
    config = site.config
    study = config.study
    return {
        "edition": edition,
        "editions": every,
        "study": study,
        "title": words.of_study(study.title),
        "policy": content_policy(script=OWN_FILES, style=OWN_FILES, img=OWN_FILES, font=OWN_FILES),
        "population": words.of_study(study.population),
        "words": words,
        "number": words.number,
        "percent": words.percent,
        "date": words.date(study.date),
        "has_survey": site.has_survey,
        "confidence": words.percent(at(config.estimation.confidence, CONFIDENCE))
        if site.has_survey
        else "",
        "explorer": _explorer(config.report.project_languages, words) if site.has_survey else [],
        "tables": downloads(site.public, words, study.simulated),
        "simulated_evidence": has_simulated_evidence(site.public),
        "has_evidence": bool(tables_of_evidence(site.public)),
        "strands": words.enumeration(strands(site.public, words)),
        "places": _places(pages, words),
        "regional": _regional(site, words),
        "pages": pages,
        # A search finds a country by its English name, too: not every keyboard has the letters.
        "in_english": {row.country: english_name(row.country, row.name) for row in site.countries},
    }


def _contexts(
    site: Site, words: Words, pages: Sequence[CountryPage]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the template of each page, and what it knows besides, by the page's name."""
    config, codebook, named = site.config, site.codebook, {page.code: page.name for page in pages}
    rows = sorted(site.countries, key=lambda row: by_letters(named[row.country]))
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "index.html": (
            "index.html.j2",
            home(site.public, rows, named, config, codebook, site.brief, site.compared, words),
        ),
        "data.html": (
            "data.html.j2",
            {
                "explained": explained_pages(
                    site.public, [(page.code, page.name) for page in pages], codebook, words
                ),
                "follows": site.follows,
                "unsigned": config.publication.release and config.publication.release.unsigned,
                "asked": words.enumeration(config.study.organisations or [words("its publisher")]),
            },
        ),
        "methods.html": (
            "methods.html.j2",
            {"methods": methods(pages, config, codebook, words) if site.has_survey else None},
        ),
        **{page.href: ("country.html.j2", {"page": page}) for page in pages},
    }  # fmt: skip
    if site.has_survey:
        place = words("all {areas}")
        found["comparison.html"] = (
            "comparison.html.j2",
            {
                "sections": sections(
                    site.public, codebook, config.study, named, place, site.compared, words
                )
            },
        )
    return found


def _places(pages: Sequence[CountryPage], words: Words) -> str:
    """Return of what the study speaks: the one country or region, or how many there are."""
    if len(pages) == 1:
        return pages[0].name
    count = words.number(how_many([f"{part(page.code)}/{COUNTRY}/country" for page in pages]))
    return words("{count} {areas}", count=count)


def _explorer(languages: Sequence[str], words: Words) -> list[tuple[str, str, str]]:
    """Return address, language and own name of the pages with all estimates.

    The reader's own comes first, and English before all others.
    """
    ordered = own_first(own_first(languages, "en"), words.language)
    return [(f"explorer/{code}.html", code, own_name(code)) for code in ordered]


def _regional(site: Site, words: Words) -> tuple[Document, ...]:
    """Return the documents that compare the countries."""
    public, formats = site.public, site.config.report.formats
    every = (
        Document(
            "report",
            words("Regional report"),
            words("What can be said across all, and what cannot"),
            versions(public, "regional", "report", ("en",), formats, words),
        ),
        Document(
            "databook",
            words("Data book of the comparison"),
            words("All its numbers"),
            versions(public, "databooks/all", "databook", ("en",), BOOK_FORMATS, words),
        ),
    )
    return tuple(document for document in every if document.versions)


def _points(difference: str) -> str:
    """Return a difference of proportions in percentage points, with a true minus sign."""
    return f"{100 * float(difference):+.1f}".replace("-", "−")
