"""Stage *project_brief*: two pages on all countries together, in the study's languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.documents.brief.study import write_project_briefs
from disrupting_harm.report.findings.brief_definition import load_brief
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_briefs_of_study(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    brief: str,
    recommendations: Sequence[str],
    folder: str,
) -> None:
    """Write the study's brief into ``folder/{language}/`` and note the renderer beside them.

    Args:
        countries: rows of the countries file that take part.
        brief: the study's file of what briefs say.
        recommendations: the study's file of them, if it has one.
    """
    codes = Codebook.model_validate(codebook)
    advised = load_recommendations(Path(recommendations[0]), codes) if recommendations else None
    records = write_project_briefs(
        [Country.model_validate(row) for row in countries],
        Configuration.model_validate(settings),
        codes,
        load_brief(Path(brief), codes),
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        recommendations=advised,
    )
    write_renderer_note(Path(folder), records)
