"""Stage *brief*: two pages on one country in all its languages, with their pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.documents.brief.country import write_briefs
from disrupting_harm.report.findings.brief_definition import load_brief
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_country_briefs(
    *,
    country: dict[str, Any],
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    brief: str,
    recommendations: list[str],
    folder: str,
    only_languages: Sequence[str] = (),
) -> None:
    """Write one country's briefs into ``folder/{language}/`` and note the renderer beside them.

    Args:
        countries: rows of the countries file that take part.
        brief: the study's file of what briefs say.
        recommendations: the study's file of them, if it has one.
        only_languages: those to write, of the country's; empty: all.
    """
    codes = Codebook.model_validate(codebook)
    advised = load_recommendations(Path(recommendations[0]), codes) if recommendations else None
    records = write_briefs(
        Country.model_validate(country),
        [Country.model_validate(row) for row in countries],
        Configuration.model_validate(settings),
        codes,
        load_brief(Path(brief), codes),
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        languages=only_languages,
        recommendations=advised,
    )
    write_renderer_note(Path(folder), records)
