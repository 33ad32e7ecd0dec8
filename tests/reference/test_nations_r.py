"""Averages, ranks and regions of all countries are what R computes: see explained/compared.py.

Rows were drawn from the public tables of a run of all countries. R computed their numbers by the
lines that ``explain`` prints, from the answers of all countries; ``nations.csv`` has the national
estimates that its own took the place of. The library makes the same tables of these here.
Tolerance: 1e-9 relative and 1e-11 absolute, as the estimates have twelve digits. What follows from
one country's answers alone is compared in tests/release/test_explained_cells.py.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from disrupting_harm.comparison.denominators import estimate_by_denominator
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.rank_sets import critical_values, rank_sets
from disrupting_harm.comparison.differences.regions import compare_with_region
from disrupting_harm.comparison.nonresponse_tipping import silence_ranks
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.comparison.pooling.families import build_families
from disrupting_harm.comparison.pooling.pooling import pool_countries, pool_without_each
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.r_code.recompute_compared import DRAWN_WITHIN, PREDICTED_WITHIN
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.study import load_study

FOLDER = Path(__file__).parent / "explained"
STUDY = load_study(Path(__file__).parents[2] / "config" / "config.yaml")
DRAWN = pd.read_csv(FOLDER / "all_countries.csv", dtype=str, keep_default_na=False)
NATIONS = pd.read_csv(FOLDER / "nations.csv", keep_default_na=False)
DRAWS = Draws(STUDY.config.comparison.draws, STUDY.config.seed)
TABLES = {
    "against_region": 132, "rank_sets": 24, "silence_ranks": 24, "pooled": 60,
    "leave_one_out": 48, "denominators": 48,
}  # fmt: skip
# Of all children they take limits of each estimate, which nations.csv has not.
WITHOUT_LIMITS = ("ci_low", "ci_high", "children_low", "children_high")


@cache
def computed() -> dict[str, pd.DataFrame]:
    """Return the tables of the library, by their addresses."""
    codebook, countries = STUDY.codebook, STUDY.countries
    names = [name for name in codebook.headlines() if name in {*NATIONS["indicator"]}]
    release = NATIONS.assign(domain="total", level="all", status="present")
    missing = ("ci_low", "ci_high", "bound_low", "bound_high")
    release = release.assign(**dict.fromkeys(missing, np.nan))
    ledger = release[["country", "indicator"]].assign(comparable="yes")
    indicators = [codebook.indicator(name) for name in names]
    families = build_families(release, ledger, indicators, sorted(countries))
    regions = {code: row.region for code, row in countries.items()}
    known = {"draws": DRAWS, "statistics": codebook.statistics}
    tables = {
        "against_region": compare_with_region(
            release, names, regions, "simulated", statistics=known["statistics"]
        ),
        "rank_sets": rank_sets(release, names, "simulated", **known),
        "silence_ranks": silence_ranks(release, codebook.headlines_with_silence(), "simulated"),
        "pooled": pool_countries(families, countries, "simulated"),
        "leave_one_out": pool_without_each(families, "simulated"),
        "denominators": estimate_by_denominator(families, countries, "simulated", draws=DRAWS),
    }
    return {name: addressed(name, table) for name, table in tables.items()}


def addressed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose index has the address of each row."""
    keys = table[list(COMPARISON_KEYS[name])].astype(str).to_numpy()
    return table.set_axis(["/".join(["compare", name, *map(address_part, key)]) for key in keys])


@pytest.mark.parametrize("table", TABLES)
def test_the_library_has_the_numbers_of_r(table: str) -> None:
    rows = DRAWN[DRAWN["address"].str.startswith(f"compare/{table}/")]
    compared = 0
    for address, theirs in zip(rows["address"], rows["computed"], strict=True):
        row, _, column = address.rpartition("/")
        if table == "denominators" and column in WITHOUT_LIMITS:
            continue
        found = computed()[table].loc[row, column]
        assert found == pytest.approx(float(theirs), rel=1e-9, abs=1e-11), address
        compared += 1
    assert compared >= TABLES[table]


def drawn_of(table: str) -> dict[str, list[float]]:
    """Return what R's own draws gave, by the addresses of rows."""
    rows = DRAWN[DRAWN["address"].str.startswith(f"compare/{table}/") & (DRAWN["drawn"] != "")]
    addresses = rows["address"].str.rpartition("/")[0]
    return {
        row: [float(one) for one in drawn.split()]
        for row, drawn in zip(addresses, rows["drawn"], strict=True)
    }


def test_critical_values_of_r_are_those_of_the_run_but_for_its_draws() -> None:
    compared = 0
    for row, drawn in drawn_of("rank_sets").items():
        own = NATIONS[NATIONS["indicator"] == row.split("/")[2]].sort_values("country")
        estimate, se, n, df = (floats(own, name) for name in ("estimate", "se", "n", "df"))
        if STUDY.codebook.statistics[row.split("/")[2]] == "proportion":
            estimate, se = on_log_odds(estimate, se, n, df)
        ours = critical_values(estimate, se, df, 0.05, DRAWS)
        assert drawn == pytest.approx(ours[: len(drawn)], abs=DRAWN_WITHIN), row
        compared += len(drawn)
    assert compared >= 6


def test_limits_for_another_country_by_draws_of_r_are_those_of_the_run_but_for_its_draws() -> None:
    found = drawn_of("pooled")
    assert len(found) >= 4
    for row, drawn in found.items():
        ours = computed()["pooled"].loc[row, ["prediction_low", "prediction_high"]]
        assert drawn == pytest.approx(list(ours), abs=PREDICTED_WITHIN), row
