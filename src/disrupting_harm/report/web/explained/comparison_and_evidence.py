"""Write the pages of the comparison, one an indicator, and of evidence, one an area."""

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from disrupting_harm.comparison import NEEDS
from disrupting_harm.core.files import write_text
from disrupting_harm.core.version import __version__
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables.law_coverage import has_law
from disrupting_harm.provenance.addresses import COMPARE, EVERYWHERE
from disrupting_harm.provenance.anchors import EVIDENCE, FOLDER
from disrupting_harm.provenance.explain.explain_compared import explain_indicator, explain_printing
from disrupting_harm.provenance.explain.explain_r import r_settings_of_indicator
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.r_code.recompute import is_imputed
from disrupting_harm.provenance.r_code.recompute_compared import (
    FUNCTIONS_FILE,
    format_function_file,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.terms import describe_terms, link_contact
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.explained.tables import (
    Table,
    list_comparison_tables,
    read_comparison_tables,
    read_evidence_tables,
    read_needs_tables,
)
from disrupting_harm.report.web.templates import (
    OWN_FILES,
    create_page_environment,
    format_content_policy,
    hash_for_policy,
)
from disrupting_harm.study.study import Study

# What all pages of how numbers were made share: style, templates and their own versions.

# Style and script stand in every page, as it needs no other file; comments and indents stay in
# their files.
_COMMENT = re.compile(r"^ *(?:(?:/\*.*?\*/|//.*)\n)?", re.MULTILINE)


def write_page(
    name: str,
    template: str,
    context: Mapping[str, Any],
    *,
    study: Study,
    public: Path,
    templates: Path,
) -> Path:
    """Write a page; the same context gives the same bytes.

    Args:
        name: of the page below ``explained/``, without ``.html``; it may have a folder.
        context: what it says beside what all pages say.
    """
    root = "../" * (1 + name.count("/"))
    style = _COMMENT.sub("", (templates / FOLDER / "explained.css").read_text(encoding="utf-8"))
    style = style.replace("url(../", f"url({root}")
    script = _COMMENT.sub("", (templates / FOLDER / "number.js").read_text(encoding="utf-8"))
    facts = study.config.study
    translator = build_english(facts.areas)
    shared = {
        "root": root,
        "study": facts,
        "date": translator.date(facts.date),
        "terms": describe_terms(translator, facts),
        "contact_link": link_contact(facts),
        "version": __version__,
        "areas": translator.in_context("what the study compares", "{Areas}"),
        "explorer": _find_explorer(study),
        "compares": len(study.codes) > 1,
        "has_law": has_law(study.config.evidence.tables),
        "style": style,
        "script": script,
        "some_published": False,
        "policy": format_content_policy(
            script=f"'{hash_for_policy(script)}'",
            style=f"'{hash_for_policy(style)}'",
            font=OWN_FILES,
        ),
    }
    path = public / FOLDER / f"{name}.html"
    page = _create_environment(templates / FOLDER).get_template(template)
    write_text(path, page.render({**shared, **context}))
    return path


def _find_explorer(study: Study) -> str:
    """Return the page with all estimates, the English one if there is one; "" without a survey."""
    if not study.codebook.indicators:
        return ""
    languages = study.config.report.project_languages
    return f"explorer/{ENGLISH if ENGLISH in languages else languages[0]}.html"


def _create_environment(folder: Path) -> jinja2.Environment:
    environment = create_page_environment(folder)
    environment.filters["plain"] = _escape_between_tags
    return environment


def _escape_between_tags(cell_text: str) -> Markup:
    """Escape a text between tags, where quotation marks need no escape."""
    return Markup(html.escape(cell_text, quote=False))


_TEMPLATE = "tables.html.j2"
ALL_ROWS = "#all-rows"


def write_comparison_pages(
    indicators: Sequence[str], study: Study, public: Path, templates: Path
) -> None:
    """Write ``explained/compare/{indicator}.html`` of each, and the functions in R of all.

    Args:
        indicators: those that are compared.
        public: the public results, of which the comparison is read.
    """
    published = PublishedFiles(public)
    if indicators:
        write_text(
            public / FOLDER / FUNCTIONS_FILE, format_function_file(list_comparison_tables(public))
        )
    for indicator in indicators:
        tables = read_comparison_tables(published, indicator, study)
        shared_r_lines, why_not = r_settings_of_indicator(
            [table.id for table in tables], indicator, study
        )
        if not shared_r_lines:
            tables = [replace(table, recipe="") for table in tables]
        definition = study.codebook.indicator(indicator)
        countries_without_microdata = [
            code for code in study.codes if code not in study.with_microdata
        ]
        context = {
            "title": f"{definition.label}: how each number of the comparison was made",
            "way": [
                (f"../../comparison.html#{indicator}", "Comparison")
                if len(study.codes) > 1
                else (f"../{study.codes[0]}.html#{indicator}", "The country's numbers"),
                (ALL_ROWS, "All numbers here"),
            ],
            "place": "",
            "about": "All numbers that the comparison publishes of this indicator, each under its "
            "address. They are made of the unrounded estimates of those countries that may be "
            "published and can be compared; p and V are an estimate and its variance.",
            "lines": [*explain_indicator(indicator, study), *explain_printing(study)],
            "shared": shared_r_lines,
            "functions": FUNCTIONS_FILE,
            "imputed": is_imputed(definition),
            "away": countries_without_microdata,
            "why_not": why_not,
            "again": _find_address_to_recompute(tables, countries_without_microdata),
            "example": _find_example_row(COMPARE, tables),
            "tables": tables,
            "simulated": study.config.study.simulated,
        }
        page = f"{COMPARE}/{indicator}"
        write_page(page, _TEMPLATE, context, study=study, public=public, templates=templates)


def write_needs_page(
    recommendations: Recommendations, study: Study, public: Path, templates: Path
) -> None:
    """Write ``explained/compare/needs.html``, on what each country needs most."""
    tables = read_needs_tables(PublishedFiles(public), recommendations, study)
    context = {
        "title": "What each country needs: how each number was made",
        "way": [("../../index.html", study.config.study.title), (ALL_ROWS, "All numbers here")],
        "place": "",
        "about": "All numbers by which actions of countries are ranked, each under its address. "
        "They are made of printed numbers alone.",
        "lines": [],
        "shared": "",
        "why_not": "",
        "example": _find_example_row(COMPARE, tables),
        "tables": tables,
        "simulated": study.config.study.simulated,
    }
    page = f"{COMPARE}/{NEEDS}"
    write_page(page, _TEMPLATE, context, study=study, public=public, templates=templates)


def write_evidence_pages(areas: Sequence[str], study: Study, public: Path, templates: Path) -> None:
    """Write ``explained/evidence/{area}.html`` of each.

    Args:
        areas: countries, ``WLD``, and ``all`` for tables without a country.
        public: the public results, of which evidence is read.
    """
    published = PublishedFiles(public)
    for area in areas:
        tables = read_evidence_tables(published, area)
        simulated = any(table.simulated for table in tables)
        some_published = simulated and any(
            cell.published for table in tables for cell in table.cells
        )
        if some_published:
            tables = [_mark_published(table) for table in tables]
        name = _name_area(area, study)
        is_country = area not in (WORLD, EVERYWHERE)
        context = {
            "way": [
                (f"../../countries/{area}.html" if is_country else "../../data.html", name),
                (ALL_ROWS, "All numbers of other sources"),
            ],
            "place": name,
            "title": f"{name}: where each number of other sources comes from",
            "about": "All numbers that are published here of sources beside the survey, each under "
            "its address. They count what somebody reported, recorded or answered; they are no "
            "samples, and no prevalence.",
            "lines": [],
            "shared": "",
            "why_not": "",
            "example": _find_example_row(area, tables),
            "tables": tables,
            "simulated": simulated,
            "some_published": some_published,
        }
        page = f"{EVIDENCE}/{area}"
        write_page(page, _TEMPLATE, context, study=study, public=public, templates=templates)


def _mark_published(table: Table) -> Table:
    """Return a table that says in its heading if nothing in it is simulated."""
    if not all(cell.published for cell in table.cells):
        return table
    return replace(table, title=f"{table.title} (not simulated)")


def _name_area(area: str, study: Study) -> str:
    if area in (WORLD, EVERYWHERE):
        return "The world" if area == WORLD else "Companies and platforms"
    row = study.countries[area]
    return build_english(study.config.study.areas).country(row.country, row.name)


def _find_address_to_recompute(
    tables: Sequence[Table], countries_without_microdata: Collection[str]
) -> str:
    """Return what follows ``compare/`` in the first address of a number that has lines of R."""
    anchors_and_names = (
        (cell.anchor, *cell.printed.split()[:2])
        for table in tables
        if table.recipe
        for cell in table.cells
        if cell.printed and not {*cell.anchor.split("/")} & {*countries_without_microdata}
    )
    return next((f"{anchor}/{name}" for anchor, name, _ in anchors_and_names), "")


def _find_example_row(area: str, tables: Sequence[Table]) -> tuple[str, str] | None:
    """Return the anchor of a row and its address; None where nothing is published."""
    if not tables:
        return None
    anchor = tables[0].cells[0].anchor
    return anchor, f"{area}/{anchor}"
