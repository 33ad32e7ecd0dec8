"""Whoever puts numbers within the printed bounds finds averages that the intervals hold.

From the public files alone: estimates and bounds of ``prevalence.csv``, and children and internet
use of the countries file. Nothing of the library computes here.
"""

import csv
from itertools import product
from pathlib import Path

import pytest
from checkout import Checkout
from repository import PROJECT

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def users_of(countries: list[Row]) -> dict[str, float]:
    """Children who use the internet, by country, where both numbers are known."""
    return {
        row["country"]: float(row["children"]) * float(row["internet_use_rate"])
        for row in countries
        if row["children"] and row["internet_use_rate"]
    }


@pytest.fixture(scope="module")
def tables(small: Checkout) -> dict[str, list[Row]]:
    folder = small.folder / "results" / "public" / "comparison"
    found = {name: rows_of(folder / f"{name}.csv") for name in ("pooled", "prevalence", "total")}
    return found | {"countries": rows_of(PROJECT / "config" / "countries.csv")}


def test_every_printed_average_holds_what_the_ends_of_bounds_give(
    tables: dict[str, list[Row]],
) -> None:
    compared = check_averages(tables)
    assert compared >= 10


def check_averages(tables: dict[str, list[Row]]) -> int:
    """Check all averages and sums of all countries; return how many were compared."""
    users, compared = users_of(tables["countries"]), 0
    printed = {(row["indicator"], row["country"]): row for row in tables["prevalence"]}
    for table in ("pooled", "total"):
        for row in tables[table]:
            low, high = (
                ("ci_low", "ci_high") if table == "pooled" else ("children_low", "children_high")
            )
            if row["group"] != "all" or not row[low] or row.get("estimand") == "random_effects":
                continue
            # A reason may leave a country out, but not that its number is hidden.
            reasons = [part.partition(": ") for part in row["left_out"].split("; ")]
            left_out = {code for code, _, reason in reasons if reason != "not shown"}
            own = {
                code: printed[row["indicator"], code]
                for (name, code) in printed
                if name == row["indicator"] and code not in left_out
            }
            if not all(one["estimate"] or one["bound_high"] for one in own.values()):
                continue
            hidden = [code for code, one in own.items() if not one["estimate"]]
            assert sorted(hidden) == sorted(row["bounded"].split())
            for ends in product(("bound_low", "bound_high"), repeat=len(hidden)):
                share = {code: float(one["estimate"] or 0) for code, one in own.items()}
                share |= {
                    code: float(own[code][end]) for code, end in zip(hidden, ends, strict=True)
                }
                weight = {
                    code: users[code]
                    if "estimand" not in row or row["estimand"] == "population_weighted"
                    else 1.0
                    for code in own
                }
                total = sum(weight[code] * share[code] for code in own)
                value = total if table == "total" else total / sum(weight.values())
                assert float(row[low]) <= value <= float(row[high]), (row, share)
                compared += 1
    return compared
