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
from designbased.estimates.corrections import adjust_by_holm
from disrupting_harm.comparison.differences.multiplicity import ratios, t_reach
from disrupting_harm.comparison.ledger import NOT_ASKED as UNASKED
from disrupting_harm.comparison.nonresponse_tipping import tipping_points
from disrupting_harm.comparison.waves.overlap import (
    WavePair,
    Waves,
    estimate_differences,
    find_compared_pairs,
    find_listed_pairs,
)
from disrupting_harm.publication.detectable_change import detectable_change
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.statuses import BREAK, HIDDEN, NOT_ASKED, TOTAL, UNASKED_REASON
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

CELL = ["indicator", "domain", "level"]
GROUP = ["domain", "level"]
FIXED = {"difference": "fixed_difference", "se": "fixed_se", "df": "fixed_df"}


@dataclass(frozen=True, eq=False)
class AnswerResults:
    """What the answers of two waves add to their estimates.

    Attributes:
        covariance: by indicator, domain and level; None where the waves have no PSU in common.
        fixed: by indicator, from :func:`.overlap.fixed_composition`; None where nothing is fixed.
    """

    covariance: "pd.Series[float] | None" = None
    fixed: pd.DataFrame | None = None
    groups: str = ""


def estimate_changes(
    country: str,
    releases: Sequence[pd.DataFrame],
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    proportions: Collection[str],
    data_kind: str,
    alpha: float = 0.05,
    answer_results: Mapping[WavePair, AnswerResults] | None = None,
    silent: Collection[str] = (),
) -> pd.DataFrame:
    """Compare the waves of a country in every cell that they have.

    Args:
        releases: the restricted releases of its waves, the first one first.
        ledger: from :func:`.ledger.ledger_of_waves`.
        indicators: the declared family, in the order of the result.
        proportions: those of them that are proportions.
        alpha: error rate of each family, all pairs of all indicators in one group of children.
        answer_results: for each pair of :func:`.overlap.find_listed_pairs`; by default the waves
            are independent and nothing is kept fixed.
        silent: those of which a "no" may be silence. Where they changed, it is told how large a
            share would have had to keep silent in the lower wave alone for that to be uncertain,
            and to be no change.

    Returns:
        The columns of ``change/changes``, the pairs of :func:`.overlap.find_listed_pairs` one below
        the other. Numbers of the change exist where the pair is compared and both estimates are
        shown; those with a fixed composition where all its groups are shown in both waves, too.
        Limits have the error ``step_alpha`` of the row.
    """
    waves = ledger.drop_duplicates("wave")
    wave_names, years = waves["wave"].tolist(), waves["wave_year"].tolist()
    shares_by_indicator = find_compared_pairs(ledger)
    families = sum(bool(pairs) for pairs in shares_by_indicator.values())
    tables = []
    for pair, with_row in find_listed_pairs(ledger).items():
        earlier, later = pair
        listed = [name for name in indicators if name in with_row]
        shares = {
            name: shares_by_indicator[name][pair] / families
            for name in listed
            if pair in shares_by_indicator[name]
        }
        table = _compare_pair(
            _pair_cells(releases[earlier], releases[later], listed),
            shares,
            _break_reasons(ledger, wave_names[earlier + 1 : later + 1]),
            _find_unasked(ledger, (wave_names[earlier], wave_names[later])),
            (answer_results or {}).get(pair, AnswerResults()),
        )
        fall, rise = _detectable_changes(table, alpha, proportions)
        tables.append(
            table.assign(
                wave_from=wave_names[earlier],
                wave_to=wave_names[later],
                year_from=years[earlier],
                year_to=years[later],
                detectable_fall=fall,
                detectable_rise=rise,
            )
        )
    table = _add_verdicts(pd.concat(tables, ignore_index=True), alpha, silent)
    return in_shape(
        table.assign(country=country, data_kind=data_kind), restricted_contract("change/changes")
    )


def _break_reasons(ledger: pd.DataFrame, later: Collection[str]) -> dict[str, str]:
    """Return by indicator the reasons of the breaks before each of some waves."""
    breaks = ledger[ledger["wave"].isin(later) & (ledger["comparable"] == "no")]
    breaks = breaks[breaks["reason"] != UNASKED_REASON]
    return {
        str(name): "; ".join(dict.fromkeys(rows["reason"]))
        for name, rows in breaks.groupby("indicator", sort=False)
    }


def _find_unasked(ledger: pd.DataFrame, waves: Collection[str]) -> set[str]:
    """Return which indicators one of two waves did not ask."""
    absent = ledger["wave"].isin(waves) & (ledger["definition"] == UNASKED)
    return set(ledger.loc[absent, "indicator"])


def _pair_cells(
    earlier: pd.DataFrame, later: pd.DataFrame, indicators: Sequence[str]
) -> pd.DataFrame:
    """Return the cells of two waves in one row, in the order of the indicators."""
    order_of_indicator = {name: position for position, name in enumerate(indicators)}
    cells = [wave[wave["indicator"].isin(order_of_indicator)] for wave in (earlier, later)]
    pair = cells[0].merge(cells[1], on=CELL, suffixes=("_from", "_to"), validate="1:1")
    order = pair["indicator"].map(order_of_indicator).sort_values(kind="stable").index
    return pair.loc[order].reset_index(drop=True)


def _compare_pair(
    pair: pd.DataFrame,
    shares: Mapping[str, float],
    reasons: Mapping[str, str],
    unasked: Collection[str],
    answer_results: AnswerResults,
) -> pd.DataFrame:
    """Return the numbers of one pair of waves, without its verdicts."""
    share = np.array([shares.get(name, 0.0) for name in pair["indicator"]], dtype=float)
    absent = pair["indicator"].isin(list(unasked)).to_numpy()
    status = _change_statuses(pair, absent, share > 0)
    is_shown_change = np.isin(status, ("present", "caution"))
    earlier, later = (
        _select_wave_numbers(pair, suffix, is_shown_change) for suffix in ("from", "to")
    )
    both_waves = Waves(earlier, later, _covariances_of_pair(pair, answer_results.covariance))
    printed_columns = {f"shown_{suffix}": pair[f"shown_{suffix}"] for suffix in ("from", "to")}
    for suffix in ("from", "to"):
        is_visible = is_shown(pair[[f"status_{suffix}"]].set_axis(["status"], axis=1)).to_numpy()
        printed_columns[f"estimate_{suffix}"] = pair[f"estimate_{suffix}"].where(is_visible)
        printed_columns[f"n_{suffix}"] = (
            pair[f"n_printed_{suffix}"].where(is_visible).astype("Int64")
        )
    return pair[CELL].assign(
        **printed_columns,
        **estimate_differences(both_waves),
        **_fixed_composition_columns(pair, is_shown_change, answer_results),
        se_from=earlier["se"],
        se_to=later["se"],
        alpha_share=share,
        status=status,
        reason=[
            reasons.get(name, "") if state == BREAK else ""
            for name, state in zip(pair["indicator"], status, strict=True)
        ],
    )


def _add_verdicts(table: pd.DataFrame, alpha: float, silent: Collection[str]) -> pd.DataFrame:
    """Return all pairs with the verdicts of their families, and the limits that go with these."""
    p_value, share = floats(table, "p_value"), floats(table, "alpha_share")
    tested = ~np.isnan(p_value)
    step, p_holm, clear = np.full(len(table), np.nan), np.full(len(table), np.nan), tested & False
    in_family = table[share > 0]
    for _, rows in in_family.groupby(GROUP, sort=False):
        positions = rows.index.to_numpy()
        # What is hidden, or has no variance, keeps its part.
        verdict = adjust_by_holm(
            np.where(tested[positions], p_value[positions], 1.0), share[positions], alpha
        )
        positions, is_tested = positions[tested[positions]], tested[positions]
        p_holm[positions], step[positions] = verdict.p_adjusted[is_tested], verdict.level[is_tested]
        clear[positions] = verdict.clear[is_tested]
    difference, t_quantile = floats(table, "difference"), t_reach(floats(table, "df"), step)
    row = {
        "difference": difference,
        "ci_low": difference - t_quantile * floats(table, "se"),
        "ci_high": difference + t_quantile * floats(table, "se"),
        "step_alpha": step,
        "clear": clear,
    }
    log_ratio, log_se, log_df = (floats(table, f"log_{name}") for name in ("ratio", "se", "df"))
    row |= ratios(log_ratio, log_se, log_df, row)
    claim_goes, order_turns = tipping_points(row["ratio"], row["ratio_low"], row["ratio_high"])
    may_be_silence = clear & table["indicator"].isin(list(silent)).to_numpy()
    fixed = floats(table, "fixed_difference")
    half_width = t_reach(floats(table, "fixed_df"), step) * floats(table, "fixed_se")
    return table.assign(
        **row,
        p_holm=p_holm,
        fixed_low=fixed - half_width,
        fixed_high=fixed + half_width,
        change=_describe_changes(difference, tested, clear),
        claim_goes=np.where(may_be_silence, claim_goes, np.nan),
        order_turns=np.where(may_be_silence, order_turns, np.nan),
    )


def _covariances_of_pair(
    pair: pd.DataFrame, covariance_by_cell: "pd.Series[float] | None"
) -> Floats:
    if covariance_by_cell is None:
        return np.zeros(len(pair))
    of_pair = covariance_by_cell.reindex(pd.MultiIndex.from_frame(pair[CELL]))
    return np.nan_to_num(of_pair.to_numpy(dtype=np.float64))


def _fixed_composition_columns(
    pair: pd.DataFrame, is_shown_change: np.ndarray, answer_results: AnswerResults
) -> dict[str, Floats]:
    """Return the change with the first composition, of all children.

    It is one more equation of the groups: it stands only where all of these are shown, so that it
    tells of no other.
    """
    empty = {name: np.full(len(pair), np.nan) for name in FIXED.values()}
    if answer_results.fixed is None:
        return empty
    open_groups = pair.assign(shown=is_shown_change)[pair["domain"] == answer_results.groups]
    all_shown = open_groups.groupby("indicator")["shown"].all()
    allowed = pair["indicator"].map(all_shown).eq(True).to_numpy() & is_shown_change
    national = ((pair["domain"] == TOTAL[0]) & (pair["level"] == TOTAL[1])).to_numpy()
    fixed_change = answer_results.fixed.reindex(pair["indicator"])
    return {
        new: np.where(allowed & national, fixed_change[old].to_numpy(dtype=float), np.nan)
        for old, new in FIXED.items()
    }


def _change_statuses(pair: pd.DataFrame, absent: np.ndarray, is_compared: np.ndarray) -> np.ndarray:
    """Return why a change has no numbers, or that it has some.

    Two waves that both asked, and are not compared, have a break between them.
    """
    status_tables = [
        pair[[f"status_{suffix}"]].set_axis(["status"], axis=1) for suffix in ("from", "to")
    ]
    hidden = ~np.logical_and(*(is_shown(suffix).to_numpy() for suffix in status_tables))
    absent = absent | np.logical_or(
        *((suffix["status"] == NOT_ASKED).to_numpy() for suffix in status_tables)
    )
    caution = np.logical_or(
        *((suffix["status"] != "present").to_numpy() for suffix in status_tables)
    )
    statuses: np.ndarray = np.select(
        [absent, ~is_compared, hidden, caution], [NOT_ASKED, BREAK, HIDDEN, "caution"], "present"
    ).astype(object)
    return statuses


def _select_wave_numbers(
    pair: pd.DataFrame, suffix: str, is_shown_change: np.ndarray
) -> pd.DataFrame:
    """Return one wave's numbers of the cells whose change may be computed."""
    columns = {
        name: pair[f"{name}_{suffix}"].where(is_shown_change) for name in ("estimate", "se", "df")
    }
    return pd.DataFrame(columns, index=pair.index)


def _detectable_changes(
    table: pd.DataFrame, alpha: float, proportions: Collection[str]
) -> tuple[Floats, Floats]:
    """Return the smallest fall and rise that a pair would have found by its own part of alpha."""
    p1, p2 = floats(table, "estimate_from"), floats(table, "estimate_to")
    proportion = table["indicator"].isin(list(proportions)).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        effect_from, effect_to = (
            np.where(
                proportion & (p > 0) & (p < 1),
                floats(table, f"se_{suffix}") ** 2 / (p * (1 - p)),
                np.nan,
            )
            for p, suffix in ((p1, "from"), (p2, "to"))
        )
    df = floats(table, "df")
    usable = ~np.isnan(effect_from) & ~np.isnan(effect_to) & (df > 0)
    fall, rise = np.full(len(p1), np.nan), np.full(len(p1), np.nan)
    if usable.any():
        inputs = p1[usable], effect_from[usable], effect_to[usable], df[usable]
        level = alpha * floats(table, "alpha_share")[usable]
        fall[usable] = detectable_change(*inputs, "fall", level)
        rise[usable] = detectable_change(*inputs, "rise", level)
    return fall, rise


def _describe_changes(difference: Floats, tested: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """Return what may be said of each change."""
    conditions = [~tested, ~clear, difference > 0]
    return np.select(conditions, ["", "no clear change", "rose"], "fell").astype(object)
