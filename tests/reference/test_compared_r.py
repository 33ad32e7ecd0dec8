"""Gaps and pairs of fourteen countries equal what R computes: see explained/compared.py.

Rows were drawn from the public tables of a run of all countries. R computed their numbers by the
lines that ``explain`` prints, from the answers of the countries compared; ``families.csv`` has what
it read of the other countries of these families. The library computes the same numbers here, of
families of up to 91 pairs, which the study of two countries that other tests run does not have.
Tolerance: 1e-9 relative and 1e-11 absolute, as the families have twelve digits.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.comparison.differences.multiplicity import (
    compare_family,
    ratios,
    satterthwaite,
)
from disrupting_harm.comparison.differences.pairwise import log_ratios, pair_indices

FOLDER = Path(__file__).parent / "explained"
DRAWN = pd.read_csv(FOLDER / "all_countries.csv", dtype=str, keep_default_na=False)
FAMILIES = pd.read_csv(FOLDER / "families.csv", keep_default_na=False)
# Whether a number is printed above what it is, or below.
OUTWARDS = {
    ("bounds", "lower"): -1, ("bounds", "ci_low"): -1, ("bounds", "upper"): 1,
    ("bounds", "ci_high"): 1, ("silence_claims", "claim_goes"): -1,
    ("silence_ranks", "highest_until"): -1, ("silence_ranks", "lowest_until"): -1,
}  # fmt: skip
ALPHA = 0.05
# Whether Holm's method finds the difference of a row, by R.
CLEAR = {
    row.address.removesuffix("/p_holm"): float(row.computed) <= ALPHA
    for row in DRAWN.itertuples()
    if row.address.endswith("/p_holm")
}
# Which limits belong to a verdict, and on which side of the estimate they are.
SIDES = {"ci_low": -1, "ratio_low": -1, "ci_high": 1, "ratio_high": 1}
OF_RATIOS = ("adjusted", "adjusted_countries")


@cache
def computed(row: str) -> "pd.Series[float]":
    """Return the numbers of a row of the comparison.

    The ratio of a gap needs a covariance, which no family has.
    """
    _, table, *_, code = row.split("/")
    own = FAMILIES[FAMILIES["row"] == row].sort_values("country")
    # A gap is of the countries that show both groups, which may be few.
    assert len(own) >= 2
    estimate, se, df = (own[name].to_numpy(float) for name in ("estimate", "se", "df"))
    codes = own["country"].to_numpy()
    if table == "gaps":
        found = compare_family(estimate, se, df, ALPHA)
        return pd.DataFrame(found, index=codes).loc[code]
    a, b = pair_indices(len(own))
    variances = np.column_stack([se[a], se[b]]) ** 2
    degrees = satterthwaite(variances, np.column_stack([df[a], df[b]]))
    spread, difference = np.sqrt(variances.sum(axis=1)), estimate[a] - estimate[b]
    found = compare_family(difference, spread, degrees, ALPHA)
    if table == "pairwise":
        found |= ratios(*log_ratios(estimate, se, df, (a, b)), found)
    index = [f"{one}/{other}" for one, other in zip(codes[a], codes[b], strict=True)]
    return pd.DataFrame(found, index=index).loc["/".join(row.split("/")[-2:])]


def test_at_least_forty_numbers_of_each_table_are_drawn() -> None:
    tables = DRAWN["address"].str.split("/").str[1].value_counts()
    assert (tables.loc[["pairwise", "gaps", "gap_pairs"]] >= 40).all()


@pytest.mark.parametrize("table", ["pairwise", "gaps", "gap_pairs"])
def test_the_library_has_the_numbers_of_r(table: str) -> None:
    rows = DRAWN[DRAWN["address"].str.startswith(f"compare/{table}/")]
    compared = 0
    for address, theirs in zip(rows["address"], rows["computed"], strict=True):
        row, _, column = address.rpartition("/")
        found = computed(row)
        if column in found:
            assert found[column] == pytest.approx(float(theirs), rel=1e-9, abs=1e-11), address
            compared += 1
    assert compared >= 80


@pytest.mark.parametrize("row", [*DRAWN.itertuples(index=False)], ids=lambda row: row.address)
def test_printed_numbers_are_those_of_r_rounded(row) -> None:
    _, table, *_, column = row.address.split("/")
    printed, computed = float(row.printed), float(row.computed)
    if column == "order_turns":
        return  # it follows from the printed ratio, so that it tells no more than that
    if (table, column) in OUTWARDS:
        # Whole per cent, or fives of a small sample, away from the estimate or towards zero.
        side = OUTWARDS[table, column]
        assert -1e-9 <= side * (printed - computed) < 0.05
        return
    where, step = row.address.rpartition("/")[0], 10.0 ** -int(row.decimals)
    near = round(computed, int(row.decimals))
    if column in SIDES and CLEAR.get(where) is False:
        # Outwards: what is printed holds what was computed, and "up to" is never too little.
        assert -1e-9 <= SIDES[column] * (printed - computed) < step + 1e-9
        return
    nothing = 1 if column.startswith("ratio") or table in OF_RATIOS else 0
    if near == nothing and CLEAR.get(where) and column not in ("p_value", "p_holm", "p_bh"):
        # Never onto zero where the exact number is not: the next one on its side.
        near = round(nothing + (step if computed > nothing else -step), int(row.decimals))
    assert printed == near
