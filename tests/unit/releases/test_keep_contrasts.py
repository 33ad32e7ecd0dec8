"""Comparisons inside a country stay with the tables that they rest on."""

import numpy as np
import pandas as pd
from releases_of_children import codebook

from disrupting_harm.releases.frozen_comparisons import (
    ComparisonBasis,
    FormerComparisons,
    keep_frozen_contrasts,
)
from disrupting_harm.releases.gate import Verdict

BASIS = ComparisonBasis(codebook(), "both", ["level", "area"])
NAMES = ("plain", "grave")


def contrasts(value: float) -> dict[str, pd.DataFrame]:
    """All comparisons of two indicators, each with the same number."""
    own = pd.DataFrame({"country": "KEN", "indicator": NAMES})
    shares = dict.fromkeys(["crude", "estimate", "se", "ci_low", "ci_high"], value)
    return {
        "gaps": pd.DataFrame(
            {
                "country": "KEN",
                "indicator": np.repeat(NAMES, 2),
                "domain": ["level", "area"] * 2,
                "difference": value,
            }
        ),
        "standardised": own.assign(**shares),
        "bounds": own.assign(n_asked=100, lower=value),
        "ratios": own.assign(term="level", ratio=value),
        # Plain goes with grave, and the other way round.
        "slopes": own.assign(characteristic=NAMES[::-1], log_ratio=value),
    }


def before(value: float, shown: str = "present") -> FormerComparisons:
    printed = pd.DataFrame({"indicator": NAMES, "status": ["present", shown]})
    return FormerComparisons(contrasts(value), printed)


def verdict(*frozen: tuple[str, str]) -> Verdict:
    tables = [
        (name, domain, "frozen" if (name, domain) in frozen else "reissue", "0")
        for name in NAMES
        for domain in ("total", "level", "area", "both")
    ]
    return Verdict(
        pd.DataFrame(tables, columns=["indicator", "domain", "decision", "differ"]), pd.DataFrame()
    )


def values(tables: dict[str, pd.DataFrame], name: str = "grave") -> dict[str, list[float]]:
    columns = {
        "gaps": "difference",
        "standardised": "estimate",
        "bounds": "lower",
        "ratios": "ratio",
        "slopes": "log_ratio",
    }
    return {
        table: tables[table].loc[tables[table]["indicator"] == name, column].tolist()
        for table, column in columns.items()
    }


def test_nothing_stays_where_nothing_is_frozen() -> None:
    tables = keep_frozen_contrasts(contrasts(2), before(1), verdict(), BASIS)
    assert values(tables) == {
        "gaps": [2, 2],
        "standardised": [2],
        "bounds": [2],
        "ratios": [2],
        "slopes": [2],
    }
    tables = keep_frozen_contrasts(contrasts(2), None, verdict(), BASIS)
    assert values(tables)["gaps"] == [2, 2]


def test_each_comparison_stays_with_what_it_is_made_of() -> None:
    def after(*frozen: str) -> dict[str, list[float]]:
        found = verdict(*(("grave", domain) for domain in frozen))
        tables = keep_frozen_contrasts(contrasts(2), before(1), found, BASIS)
        # A slope stays with its characteristic, too.
        plain = values(contrasts(2), "plain") | {"slopes": values(tables)["slopes"]}
        assert values(tables, "plain") == plain
        return values(tables)

    assert after("level") == {
        "gaps": [1, 2],
        "standardised": [2],
        "bounds": [2],
        "ratios": [1],
        "slopes": [1],
    }
    assert after("both") == {
        "gaps": [2, 2],
        "standardised": [1],
        "bounds": [2],
        "ratios": [2],
        "slopes": [2],
    }
    # With the national table all tables of an indicator are frozen.
    every = after("total", "level", "area", "both")
    assert every == {
        "gaps": [1, 1],
        "standardised": [1],
        "bounds": [1],
        "ratios": [1],
        "slopes": [1],
    }


def test_order_and_columns_stay() -> None:
    found = verdict(("plain", "level"), ("plain", "area"))
    tables = keep_frozen_contrasts(contrasts(2), before(1), found, BASIS)
    for name, table in contrasts(2).items():
        keys = [key for key in ("indicator", "domain") if key in table]
        assert tables[name][keys].values.tolist() == table[keys].values.tolist()
        assert list(tables[name]) == list(table)


def test_a_share_that_was_not_printed_never_is() -> None:
    """The national table is new: beside it a share of old children would now be shown."""
    found = verdict(("grave", "both"))
    tables = keep_frozen_contrasts(
        contrasts(2), before(1, shown="suppress_disclosure"), found, BASIS
    )
    assert np.isnan(values(tables)["standardised"]).all()
    assert values(tables, "plain")["standardised"] == [2]


def test_a_comparison_that_is_new_beside_a_frozen_table_has_no_row() -> None:
    old = before(1)
    gone = {name: table[table["indicator"] == "plain"] for name, table in old.contrasts.items()}
    found = verdict(*(("grave", domain) for domain in ("total", "level", "area", "both")))
    tables = keep_frozen_contrasts(contrasts(2), FormerComparisons(gone, old.printed), found, BASIS)
    assert values(tables) == {
        "gaps": [],
        "standardised": [],
        "bounds": [],
        "ratios": [],
        "slopes": [],
    }
