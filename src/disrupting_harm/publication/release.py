"""Which estimates are published, and how: reliability, disclosure control, rounding."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.publication.disclosure import coarse_marks, complementary, primary, thresholds
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import decimal_places, printed, round_population, round_to
from disrupting_harm.study.config import Publication, Rounding
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.contracts import ESTIMATES, PUBLIC_ESTIMATES, RELEASE
from disrupting_harm.study.statuses import NOT_ASKED, RELIABILITY, SHOWN_STATUSES

KEYS = ["country", "indicator", "domain", "level"]
# Missing where a cell is hidden.
NUMBERS = ["n", "population", "estimate", "ci_low", "ci_high"]

UNRELIABLE = "*"
CONFIDENTIAL = "c"
UNASKED = "not asked"
# In public one word for both disclosure rules: which of them hid a cell bounds its count.
PUBLIC_DISCLOSURE_REASON = "confidential"


def release(
    estimates: pd.DataFrame,
    publication: Publication,
    sensitive: Iterable[str] = (),
    statistics: Mapping[str, str] | None = None,
    crosses: Mapping[str, tuple[str, str]] | None = None,
) -> pd.DataFrame:
    """Decide for every cell whether and how it is shown.

    Args:
        estimates: the columns of :data:`ESTIMATES`, one row per cell, of one or more countries;
            a level in which nobody was interviewed has none (:mod:`.presence`).
        publication: the rules.
        sensitive: indicators with the stricter threshold below the national total.
        statistics: statistic of each indicator; those not named are proportions.
        crosses: crossed domain -> its two parents, whose levels it joins by ``|``.

    Returns:
        The columns of :data:`RELEASE`: the estimates at full precision with ``shown`` (the text
        as printed), ``status`` (one of ``statuses.STATUSES``; a cell held for review is
        ``suppress_reliability``) and ``reason`` (codes joined by ``;``; ``small_count`` or
        ``complementary`` for disclosure). What was not asked is neither judged nor hidden. For
        restricted use.

    Raises:
        StudyError: a missing column, a cell that stands twice, or an unknown reliability.
    """
    table = _checked(estimates)
    unasked = (table["reliability"] == NOT_ASKED).to_numpy()
    asked = table[~unasked].reset_index(drop=True)
    decided = _decide(asked, publication, sensitive, statistics, crosses or {})
    decided.index = table.index[~unasked]
    absent = table[unasked].assign(shown=UNASKED, status=NOT_ASKED)
    return in_shape(pd.concat([decided, absent]).sort_index(), RELEASE)


def _decide(
    table: pd.DataFrame,
    publication: Publication,
    sensitive: Iterable[str],
    statistics: Mapping[str, str] | None,
    crosses: Mapping[str, tuple[str, str]],
) -> pd.DataFrame:
    """Return cells of questions that were asked, with what is shown of each."""
    proportion = is_proportion(table["indicator"], statistics)
    minimum = thresholds(table, publication.disclosure, frozenset(sensitive))
    status, reason = _reliability_status(table, publication)
    unreliable = status == "suppress_reliability"
    bound = publication.disclosure.coarse_bound
    n, n_yes = floats(table, "n"), np.where(proportion, floats(table, "n_yes"), np.nan)
    marks = np.where(proportion, coarse_marks(table, minimum, bound), "")
    small = primary(n, n_yes, minimum, proportion)
    covers = complementary(
        table.assign(n_yes=n_yes), small, unreliable, minimum, marks, bound, crosses
    )
    for hidden, code in ((small, "small_count"), (covers, "complementary")):
        status[hidden] = "suppress_disclosure"
        reason[hidden] = [f"{code};{known}".strip(";") for known in reason[hidden]]
    table = table.assign(status=status, reason=reason)
    return table.assign(shown=_shown(table, marks, proportion, publication))


def public_table(
    release: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what may leave: the columns of :data:`PUBLIC_ESTIMATES`, rounded as printed.

    A hidden cell keeps its keys, ``shown``, ``status`` and ``reason``. Where it is confidential the
    reason is ``confidential`` alone, whatever else is known of it.
    """
    table = release.reset_index(drop=True)
    proportion = is_proportion(table["indicator"], statistics)
    places = decimal_places(floats(table, "estimate"), floats(table, "n"), proportion, rounding)
    for name in ("estimate", "ci_low", "ci_high"):
        table[name] = round_to(floats(table, name), places)
    table["population"] = round_population(table["population"], rounding.population_to)
    table["n"] = table["n"].astype("Int64")
    hidden = ~is_shown(table)
    table.loc[hidden, NUMBERS] = None
    table.loc[hidden, "interval"] = ""
    table.loc[table["status"] == "suppress_disclosure", "reason"] = PUBLIC_DISCLOSURE_REASON
    return in_shape(table, PUBLIC_ESTIMATES)


def is_shown(table: pd.DataFrame) -> pd.Series:
    """Return which cells of a release or public table are shown."""
    return table["status"].isin(SHOWN_STATUSES)


def is_proportion(indicators: pd.Series, statistics: Mapping[str, str] | None) -> np.ndarray:
    """Return which indicators are proportions, as all are that ``statistics`` does not name."""
    known = statistics or {}
    found = indicators.map(lambda name: known.get(name, "proportion") == "proportion")
    return found.to_numpy(dtype=bool)


def _checked(estimates: pd.DataFrame) -> pd.DataFrame:
    for name in ESTIMATES.columns:
        if name not in estimates.columns:
            raise StudyError(
                f"estimates, column '{name}'", "it is missing", "Rerun the stage estimate"
            )
    table = estimates.reset_index(drop=True)
    twice = table.duplicated(KEYS)
    if twice.any():
        cell = ", ".join(table.loc[twice, KEYS].iloc[0])
        raise StudyError("estimates", f"the cell {cell} stands twice", "Rerun the stage estimate")
    unknown = ~table["reliability"].isin(RELIABILITY)
    if unknown.any():
        row = int(np.flatnonzero(unknown)[0])
        raise StudyError(
            f"estimates, column 'reliability', row {row + 1}",
            f"'{table['reliability'].iloc[row]}' is no class of reliability",
            "Rerun the stage estimate",
        )
    return table


def _reliability_status(
    table: pd.DataFrame, publication: Publication
) -> tuple[np.ndarray, np.ndarray]:
    status = table["reliability"].to_numpy(dtype=object).copy()
    reason = table["reason"].fillna("").to_numpy(dtype=object).copy()
    bare = table[["estimate", "ci_low", "ci_high"]].isna().any(axis=1).to_numpy()
    hold = (status == "review") & (publication.review == "hold")
    # An estimate is never shown without its interval, whatever the review says.
    told = ["no_interval" in codes or "no_cases" in codes for codes in reason]
    untold = bare & ~np.array(told, dtype=bool)
    reason[untold] = [f"{known};no_interval".strip(";") for known in reason[untold]]
    status[(status == "suppress") | hold | bare] = "suppress_reliability"
    return status, reason


def _shown(
    table: pd.DataFrame, marks: np.ndarray, proportion: np.ndarray, publication: Publication
) -> np.ndarray:
    estimate = floats(table, "estimate")
    places = decimal_places(estimate, floats(table, "n"), proportion, publication.rounding)
    numbers = printed(round_to(estimate, places), places, proportion)
    status = table["status"].to_numpy(dtype=object)
    bound = publication.disclosure.coarse_bound
    coarse = {"": CONFIDENTIAL, "<": f"< {100 * bound:g}", ">": f"> {100 * (1 - bound):g}"}
    hidden = {
        "suppress_reliability": [UNRELIABLE] * len(table),
        "suppress_disclosure": [coarse[mark] for mark in marks],
    }
    texts = [hidden.get(word, numbers)[row] for row, word in enumerate(status)]
    return np.array(texts, dtype=object)
