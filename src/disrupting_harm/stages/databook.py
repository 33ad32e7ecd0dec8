"""Stage *databook*: the data book of one country in all its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json
from disrupting_harm.report.documents.databook.country import write_databooks
from disrupting_harm.report.findings.brief_definition import load_brief
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_country_databooks(
    *,
    country: dict[str, Any],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    folder: str,
    pdf: bool,
    brief: Sequence[str],
    recommendations: Sequence[str],
) -> None:
    """Write one country's data books into ``folder/{language}/``; ``pdf``: on paper, too.

    ``languages.json`` in the folder tells the languages, ``renderer.json`` what made the PDF.
    """
    row, codes = Country.model_validate(country), Codebook.model_validate(codebook)
    records = write_databooks(
        row,
        Configuration.model_validate(settings),
        codes,
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        pdf=pdf,
        brief=load_brief(Path(brief[0]), codes) if brief and codes.indicators else None,
        recommendations=(
            load_recommendations(Path(recommendations[0]), codes)
            if recommendations and codes.indicators
            else None
        ),
    )
    write_json(Path(folder) / "languages.json", list(row.languages))
    if pdf:
        write_renderer_note(Path(folder), records)
