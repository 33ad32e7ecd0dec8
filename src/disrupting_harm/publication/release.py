"""Which estimates are published, and how: reliability, disclosure control, rounding."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Mask
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.across_releases import (
    join_earlier_releases,
    keep_hidden,
)
from disrupting_harm.publication.disclosure.attackers import Witnesses
from disrupting_harm.publication.disclosure.audit_case import (
    AuditCase,
    build_case,
    check_nothing_disclosed,
)
from disrupting_harm.publication.disclosure.cells_and_steps import (
    CONFIDENTIAL,
    ESTIMATE,
    UNRELIABLE,
)
from disrupting_harm.publication.disclosure.earlier_releases import (
    NO_EARLIER,
    SIZES,
    EarlierReleases,
)
from disrupting_harm.publication.disclosure.primary_suppression import hide_first_covers
from disrupting_harm.publication.disclosure.secondary_suppression import hide_secondary
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import (
    add_whole_per_cents,
    decimal_places,
    format_rounded,
    round_population,
    round_to,
)
from disrupting_harm.publication.short_intervals import (
    MAY_BE_SHORT,
    find_short_intervals,
    select_group_designs,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication, Rounding
from disrupting_harm.study.statuses import (
    NOT_ASKED,
    RELIABILITY,
    RETRACTED_REASON,
    SHOWN_STATUSES,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
    TOTAL,
)
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.rules import in_shape

# How many answered, as printed: of sensitive questions one number for all that were put alike.
#
# Beside the number of children who were asked, the number of valid answers to one question tells
# how many gave none; of a question on violence even that says something of one to four children.
# The weight of these answers tells it nearly as well: a child weighs about as much as another. So
# all sensitive indicators with the same universe print the same n and the same population in every
# group: the largest of all questions that were put to the same children. They say of no single one
# how many left it unanswered.
#
# In an update the largest may be of a table that stays as it was printed. So what is printed of a
# table that stays counts in place of its new number; and where nobody behind a cell differs, its n
# and population stay. Otherwise a number that moves by a few would tell of that other table, or,
# where it falls, how few answers there were to a question.


GROUP = ["country", "domain", "level"]
# A question that fewer than this share of the children answered was put to some of them alone, such
# as a random half: the number of the others would be wrong for it.
SAME_CHILDREN = 0.9


def add_printed_sizes(
    table: pd.DataFrame, codebook: Codebook, earlier: EarlierReleases = NO_EARLIER
) -> pd.DataFrame:
    """Return cells with ``n_printed`` and ``population_printed``.

    Args:
        table: cells with ``country, indicator, domain, level, n, population``.
        earlier: what earlier releases printed, where the cells are of one country.
    """
    put_to = table["indicator"].map(
        {indicator.id: _name_universe(indicator.id, codebook) for indicator in codebook.indicators}
    )
    alike = put_to.mask(_is_put_to_fewer(table, put_to), table["indicator"])
    sensitive = table["indicator"].isin(
        [indicator.id for indicator in codebook.indicators if indicator.sensitive]
    )
    sizes = table[["n", "population"]].set_axis(SIZES, axis=1)
    earlier_sizes = earlier.printed_sizes(table).set_axis(table.index)
    known_sizes = earlier_sizes.fillna(sizes)
    groups = known_sizes.groupby([*(table[name] for name in GROUP), alike])
    printed_sizes = earlier_sizes.fillna(groups.transform("max")).where(sensitive, sizes)
    return table.assign(
        n_printed=printed_sizes["n_printed"].astype(int),
        population_printed=printed_sizes["population_printed"].astype(float),
    )


def _is_put_to_fewer(table: pd.DataFrame, put_to: "pd.Series[str]") -> "pd.Series[bool]":
    """Return which cells are of questions with far fewer answers than others put to the same."""
    is_national = (table["domain"] == TOTAL[0]) & (table["level"] == TOTAL[1])
    national_n = (
        table["n"]
        .where(is_national)
        .groupby([table["country"], table["indicator"]])
        .transform("max")
    )
    largest = national_n.groupby([table["country"], put_to]).transform("max")
    return national_n < SAME_CHILDREN * largest


def _name_universe(name: str, codebook: Codebook) -> str:
    """Return a name of the children that an indicator is about, equal where they are the same."""
    indicator = codebook.indicator(name)
    if not indicator.any_of:
        return f"{sorted(map(str, indicator.universe))}, {indicator.weight}"
    universes = {_name_universe(component, codebook) for component in indicator.any_of}
    return universes.pop() if len(universes) == 1 else name


KEYS = ["country", "indicator", "domain", "level"]
# Missing where a cell is hidden.
SHARES = ["estimate", "ci_low", "ci_high"]
NUMBERS = ["n", "population", *SHARES, *WHOLE.values()]

UNASKED = "not asked"
# Why a cell is hidden of which a release prints nothing, as its table stays as it was.
WITHHELD = "withheld"
# In public one word for both disclosure rules: which of them hid a cell bounds its count.
PUBLIC_DISCLOSURE_REASON = "confidential"


def decide_release(
    estimates: pd.DataFrame,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
    earlier: EarlierReleases = NO_EARLIER,
    witnesses: Witnesses | None = None,
) -> pd.DataFrame:
    """Decide for every cell whether and how it is shown.

    Args:
        estimates: the columns of ``country/estimates``, one row per cell, of one or more countries;
            a level in which nobody was interviewed has none (:mod:`.cells_present`).
        codebook: the definitions, which say what follows from what.
        few: counts of one to so many children must never be told.
        earlier: what earlier releases printed, where ``estimates`` are of one country. What was
            hidden of the same children stays hidden, their numbers stay (``n_printed``), and
            nothing follows from all releases together. Of a table that stays as it was every cell
            is ``withheld``.
        witnesses: where to put the tables that showed that nothing is told, of one country.

    Returns:
        The columns of ``country/release``: the estimates at full precision with ``n_printed`` and
        ``population_printed``, ``shown`` (the text as printed), ``bound_low``
        and ``bound_high`` where that is a bound, ``status`` (one of ``statuses.STATUSES``; a cell
        held for review is ``suppress_reliability``) and ``reason`` (codes joined by ``;``; for
        disclosure ``small_count``, ``complementary``, ``bound_by_size`` of a bound whatever the
        count, ``as_before`` of a cell that an earlier release hid, ``withheld``).
        What was not asked is neither judged nor hidden. For restricted use.

    Raises:
        StudyError: a missing column, a cell that stands twice, an unknown reliability; or a count
            that can be worked back, whatever else is hidden.
    """
    table = _check_estimates(estimates)
    table = add_printed_sizes(table, codebook, earlier)
    is_unasked = (table["reliability"] == NOT_ASKED).to_numpy()
    unasked_cells = table[is_unasked].assign(
        shown=UNASKED, bound_low=np.nan, bound_high=np.nan, status=NOT_ASKED
    )
    # In the order of their keys, so that no choice depends on that of the rows.
    asked_cells = table[~is_unasked].sort_values(KEYS)
    decided = [unasked_cells]
    for country, of_country in asked_cells.groupby("country", sort=False):
        decided_cells = _decide_country(
            of_country, str(country), publication, codebook, few, earlier, witnesses
        )
        decided.append(decided_cells)
    return in_shape(pd.concat(decided).sort_index(), restricted_contract("country/release"))


def withhold_cells(estimates: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a country of which nothing is printed (``country/release``)."""
    table = estimates.assign(
        n_printed=estimates["n"], population_printed=estimates["population"],
        shown=CONFIDENTIAL, bound_low=np.nan, bound_high=np.nan,
        status=SUPPRESS_DISCLOSURE, reason=WITHHELD,
    )  # fmt: skip
    return in_shape(table, restricted_contract("country/release"))


def _decide_country(
    table: pd.DataFrame,
    country: str,
    publication: Publication,
    codebook: Codebook,
    few: int,
    earlier: EarlierReleases,
    witnesses: Witnesses | None,
) -> pd.DataFrame:
    """Return cells of one country that were asked, with what is shown of each."""
    status, reason = _reliability_status(table, publication)
    unreliable = status == SUPPRESS_RELIABILITY
    audit_case, code = _build_audit_case(table, unreliable, publication, codebook, few, earlier)
    cells, steps = audit_case.cells, audit_case.steps
    covered_steps = hide_first_covers(cells, audit_case.attackers[0], codebook.crosses, steps.start)
    union = join_earlier_releases(audit_case, earlier, publication, codebook, few)
    start = np.concatenate([covered_steps, union.steps.start[len(cells) :]])
    step, disclosed = hide_secondary(union.cells, union.steps, union.attackers, start, witnesses)
    check_nothing_disclosed(country, union.cells, disclosed)
    step = step[: len(cells)]
    sign, bound = steps.printed_at(step)
    status = np.where(cells.unreliable, SUPPRESS_RELIABILITY, status)
    status = np.where(step > 0, SUPPRESS_DISCLOSURE, status)
    reason = np.where(
        step > 0,
        [
            f"{disclosure_reason};{reason_of_cell}".strip(";")
            for disclosure_reason, reason_of_cell in zip(code, reason, strict=True)
        ],
        reason,
    )
    return table.assign(
        shown=_format_shown(table, sign, bound, cells.proportion, publication.rounding),
        bound_low=np.select([sign == "<", sign == ">"], [0.0, bound], np.nan),
        bound_high=np.select([sign == "<", sign == ">"], [bound, 1.0], np.nan),
        status=status,
        reason=reason,
    )


def _build_audit_case(
    table: pd.DataFrame,
    unreliable: Mask,
    publication: Publication,
    codebook: Codebook,
    few: int,
    earlier: EarlierReleases,
) -> tuple[AuditCase, NDArray[np.object_]]:
    """Return the case of a country, and of each cell why it is confidential if it is."""
    hidden, is_frozen = earlier.hidden_cells(table), earlier.is_frozen(table)
    unreliable = unreliable | (hidden["status"] == SUPPRESS_RELIABILITY).to_numpy()
    audit_case = build_case(table, unreliable, publication, codebook, few)
    is_hidden_before = (hidden["status"] == SUPPRESS_DISCLOSURE).to_numpy()
    rules = {
        WITHHELD: is_frozen,
        "small_count": audit_case.cells.small,
        "as_before": is_hidden_before,
        "bound_by_size": audit_case.steps.start > 0,
    }
    code = np.select(list(rules.values()), list(rules), "complementary").astype(object)
    return keep_hidden(audit_case, hidden, is_frozen), code


def public_table(
    release: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return what may leave: the columns of ``country/release``, rounded as printed.

    A hidden cell keeps its keys, ``shown``, ``status`` and ``reason``. Where it is confidential the
    reason is ``confidential`` alone, whatever else is known of it.
    """
    exact = release.reset_index(drop=True)
    proportion = is_proportion(exact["indicator"], statistics)
    table = add_whole_per_cents(exact, exact, proportion)
    table["n"] = table["n_printed"].astype("Int64")
    decimals = decimal_places(floats(table, "estimate"), floats(table, "n"), proportion, rounding)
    for name in SHARES:
        table[name] = round_to(floats(table, name), decimals)
    table["population"] = round_population(table["population_printed"], rounding.population_to)
    hidden = ~is_shown(table)
    table.loc[hidden, NUMBERS] = None
    table.loc[hidden, "interval"] = ""
    table["interval_note"] = _note_intervals(table, proportion)
    protected = (table["status"] == SUPPRESS_DISCLOSURE) & (table["reason"] != RETRACTED_REASON)
    table.loc[protected, "reason"] = PUBLIC_DISCLOSURE_REASON
    return in_shape(table, public_contract("country/release"))


def _note_intervals(printed: pd.DataFrame, proportion: Mask) -> NDArray[np.object_]:
    """Return what a reader has to know of each printed interval, by the designs of its country."""
    notes = np.full(len(printed), "", dtype=object)
    for positions in printed.groupby("country").indices.values():
        of_country = printed.iloc[positions]
        designs = select_group_designs(of_country)
        is_short = find_short_intervals(of_country, designs, proportion[positions])
        notes[positions[is_short]] = MAY_BE_SHORT
    return notes


def is_shown(table: pd.DataFrame) -> pd.Series:
    """Return which cells of a release or public table are shown."""
    return table["status"].isin(SHOWN_STATUSES)


def is_proportion(indicators: pd.Series, statistics: Mapping[str, str] | None) -> np.ndarray:
    """Return which indicators are proportions, as all are that ``statistics`` does not name."""
    statistic_by_indicator = statistics or {}
    flags = indicators.map(
        lambda name: statistic_by_indicator.get(name, "proportion") == "proportion"
    )
    return flags.to_numpy(dtype=bool)


def _check_estimates(estimates: pd.DataFrame) -> pd.DataFrame:
    for name, rule in restricted_contract("country/estimates").columns.items():
        if rule.required and name not in estimates.columns:
            raise StudyError(
                f"estimates, column '{name}'", "it is missing", "Rerun the stage estimate"
            )
    table = estimates.reset_index(drop=True)
    is_repeated = table.duplicated(KEYS)
    if is_repeated.any():
        cell = ", ".join(table.loc[is_repeated, KEYS].iloc[0])
        raise StudyError("estimates", f"the cell {cell} stands twice", "Rerun the stage estimate")
    is_unknown = ~table["reliability"].isin(RELIABILITY)
    if is_unknown.any():
        row = int(np.flatnonzero(is_unknown)[0])
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
    lacks_limits = table[SHARES].isna().any(axis=1).to_numpy()
    is_held = (status == "review") & (publication.review == "hold")
    # An estimate is never shown without its interval, whatever the review says.
    says_why = ["no_interval" in codes or "no_cases" in codes for codes in reason]
    lacks_reason = lacks_limits & ~np.array(says_why, dtype=bool)
    reason[lacks_reason] = [
        f"{codes_of_cell};no_interval".strip(";") for codes_of_cell in reason[lacks_reason]
    ]
    status[(status == "suppress") | is_held | lacks_limits] = SUPPRESS_RELIABILITY
    return status, reason


def _format_shown(
    table: pd.DataFrame,
    sign: np.ndarray,
    bound: np.ndarray,
    proportion: np.ndarray,
    rounding: Rounding,
) -> np.ndarray:
    estimate, n = floats(table, "estimate"), floats(table, "n_printed")
    decimals = decimal_places(estimate, n, proportion, rounding)
    numbers = format_rounded(round_to(estimate, decimals), decimals, proportion)
    printed_texts = [
        number
        if sign_of_cell == ESTIMATE
        else sign_of_cell
        if sign_of_cell in (UNRELIABLE, CONFIDENTIAL)
        else f"{sign_of_cell} {100 * share:g}"
        for number, sign_of_cell, share in zip(numbers, sign, bound, strict=True)
    ]
    return np.array(printed_texts, dtype=object)
