"""Comparisons inside a country stay with the tables that they rest on."""

import numpy as np
import pandas as pd
from releases_of_children import codebook

from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.keep_contrasts import Basis, Before, kept_contrasts
from disrupting_harm.study.release_config import ReleaseRules

BASIS = Basis(codebook(), ReleaseRules(), "both", ["level", "area"])
NAMES = ("plain", "grave")


def contrasts(value: float, asked: int = 100) -> dict[str, pd.DataFrame]:
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
        "bounds": own.assign(n_asked=asked, lower=value),
        "ratios": own.assign(term="level", ratio=value),
    }


def before(release: str, value: float, shown: str = "present", asked: int = 100) -> Before:
    printed = pd.DataFrame({"indicator": NAMES, "status": ["present", shown]})
    return Before(release, contrasts(value, asked), printed)


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
    }
    return {
        table: tables[table].loc[tables[table]["indicator"] == name, column].tolist()
        for table, column in columns.items()
    }


def test_nothing_stays_where_nothing_is_frozen() -> None:
    tables, kept = kept_contrasts(contrasts(2), [before("r1", 1)], verdict(), BASIS)
    assert values(tables) == {"gaps": [2, 2], "standardised": [2], "bounds": [2], "ratios": [2]}
    assert kept.empty
    tables, kept = kept_contrasts(contrasts(2), [], verdict(), BASIS)
    assert values(tables)["gaps"] == [2, 2]
    assert kept.empty


def test_each_comparison_stays_with_what_it_is_made_of() -> None:
    def after(*frozen: str) -> dict[str, list[float]]:
        found = verdict(*(("grave", domain) for domain in frozen))
        tables, _ = kept_contrasts(contrasts(2), [before("r1", 1)], found, BASIS)
        assert values(tables, "plain") == values(contrasts(2), "plain")
        return values(tables)

    assert after("level") == {"gaps": [1, 2], "standardised": [2], "bounds": [2], "ratios": [1]}
    assert after("both") == {"gaps": [2, 2], "standardised": [1], "bounds": [2], "ratios": [2]}
    # With the national table all tables of an indicator are frozen.
    every = after("total", "level", "area", "both")
    assert every == {"gaps": [1, 1], "standardised": [1], "bounds": [1], "ratios": [1]}


def test_order_and_columns_stay() -> None:
    found = verdict(("plain", "level"), ("plain", "area"))
    tables, _ = kept_contrasts(contrasts(2), [before("r1", 1)], found, BASIS)
    for name, table in contrasts(2).items():
        keys = [key for key in ("indicator", "domain") if key in table]
        assert tables[name][keys].values.tolist() == table[keys].values.tolist()
        assert list(tables[name]) == list(table)


def test_what_stays_is_told_with_the_release_since_which_it_does() -> None:
    found = verdict(("grave", "level"))
    earlier = [before("r1", 1), before("r2", 1), before("r3", 1)]
    _, kept = kept_contrasts(contrasts(2), earlier, found, BASIS)
    assert kept.values.tolist() == [
        ["gaps", "grave", "level", "r1"],
        ["ratios", "grave", "", "r1"],
    ]
    # What was other in between is as it is since the later one.
    earlier[1] = before("r2", 5)
    _, kept = kept_contrasts(contrasts(2), earlier, found, BASIS)
    assert set(kept["release"]) == {"r3"}


def test_a_share_that_was_not_printed_never_is() -> None:
    """The national table is new: beside it a share of old children would now be shown."""
    found = verdict(("grave", "both"))
    tables, _ = kept_contrasts(
        contrasts(2), [before("r1", 1, shown="suppress_disclosure")], found, BASIS
    )
    assert np.isnan(values(tables)["standardised"]).all()
    assert values(tables, "plain")["standardised"] == [2]


def test_bounds_stay_where_few_more_were_asked() -> None:
    """None of them gave a valid answer, so that no table tells of them."""

    def lower(asked: int, rules: ReleaseRules) -> list[float]:
        basis = Basis(codebook(), rules, None, [])
        tables, _ = kept_contrasts(contrasts(2, asked), [before("r1", 1)], verdict(), basis)
        return [values(tables, name)["bounds"][0] for name in NAMES]

    assert lower(100, ReleaseRules()) == [2, 2]
    assert lower(101, ReleaseRules()) == lower(91, ReleaseRules()) == [1, 1]
    assert lower(110, ReleaseRules()) == [2, 2]
    # The second one is sensitive.
    assert lower(110, ReleaseRules(min_change_sensitive=20)) == [2, 1]


def test_a_comparison_that_is_new_beside_a_frozen_table_has_no_row() -> None:
    old = before("r1", 1)
    gone = {name: table[table["indicator"] == "plain"] for name, table in old.contrasts.items()}
    found = verdict(*(("grave", domain) for domain in ("total", "level", "area", "both")))
    tables, kept = kept_contrasts(contrasts(2), [Before("r1", gone, old.printed)], found, BASIS)
    assert values(tables) == {"gaps": [], "standardised": [], "bounds": [], "ratios": []}
    assert kept.empty
