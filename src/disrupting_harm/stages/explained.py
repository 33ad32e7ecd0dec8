"""Stage *explained*: pages of how each published number was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.web.explained import (
    write_comparison_pages,
    write_evidence_pages,
    write_needs_page,
    write_survey_page,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import Study


def write_explained_page(
    *,
    survey: str,
    country: dict[str, Any],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    inputs: Sequence[str],
    compares: bool,
) -> None:
    """Write ``explained/{survey}.html`` of the public folder.

    Args:
        survey: code of the country, or of an earlier survey.
        inputs: names of the files of data behind the numbers.
        compares: whether the study has a page of the comparison to lead to.
    """
    study = _build_study({survey: country}, settings, codebook)
    write_survey_page(
        survey,
        study,
        public=Path(public),
        templates=Path(templates),
        inputs=inputs,
        compares=compares,
    )


def write_table_pages(
    *,
    indicators: Sequence[str],
    areas: Sequence[str],
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    recommendations: Sequence[str],
    public: str,
    templates: str,
) -> None:
    """Write the pages of the comparison and of evidence, below ``explained/``.

    Args:
        indicators: those that are compared: ``compare/{indicator}.html``.
        areas: those with evidence: ``evidence/{area}.html``.
        recommendations: the study's file of them, or none.
    """
    study = _build_study({row["country"]: row for row in countries}, settings, codebook)
    write_comparison_pages(indicators, study, Path(public), Path(templates))
    for path in recommendations:
        codes = study.codebook if study.config.codebook is not None else None
        actions = load_recommendations(Path(path), codes)
        write_needs_page(actions, study, Path(public), Path(templates))
    write_evidence_pages(areas, study, Path(public), Path(templates))


def _build_study(
    countries: dict[str, dict[str, Any]], settings: dict[str, Any], codebook: dict[str, Any]
) -> Study:
    return Study(
        path=Path(),
        config=Configuration.model_validate(settings),
        countries={code: Country.model_validate(row) for code, row in countries.items()},
        codebook=Codebook.model_validate(codebook),
        mappings={},
        listed_surveys=tuple(countries),
    )
