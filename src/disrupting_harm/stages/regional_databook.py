"""Stage *regional_databook*: the data book of the comparison."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.documents.databook.regional_databook import write_regional_databook
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
    folder: str,
) -> None:
    """Write the data book of the comparison into ``folder/en/`` and note the renderer beside it."""
    record = write_regional_databook(
        [Country.model_validate(country) for country in countries],
        Configuration.model_validate(settings),
        Codebook.model_validate(codebook),
        public=Path(public),
        templates=Path(templates),
        folder=Path(folder),
    )
    write_renderer_note(Path(folder), [record])
