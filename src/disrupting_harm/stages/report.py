"""Stage *report*: the documents of one country in all its languages."""

from pathlib import Path
from typing import Any

from disrupting_harm.files import write_json
from disrupting_harm.report.documents import write_reports
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.study import Country


def write_country_reports(
    *,
    country: dict[str, Any],
    codebook: dict[str, Any],
    settings: dict[str, Any],
    public: str,
    templates: str,
    folder: str,
) -> None:
    """Write one country's reports into ``folder/{language}/`` and note the renderer beside them."""
    records = write_reports(
        Country.model_validate(country),
        Configuration.model_validate(settings),
        Codebook.model_validate(codebook),
        public=Path(public),
        templates=Path(templates),
        out=Path(folder),
    )
    # Quarto's own words may name paths of the machine: they stay in the job's log.
    for record in records:
        print(record.log)
    write_json(
        Path(folder) / "renderer.json",
        {"engine": records[0].engine, "versions": records[0].versions},
    )
