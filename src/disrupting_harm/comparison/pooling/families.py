"""The national estimates of one indicator in all countries, as arrays for pooling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.comparison.pooling.averages import errors_at_boundary, is_boundary, to_log_odds
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.statuses import NOT_ASKED, UNASKED_REASON

NOT_SHOWN, NOT_COMPARABLE = "not shown", "not comparable"
_SAMPLE = ["n", "deff"]


@dataclass(frozen=True)
class Family:
    """Arrays with one value per country of ``codes``; NaN where a country is left out.

    ``estimate``, ``low``, ``high``, ``se`` and ``df`` are on the scale of the indicator; ``se`` is
    never zero, see ``averages.errors_at_boundary``. ``y`` and ``v`` are estimate and variance on
    the scale of log-odds for proportions, of the indicator itself for means and totals.
    ``left_out`` has the reason of each country left out, ``replaced`` says whose error is taken
    from its interval.

    A proportion that is hidden and comparable is not left out: it lies between ``bound_low`` and
    ``bound_high``, which are 0 and 1 where no bound of the population is printed; NaN elsewhere.
    Of its sample ``sample_size`` and ``deff`` say as much as other estimates of the country tell
    everybody, see :func:`published_samples`.
    """

    indicator: Indicator
    codes: tuple[str, ...]
    estimate: Floats
    se: Floats
    n: Floats
    df: Floats
    low: Floats
    high: Floats
    y: Floats
    v: Floats
    left_out: dict[str, str]
    replaced: NDArray[np.bool_]
    bound_low: Floats
    bound_high: Floats
    sample_size: Floats
    deff: Floats

    @property
    def proportion(self) -> bool:
        """Whether the indicator is a proportion."""
        return self.indicator.statistic == "proportion"

    def members(self, group: Sequence[str]) -> NDArray[np.bool_]:
        """Return which countries a group has, of those not left out."""
        return np.isin(self.codes, group) & ~np.isnan(self.estimate)

    def bounded(self, group: Sequence[str]) -> NDArray[np.bool_]:
        """Return which countries of a group are hidden and count with their bounds."""
        return np.isin(self.codes, group) & ~np.isnan(self.bound_high)


def build_families(
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    indicators: Sequence[Indicator],
    codes: Sequence[str],
    method: str = "ranges",
) -> list[Family]:
    """Return the family of each indicator, as :func:`build_family` does one by one."""
    national = release[release["domain"] == "total"]
    cells_by_indicator, verdicts_by_indicator = (
        dict(iter(table.groupby("indicator"))) for table in (national, ledger)
    )
    samples = published_samples(national, indicators)
    return [
        build_family(
            cells_by_indicator.get(indicator.id, national.iloc[:0]),
            verdicts_by_indicator.get(indicator.id, ledger.iloc[:0]),
            indicator,
            codes,
            samples,
            method,
        )
        for indicator in indicators
    ]


def published_samples(release: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Return ``n`` and ``deff`` by country: the largest of its national proportions that are shown.

    They follow from what is published, and stand for those of a hidden proportion, which would tell
    of its answers.

    Args:
        release: as for :func:`build_family`, of all indicators.
        indicators: of which the proportions are taken.
    """
    proportions = [indicator.id for indicator in indicators if indicator.statistic == "proportion"]
    cells = release[is_shown(release) & (release["domain"] == "total")]
    cells = cells[cells["indicator"].isin(proportions)]
    p, se, n = (floats(cells, name) for name in ("estimate", "se", "n"))
    inside = ~is_boundary(p) & (se > 0)
    deff = np.divide(se**2 * n, p * (1 - p), out=np.full(len(p), np.nan), where=inside)
    return cells.assign(n=n, deff=deff).groupby("country")[_SAMPLE].max()


def build_family(
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    indicator: Indicator,
    codes: Sequence[str],
    samples: pd.DataFrame,
    method: str = "ranges",
) -> Family:
    """Return the estimates that are shown and comparable.

    Args:
        release: restricted releases of all countries, stacked.
        ledger: from ``comparison.ledger.comparability_ledger``.
        samples: from :func:`published_samples`.
        method: of disclosure control. Bounds of ``coded`` speak of the estimate, which may lie far
            from the share of the population: such a share lies between 0 and 1.

    Raises:
        StudyError: a country that the ledger does not have.
    """
    cells = release[(release["domain"] == "total") & (release["indicator"] == indicator.id)]
    cells = cells[cells["country"].isin(codes)]
    shown_cells = cells[is_shown(cells)]
    usable = select_comparable(shown_cells, ledger[ledger["indicator"] == indicator.id])
    left_out = dict.fromkeys(codes, "no estimate")
    left_out |= dict.fromkeys(cells["country"], NOT_SHOWN)
    unasked = cells["status"] == NOT_ASKED
    left_out |= dict.fromkeys(cells.loc[unasked, "country"], UNASKED_REASON)
    left_out |= dict.fromkeys(shown_cells["country"], NOT_COMPARABLE)
    proportion = indicator.statistic == "proportion"
    if not proportion:
        left_out |= dict.fromkeys(usable["country"], "no sampling variance")
        usable = usable[usable["se"] > 0]
    hidden = cells[~is_shown(cells) & ~unasked] if proportion else cells.iloc[:0]
    bounded = select_comparable(hidden, ledger[ledger["indicator"] == indicator.id])
    left_out |= dict.fromkeys(set(hidden["country"]) - set(bounded["country"]), NOT_COMPARABLE)
    for code in (*usable["country"], *bounded["country"]):
        del left_out[code]
    table = usable.set_index("country").reindex(list(codes))
    estimate, se, n, df = (floats(table, name) for name in ("estimate", "se", "n", "df"))
    replaced = np.zeros(len(table), dtype=bool)
    y, v = estimate, se**2
    if proportion:
        replaced = is_boundary(estimate) | (se == 0)
        centre, se = errors_at_boundary(estimate, se, n, df)
        y, v = to_log_odds(centre, se)
    low, high = floats(table, "ci_low"), floats(table, "ci_high")
    bounds = bounded.set_index("country").reindex(list(codes))
    is_bounded = np.isin(codes, bounded["country"].to_numpy())
    bounds_of_estimate = method == "coded"
    bound_low, bound_high = (
        np.where(is_bounded & (np.isnan(bound) | bounds_of_estimate), widest, bound)
        for bound, widest in (
            (floats(bounds, "bound_low"), 0.0),
            (floats(bounds, "bound_high"), 1.0),
        )
    )
    sample_size, deff = (floats(samples.reindex(list(codes)), name) for name in _SAMPLE)
    return Family(
        indicator, tuple(codes), estimate, se, n, df, low, high, y, v, left_out, replaced,
        bound_low, bound_high, sample_size, deff,
    )  # fmt: skip
