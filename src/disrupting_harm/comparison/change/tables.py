"""The table of changes between the waves of one country, at full precision.

Waves stand in the order of their years, never of their estimates. Compared are each wave with the
next one, and from three waves on the first with the last. The family of Holm's method is fixed
before anyone looks: all headline indicators of one pair of waves and one group of children, of
which those take part that can be compared and are shown in both waves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.change.differences import Waves, differences
from disrupting_harm.comparison.silence import tipping_points
from disrupting_harm.publication.detectable import detectable_change
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.change_contracts import BREAK, CHANGES, HIDDEN
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.statuses import NOT_ASKED, TOTAL, UNASKED_REASON
from disrupting_harm.survey.tables.corrections import holm_rows

CELL = ["indicator", "domain", "level"]
FIXED = {"difference": "fixed_difference", "se": "fixed_se", "ci_low": "fixed_low",
         "ci_high": "fixed_high"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Beside:
    """What the answers of two waves add to their estimates.

    Attributes:
        covariance: by indicator, domain and level; None where the waves have no PSU in common.
        fixed: by indicator, from :func:`.answers.fixed_composition`; None where nothing is fixed.
        groups: the domain whose levels were kept fixed.
    """

    covariance: "pd.Series[float] | None" = None
    fixed: pd.DataFrame | None = None
    groups: str = ""


def pairs_of_waves(waves: int) -> list[tuple[int, int]]:
    """Return the places of the waves that are compared: neighbours, then the first and the last."""
    neighbours = list(pairwise(range(waves)))
    return neighbours if waves < 3 else [*neighbours, (0, waves - 1)]


def changes(
    country: str,
    releases: Sequence[pd.DataFrame],
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    proportions: Collection[str],
    data_kind: str,
    alpha: float = 0.05,
    confidence: float = 0.95,
    beside: Sequence[Beside] | None = None,
    silent: Collection[str] = (),
) -> pd.DataFrame:
    """Compare the waves of a country in every cell that all of them have.

    Args:
        country: its code.
        releases: the restricted releases of its waves, the first one first.
        ledger: from :func:`.ledger.ledger_of_waves`.
        indicators: the declared family, in the order of the result.
        proportions: those of them that are proportions.
        data_kind: ``simulated`` or ``observed``.
        alpha: error rate of each family.
        confidence: of each interval alone.
        beside: for each pair of :func:`pairs_of_waves`; by default the waves are independent and
            nothing is kept fixed.
        silent: those of which a "no" may be silence. Where they changed, it is told how large a
            share would have had to keep silent in the lower wave alone for that to be uncertain,
            and to be no change.

    Returns:
        The columns of :data:`CHANGES`. Numbers of the change exist where both estimates are shown
        and no break lies between the waves; those with a fixed composition where all its groups are
        shown in both waves, too.
    """
    known = ledger.drop_duplicates("wave")
    names, years = known["wave"].tolist(), known["wave_year"].tolist()
    parts, pairs = [], pairs_of_waves(len(releases))
    known_beside = beside or [Beside()] * len(pairs)
    for (first, second), more in zip(pairs, known_beside, strict=True):
        verdicts = _verdicts(ledger, names[first + 1 : second + 1])
        pair = _paired(releases[first], releases[second], indicators)
        table = _one_pair(pair, verdicts, more, proportions, alpha, confidence, silent)
        parts.append(
            table.assign(
                wave_from=names[first],
                wave_to=names[second],
                year_from=years[first],
                year_to=years[second],
            )
        )
    table = pd.concat(parts, ignore_index=True).assign(country=country, data_kind=data_kind)
    return in_shape(table, CHANGES)


def _verdicts(ledger: pd.DataFrame, later: Collection[str]) -> dict[str, tuple[bool, str]]:
    """Return by indicator whether no break lies between two waves, and the reasons."""
    between = ledger[ledger["wave"].isin(later)]
    return {
        str(name): (
            bool((rows["comparable"] == "yes").all()),
            "; ".join(dict.fromkeys(rows.loc[rows["comparable"] == "no", "reason"])),
        )
        for name, rows in between.groupby("indicator", sort=False)
    }


def _paired(first: pd.DataFrame, second: pd.DataFrame, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the cells of two waves in one row, in the order of the indicators."""
    place = {name: at for at, name in enumerate(indicators)}
    own = [wave[wave["indicator"].isin(place)] for wave in (first, second)]
    pair = own[0].merge(own[1], on=CELL, suffixes=("_from", "_to"), validate="1:1")
    order = pair["indicator"].map(place).sort_values(kind="stable").index
    return pair.loc[order].reset_index(drop=True)


def _one_pair(
    pair: pd.DataFrame,
    verdicts: Mapping[str, tuple[bool, str]],
    beside: Beside,
    proportions: Collection[str],
    alpha: float,
    confidence: float,
    silent: Collection[str],
) -> pd.DataFrame:
    comparable = np.array([verdicts[name][0] for name in pair["indicator"]], dtype=bool)
    status, reason = _status(pair, comparable, verdicts)
    shown = np.isin(status, ("present", "caution"))
    of_first, of_second = (_wave(pair, side, shown) for side in ("from", "to"))
    waves = Waves(of_first, of_second, _covariance(pair, beside.covariance))
    found = differences(waves, confidence)
    groups = [pair["domain"], pair["level"]]
    p_holm = (
        found["p_value"]
        .groupby(groups, sort=False)
        .transform(lambda p: holm_rows(p.to_numpy(), 1.0, alpha).p_adjusted)
    )
    size = found["p_value"].groupby(groups, sort=False).transform("count")
    proportion = pair["indicator"].isin(list(proportions)).to_numpy()
    fall, rise = _detectable(waves, floats(found, "df"), alpha / np.maximum(size, 1), proportion)
    printed = {
        f"{name}_{side}": pair[f"{name}_{side}"] for name in ("shown",) for side in ("from", "to")
    }
    for side, wave in (("from", pair["status_from"]), ("to", pair["status_to"])):
        visible = is_shown(pd.DataFrame({"status": wave})).to_numpy()
        printed[f"estimate_{side}"] = pair[f"estimate_{side}"].where(visible)
        printed[f"n_{side}"] = pair[f"n_printed_{side}"].where(visible).astype("Int64")
    level = (
        found["p_value"]
        .groupby(groups, sort=False)
        .transform(lambda p: holm_rows(p.to_numpy(), 1.0, alpha).level)
    )
    change = _direction(found, p_holm, alpha)
    told = np.isin(change, ("rose", "fell")) & pair["indicator"].isin(list(silent)).to_numpy()
    goes, turns = tipping_points(
        np.abs(floats(found, "log_ratio")),
        floats(found, "log_se"),
        floats(found, "log_df"),
        level.to_numpy(),
    )
    return pair[CELL].assign(
        **printed,
        **found,
        **_fixed(pair, shown, beside),
        p_holm=p_holm,
        detectable_fall=fall,
        detectable_rise=rise,
        change=change,
        claim_goes=np.where(told, goes, np.nan),
        order_turns=np.where(told, turns, np.nan),
        status=status,
        reason=reason,
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


def _status(
    pair: pd.DataFrame, comparable: np.ndarray, verdicts: Mapping[str, tuple[bool, str]]
) -> tuple[np.ndarray, np.ndarray]:
    sides = [pair[["status_from"]].set_axis(["status"], axis=1)]
    sides.append(pair[["status_to"]].set_axis(["status"], axis=1))
    hidden = ~np.logical_and(*(is_shown(side).to_numpy() for side in sides))
    absent = np.logical_or(*((side["status"] == NOT_ASKED).to_numpy() for side in sides))
    absent |= np.array([verdicts[name][1] == UNASKED_REASON for name in pair["indicator"]])
    caution = np.logical_or(*((side["status"] != "present").to_numpy() for side in sides))
    status = np.select(
        [absent, ~comparable, hidden, caution], [NOT_ASKED, BREAK, HIDDEN, "caution"], "present"
    ).astype(object)
    reason = np.where(
        status == BREAK, [verdicts[name][1] for name in pair["indicator"]], ""
    ).astype(object)
    return status, reason


def _wave(pair: pd.DataFrame, side: str, shown: np.ndarray) -> pd.DataFrame:
    """Return one wave's numbers of the cells whose change may be computed."""
    columns = {name: pair[f"{name}_{side}"].where(shown) for name in ("estimate", "se", "df")}
    return pd.DataFrame(columns, index=pair.index)


def _detectable(
    waves: Waves, df: Floats, alpha: Floats, proportion: np.ndarray
) -> tuple[Floats, Floats]:
    """Return the smallest fall and rise that would have been found, from the first estimate."""
    p1, p2 = floats(waves.first, "estimate"), floats(waves.second, "estimate")
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (
            np.where(
                proportion & (p > 0) & (p < 1), floats(wave, "se") ** 2 / (p * (1 - p)), np.nan
            )
            for p, wave in ((p1, waves.first), (p2, waves.second))
        )
    usable = ~np.isnan(one) & ~np.isnan(two) & (df > 0)
    fall, rise = np.full(len(p1), np.nan), np.full(len(p1), np.nan)
    if usable.any():
        given = p1[usable], one[usable], two[usable], df[usable]
        level = np.asarray(alpha)[usable]
        fall[usable] = detectable_change(*given, "fall", level)
        rise[usable] = detectable_change(*given, "rise", level)
    return fall, rise


def _direction(found: pd.DataFrame, p_holm: "pd.Series[float]", alpha: float) -> np.ndarray:
    tested = p_holm.notna().to_numpy()
    clear = (p_holm < alpha).to_numpy()
    up = (found["difference"] > 0).to_numpy()
    return np.select([~tested, ~clear, up], ["", "no clear change", "rose"], "fell").astype(object)
