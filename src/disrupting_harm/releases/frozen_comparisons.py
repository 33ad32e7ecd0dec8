"""Comparisons inside a country that stay as they were, because a table under them does.

A gap is made of two levels of one table; a standardised share of the national estimate and the
standard's groups; bounds of the national estimate; an adjusted ratio of the national estimate and
all terms; a slope of these, and of the national estimate of its characteristic. What rests on a
frozen table is taken from the last release as it stands there: new children never stand in one
number with old ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.releases.cell_differences import Flags
from disrupting_harm.releases.frozen_tables import find_frozen_indicators, is_staying
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.release_messages import NATION
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import SHOWN_STATUSES

CONTRASTS = ("gaps", "standardised", "bounds", "ratios", "slopes")
_SHARES = ["crude", "estimate", "se", "ci_low", "ci_high"]


@dataclass(frozen=True, eq=False)
class FormerComparisons:
    """The comparisons of one country in one release.

    Attributes:
        contrasts: the tables of :data:`CONTRASTS`.
        printed: ``indicator, status`` of its standardised shares.
    """

    contrasts: Mapping[str, pd.DataFrame]
    printed: pd.DataFrame


@dataclass(frozen=True)
class ComparisonBasis:
    """What the comparisons of a study rest on.

    Attributes:
        codebook: the order of indicators and domains.
        standard: the domain to whose groups is standardised; None where it is not.
        terms: the domains for which ratios are adjusted.
    """

    codebook: Codebook
    standard: str | None
    terms: Collection[str]


def keep_frozen_contrasts(
    present: Mapping[str, pd.DataFrame],
    last: FormerComparisons | None,
    verdict: Verdict,
    basis: ComparisonBasis,
) -> dict[str, pd.DataFrame]:
    """Return the comparisons of a country, with those that stay in place of new ones.

    Args:
        present: the tables of :data:`CONTRASTS` of the run.
        last: those of the last release that has the country; None where none has.
    """
    if last is None:
        return dict(present)
    standard_domains = [basis.standard] if basis.standard else []
    frozen_by_table = {
        "standardised": find_frozen_indicators(verdict.tables, [NATION, *standard_domains]),
        "bounds": find_frozen_indicators(verdict.tables, [NATION]),
        "ratios": find_frozen_indicators(verdict.tables, [NATION, *basis.terms]),
        "slopes": find_frozen_indicators(verdict.tables, [NATION, *basis.terms]),
    }
    tables = {}
    for name in CONTRASTS:
        current, former = present[name], last.contrasts[name]
        frozen_rows = former[_is_frozen(former, name, verdict, frozen_by_table)]
        if name == "standardised":
            frozen_rows = _hide_unprinted(frozen_rows, last.printed)
        rows_of_both = [current[~_is_frozen(current, name, verdict, frozen_by_table)], frozen_rows]
        tables[name] = _sort_as_codebook(pd.concat(rows_of_both, ignore_index=True), basis.codebook)
    return tables


def _is_frozen(
    rows: pd.DataFrame, name: str, verdict: Verdict, resting: Mapping[str, Collection[str]]
) -> Flags:
    if name == "gaps":
        return is_staying(rows, verdict.tables)
    frozen = rows["indicator"].isin(list(resting[name]))
    if name == "slopes":
        frozen |= rows["characteristic"].isin(list(resting[name]))
    return frozen.to_numpy(dtype=bool)


def _hide_unprinted(rows: pd.DataFrame, printed_shares: pd.DataFrame) -> pd.DataFrame:
    """Return shares without the numbers of those that were not printed: they never will be."""
    shown_indicators = printed_shares.loc[
        printed_shares["status"].isin(SHOWN_STATUSES), "indicator"
    ]
    table = rows.copy()
    table.loc[~table["indicator"].isin(shown_indicators), _SHARES] = np.nan
    return table


def _sort_as_codebook(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    indicator_positions = {
        definition.id: position for position, definition in enumerate(codebook.indicators)
    }
    domain_positions = {
        definition.id: position for position, definition in enumerate(codebook.domains)
    }
    order = pd.DataFrame({"indicator": table["indicator"].map(indicator_positions)})
    if "domain" in table:
        order["domain"] = table["domain"].map(domain_positions)
    return table.loc[order.sort_values([*order], kind="stable").index].reset_index(drop=True)
