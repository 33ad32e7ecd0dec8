"""Shares of all countries that a study's own chapters name: headline indicators, and others.

The comparison has no tables of an indicator that is no headline: its estimates are the countries'
own, and the countries set apart are those of the headline indicators beside it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.figures.comparison.indicator_comparison import IndicatorComparison
from disrupting_harm.report.figures.estimate_chart import add_row_addresses, check_hidden_rows
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import TOTAL


def select_national_rows(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of whole countries of the public estimates, with their addresses.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    domain, level = TOTAL
    national = estimates[(estimates["domain"] == domain) & (estimates["level"] == level)]
    check_hidden_rows(national, "public estimates")
    return add_row_addresses(national, partial(addresses_of_rows, ESTIMATES))


def compare_shares(
    names: Collection[str],
    headlines: Mapping[str, IndicatorComparison],
    national: pd.DataFrame,
    codebook: Codebook,
) -> list[IndicatorComparison]:
    """Return the comparison of each indicator, with its tables where it is a headline one.

    Args:
        names: of the indicators; those that no country published are left out.
        headlines: the comparisons of headline indicators, at least one, by indicator.
        national: the estimates of whole countries (:func:`select_national_rows`).
    """
    beside = [headlines[name] for name in names if name in headlines] or [*headlines.values()][:1]
    apart = frozenset[str]().union(*(comparison.incomparable for comparison in beside))
    comparisons = []
    for name in names:
        rows = national[national["indicator"] == name].reset_index(drop=True)
        if name in headlines:
            comparisons.append(headlines[name])
        elif not rows.empty:
            indicator = codebook.indicator(name)
            comparisons.append(
                replace(
                    beside[0],
                    indicator=indicator,
                    tables={"prevalence": rows},
                    incomparable=apart,
                    base=describe_base(beside[0].translator, codebook, indicator),
                )
            )
    return comparisons
