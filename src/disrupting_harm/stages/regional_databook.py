"""Stage *regional_databook*: the data book of the comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json
from disrupting_harm.report.documents.databook.regional_databook import write_regional_databook
from disrupting_harm.report.documents.regional.report import LANGUAGE
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.rendering import write_renderer_note
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_databook_of_region(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    recommendations: Sequence[str],
    folder: str,
    pdf: bool,
) -> None:
    """Write the data book of the comparison into ``folder/en/``; ``pdf``: on paper, too.

    ``languages.json`` in the folder tells the language, ``renderer.json`` what made the PDF.
    """
    codes = Codebook.model_validate(codebook)
    record = write_regional_databook(
        [Country.model_validate(country) for country in countries],
        Configuration.model_validate(settings),
        codes,
        public=Path(public),
        templates=Path(templates),
        folder=Path(folder),
        pdf=pdf,
        recommendations=(
            load_recommendations(Path(recommendations[0]), codes if codes.indicators else None)
            if recommendations
            else None
        ),
    )
    write_json(Path(folder) / "languages.json", [LANGUAGE])
    if record:
        write_renderer_note(Path(folder), [record])
