"""Stage *prepare*: make typed, checked tables of one country's raw file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.mapping import Mapping
from disrupting_harm.study.margins import read_margins, refuse_estimated
from disrupting_harm.study.prepare import prepare_country, write_prepared
from disrupting_harm.study.sample import is_respondent


def prepare(
    *,
    country: str,
    raw: str,
    margins: str | None,
    margin_names: Sequence[str],
    mapping: dict[str, Any],
    codebook: dict[str, Any],
    simulated: bool,
    source: Any,
    lonely_psu: str,
    calibrated_errors: bool,
    folder: str,
) -> None:
    """Write the prepared tables of one country; its margins are checked here, before any estimate.

    Raises:
        StudyError: for the first fault in the raw file or the margins.
    """
    prepared = prepare_country(
        country,
        raw,
        Mapping.model_validate(mapping),
        Codebook.model_validate(codebook),
        simulated=simulated,
        source=source,
        lonely_psu=lonely_psu,
    )
    if margins and calibrated_errors:
        refuse_estimated(margins, margin_names)
    if margins:
        interviewed = is_respondent(prepared.sample)
        read_margins(margins, margin_names, prepared.sample.loc[interviewed, list(margin_names)])
    write_prepared(prepared, Path(folder))
