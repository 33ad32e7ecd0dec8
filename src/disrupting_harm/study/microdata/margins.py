"""Population margins: the totals that weights are raked to."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.study.microdata.raw_cells import RawColumn, describe_rows, join_first_names
from disrupting_harm.study.microdata.raw_file import read_raw

COLUMNS = ("margin", "category", "total")
# An optional column: is a total known (census, register) or itself estimated (another survey)?
BASIS = "basis"
KNOWN, ESTIMATED = "known", "estimated"
# Margins describe one population; their totals may differ by rounding alone.
TOTALS_AGREE = 1e-6
# No design takes one group so much more often than another.
FACTOR = 1000


def read_margins(
    path: str | Path, domain_ids: Sequence[str], interviewed: pd.DataFrame
) -> pd.DataFrame:
    """Read the totals of the margins ``domain_ids`` from a CSV file.

    Args:
        path: CSV with the columns ``margin, category, total`` and, optionally, ``basis``
            (:data:`KNOWN` or :data:`ESTIMATED`); other margins in it are left alone.
        domain_ids: the domains to rake.
        interviewed: one row per interviewed child, with a column of levels for each domain.

    Returns:
        ``margin, category, total`` (strings and numbers of children), margins in the order of
        ``domain_ids`` and categories in the order of the file.

    Raises:
        StudyError: the file or a column is missing; a total is no positive number, or below the
            number of interviews; a basis is neither; a category stands twice; a margin is missing;
            a category is in the sample but not in the file, or the reverse; the totals of two
            margins differ by more than a millionth.
    """
    location = str(path)
    raw = read_raw(path, COLUMNS, optional=[BASIS], file_format="csv").astype("str")
    _read_bases(raw, location)
    margins = raw[["margin", "category"]].copy()
    totals = RawColumn(raw, "total", location)
    margins["total"] = totals.read_numbers()
    totals.refuse(
        margins["total"] <= 0,
        "a total that is not above zero",
        "Give the number of persons, or merge the category with another one",
    )
    _refuse_repeated_categories(margins, location)
    tables = [
        _find_margin(margins, name, interviewed[name].value_counts(), location)
        for name in domain_ids
    ]
    _check_totals(margins, domain_ids, location)
    return (
        pd.concat(tables, ignore_index=True) if tables else margins.iloc[:0].reset_index(drop=True)
    )


def refuse_estimated_totals(path: str | Path, domain_ids: Sequence[str]) -> None:
    """Refuse totals that are estimates, for standard errors that take them as known.

    Raises:
        StudyError: the file calls a total of one of these margins estimated.
    """
    location = str(path)
    raw = read_raw(path, COLUMNS, optional=[BASIS], file_format="csv").astype("str")
    estimated = raw["margin"].isin(list(domain_ids)) & (_read_bases(raw, location) == ESTIMATED)
    if estimated.any():
        raise StudyError(
            f"{location}, column '{BASIS}', margin '{raw.loc[estimated, 'margin'].iloc[0]}'",
            f"a total that is {ESTIMATED} itself, in {describe_rows(raw.index[estimated])}; "
            "calibrated standard errors take it as known and would be too small",
            "Set 'estimation.calibrated_errors' to false, or rake to totals that are known",
        )


def _read_bases(raw: pd.DataFrame, location: str) -> "pd.Series[str]":
    """Return the basis of each total; one that the file does not tell counts as known."""
    if BASIS not in raw:
        return pd.Series(KNOWN, index=raw.index)
    RawColumn(raw, BASIS, location).refuse(
        ~raw[BASIS].isin(["", KNOWN, ESTIMATED]),
        "a word that is no basis",
        f"Write {KNOWN} (census, register), {ESTIMATED} (another survey), or nothing",
    )
    return raw[BASIS].replace("", KNOWN)


def _refuse_repeated_categories(margins: pd.DataFrame, location: str) -> None:
    twice = margins[margins.duplicated(["margin", "category"])]
    if len(twice):
        margin, category = twice.iloc[0][["margin", "category"]]
        raise StudyError(
            f"{location}, margin '{margin}'",
            f"category '{category}' stands more than once",
            "Remove the repeated row",
        )


def _find_margin(
    margins: pd.DataFrame, name: str, interviews: "pd.Series[int]", location: str
) -> pd.DataFrame:
    rows = margins[margins["margin"] == name]
    if rows.empty:
        raise StudyError(
            f"{location}, margin '{name}'",
            f"missing; the file has {', '.join(sorted(set(margins['margin'])))}",
            "Add its rows, or remove it from 'weighting.margins'",
        )
    levels = sorted(interviews.index[interviews > 0])
    unknown = [level for level in levels if level not in set(rows["category"])]
    absent = [category for category in rows["category"] if category not in set(levels)]
    if unknown:
        raise StudyError(
            f"{location}, margin '{name}'",
            f"no total for {join_first_names([repr(level) for level in unknown])}, which the "
            "sample has",
            "Add the rows with their totals",
        )
    if absent:
        raise StudyError(
            f"{location}, margin '{name}'",
            f"a total for {join_first_names([repr(category) for category in absent])}, but nobody "
            "in the sample",
            "Correct the spelling to the codebook's, or merge the category with another one",
        )
    _refuse_shares(rows, interviews, f"{location}, margin '{name}'")
    return rows


def _refuse_shares(rows: pd.DataFrame, interviews: "pd.Series[int]", location: str) -> None:
    """Refuse totals that cannot be numbers of children: fewer than were interviewed, or slips."""
    interviewed = rows["category"].map(interviews)
    small = rows.loc[rows["total"] < interviewed, "category"]
    if len(small):
        category = small.iloc[0]
        raise StudyError(
            f"{location}, category '{category}'",
            f"a total of {rows['total'][small.index[0]]:g}, but "
            f"{amount(int(interviewed[small.index[0]]), 'interview')}",
            "Give the number of persons in the population, not a share or a per cent",
        )
    ratio = (rows["total"] / rows["total"].sum()) / (interviewed / interviewed.sum())
    implausible = rows.loc[(ratio > FACTOR) | (ratio < 1 / FACTOR), "category"]
    if len(implausible):
        raise StudyError(
            f"{location}, category '{implausible.iloc[0]}'",
            f"its share of the population and of the interviews differ by a factor above {FACTOR}",
            "Correct the totals; all are numbers of children in one unit",
        )


def _check_totals(margins: pd.DataFrame, domain_ids: Sequence[str], location: str) -> None:
    sums = {name: margins.loc[margins["margin"] == name, "total"].sum() for name in domain_ids}
    if not sums:
        return
    smallest, largest = min(sums, key=lambda n: sums[n]), max(sums, key=lambda n: sums[n])
    if sums[largest] - sums[smallest] > TOTALS_AGREE * sums[largest]:
        raise StudyError(
            f"{location}, margins '{smallest}' and '{largest}'",
            f"their totals differ: {sums[smallest]:.15g} and {sums[largest]:.15g}",
            "Take both from one population, or scale one to the total of the other",
        )
