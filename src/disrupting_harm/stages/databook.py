"""Stage *databook*: the data book of one country in all its languages."""

from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json
from disrupting_harm.report.documents.databook.country import write_databooks
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
) -> None:
    """Write one country's data books into ``folder/{language}/``; ``pdf``: on paper, too.

    ``languages.json`` in the folder tells the languages, ``renderer.json`` what made the PDF.
    """
    row = Country.model_validate(country)
    records = write_databooks(
        row,
        Configuration.model_validate(settings),
        Codebook.model_validate(codebook),
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        pdf=pdf,
    )
    write_json(Path(folder) / "languages.json", list(row.languages))
    if pdf:
        write_renderer_note(Path(folder), records)
