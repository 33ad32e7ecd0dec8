"""True values of the simulated population, and its totals for raking."""

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.indicators import build_indicators
from disrupting_harm.study.items import ANSWERED, NOT_ASKED, status_column
from disrupting_harm.study.simulate.answers import Answers


def answers_frame(answers: Answers, codebook: Codebook) -> pd.DataFrame:
    """Return the answers as the stage ``prepare`` would: strings, and numbers with a status."""
    columns: dict[str, object] = {}
    for item in codebook.items:
        code = answers[item.id]
        if item.type == "number":
            columns[item.id] = np.where(code < 0, np.nan, code.astype(float))
            columns[status_column(item.id)] = _words(np.where(code < 0, 1, 0), ANSWERED, NOT_ASKED)
        else:
            unasked = len(item.answers)
            columns[item.id] = _words(np.where(code < 0, unasked, code), *item.answers, NOT_ASKED)
    return pd.DataFrame(columns)


def _words(positions: Integers, *words: str) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(positions, categories=pd.Index(words, dtype=str))


def true_values(
    frame: pd.DataFrame, domains: pd.DataFrame, codebook: Codebook, scale: float
) -> pd.DataFrame:
    """Compute every indicator in every level of every domain over the whole population.

    Args:
        frame: the answers, as of :func:`answers_frame`.
        domains: the levels, as of ``build_domains``.
        codebook: the definitions.
        scale: real children that each row stands for.

    Returns:
        ``indicator, domain, level, population, truth``: the real children in the indicator's
        universe, and its value among them had every child answered (NaN where there are none).
    """
    values = build_indicators(frame, codebook)
    levels = [(name, str(level)) for name in domains for level in domains[name].cat.categories]
    counts, sums = _sums(values, domains)
    totals = np.array(
        [codebook.indicator(name).statistic == "total" for name in values.columns.astype(str)]
    )
    divisor = np.where(totals, 1 / scale, counts)
    truth = np.divide(sums, divisor, out=np.full(sums.shape, np.nan), where=counts > 0)
    return pd.DataFrame(
        {
            "indicator": np.repeat(values.columns.to_numpy(dtype=object), len(levels)),
            "domain": [domain for domain, _ in levels] * values.shape[1],
            "level": [level for _, level in levels] * values.shape[1],
            "population": (counts * scale).T.ravel(),
            "truth": truth.T.ravel(),
        }
    )


def _sums(values: pd.DataFrame, domains: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the number of values and their sum, (levels, indicators).

    Children are counted once in the finest cells, which are then added up to levels.
    """
    shape = [len(domains[name].cat.categories) for name in domains]
    cell = np.ravel_multi_index([domains[name].cat.codes.to_numpy() for name in domains], shape)
    n_cells = int(np.prod(shape))
    finest = np.zeros((2, n_cells, values.shape[1]))
    for k, name in enumerate(values):
        value = values[name].to_numpy()
        valid = ~np.isnan(value)
        finest[0, :, k] = np.bincount(cell[valid], minlength=n_cells)
        finest[1, :, k] = np.bincount(cell[valid], weights=value[valid], minlength=n_cells)
    table = finest.reshape(2, *shape, -1)
    axes = range(1, len(shape) + 1)
    by_level = [table.sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]
    counts, sums = np.concatenate(by_level, axis=1)
    return counts, sums


def margin_totals(domains: pd.DataFrame, margins: tuple[str, ...], children: int) -> pd.DataFrame:
    """Return the population totals ``margin, category, total``, in whole children.

    The totals of every margin add up to ``children``: largest remainders decide the rounding.
    """
    parts = []
    for margin in margins:
        counts = domains[margin].value_counts(sort=False)
        counts = counts[counts > 0]
        exact = [divmod(int(count) * children, len(domains)) for count in counts]
        totals = [whole for whole, _ in exact]
        by_remainder = sorted(range(len(exact)), key=lambda k: (-exact[k][1], k))
        for k in by_remainder[: children - sum(totals)]:
            totals[k] += 1
        parts.append(
            pd.DataFrame({"margin": margin, "category": counts.index.astype(str), "total": totals})
        )
    return pd.concat(parts, ignore_index=True)
