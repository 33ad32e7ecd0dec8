"""Comparisons inside a country that stay as they were, because a table under them does.

A gap is made of two levels of one table; a standardised share of the national estimate and the
standard's groups; bounds of the national estimate; an adjusted ratio of the national estimate and
all terms. What rests on a frozen table is taken from the last release as it stands there: new
children never stand in one number with old ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.releases.differ import TABLE, Flags
from disrupting_harm.releases.gate import NATION, Verdict
from disrupting_harm.releases.keep import frozen_indicators, in_tables
from disrupting_harm.releases.words import FROZEN
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.release_config import ReleaseRules
from disrupting_harm.study.statuses import SHOWN_STATUSES

CONTRASTS = ("gaps", "standardised", "bounds", "ratios")
_KEYS = {name: TABLE if name == "gaps" else TABLE[:1] for name in CONTRASTS}
KEPT = ["table", "indicator", "domain", "release"]
_SHARES = ["crude", "estimate", "se", "ci_low", "ci_high"]


@dataclass(frozen=True, eq=False)
class Before:
    """The comparisons of one country in one release.

    Attributes:
        release: its name.
        contrasts: the tables of :data:`CONTRASTS`.
        printed: ``indicator, status`` of its standardised shares.
    """

    release: str
    contrasts: Mapping[str, pd.DataFrame]
    printed: pd.DataFrame


@dataclass(frozen=True)
class Basis:
    """What the comparisons of a study rest on.

    Attributes:
        codebook: the order of indicators and domains; which indicators are sensitive.
        rules: the smallest numbers of children.
        standard: the domain to whose groups is standardised; None where it is not.
        terms: the domains for which ratios are adjusted.
    """

    codebook: Codebook
    rules: ReleaseRules
    standard: str | None
    terms: Collection[str]


def kept_contrasts(
    present: Mapping[str, pd.DataFrame], earlier: Sequence[Before], verdict: Verdict, basis: Basis
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the comparisons of a country, with those that stay in place of new ones.

    Args:
        present: the tables of :data:`CONTRASTS` of the run.
        earlier: those of the releases that have the country, the first release first.
        verdict: of the gate.
        basis: what they rest on.

    Returns:
        The tables, and the columns of :data:`KEPT` of what stays; ``domain`` is empty but for gaps.
    """
    if not earlier:
        return dict(present), pd.DataFrame(columns=KEPT, dtype="str")
    groups = [basis.standard] if basis.standard else []
    resting = {
        "standardised": frozen_indicators(verdict.tables, [NATION, *groups]),
        "bounds": frozen_indicators(verdict.tables, [NATION])
        | _few_more_asked(present["bounds"], earlier[-1].contrasts["bounds"], basis),
        "ratios": frozen_indicators(verdict.tables, [NATION, *basis.terms]),
    }
    tables, kept = {}, []
    for name in CONTRASTS:
        new, old = present[name], earlier[-1].contrasts[name]
        staying = old[_stays(old, name, verdict, resting)]
        tables_before = [(before.release, before.contrasts[name]) for before in earlier]
        kept += [(name, *row) for row in origins(staying, tables_before, _KEYS[name])]
        if name == "standardised":
            staying = _as_hidden(staying, earlier[-1].printed)
        both = [new[~_stays(new, name, verdict, resting)], staying]
        tables[name] = _in_order(pd.concat(both, ignore_index=True), basis.codebook)
    return tables, pd.DataFrame(kept, columns=KEPT, dtype="str")


def _stays(
    rows: pd.DataFrame, name: str, verdict: Verdict, resting: Mapping[str, Collection[str]]
) -> Flags:
    if name == "gaps":
        return in_tables(rows, verdict, FROZEN)
    return rows["indicator"].isin(list(resting[name])).to_numpy(dtype=bool)


def _few_more_asked(new: pd.DataFrame, old: pd.DataFrame, basis: Basis) -> set[str]:
    """Return the indicators that few children more or less were asked, valid answer or not."""
    both = new.merge(old, on="indicator", suffixes=("", "_old"))
    strict = [entry.id for entry in basis.codebook.indicators if entry.sensitive]
    rules = basis.rules
    least = np.where(both["indicator"].isin(strict), rules.min_change_sensitive, rules.min_change)
    change = (both["n_asked"] - both["n_asked_old"]).abs()
    return set(both.loc[(change > 0) & (change < least), "indicator"])


def origins(
    staying: pd.DataFrame, earlier: Sequence[tuple[str, pd.DataFrame]], keys: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return of what stays the first release since which it is as it is.

    Args:
        staying: rows of the last release.
        earlier: the table in each release with the release's name, the first one first.
        keys: ``indicator``, or ``indicator`` and ``domain``: rows that stay together.

    Returns:
        ``indicator, domain, release``; ``domain`` is empty where it is no key.
    """
    found = []
    for key, rows in staying.groupby(list(keys), sort=False):
        release = earlier[-1][0]
        for name, table in reversed(earlier[:-1]):
            own = table[(table[list(keys)] == list(key)).all(axis=1)]
            if not own.reset_index(drop=True).equals(rows.reset_index(drop=True)):
                break
            release = name
        indicator, domain = [*map(str, key), ""][:2]
        found.append((indicator, domain, release))
    return found


def _as_hidden(rows: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return shares without the numbers of those that were not printed: they never will be."""
    shown = printed.loc[printed["status"].isin(SHOWN_STATUSES), "indicator"]
    table = rows.copy()
    table.loc[~table["indicator"].isin(shown), _SHARES] = np.nan
    return table


def _in_order(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    indicators = {entry.id: place for place, entry in enumerate(codebook.indicators)}
    domains = {entry.id: place for place, entry in enumerate(codebook.domains)}
    order = pd.DataFrame({"indicator": table["indicator"].map(indicators)})
    if "domain" in table:
        order["domain"] = table["domain"].map(domains)
    return table.loc[order.sort_values([*order], kind="stable").index].reset_index(drop=True)
