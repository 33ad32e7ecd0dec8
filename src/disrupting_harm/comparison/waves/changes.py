"""The table of changes between the waves of one country, at full precision.

Waves stand in the order of their years, never of their estimates. Which are compared, and how
alpha is shared between them, is fixed before anyone looks: see :mod:`.overlap`. A pair that is
hidden keeps its part with a P value of 1, so that what is hidden moves no verdict.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.estimates.corrections import holm_rows
from disrupting_harm.comparison.differences.multiplicity import ratios, t_reach
from disrupting_harm.comparison.ledger import NOT_ASKED as UNASKED
from disrupting_harm.comparison.nonresponse_tipping import tipping_points
from disrupting_harm.comparison.waves.overlap import (
    Pair,
    Waves,
    compared_pairs,
    differences,
    listed_pairs,
)
from disrupting_harm.publication.detectable_change import detectable_change
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.statuses import NOT_ASKED, TOTAL, UNASKED_REASON
from disrupting_harm.tables.change_contracts import BREAK, CHANGES, HIDDEN
from disrupting_harm.tables.rules import in_shape

CELL = ["indicator", "domain", "level"]
GROUP = ["domain", "level"]
FIXED = {"difference": "fixed_difference", "se": "fixed_se", "df": "fixed_df"}


@dataclass(frozen=True, eq=False)
class Beside:
    """What the answers of two waves add to their estimates.

    Attributes:
        covariance: by indicator, domain and level; None where the waves have no PSU in common.
        fixed: by indicator, from :func:`.overlap.fixed_composition`; None where nothing is fixed.
        groups: the domain whose levels were kept fixed.
    """

    covariance: "pd.Series[float] | None" = None
    fixed: pd.DataFrame | None = None
    groups: str = ""


def changes(
    country: str,
    releases: Sequence[pd.DataFrame],
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    proportions: Collection[str],
    data_kind: str,
    alpha: float = 0.05,
    beside: Mapping[Pair, Beside] | None = None,
    silent: Collection[str] = (),
) -> pd.DataFrame:
    """Compare the waves of a country in every cell that they have.

    Args:
        country: its code.
        releases: the restricted releases of its waves, the first one first.
        ledger: from :func:`.ledger.ledger_of_waves`.
        indicators: the declared family, in the order of the result.
        proportions: those of them that are proportions.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of each family, all pairs of all indicators in one group of children.
        beside: for each pair of :func:`.overlap.listed_pairs`; by default the waves are independent
            and nothing is kept fixed.
        silent: those of which a "no" may be silence. Where they changed, it is told how large a
            share would have had to keep silent in the lower wave alone for that to be uncertain,
            and to be no change.

    Returns:
        The columns of :data:`CHANGES`, the pairs of :func:`.overlap.listed_pairs` one below the
        other. Numbers of the change exist where the pair is compared and both estimates are shown;
        those with a fixed composition where all its groups are shown in both waves, too. Limits
        have the error ``step_alpha`` of the row.
    """
    known = ledger.drop_duplicates("wave")
    names, years = known["wave"].tolist(), known["wave_year"].tolist()
    compared = compared_pairs(ledger)
    families = sum(bool(pairs) for pairs in compared.values())
    parts = []
    for pair, having in listed_pairs(ledger).items():
        first, second = pair
        told = [name for name in indicators if name in having]
        shares = {name: compared[name][pair] / families for name in told if pair in compared[name]}
        table = _one_pair(
            _paired(releases[first], releases[second], told),
            shares,
            _reasons(ledger, names[first + 1 : second + 1]),
            _unasked(ledger, (names[first], names[second])),
            (beside or {}).get(pair, Beside()),
        )
        fall, rise = _detectable(table, alpha, proportions)
        parts.append(
            table.assign(
                wave_from=names[first],
                wave_to=names[second],
                year_from=years[first],
                year_to=years[second],
                detectable_fall=fall,
                detectable_rise=rise,
            )
        )
    table = _with_verdicts(pd.concat(parts, ignore_index=True), alpha, silent)
    return in_shape(table.assign(country=country, data_kind=data_kind), CHANGES)


def _reasons(ledger: pd.DataFrame, later: Collection[str]) -> dict[str, str]:
    """Return by indicator the reasons of the breaks before each of some waves."""
    breaks = ledger[ledger["wave"].isin(later) & (ledger["comparable"] == "no")]
    breaks = breaks[breaks["reason"] != UNASKED_REASON]
    return {
        str(name): "; ".join(dict.fromkeys(rows["reason"]))
        for name, rows in breaks.groupby("indicator", sort=False)
    }


def _unasked(ledger: pd.DataFrame, waves: Collection[str]) -> set[str]:
    """Return which indicators one of two waves did not ask."""
    absent = ledger["wave"].isin(waves) & (ledger["definition"] == UNASKED)
    return set(ledger.loc[absent, "indicator"])


def _paired(first: pd.DataFrame, second: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the cells of two waves in one row, in the order of the indicators."""
    place = {name: at for at, name in enumerate(indicators)}
    own = [wave[wave["indicator"].isin(place)] for wave in (first, second)]
    pair = own[0].merge(own[1], on=CELL, suffixes=("_from", "_to"), validate="1:1")
    order = pair["indicator"].map(place).sort_values(kind="stable").index
    return pair.loc[order].reset_index(drop=True)


def _one_pair(
    pair: pd.DataFrame,
    shares: Mapping[str, float],
    reasons: Mapping[str, str],
    unasked: Collection[str],
    beside: Beside,
) -> pd.DataFrame:
    """Return the numbers of one pair of waves, without its verdicts."""
    share = np.array([shares.get(name, 0.0) for name in pair["indicator"]], dtype=float)
    absent = pair["indicator"].isin(list(unasked)).to_numpy()
    status = _status(pair, absent, share > 0)
    shown = np.isin(status, ("present", "caution"))
    of_first, of_second = (_wave(pair, side, shown) for side in ("from", "to"))
    waves = Waves(of_first, of_second, _covariance(pair, beside.covariance))
    printed = {f"shown_{side}": pair[f"shown_{side}"] for side in ("from", "to")}
    for side in ("from", "to"):
        visible = is_shown(pair[[f"status_{side}"]].set_axis(["status"], axis=1)).to_numpy()
        printed[f"estimate_{side}"] = pair[f"estimate_{side}"].where(visible)
        printed[f"n_{side}"] = pair[f"n_printed_{side}"].where(visible).astype("Int64")
    return pair[CELL].assign(
        **printed,
        **differences(waves),
        **_fixed(pair, shown, beside),
        se_from=of_first["se"],
        se_to=of_second["se"],
        alpha_share=share,
        status=status,
        reason=[
            reasons.get(name, "") if state == BREAK else ""
            for name, state in zip(pair["indicator"], status, strict=True)
        ],
    )


def _with_verdicts(table: pd.DataFrame, alpha: float, silent: Collection[str]) -> pd.DataFrame:
    """Return all pairs with the verdicts of their families, and the limits that go with these."""
    p_value, share = floats(table, "p_value"), floats(table, "alpha_share")
    tested = ~np.isnan(p_value)
    step, p_holm, clear = np.full(len(table), np.nan), np.full(len(table), np.nan), tested & False
    compared = table[share > 0]
    for _, rows in compared.groupby(GROUP, sort=False):
        own = rows.index.to_numpy()
        # What is hidden, or has no variance, keeps its part.
        verdict = holm_rows(np.where(tested[own], p_value[own], 1.0), share[own], alpha)
        own, found = own[tested[own]], tested[own]
        p_holm[own], step[own] = verdict.p_adjusted[found], verdict.level[found]
        clear[own] = verdict.clear[found]
    difference, reach = floats(table, "difference"), t_reach(floats(table, "df"), step)
    row = {
        "difference": difference,
        "ci_low": difference - reach * floats(table, "se"),
        "ci_high": difference + reach * floats(table, "se"),
        "step_alpha": step,
        "clear": clear,
    }
    log_ratio, log_se, log_df = (floats(table, f"log_{name}") for name in ("ratio", "se", "df"))
    row |= ratios(log_ratio, log_se, log_df, row)
    goes, turns = tipping_points(row["ratio"], row["ratio_low"], row["ratio_high"])
    told = clear & table["indicator"].isin(list(silent)).to_numpy()
    fixed = floats(table, "fixed_difference")
    half = t_reach(floats(table, "fixed_df"), step) * floats(table, "fixed_se")
    return table.assign(
        **row,
        p_holm=p_holm,
        fixed_low=fixed - half,
        fixed_high=fixed + half,
        change=_words(difference, tested, clear),
        claim_goes=np.where(told, goes, np.nan),
        order_turns=np.where(told, turns, np.nan),
    )


def _covariance(pair: pd.DataFrame, known: "pd.Series[float] | None") -> Floats:
    if known is None:
        return np.zeros(len(pair))
    own = known.reindex(pd.MultiIndex.from_frame(pair[CELL]))
    return np.nan_to_num(own.to_numpy(dtype=np.float64))


def _fixed(pair: pd.DataFrame, shown: np.ndarray, beside: Beside) -> dict[str, Floats]:
    """Return the change with the first composition, of all children.

    It is one more equation of the groups: it stands only where all of these are shown, so that it
    tells of no other.
    """
    empty = {name: np.full(len(pair), np.nan) for name in FIXED.values()}
    if beside.fixed is None:
        return empty
    open_groups = pair.assign(shown=shown)[pair["domain"] == beside.groups]
    whole = open_groups.groupby("indicator")["shown"].all()
    allowed = pair["indicator"].map(whole).eq(True).to_numpy() & shown
    national = ((pair["domain"] == TOTAL[0]) & (pair["level"] == TOTAL[1])).to_numpy()
    own = beside.fixed.reindex(pair["indicator"])
    return {
        new: np.where(allowed & national, own[old].to_numpy(dtype=float), np.nan)
        for old, new in FIXED.items()
    }


def _status(pair: pd.DataFrame, absent: np.ndarray, compared: np.ndarray) -> np.ndarray:
    """Return why a change has no numbers, or that it has some.

    Two waves that both asked, and are not compared, have a break between them.
    """
    sides = [pair[[f"status_{side}"]].set_axis(["status"], axis=1) for side in ("from", "to")]
    hidden = ~np.logical_and(*(is_shown(side).to_numpy() for side in sides))
    absent = absent | np.logical_or(*((side["status"] == NOT_ASKED).to_numpy() for side in sides))
    caution = np.logical_or(*((side["status"] != "present").to_numpy() for side in sides))
    found: np.ndarray = np.select(
        [absent, ~compared, hidden, caution], [NOT_ASKED, BREAK, HIDDEN, "caution"], "present"
    ).astype(object)
    return found


def _wave(pair: pd.DataFrame, side: str, shown: np.ndarray) -> pd.DataFrame:
    """Return one wave's numbers of the cells whose change may be computed."""
    columns = {name: pair[f"{name}_{side}"].where(shown) for name in ("estimate", "se", "df")}
    return pd.DataFrame(columns, index=pair.index)


def _detectable(
    table: pd.DataFrame, alpha: float, proportions: Collection[str]
) -> tuple[Floats, Floats]:
    """Return the smallest fall and rise that a pair would have found by its own part of alpha."""
    p1, p2 = floats(table, "estimate_from"), floats(table, "estimate_to")
    proportion = table["indicator"].isin(list(proportions)).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (
            np.where(
                proportion & (p > 0) & (p < 1),
                floats(table, f"se_{side}") ** 2 / (p * (1 - p)),
                np.nan,
            )
            for p, side in ((p1, "from"), (p2, "to"))
        )
    df = floats(table, "df")
    usable = ~np.isnan(one) & ~np.isnan(two) & (df > 0)
    fall, rise = np.full(len(p1), np.nan), np.full(len(p1), np.nan)
    if usable.any():
        given = p1[usable], one[usable], two[usable], df[usable]
        level = alpha * floats(table, "alpha_share")[usable]
        fall[usable] = detectable_change(*given, "fall", level)
        rise[usable] = detectable_change(*given, "rise", level)
    return fall, rise


def _words(difference: Floats, tested: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """Return what may be said of each change."""
    known = [~tested, ~clear, difference > 0]
    return np.select(known, ["", "no clear change", "rose"], "fell").astype(object)
