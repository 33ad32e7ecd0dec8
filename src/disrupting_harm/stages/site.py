"""Stage *site*: home, countries, comparison, data and methods, in all languages of a study."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.findings.brief_definition import read_brief
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.web.site.write_pages import write_site
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_pages(
    *,
    countries: Sequence[dict[str, Any]],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    brief: Sequence[str] = (),
    recommendations: Sequence[str] = (),
    earlier: Mapping[str, Sequence[str]] | None = None,
    follows: str = "",
    simulation: Sequence[str] = (),
) -> None:
    """Write the site into the public folder.

    ``brief``, ``recommendations`` and ``simulation`` are the study's files, if it has them;
    ``earlier`` are the codes of earlier waves; ``follows`` is the identity of the release that
    these results update.
    """
    codes = Codebook.model_validate(codebook)
    write_site(
        public=Path(public),
        templates=Path(templates),
        config=Configuration.model_validate(settings),
        countries=[Country.model_validate(country) for country in countries],
        codebook=codes,
        brief=read_brief(Path(brief[0])) if brief else None,
        recommendations=load_recommendations(Path(recommendations[0]), codes)
        if recommendations
        else None,
        earlier=earlier,
        follows=follows,
        simulation=load_simulation(Path(simulation[0]), codes) if simulation else None,
    )
