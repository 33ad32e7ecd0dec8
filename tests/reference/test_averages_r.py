"""Averages and sums with hidden countries are what R computes: see averages/averages.R.

The countries were made up: one, two and three hidden below a bound, one above, one with no bound at
all, and none. R takes the critical value of Imbens and Manski by ``uniroot``, the restricted
likelihood by its own search, and the limits of sums by Zou and Donner's formula. Tolerance: 1e-10
relative. How wide a set may be before nothing is printed is no formula: that rule stands aside.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from comparison_study import CODEBOOK

from designbased.arrays import Floats
from disrupting_harm.comparison.pooling import pooling, totals
from disrupting_harm.comparison.pooling.averages import to_log_odds
from disrupting_harm.comparison.pooling.families import Family
from disrupting_harm.study.countries import Country

FOLDER = Path(__file__).parent / "averages"
COUNTRIES = pd.read_csv(FOLDER / "countries.csv", keep_default_na=False, na_values=[""])
THEIRS = pd.read_csv(FOLDER / "averages_r.csv")


def family(rows: pd.DataFrame) -> Family:
    """Return the countries of a case as the library reads them of releases."""

    def column(name: str) -> Floats:
        return rows[name].to_numpy(dtype=float)

    y, v = to_log_odds(column("p"), column("se"))
    return Family(
        CODEBOOK.indicator("x"), tuple(rows["country"]), column("p"), column("se"), column("n"),
        column("df"), column("low"), column("high"), y, v, {}, np.zeros(len(rows), dtype=bool),
        column("bound_low"), column("bound_high"), column("size"), column("deff"),
    )  # fmt: skip


def computed(case: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.Series]:
    """Return the rows of all countries of a case, by what is averaged, and the sum."""
    monkeypatch.setattr(pooling, "WIDEST", 1.0)
    monkeypatch.setattr(totals, "WIDEST", 1.0)
    rows = COUNTRIES[COUNTRIES["case"] == case].sort_values("country")
    countries = {
        row.country: Country(
            country=row.country,
            children=row.children,
            internet_use_rate=row.rate,
            internet_use_se=row.rate_se or None,
        )
        for row in rows.itertuples()
    }
    own = family(rows)
    averages = pooling.pool_countries([own], countries, "simulated").set_index("estimand")
    total = totals.sum_children([own], countries, "simulated").iloc[0]
    without = pooling.pool_without_each([own], "simulated").set_index("without")
    return {
        **{str(name): row for name, row in averages.iterrows()},
        **{f"without {code}": row for code, row in without.iterrows()},
        "total": total,
    }


@pytest.mark.parametrize("case", sorted(set(COUNTRIES["case"])))
def test_the_library_has_the_numbers_of_r(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = computed(case, monkeypatch)
    theirs = THEIRS[THEIRS["case"] == case]
    assert theirs["what"].nunique() == (COUNTRIES["case"] == case).sum() + (
        1 if case == "nobody_hidden" else 4
    )
    for row in theirs.itertuples():
        ours = found[str(row.what)][row.column]
        assert ours == pytest.approx(row.value, rel=1e-10, abs=0), (case, row.what, row.column)


def test_without_hidden_countries_there_is_an_estimate_and_no_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = computed("nobody_hidden", monkeypatch)
    assert sum(name.startswith("without") for name in rows) == 6
    for name, row in rows.items():
        assert np.isnan(row["set_low"]), name
        assert np.isnan(row["set_high"]), name
        assert row["children" if name == "total" else "estimate"] > 0, name


@pytest.mark.parametrize("name", ["population_weighted", "equal_country", "random_effects"])
def test_an_average_of_all_countries_lies_in_the_interval_wherever_the_hidden_one_is(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever puts a number within the bound finds an average that the interval holds."""
    row = computed("one_below", monkeypatch)[name]
    assert row["ci_low"] < row["set_low"] < row["set_high"] < row["ci_high"]
    for share in (0.001, 0.02, 0.049):
        rows = COUNTRIES[COUNTRIES["case"] == "one_below"].sort_values("country")
        hidden = rows["p"].isna()
        rows.loc[hidden, ["p", "n", "df"]] = [share, 1029.0, 60.0]
        rows.loc[hidden, "se"] = (1.72 * share * (1 - share) / 1029) ** 0.5
        rows.loc[hidden, ["low", "high", "bound_low", "bound_high"]] = [share, share, None, None]
        own = family(rows)
        countries = {
            r.country: Country(country=r.country, children=r.children, internet_use_rate=r.rate)
            for r in rows.itertuples()
        }
        known = (
            pooling.pool_countries([own], countries, "simulated").set_index("estimand").loc[name]
        )
        assert row["set_low"] <= known["estimate"] <= row["set_high"], share
