"""Estimates from surveys larger than memory, read from Parquet files piece by piece.

The sums that linearisation and replicates need (:mod:`~.tables.totals`) add up over any parts of
the rows. A first pass collects the PSUs and the levels, a second one the sums; memory grows with
PSUs x levels x indicators, not with rows. Where that is too much, the second pass is made for a
part of the indicators at a time, and reads no others.

With whole numbers as weights (a weight of 1.25 written as 1 250 000, say) all sums are exact below
2⁵³: neither the order of the rows nor their distribution over files changes a bit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.coding import Statistic, outcome_kinds
from disrupting_harm.survey.design.degrees import DfRule, check_df_rule
from disrupting_harm.survey.design.lonely import LonelyPsu
from disrupting_harm.survey.design.rows import Rows
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.replication.replicate_estimates import replicate_cells
from disrupting_harm.survey.replication.replicates import ReplicateDesign
from disrupting_harm.survey.streaming.parquet import DesignColumns, ParquetSurvey, Paths
from disrupting_harm.survey.tables.linearise import groups_of, linearise
from disrupting_harm.survey.tables.tabulation import check_options, join, tabulate
from disrupting_harm.survey.tables.totals import Totals


def estimate_parquet(
    paths: Paths,
    indicators: Sequence[str],
    domains: Sequence[str] | Mapping[str, Sequence[Any]] = (),
    *,
    weight: str = "weight",
    stratum: str | None = "stratum",
    psu: str = "psu",
    fpc: str | None = None,
    lonely_psu: LonelyPsu = "fail",
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    replicates: Callable[[SurveyDesign], ReplicateDesign] | None = None,
    memory: float = 1e9,
) -> pd.DataFrame:
    """Estimate every indicator in every level of every domain, without loading the data.

    Args:
        paths: one or more Parquet files with the same columns, one row per respondent.
        indicators: K columns of numbers or truth values; null or NaN where there is no valid
            answer. Proportions hold 0 and 1.
        domains: D columns; null where the row is in no level. The levels are those in the data,
            sorted, or, given as ``{column: levels}``, those in that order. Without domains, the
            whole population: the domain "total" with the level "all".
        weight: column of weights.
        stratum: column of strata; None for an unstratified sample.
        psu: column of PSUs, which are nested in strata.
        fpc: column with the number of PSUs in the population of the stratum, or None.
        lonely_psu: see :class:`disrupting_harm.survey.design.survey_design.SurveyDesign`.
        statistics: statistic by indicator; one left out is a proportion.
        interval: interval for proportions.
        confidence: confidence level, between 0 and 1.
        df_rule: rule for degrees of freedom.
        replicates: what makes replicates of the design, ``jackknife`` say; standard errors are then
            those of the replicates. The design has a row for each PSU. None linearises.
        memory: bytes that the sums may take; with fewer the files are read more often.

    Returns:
        The table of :func:`disrupting_harm.survey.tables.linearise.estimate`, or with replicates of
        :func:`disrupting_harm.survey.replication.replicate_estimates.replicate_estimate`.

    Raises:
        StudyError: a file or column is missing, a column has the wrong type or values, a domain
            holds a value that is none of its levels, the design is at fault, an argument has no
            such option, or the replicates are of another design.
    """
    check_options(interval, confidence)
    check_df_rule(df_rule)
    names, kind = outcome_kinds(pd.DataFrame(columns=list(indicators)), Rows(0), statistics)
    levels_wanted = domains if isinstance(domains, Mapping) else dict.fromkeys(domains)
    columns = DesignColumns(weight, stratum, psu, fpc)
    survey = ParquetSurvey.open(paths, columns, names, levels_wanted, lonely_psu)
    design, levels = survey.design, survey.levels
    replicated = None if replicates is None else replicates(design)
    if replicated is not None and replicated.design is not design:
        found = "replicates of another design"
        raise StudyError("replicates", found, "Make them of the design that is handed over")
    # Sums of answers and sums of weights, eight bytes each.
    width = max(1, int(memory / (16 * design.n_psus * len(levels))))
    blocks = []
    for first in range(0, len(names), width):
        some = slice(first, first + width)
        own = dict(zip(names[some], kind[some].tolist(), strict=True))
        totals = Totals(design.n_psus, len(levels), kind[some], join_rows=True)
        for piece in survey.pieces(names[some], own):
            totals.add(*piece)
        if replicated is None:
            groups = groups_of(design, totals)
            blocks.append(linearise(design, totals.by_level, groups, df_rule))
        else:
            blocks.append(replicate_cells(replicated, totals, df_rule))
    df = design.df if replicated is None else replicated.df
    return tabulate(df, names, kind, levels, join(blocks, axis=1), interval, confidence)
