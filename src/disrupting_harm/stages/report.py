"""Stage *report*: the documents of one country in all its languages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.files import write_json
from disrupting_harm.report.documents import write_reports
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.recommendations import load_recommendations
from disrupting_harm.study.study import Country


def write_country_reports(
    *,
    country: dict[str, Any],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    recommendations: Sequence[str],
    folder: str,
) -> None:
    """Write one country's reports into ``folder/{language}/`` and note the renderer beside them.

    ``recommendations`` is the study's file of them, if it has one.
    """
    codes = Codebook.model_validate(codebook)
    records = write_reports(
        Country.model_validate(country),
        Configuration.model_validate(settings),
        codes,
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
        recommendations=(
            load_recommendations(Path(recommendations[0]), codes) if recommendations else None
        ),
    )
    # Quarto's own words may name paths of the machine: they stay in the job's log.
    for record in records:
        print(record.log)
    write_json(
        Path(folder) / "renderer.json",
        {"engine": records[0].engine, "versions": records[0].versions},
    )
