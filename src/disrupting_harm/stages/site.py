"""Stage *site*: the index page and the comparison page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.site import write_site
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country


def write_pages(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
) -> None:
    """Write the site into the public folder."""
    config = Configuration.model_validate(settings)
    write_site(
        public=Path(public),
        templates=Path(templates) / "site",
        study=config.study,
        countries=[Country.model_validate(country) for country in countries],
        codebook=Codebook.model_validate(codebook),
        formats=config.report.formats,
    )
