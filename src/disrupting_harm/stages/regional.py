"""Stage *regional*: the report that compares the countries."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.documents.regional.report import write_regional_report
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.findings.references import read_works
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_region(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    references: Sequence[str],
    findings: Sequence[str],
    recommendations: Sequence[str],
    folder: str,
) -> None:
    """Write the regional report into ``folder/en/`` and note the renderer beside it."""
    codes = Codebook.model_validate(codebook)
    study_findings = load_findings(Path(findings[0]), codes) if findings else None
    record = write_regional_report(
        [Country.model_validate(country) for country in countries],
        Configuration.model_validate(settings),
        codes,
        public=Path(public),
        templates=Path(templates),
        folder=Path(folder),
        works=[work for path in references for work in read_works(Path(path))],
        region=study_findings.region if study_findings else None,
        recommendations=(
            load_recommendations(Path(recommendations[0]), codes if codes.indicators else None)
            if recommendations
            else None
        ),
    )
    write_renderer_note(Path(folder), [record])
