"""A third, independent computation of proportions for the audit, up to the limits.

svy counts degrees of freedom within a domain and has Korn and Graubard's interval, as we do; those
of samplics follow other rules. It reads the children of a country once, and estimates each
indicator in each domain from all of them, so that PSUs without a child of the domain stay in the
design.

Limits of an estimate without a standard error, as at 0 and 100 per cent, are not compared: svy
takes another effective number of children there.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.design.coding import code_levels, code_outcomes
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from disrupting_harm.audit.estimates import KEYS, NOTHING, compare_estimates, linearise_composite
from disrupting_harm.core.errors import StudyError

# The intervals of the configuration that svy has, by its names.
INTERVALS = {"korn_graubard": "korn-graubard", "logit": "logit", "beta": "beta"}
LIMITS = ["ci_low", "ci_high"]
_ANSWER, _DOMAIN = "answer {}", "domain {}"


class Cell(NamedTuple):
    """What svy says of an indicator in a level; the values here are those without cases."""

    n: int = 0
    estimate: float = np.nan
    se: float = np.nan
    df: int = 0
    ci_low: float = np.nan
    ci_high: float = np.nan


def recompute_by_svy(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame,
    composites: Mapping[str, Composite] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate proportions by domain with svy.

    Args:
        outcomes: (n, K) answers 0 and 1; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        composites: the parts of outcomes with imputed answers. Their proportion and its derivatives
            come from sums by PSU (see :mod:`.composite_sums`); the standard error of the linearised
            total, the degrees of freedom and the limits from svy.
        interval: a name of the configuration.
        confidence: the probability that limits stand for.

    Returns:
        ``indicator, domain, level, n, estimate, se, df, ci_low, ci_high``: one row per outcome,
        domain and category, in the order of :func:`.linearisation.estimate`. Limits are svy's own
        where its interval is the study's, and to be compared by :func:`compare_limits` alone.

    Raises:
        StudyError: the frames do not fit, or the design has later stages or lonely PSUs that are to
            be centred or averaged.
    """
    if design.later_stages or (design.lonely_psu in ("centre", "average") and design.lonely.any()):
        raise StudyError(
            "audit",
            "later stages, or lonely PSUs that are centred or averaged, have no estimate by svy",
            "Leave this estimate out, or choose 'certainty' or 'collapse' for lonely PSUs",
        )
    composites = composites or {}
    coded = code_outcomes(outcomes, design.rows)
    answers = np.where(np.broadcast_to(coded.valid, coded.values.shape) > 0, coded.values, np.nan)
    for name, composite in composites.items():
        # svy counts here who answered a part.
        answers[:, coded.names.index(name)] = np.where(composite.answered, 1.0, np.nan)
    levels = code_levels(domains, design.rows)
    columns = {_ANSWER.format(k): answer for k, answer in enumerate(answers.T)}
    columns |= {
        _DOMAIN.format(d): np.where(codes >= 0, codes, np.nan)
        for d, codes in enumerate(levels.codes)
    }
    children = _read_into_svy(design, design.psu, design.weight, columns)
    method, alpha = INTERVALS.get(interval, "logit"), 1 - confidence
    rows: list[tuple[object, ...]] = []
    for k, name in enumerate(coded.names):
        cells = [Cell()] * len(levels)
        for d, start in enumerate(levels.start):
            for code, cell in _estimate_domain(children, k, d, method, alpha):
                cells[start + code] = cell
        if name in composites:
            linearised = linearise_composite(design, composites[name], levels)
            cells = _estimate_composite(design, *linearised, cells, method, alpha)
        keys = zip(levels.domain, levels.name, cells, strict=True)
        rows += [(name, domain, level, *cell) for domain, level, cell in keys]
    return pd.DataFrame(rows, columns=[*KEYS, *Cell._fields])


def compare_limits(kernel: pd.DataFrame, third: pd.DataFrame, interval: str) -> pd.DataFrame:
    """Compare a table of proportions and limits with that of svy, cell by cell.

    Args:
        kernel: table with ``indicator, domain, level, estimate, se, df, ci_low, ci_high``.
        third: such a table of the same cells, of :func:`recompute_by_svy`.
        interval: the study's; if svy does not have it, no limits are compared.

    Returns:
        One row per indicator and domain: ``indicator, domain``; ``limits``, the number of cells of
        which limits were compared; and the largest relative differences among its levels,
        ``svy_estimate_difference, svy_se_difference, svy_df_difference, svy_limit_difference``.

    Raises:
        StudyError: the tables hold different cells.
    """
    values = ["estimate", "se", "df"]
    kernel, third = (
        table.assign(**{name: table[name].where(_has_limits(table, interval)) for name in LIMITS})
        for table in (kernel[[*KEYS, *values, *LIMITS]], third[[*KEYS, *values, *LIMITS]])
    )
    differences = compare_estimates(kernel, third, [*values, *LIMITS]).drop(columns="cells")
    keys = ["indicator", "domain"]
    of_limits = [f"{name}_difference" for name in LIMITS]
    table = differences.rename(
        columns={f"{name}_difference": f"svy_{name}_difference" for name in values}
    )
    table["svy_limit_difference"] = table[of_limits].max(axis=1)
    counts = _has_limits(third, interval).groupby([third[key] for key in keys]).sum()
    return table.drop(columns=of_limits).merge(counts.rename("limits").reset_index(), on=keys)


def _has_limits(table: pd.DataFrame, interval: str) -> "pd.Series[bool]":
    return (table["se"] > NOTHING) & (interval in INTERVALS)


def _read_into_svy(
    design: SurveyDesign, psu: Integers, weight: Floats, columns: Mapping[str, Floats]
) -> Any:
    """Return rows of the given PSUs as svy has them."""
    # Only the audit needs them.
    import polars
    import svy

    stratum = design.psu_stratum[psu]
    frame = {"stratum": stratum, "psu": psu, "weight": weight, **columns}
    if design.psu_population is not None:
        frame["population"] = design.psu_population[stratum]
    return svy.Sample(
        polars.DataFrame(frame),
        svy.Design(
            stratum="stratum",
            psu="psu",
            wgt="weight",
            pop_size="population" if "population" in frame else None,
            # A stratum with one PSU adds nothing.
            singleton="skip" if (design.stratum_psus == 1).any() else None,
        ),
    )


def _estimate_domain(
    children: Any, k: int, d: int, interval: str, alpha: float
) -> Iterator[tuple[int, Cell]]:
    """Yield the share of yes in each level of a domain that has cases, by the level's code."""
    estimates = children.estimation.prop(
        _ANSWER.format(k),
        by=_DOMAIN.format(d),
        ci_method=interval,
        alpha=alpha,
        drop_nulls=True,
    ).estimates
    by_level: dict[int, dict[float, Cell]] = {}
    for e in estimates:
        cell = Cell(e.n, e.est, e.se, e.df, e.lci, e.uci)
        by_level.setdefault(int(e.by_level[0]), {})[float(e.y_level)] = cell
    for code, of_answers in by_level.items():
        # Without a single "yes" in the data there is no entry for it, and the share is zero.
        nobody = next(iter(of_answers.values()))._replace(estimate=0.0, se=0.0)
        yield code, of_answers.get(1.0, nobody)


def _estimate_composite(
    design: SurveyDesign,
    points: Floats,
    changes: Floats,
    cells: Sequence[Cell],
    interval: str,
    alpha: float,
) -> list[Cell]:
    """Return cells of a composite, from those of children who answered a part."""
    columns = {f"change {index}": change for index, change in enumerate(changes)}
    units = _read_into_svy(design, np.arange(design.n_psus), np.ones(design.n_psus), columns)
    totals = units.estimation.total(list(columns))
    composite_cells = []
    for point, cell, total in zip(points, cells, totals, strict=True):
        se = total.estimates[0].se
        # svy has no public call for the interval of what is not a column of answers.
        limits = units.estimation._compute_prop_ci(
            p=point, se=se, alpha=alpha, df=cell.df, n=cell.n, method=interval
        )
        composite_cells.append(Cell(cell.n, point, se, cell.df, *limits) if cell.n else cell)
    return composite_cells
