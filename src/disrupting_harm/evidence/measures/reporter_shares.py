"""Shares of the companies in the reports that they made, and concentration."""

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import ALL

# Rows that are nobody in particular: a part of the total, but of no reporter.
NOBODY = frozenset({"not_recorded", "suppressed", "other"})
SHARE_DIGITS, HHI_DIGITS = 2, 4


def tabulate_reporters(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the reports of each reporter with shares and the concentration of the country's year.

    The Herfindahl-Hirschman index is the sum of squared shares, from 0 (many small reporters) to 1
    (a single one). Reports without a known reporter are an unknown rest: ``hhi`` is the index if
    they came from many reporters, the least that it can be, and ``hhi_high`` if all came from the
    largest, the most. Both are missing where the total is not known.

    Args:
        facts: the table of evidence ``reporters``; a row ``all`` is the total, otherwise the total
            is known only where every row has a number.

    Raises:
        StudyError: the reporters of a year add up to more than its total.
    """
    order = ["country", "year", "source_id"]
    tables = [
        _add_shares(group, " ".join(map(str, key)))
        for key, group in facts.groupby(order, sort=True)
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _add_shares(group: pd.DataFrame, location: str) -> pd.DataFrame:
    rows = group[group["reporter"] != ALL]
    total = _find_total(group, rows)
    reports_of_companies = rows[~rows["reporter"].isin(NOBODY)]["reports"].dropna().astype(float)
    reports_known = float(rows["reports"].sum())
    if total is not None and reports_known > total:
        raise StudyError(
            f"evidence table 'reporters', {location}",
            f"the reporters add up to {reports_known:.0f}, more than the total {total:.0f}",
            "Correct the numbers, or the row 'all'",
        )
    low, high = _compute_concentration(reports_of_companies, total)
    share = rows["reports"].astype("float64") / total * 100 if total else np.nan
    return rows.assign(
        share_percent=pd.Series(share, index=rows.index, dtype="float64").round(SHARE_DIGITS),
        hhi=low,
        hhi_high=high,
    ).sort_values(["reports", "reporter"], ascending=[False, True], kind="stable")


def _find_total(group: pd.DataFrame, rows: pd.DataFrame) -> float | None:
    total_row = group.loc[group["reporter"] == ALL, "reports"].dropna()
    if len(total_row):
        return float(total_row.iloc[0])
    return None if rows["reports"].isna().any() or rows.empty else float(rows["reports"].sum())


def _compute_concentration(
    reports_of_companies: pd.Series, total: float | None
) -> tuple[float, float]:
    if not total:
        return np.nan, np.nan
    shares = np.sort(reports_of_companies.to_numpy() / total)
    unknown_share = max(1.0 - float(shares.sum()), 0.0)
    low = float((shares**2).sum())
    largest = float(shares[-1]) if len(shares) else 0.0
    high = low - largest**2 + (largest + unknown_share) ** 2
    return round(low, HHI_DIGITS), round(high, HHI_DIGITS)
