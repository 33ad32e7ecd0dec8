"""Estimates of small groups from a model: for statisticians, restricted, never among direct ones.

A group of a country, such as girls of 12 to 13, may hold so few yes answers that its direct
estimate is hidden or hardly known. All groups of all countries together tell more: one Fay–Herriot
model per indicator (``designbased.models.fay_herriot``) has the log-odds of each group as the
effect of the group, the log-odds of its country and a deviation of its own. How it is made:

1. one design effect of the indicator, d = max(1, Σ V / Σ p(1 - p)/n), and n* = n/d;
2. y = logit((p n* + ½) / (n* + 1)); a country's x is the same of its national estimate and n;
3. v = 1 / (n* μ(1 - μ)), with μ from least squares of y on groups and x: of three yes answers the
   variance itself would be too uncertain (a generalised variance function);
4. the prediction θ of each group, and its mean squared error, to which the error of x adds
   (1 - γ)² β_x² V(x);
5. a constant for each country on the log-odds, so that its groups add up to its direct national
   estimate;
6. the probability that the share is above a value named beforehand, Φ((θ - logit x) / √mse). A
   claim rests on it from :data:`CLAIM_FROM` on.

What it costs is measured in docs/hidden-groups.md: where countries differ in their groups, those
with the most yes answers are understated.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr, ndtri

from designbased.arrays import Floats
from designbased.models.fay_herriot import fay_herriot
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.study.statuses import NOT_ASKED, TOTAL
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

# With fewer groups the variance between them is hardly known.
LEAST_GROUPS = 40
# Below this weight of its own answers a prediction is that of any such group.
SYNTHETIC_BELOW = 0.05
# With .9 one page of eight small groups in seven or eight would make a false claim.
CLAIM_FROM = 0.975
MODEL, SYNTHETIC = "model estimate", "expected from country and group"


def estimate_small_areas(
    estimates: pd.DataFrame,
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    domain: str | None,
    confidence: float,
    data_kind: str,
    above: float | None = None,
) -> pd.DataFrame:
    """Return model estimates of all groups of comparable countries.

    Args:
        estimates: restricted estimates of all countries, stacked.
        ledger: which countries can be compared.
        indicators: proportions, in the order of the result.
        domain: whose levels are the groups; None gives a table without rows.
        above: the share named beforehand, see :func:`model_groups`.

    Returns:
        The columns of ``comparison/modelled``. An indicator with fewer than :data:`LEAST_GROUPS`
        groups, or one country alone, has no rows: the variance between so few is hardly known.
    """
    if domain is None:
        return in_shape(pd.DataFrame(), restricted_contract("comparison/modelled"))
    answered = estimates[(estimates["reliability"] != NOT_ASKED) & (estimates["n"] > 0)]
    comparable_cells = select_comparable(answered[answered["indicator"].isin(indicators)], ledger)
    is_national = (comparable_cells["domain"] == TOTAL[0]) & (comparable_cells["level"] == TOTAL[1])
    tables = []
    for indicator in indicators:
        of_indicator = comparable_cells["indicator"] == indicator
        cells = comparable_cells[of_indicator & (comparable_cells["domain"] == domain)].reset_index(
            drop=True
        )
        national = comparable_cells[of_indicator & is_national].set_index("country")
        if len(cells) >= LEAST_GROUPS and cells["country"].nunique() > 1:
            tables.append(model_groups(cells, national, confidence, above))
    if not tables:
        return in_shape(pd.DataFrame(), restricted_contract("comparison/modelled"))
    return in_shape(
        pd.concat(tables, ignore_index=True).assign(data_kind=data_kind),
        restricted_contract("comparison/modelled"),
    )


def model_groups(
    cells: pd.DataFrame,
    national: pd.DataFrame,
    confidence: float = 0.95,
    above: float | None = None,
) -> pd.DataFrame:
    """Return ``cells`` of one indicator with the columns that the model adds.

    Args:
        cells: ``country, level, n, estimate, se, population, ci_low, ci_high`` of m groups.
        national: ``estimate, se, n`` by country.
        above: a share, named before the answers were seen: is that of a group above it?

    Returns:
        ``own_share`` (the weight of the group's own answers), ``model_estimate, model_low,
        model_high`` (after the country's ``shift`` on the log-odds), ``tau2, deff, kind``;
        ``beyond_direct``: whether the direct interval excludes the model's estimate;
        ``exceedance``, the probability under the model that the share is above ``above``, NaN
        without it; and ``surely_above``, whether that is at least :data:`CLAIM_FROM`.
    """
    country = cells["country"].to_numpy(dtype=object)
    n, share, se = (cells[name].to_numpy(dtype=float) for name in ("n", "estimate", "se"))
    has_variance = se > 0
    simple_variance = (share * (1 - share) / n)[has_variance].sum()
    deff = (
        max(1.0, float((se[has_variance] ** 2).sum() / simple_variance))
        if simple_variance > 0
        else 1.0
    )
    effective = n / deff
    y = _log_odds(share, effective)
    of_country = national.loc[country]
    of_nation, nation_n = (of_country[name].to_numpy(dtype=float) for name in ("estimate", "n"))
    groups = pd.get_dummies(cells["level"].astype("str"), dtype=float).to_numpy()
    x = np.column_stack([groups, _log_odds(of_nation, nation_n)])
    smooth = expit(x @ np.linalg.lstsq(x, y, rcond=None)[0])
    fit = fay_herriot(y, 1 / (effective * smooth * (1 - smooth)), x)
    national_share = expit(x[:, -1])
    error_of_x = (
        of_country["se"].to_numpy(dtype=float) / (national_share * (1 - national_share))
    ) ** 2
    mse = fit.mse + (1 - fit.direct_weight) ** 2 * fit.coefficients[-1] ** 2 * error_of_x
    shift = _benchmark_shifts(
        fit.predicted, cells["population"].to_numpy(dtype=float), country, national
    )
    centre, half_width = fit.predicted + shift, ndtri((1 + confidence) / 2) * np.sqrt(mse)
    estimate = expit(centre)
    exceedance = np.full(len(cells), np.nan)
    if above is not None:
        exceedance = ndtr((centre - logit(above)) / np.sqrt(mse))
    outside = (estimate < cells["ci_low"]) | (estimate > cells["ci_high"])
    return cells.assign(
        own_share=fit.direct_weight,
        model_estimate=estimate,
        model_low=expit(centre - half_width),
        model_high=expit(centre + half_width),
        shift=shift,
        tau2=fit.tau2,
        deff=deff,
        kind=np.where(fit.direct_weight < SYNTHETIC_BELOW, SYNTHETIC, MODEL),
        beyond_direct=np.asarray(outside, dtype=bool),
        exceedance=exceedance,
        surely_above=exceedance >= CLAIM_FROM,
    )


def _log_odds(share: Floats, n: Floats) -> Floats:
    """Log-odds with half a yes and half a no more, so that no answer at all has one, too."""
    return np.asarray(logit((share * n + 0.5) / (n + 1)))


def _benchmark_shifts(
    predicted: Floats, population: Floats, country: np.ndarray, national: pd.DataFrame
) -> Floats:
    """Return for each group the constant of its country that meets the direct national estimate.

    Where nobody or everybody said yes in a country there is none: zero.
    """
    shift = np.zeros(len(predicted))
    for name in np.unique(country):
        of_country = country == name
        target = float(national.loc[name, "estimate"])
        if 0 < target < 1:
            weight = population[of_country] / population[of_country].sum()

            shift[of_country] = brentq(
                _gap_to_target, -40.0, 40.0, (predicted[of_country], weight, target), 1e-14
            )
    return shift


def _gap_to_target(constant: float, predicted: Floats, weight: Floats, target: float) -> float:
    return float(weight @ expit(predicted + constant)) - target
