"""Stage *prepare*: make typed, checked tables of one country's raw file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.margins import read_margins, refuse_estimated_totals
from disrupting_harm.study.microdata.sample import SIMULATED, is_respondent
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import of_known_children, write_table


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
        refuse_estimated_totals(margins, margin_names)
    if margins:
        interviewed = is_respondent(prepared.sample)
        read_margins(margins, margin_names, prepared.sample.loc[interviewed, list(margin_names)])
    write_prepared(prepared, Path(folder))


def write_prepared(prepared: PreparedCountry, folder: str | Path) -> None:
    """Check the frames against their contracts and write them.

    Writes ``sample.parquet, answers.parquet, indicators.parquet, asked.parquet, parts.parquet,
    dropped.csv, recodes.csv, item_answers.csv``; the Parquet files say in their metadata whether
    the data are simulated.

    Raises:
        StudyError: a frame breaks its contract.
    """
    folder = Path(folder)
    simulated = bool(prepared.sample[SIMULATED].iloc[0])
    frames = {
        "sample.parquet": (prepared.sample, contracts.SAMPLE),
        "answers.parquet": (prepared.answers, contracts.ANSWERS),
        "indicators.parquet": (prepared.indicators, contracts.INDICATORS),
        "asked.parquet": (prepared.asked, contracts.ASKED),
        "parts.parquet": (prepared.parts, contracts.PARTS),
        "dropped.csv": (prepared.dropped, contracts.restricted_contract("country/dropped")),
        "recodes.csv": (prepared.recodes, contracts.restricted_contract("country/recodes")),
        "item_answers.csv": (
            prepared.item_answers,
            contracts.restricted_contract("country/item_answers"),
        ),
    }
    for name, (frame, contract) in frames.items():
        if name != "sample.parquet" and "child_id" in frame:
            contract = of_known_children(contract)
        write_table(folder / name, frame, contract, simulated)
