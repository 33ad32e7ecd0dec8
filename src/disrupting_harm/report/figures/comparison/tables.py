"""The public tables of the comparison, read for drawing.

A study need not have all of them: a table that is not there leaves its figures out, with the
reason in ``figures.json``. A table that is there must have the columns that are drawn.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures.cells import read_public_table
from disrupting_harm.spreadsheets import read_frame

LIMITS = ("ci_low", "ci_high")
SIMULTANEOUS = ("ci_low_simultaneous", "ci_high_simultaneous")
# Of each table, the columns of numbers that are drawn or said; all others are text.
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "pairwise": ("difference",),
    "against_region": ("difference",),
    "gaps": ("difference", *LIMITS, *SIMULTANEOUS),
    "gap_pairs": ("difference",),
    "rank_sets": ("countries", "rank_low", "rank_high"),
    "pooled": ("countries", "estimate", *LIMITS, "prediction_low", "prediction_high", "i2"),
    "bounds": ("valid_share", "estimate", "lower", "upper", *LIMITS),
    "bound_pairs": (),
    "denominators": (
        "estimate", *LIMITS, "rank_low", "rank_high", "children", "children_low", "children_high",
        "internet_use_rate",
    ),
    "comparability": (),
}  # fmt: skip
TEXTS: Mapping[str, tuple[str, ...]] = {
    "pairwise": ("country_a", "country_b", "differs"),
    "against_region": ("region", "country", "differs"),
    "gaps": ("domain", "level_a", "level_b", "country", "differs"),
    "gap_pairs": ("domain", "level_a", "level_b", "country_a", "country_b", "differs"),
    "rank_sets": ("country", "method", "scope"),
    "pooled": ("group", "estimand", "left_out", "note"),
    "bounds": ("country",),
    "bound_pairs": ("country_a", "country_b", "differs", "survives"),
    "denominators": ("country", "denominator"),
    "comparability": ("country", "comparable", "reason", "fieldwork"),
}
FLAGS = ("differs", "survives")


def read_tables(paths: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """Read the public comparison tables, by name; tables that no figure draws are passed over.

    Raises:
        StudyError: if a file, or a column that is drawn, is missing.
    """
    known = {path.stem: path for path in paths}
    tables = {name: read_table(known[name], name) for name in NUMBERS if name in known}
    if "prevalence" in known:
        tables["prevalence"] = read_public_table(known["prevalence"])
    return tables


def read_table(path: Path, name: str) -> pd.DataFrame:
    """Read one table other than the prevalence: numbers as floats, flags as booleans.

    Raises:
        StudyError: if the file or a column that is drawn is missing.
    """
    if not path.is_file():
        raise StudyError(str(path), "there is no such file", "Run the stage 'publish' again")
    table = read_frame(path)
    for column in ("indicator", *TEXTS[name], *NUMBERS[name]):
        if column not in table.columns:
            raise StudyError(
                f"{path}, column '{column}'", "it is missing", "Run the stage 'publish' again"
            )
    for column in NUMBERS[name]:
        table[column] = pd.to_numeric(table[column]).astype(float)
    for column in FLAGS:
        if column in TEXTS[name]:
            table[column] = table[column].str.casefold().eq("true")
    return table
