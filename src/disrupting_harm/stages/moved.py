"""Stage *moved*: what became of addresses that accepted releases had."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.files import read_rows, write_csv
from disrupting_harm.provenance.moved_addresses import MOVED_COLUMNS, MOVED_FILE, find_moved_rows
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.study.configuration.publication_config import ReleaseRules
from disrupting_harm.tables.io import read_table

_ADDRESSED = ["country", "indicator", "domain", "level", "release"]


def write_moved(
    *, before: Sequence[str], estimates: Sequence[str], rules: Mapping[str, Any], public: str
) -> None:
    """Write ``addresses-moved.csv`` of the public folder.

    Args:
        before: tables of the countries in the last accepted release.
        estimates: public tables of estimates of this run.
        rules: the section ``publication.release`` of the configuration.

    Raises:
        StudyError: if a table breaks its contract.
    """
    previous_addresses = {
        address_of_row(ESTIMATES, dict(zip(_ADDRESSED, row, strict=True))): row[-1]
        for path in before
        for row in read_table(Path(path), CELLS)[_ADDRESSED].astype(str).to_numpy().tolist()
    }
    present_addresses = {
        address_of_row(ESTIMATES, row) for path in estimates for row in read_rows(Path(path))[1]
    }
    rows = find_moved_rows(
        previous_addresses, present_addresses, ReleaseRules.model_validate(rules).moved
    )
    table = pd.DataFrame([vars(row) for row in rows], columns=list(MOVED_COLUMNS))
    write_csv(Path(public) / MOVED_FILE, table)
