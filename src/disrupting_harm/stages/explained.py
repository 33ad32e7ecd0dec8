"""Stage *explained*: a page of how each number of a survey was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.report.explained import write_explained
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
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
) -> None:
    """Write ``explained/{survey}.html`` of the public folder.

    Args:
        survey: code of the country, or of an earlier survey.
        country: its row of the countries file.
        codebook, settings: of the study.
        public: the public results.
        templates: folder of templates.
        inputs: names of the files of data behind the numbers.
    """
    study = Study(
        path=Path(),
        config=Configuration.model_validate(settings),
        countries={survey: Country.model_validate(country)},
        codebook=Codebook.model_validate(codebook),
        mappings={},
        listed_surveys=(survey,),
    )
    write_explained(survey, study, public=Path(public), templates=Path(templates), inputs=inputs)
