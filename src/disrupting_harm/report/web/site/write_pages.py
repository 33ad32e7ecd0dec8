"""Write the pages of the site in all its languages: home, countries, comparison, data, methods."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from disrupting_harm.core.files import write_text
from disrupting_harm.provenance.addresses import address_of
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.fonts import render_linked_faces
from disrupting_harm.report.language.isolates import (
    change_texts_of_page,
    isolate_numbers,
    join_ranges,
)
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.rendering.quarto_project import FONTS
from disrupting_harm.report.web.site.addressed_numbers import format_address_attribute, wrap_numbers
from disrupting_harm.report.web.site.country_opening import name_countries_in_text
from disrupting_harm.report.web.site.country_page import CountryPage, read_country_page
from disrupting_harm.report.web.site.languages import list_editions
from disrupting_harm.report.web.site.page_contexts import (
    METHODS_PAGE,
    build_page_contexts,
    build_shared_context,
)
from disrupting_harm.report.web.site.printed_signs import list_printed_signs
from disrupting_harm.report.web.site.site_inputs import Site
from disrupting_harm.report.web.templates import create_page_environment
from disrupting_harm.report.web.translation_mark import TRANSLATION_SIGN, mark_translation
from disrupting_harm.simulation.settings import Simulation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

STYLE = "site.css"
SCRIPTS = ("site-filter.js", "site-copy.js", "site-compare.js")


def write_site(
    *,
    public: Path,
    templates: Path,
    config: Configuration,
    countries: list[Country],
    codebook: Codebook,
    brief: Brief | None = None,
    recommendations: Recommendations | None = None,
    earlier: Mapping[str, Sequence[str]] | None = None,
    follows: str = "",
    simulation: Simulation | None = None,
) -> list[Path]:
    """Write the pages in all languages of the study, their style sheet and their scripts.

    Args:
        public: the public results folder; reports, figures and tables lie below it.
        templates: the folder of templates and catalogues.
        config: the configuration of the study.
        countries: rows of the countries file.
        codebook: the words of the study; a study of evidence alone has no indicators.
        brief: what the study's briefs say; its main finding stands on each country's card.
        recommendations: of the study, of which the actions on a country's page are.
        earlier: codes of the surveys of earlier waves, by country; none for one survey each.
        follows: identity of the release that these results update.
        simulation: settings of a simulated study.

    Returns:
        The files, those in English in the public folder itself, and those in each other language in
        a folder of its own.
    """
    site = Site(
        public, config, countries, codebook, brief, recommendations, earlier or {}, follows,
        simulation,
    )  # fmt: skip
    all_editions = list_editions(config.report.project_languages, templates / "locale")
    environment = create_site_environment(templates / "site")
    paths: list[Path] = []
    for edition in all_editions:
        plain_translator = load_translator_of_study(edition.language, templates, config.study)
        pages, translator = (
            _read_country_pages(site, plain_translator),
            plain_translator.with_markup(ADDRESSED),
        )
        environment.globals.update(
            build_shared_context(site, edition, all_editions, translator, pages)
        )
        page_by_path: dict[Path, str] = {}
        for name, (template, context) in build_page_contexts(
            site, translator, pages, templates
        ).items():
            if name == METHODS_PAGE:
                # Its table has the signs of the other pages.
                context["signs"] = list_printed_signs(
                    page_by_path.values(), site.explorer_statuses, translator, site.has_coded_bounds
                )
            up, root = edition.find_upward_paths(name)
            page_html = environment.get_template(template).render(
                {"name": name, "home": up, "root": root, **context}
            )
            page_html = change_texts_of_page(page_html, join_ranges)
            if translator.from_right:
                page_html = change_texts_of_page(page_html, isolate_numbers)
            page_by_path[public / edition.folder / name] = page_html
        # Only all pages together know which texts they have.
        folder = public / edition.folder
        mark_of_pages = mark_translation(translator, page_by_path.values(), folder / "index.html")
        for path, page_html in page_by_path.items():
            write_text(path, page_html.replace(TRANSLATION_SIGN, mark_of_pages) + "\n")
        paths += page_by_path
    for name in (STYLE, *SCRIPTS):
        text = (templates / "site" / name).read_text(encoding="utf-8")
        paths.append(public / name)
        write_text(paths[-1], render_linked_faces(FONTS) + text if name == STYLE else text)
    return paths


def create_site_environment(templates: Path) -> jinja2.Environment:
    """Return what fills the templates of the site's pages."""
    environment = create_page_environment(templates)
    environment.finalize = wrap_numbers
    environment.filters |= {
        "address": address_of,
        "plain": strip_addresses,
        # Letters as they are: digits of their codes would be taken for numbers.
        "as_json": partial(json.dumps, ensure_ascii=False),
        "bold": mark_bold,
    }
    environment.globals["address_attribute"] = format_address_attribute
    return environment


def _read_country_pages(site: Site, translator: Translator[str]) -> list[CountryPage]:
    """Return the pages of the countries, in the order of their names."""
    country_names = name_countries_in_text(site.countries, translator)
    pages = [
        read_country_page(
            site.public, row, site.config, site.codebook, translator,
            brief=site.brief, brief_results=site.brief_results[row.country],
            country_names=country_names, recommendations=site.recommendations,
            earlier=site.earlier.get(row.country, ()),
        )
        for row in site.countries
    ]  # fmt: skip
    return sorted(pages, key=lambda page: build_sort_key(page.name))


def mark_bold(text: str) -> Markup:
    """Return a text with its topic, which stands between signs of bold letters, in bold."""
    pieces = text.split("**")
    return Markup("").join(
        Markup("<strong>{}</strong>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(map(wrap_numbers, pieces))
    )
