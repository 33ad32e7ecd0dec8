"""Stage *region_figures*: figures of all countries that the study's own words ask for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.figures.comparison.draw_comparison import read_drawn_tables
from disrupting_harm.report.figures.comparison.draw_regional import draw_regional
from disrupting_harm.report.figures.regional_context import create_regional_context
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table


def draw_region_figures(
    *,
    countries: Sequence[dict[str, Any]],
    tables: Sequence[str],
    estimates: str,
    findings: Sequence[str],
    recommendations: Sequence[str],
    needs: Sequence[str],
    evidence: Sequence[str],
    codebook: dict[str, Any],
    study: dict[str, Any],
    confidence: float,
    folder: str,
) -> None:
    """Draw what the section ``region`` of the file of findings names, and list it.

    ``tables`` are the public tables of the comparison, known by their file names; ``estimates`` is
    that of the public estimates of all countries, ``needs`` that of what each country needs,
    ``evidence`` those of police, services, policy and law.
    """
    rows = [Country.model_validate(country) for country in countries]
    codes = Codebook.model_validate(codebook)
    context = create_regional_context(study, confidence)
    draw_regional(
        read_drawn_tables(Path(table) for table in tables),
        read_table(Path(estimates), public_contract("country/release")),
        {row.country: context.translator.country(row.country, row.name) for row in rows},
        {row.country: row.region for row in rows},
        {row.country: row.name_in_text for row in rows if row.name_in_text},
        codes,
        load_findings(Path(findings[0]), codes).region,
        context,
        Path(folder),
        [row for path in needs for row in read_public_rows(Path(path), compared=True)],
        load_recommendations(Path(recommendations[0]), codes) if recommendations else None,
        read_evidence(map(Path, evidence)),
    )
