"""Write the pages of the comparison, one an indicator, and of evidence, one an area."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.provenance.addresses import COMPARE, EVERYWHERE
from disrupting_harm.provenance.anchors import EVIDENCE
from disrupting_harm.provenance.explain_compared import of_indicator, printed
from disrupting_harm.provenance.explain_r import shared_lines
from disrupting_harm.provenance.published import Published
from disrupting_harm.report.explained.layout import write_page
from disrupting_harm.report.explained.tables import Table, compared_tables, evidence_tables
from disrupting_harm.report.words import english
from disrupting_harm.study.study import Study

_TEMPLATE = "tables.html.j2"


def write_compared(indicators: Sequence[str], study: Study, public: Path, templates: Path) -> None:
    """Write ``explained/compare/{indicator}.html`` of each.

    Args:
        indicators: those that are compared.
        study: configuration and codebook.
        public: the public results, of which the comparison is read.
        templates: the folder of templates.
    """
    published = Published(public)
    for indicator in indicators:
        tables = compared_tables(published, indicator, study)
        shared, why_not = shared_lines([table.id for table in tables], indicator, study)
        if not shared:
            tables = [replace(table, recipe="") for table in tables]
        context = {
            "title": f"{study.codebook.indicator(indicator).label}: how each number of the "
            "comparison was made",
            "about": "All numbers that the comparison publishes of this indicator, each under its "
            "address. They are made of the unrounded estimates of those countries that may be "
            "published and can be compared; p and V are an estimate and its variance.",
            "lines": [*of_indicator(indicator, study), *printed(study)],
            "shared": shared,
            "why_not": why_not,
            "again": next((table.cells[0].anchor for table in tables if table.recipe), ""),
            "example": _example(COMPARE, tables),
            "tables": tables,
            "simulated": study.config.study.simulated,
        }
        page = f"{COMPARE}/{indicator}"
        write_page(page, _TEMPLATE, context, study=study, public=public, templates=templates)


def write_evidence(areas: Sequence[str], study: Study, public: Path, templates: Path) -> None:
    """Write ``explained/evidence/{area}.html`` of each.

    Args:
        areas: countries, ``WLD``, and ``all`` for tables without a country.
        study: the configuration, and the countries' rows.
        public: the public results, of which evidence is read.
        templates: the folder of templates.
    """
    published = Published(public)
    for area in areas:
        tables = evidence_tables(published, area)
        context = {
            "title": f"{_named(area, study)}: where each number of other sources comes from",
            "about": "All numbers that are published here of sources beside the survey, each under "
            "its address. They count what somebody reported, recorded or answered; they are no "
            "samples, and no prevalence.",
            "lines": [],
            "shared": "",
            "why_not": "",
            "example": _example(area, tables),
            "tables": tables,
            "simulated": any(table.simulated for table in tables),
        }
        page = f"{EVIDENCE}/{area}"
        write_page(page, _TEMPLATE, context, study=study, public=public, templates=templates)


def _named(area: str, study: Study) -> str:
    if area in (WORLD, EVERYWHERE):
        return "The world" if area == WORLD else "Companies and platforms"
    row = study.countries[area]
    return english(study.config.study.areas).country(row.country, row.name)


def _example(area: str, tables: Sequence[Table]) -> tuple[str, str] | None:
    """Return the anchor of a row and its address; None where nothing is published."""
    if not tables:
        return None
    anchor = tables[0].cells[0].anchor
    return anchor, f"{area}/{anchor}"
