"""Stage *explorer*: one page a language with every published estimate inside."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.web.explorer import write_explorer
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_explorer_pages(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    earlier: Mapping[str, Sequence[str]],
) -> None:
    """Write ``explorer/`` of the public folder in all languages of the study.

    Args:
        earlier: codes of the surveys of earlier waves, by country.
    """
    write_explorer(
        [Country.model_validate(country) for country in countries],
        Configuration.model_validate(settings),
        Codebook.model_validate(codebook),
        public=Path(public),
        templates=Path(templates),
        earlier=earlier,
    )
