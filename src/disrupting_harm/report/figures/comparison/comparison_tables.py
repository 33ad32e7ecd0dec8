"""Read the public tables of the comparison that figures are drawn from.

A study need not have all of them: a table that is not there leaves its figures out, with the reason
in the list of figures.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from disrupting_harm.report.figures.comparison import TABLES_OF
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table

DRAWN_TABLES = frozenset(name for names in TABLES_OF.values() for name in names)
# Whole numbers that charts place beside others.
NUMBER_COLUMNS = ["countries", "rank_low", "rank_high", "children", "children_low", "children_high"]


def read_drawn_tables(paths: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """Return the tables that are drawn, by name; others are left out.

    Raises:
        StudyError: if a file is missing, or breaks its contract.
    """
    tables = {
        path.stem: read_table(path, public_contract(f"comparison/{path.stem}"))
        for path in paths
        if path.stem in DRAWN_TABLES
    }
    return {
        name: table.astype(dict.fromkeys(table.columns.intersection(NUMBER_COLUMNS), float))
        for name, table in tables.items()
    }
