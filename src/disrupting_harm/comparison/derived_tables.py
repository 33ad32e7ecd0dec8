"""Standardised, adjusted, pooled and other derived tables: what is shown, and their public forms.

A number that rests on a hidden cell is hidden, too: the hidden one could be computed from a ratio
to a level that is shown. The public forms are rounded as the national tables are, by the smallest
number of answers behind a row, and have neither standard errors nor degrees of freedom. All stand
in one file, though it is long: they hide by the same national cells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack
from scipy.special import ndtri

from designbased.arrays import Integers, Mask
from designbased.estimates.corrections import adjust_by_holm
from disrupting_harm.comparison.differences.multiplicity import t_reach
from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.comparison.public_forms import STEP_PLACES, round_verdicts
from disrupting_harm.publication.disclosure.audit import System, audit
from disrupting_harm.publication.disclosure.audit_case import AuditCase, build_case_of_release
from disrupting_harm.publication.disclosure.cells_and_steps import CONFIDENTIAL, UNRELIABLE
from disrupting_harm.publication.release import UNASKED, is_proportion, is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import (
    add_whole_per_cents,
    decimal_places,
    format_rounded,
    round_nearest,
    round_population,
    round_to,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import FEW, Publication, Rounding
from disrupting_harm.study.statuses import (
    NOT_ASKED,
    SHOWN_STATUSES,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
)
from disrupting_harm.study.whole_percents import WHOLE, WHOLE_PREDICTION
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.rules import in_shape

# How much a standardised share discloses about groups that are hidden.
#
# A standardised share is one more equation among the shares of the groups, and both sets of weights
# are public. It is audited as all others are (:mod:`disrupting_harm.publication.disclosure.audit`),
# for the attacker who adds up weights: together with all that is printed of its country.


@dataclass(frozen=True)
class Standard:
    """The standard population.

    Attributes:
        domain: whose groups are weighted.
        shares: weight of each group.
        parents: the domains that a crossed domain is made of.
    """

    domain: str
    shares: Mapping[str, float]
    parents: tuple[str, ...] = ()


def has_confidential_group(
    table: pd.DataFrame, release: pd.DataFrame, standard: Standard | None
) -> np.ndarray:
    """Return for each row (``indicator``, ``country``) whether a group of it is confidential."""
    if standard is None:
        return np.zeros(len(table), dtype=bool)
    confidential = release[release["domain"] == standard.domain]
    confidential = confidential[confidential["status"] == SUPPRESS_DISCLOSURE]
    hidden = pd.MultiIndex.from_frame(confidential[["indicator", "country"]])
    has_hidden_group: np.ndarray = pd.MultiIndex.from_frame(table[["indicator", "country"]]).isin(
        hidden
    )
    return has_hidden_group


def find_disclosing(
    table: pd.DataFrame,
    release: pd.DataFrame,
    standard: Standard,
    decimals: int,
    publication: Publication,
    codebook: Codebook,
    few: int = FEW,
) -> Mask:
    """Return for each row whether its standardised share discloses a confidential count.

    Where the shares of several indicators do so only together, all of them are returned.

    Args:
        table: rows of proportions with ``indicator`` and ``country``.
        release: restricted releases of all countries, stacked.
        decimals: decimals to which standardised shares are printed.
        few: counts of one to so many children must never be told.
    """
    is_disclosing = np.zeros(len(table), dtype=bool)
    for country, rows in table.groupby("country").indices.items():
        of_country = release[(release["country"] == country) & (release["status"] != NOT_ASKED)]
        audit_case, step = build_case_of_release(
            of_country.reset_index(drop=True), publication, codebook, few
        )
        indicators = table["indicator"].iloc[rows].tolist()
        given_away = _find_disclosing_indicators(audit_case, step, indicators, standard, decimals)
        is_disclosing[rows] = [name in given_away for name in indicators]
    return is_disclosing


def _find_disclosing_indicators(
    audit_case: AuditCase,
    step: Integers,
    indicators: Sequence[str],
    standard: Standard,
    decimals: int,
) -> set[str]:
    """Return the indicators of one country whose standardised share must not be printed."""
    attacker = audit_case.attackers[-1]
    system = attacker.system(step)
    printable = list(indicators)
    while printable:
        printed_system = _add_share_equations(audit_case, system, printable, standard, decimals)
        disclosed_cells = audit(printed_system, attacker.targets).targets.column
        disclosed = set(audit_case.cells.keys["indicator"].iloc[disclosed_cells])
        if not disclosed:
            break
        printable = (
            [indicator for indicator in printable if indicator not in disclosed]
            if disclosed & set(printable)
            else []
        )
    return set(indicators) - set(printable)


def _add_share_equations(
    audit_case: AuditCase,
    system: System,
    indicators: Sequence[str],
    standard: Standard,
    decimals: int,
) -> System:
    """Return what is known beside the standardised shares of some indicators, as printed."""
    cells, half_step = audit_case.cells, 0.5 * 10.0**-decimals
    rows, limits = [], []
    for indicator in indicators:
        group = (cells.keys["indicator"] == indicator) & (cells.keys["domain"] == standard.domain)
        levels = np.flatnonzero(group.to_numpy() & (cells.weight > 0))
        weight = cells.keys["level"].iloc[levels].map(dict(standard.shares)).to_numpy(dtype=float)
        weight = weight / weight.sum()
        share = float(weight @ cells.share[levels])
        printed_share = float(round_to(np.array([share]), np.array([decimals]))[0])
        # In children of the whole country, as all other rows are.
        children = cells.weight[levels].sum()
        row = np.zeros(len(system.low))
        row[levels] = children * weight / cells.weight[levels]
        rows.append(csr_array(row[np.newaxis]))
        limits.append(
            (children * (printed_share - half_step), children * (printed_share + half_step))
        )
    low, high = np.array(limits).T
    return replace(
        system,
        matrix=vstack([system.matrix, *rows], format="csr"),
        floor=np.append(system.floor, low),
        room=np.append(system.room, high),
    )


RATIO_PLACES = 2
CHILDREN = ["children", "children_low", "children_high"]
CHILDREN_DIGITS = 2
# Of shares in whole per cent.
COARSE_PLACES = 2
GROUPS_LEFT_OUT = "groups without answers are left out, the shares of the others scaled to add to 1"
MODEL_DIGITS = 3


def standardised_table(
    tables: pd.DataFrame,
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    publication: Publication,
    statistics: Mapping[str, str] | None,
    data_kind: str,
    codebook: Codebook,
    standard: Standard | None = None,
    few: int = FEW,
) -> pd.DataFrame:
    """Return the standardised estimates of comparable countries, crude ones beside them.

    A standardised share is one more equation for the groups that are hidden. Where a group of the
    standard is confidential it is therefore printed in whole per cent, and hidden where even so it
    would tell more of that group than was left open (:func:`find_disclosing`).

    Args:
        tables: the countries' own standardised estimates, stacked; with a ``verdict`` where the
            country decided at home what may be shown of groups that are hidden here, too.
        release: restricted releases of all countries, stacked.
        ledger: from ``comparison.ledger.comparability_ledger``.
        indicators: in the order of the result.
        publication: rules; a cell left to review is held or shown as the national one would be.
        statistics: statistic of each indicator; those not named are proportions.
        few: counts of one to so many children must never be told.

    Returns:
        The columns of ``comparison/standardised``. Where the national estimate is hidden, or the
        standardised one is not reliable or has no groups, as the survey did not ask what they are
        made of, the row has ``shown`` and ``status`` alone.

    Raises:
        StudyError: a country and indicator that the ledger does not have.
    """
    national = _national_cells(release, ledger, indicators)
    table = national[["indicator", "country", "shown", "status", "n_printed"]].merge(
        tables, on=["indicator", "country"], validate="one_to_one", suffixes=("", "_own")
    )
    # As printed: that of one sensitive question would tell how many gave no answer.
    table["n"] = table["n_printed"]
    reliability = table["reliability"].to_numpy(dtype=object)
    lacks_limits = table[["estimate", "ci_low", "ci_high"]].isna().any(axis=1).to_numpy()
    unreliable = (reliability == "suppress") | lacks_limits
    unreliable |= (reliability == "review") & (publication.review == "hold")
    is_visible = is_shown(table).to_numpy()
    estimate, n = floats(table, "estimate"), floats(table, "n")
    proportion = is_proportion(table["indicator"], statistics)
    is_coarse = has_confidential_group(table, release, standard)
    n_of_grid = np.where(is_coarse, np.fmin(n, publication.rounding.one_decimal_from - 1), n)
    decimals = decimal_places(estimate, n_of_grid, proportion, publication.rounding)
    texts = np.array(
        format_rounded(round_to(estimate, decimals), decimals, proportion), dtype=object
    )
    texts = np.where(is_visible, np.where(unreliable, UNRELIABLE, texts), table["shown"])
    status = np.where(unreliable, SUPPRESS_RELIABILITY, reliability)
    verdict = _home_verdicts(table)
    is_confidential = is_coarse & is_visible & ~unreliable & (verdict == "")
    if standard is not None and is_confidential.any():
        is_confidential[is_confidential] = ~proportion[is_confidential] | find_disclosing(
            table[is_confidential], release, standard, COARSE_PLACES, publication, codebook, few
        )
    is_confidential |= is_visible & (verdict == SUPPRESS_DISCLOSURE)
    texts, status = (
        np.where(is_confidential, CONFIDENTIAL, texts),
        np.where(is_confidential, SUPPRESS_DISCLOSURE, status),
    )
    unasked = _has_no_groups(table, release, standard)
    texts = np.where(is_visible & unasked, UNASKED, texts)
    status = np.where(unasked, NOT_ASKED, status)
    table = table.assign(
        shown=texts, status=np.where(is_visible, status, table["status"]), data_kind=data_kind
    )
    numbers = ["n", "crude", "estimate", "se", "df", "ci_low", "ci_high"]
    table = table.astype(dict.fromkeys(numbers, float) | {"shown": "str", "status": "str"})
    hidden = ~table["status"].isin(SHOWN_STATUSES)
    table.loc[hidden, numbers], table.loc[hidden, "note"] = np.nan, ""
    return in_shape(table, restricted_contract("comparison/standardised"))


def _home_verdicts(table: pd.DataFrame) -> np.ndarray:
    """Return what each country decided at home; empty where it is decided here."""
    if "verdict" not in table:
        return np.full(len(table), "", dtype=object)
    return table["verdict"].fillna("").to_numpy(dtype=object)


def _has_no_groups(
    table: pd.DataFrame, release: pd.DataFrame, standard: Standard | None
) -> np.ndarray:
    """Return for each row whether its survey did not ask what the standard's groups are made of."""
    if standard is None:
        return np.zeros(len(table), dtype=bool)
    cells = release[release["domain"] == standard.domain]
    unasked = (cells["status"] == NOT_ASKED).groupby([cells["indicator"], cells["country"]]).all()
    keys = pd.MultiIndex.from_frame(table[["indicator", "country"]])
    has_no_groups: np.ndarray = keys.isin(unasked.index[unasked])
    return has_no_groups


def adjusted_table(
    ratios: pd.DataFrame,
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Return the adjusted ratios of comparable countries whose two levels are both shown.

    Args:
        ratios: the countries' own ratios, stacked.
        release, ledger, indicators, data_kind: as for :func:`standardised_table`.
        alpha: error rate of each family, all rows of one indicator.

    Returns:
        The columns of this table. Limits have the error ``step_alpha`` of the row and leave out 1
        exactly where it is ``clear``.
    """
    national = _national_cells(release, ledger, indicators)
    keys = national.loc[is_shown(national), ["indicator", "country"]]
    table = keys.merge(ratios, on=["indicator", "country"], validate="one_to_many")
    cells = release[is_shown(release)]
    shown_levels = set(
        zip(*(cells[name] for name in ("country", "indicator", "domain", "level")), strict=True)
    )
    has_both_levels = [
        {(*key, row.level), (*key, row.reference)} <= shown_levels
        for row in table.itertuples()
        for key in [(row.country, row.indicator, row.term)]
    ]
    table = table[np.array(has_both_levels, dtype=bool)].reset_index(drop=True)
    families = [family for _, family in table.groupby("indicator", sort=False)]
    tested = pd.concat([_test_family(family, alpha) for family in families] or [table])
    return in_shape(tested.assign(data_kind=data_kind), restricted_contract("comparison/adjusted"))


def _test_family(family: pd.DataFrame, alpha: float) -> pd.DataFrame:
    """Return the ratios of one family with their verdicts and the limits of these."""
    verdict = adjust_by_holm(floats(family, "p_value"), 1.0, alpha)
    ratio, p_value = floats(family, "ratio"), floats(family, "p_value")
    errors = family.reindex(columns=["df", "log_ratio_se"]).astype(float)
    half_width = t_reach(floats(errors, "df"), verdict.level) * floats(errors, "log_ratio_se")
    # Without an error: the normal one that has this P value, so that limits agree with the verdict.
    with np.errstate(divide="ignore", invalid="ignore"):
        of_p_value = np.abs(np.log(ratio)) * ndtri(verdict.level / 2) / ndtri(p_value / 2)
    half_width = np.where(np.isnan(half_width), of_p_value, half_width)
    return family.assign(
        p_holm=verdict.p_adjusted,
        step_alpha=verdict.level,
        clear=verdict.clear,
        ci_low=ratio * np.exp(-half_width),
        ci_high=ratio * np.exp(half_width),
    )


def public_pooled(
    table: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return ``pooling.pool_countries`` or its leave-one-out table as printed.

    The model's own numbers have three significant digits, ``i2`` whole per cent, ``q_p`` three
    decimals.
    """
    columns = [
        "estimate", "set_low", "set_high", "ci_low", "ci_high", "prediction_low", "prediction_high",
    ]  # fmt: skip
    rounded = _round_to_grid(table, columns, "smallest_n", rounding, statistics)
    if "estimand" in table:
        shares = is_proportion(table["indicator"], statistics)
        rounded = add_whole_per_cents(rounded, table, shares, WHOLE | WHOLE_PREDICTION)
    for name in ("tau2", "tau2_low", "tau2_high", "q"):
        if name in rounded:
            rounded[name] = round_significant(floats(table, name), MODEL_DIGITS)
    for name, decimals in (("i2", 2), ("q_p", 3)):
        if name in rounded:
            rounded[name] = round_nearest(floats(table, name), decimals)
    if "estimand" in table:
        return in_shape(rounded, public_contract("comparison/pooled"))
    return in_shape(rounded, public_contract("comparison/leave_one_out"))


def public_denominators(table: pd.DataFrame, rounding: Rounding) -> pd.DataFrame:
    """Return ``denominators.estimate_by_denominator`` as printed.

    Numbers of children are rounded as :func:`_round_children` does; the internet-use rate stands as
    the countries file has it.
    """
    rounded = _round_to_grid(table, ["estimate", "ci_low", "ci_high"], "n", rounding, None)
    rounded = add_whole_per_cents(rounded, table, np.ones(len(table), dtype=bool))
    rounded = _round_children(rounded, CHILDREN, rounding)
    rounded["population"] = round_population(table["population"], rounding.population_to)
    return in_shape(rounded, public_contract("comparison/denominators"))


def public_total(table: pd.DataFrame, rounding: Rounding) -> pd.DataFrame:
    """Return ``totals.sum_children`` as printed: each number of children is rounded once.

    Limits are on the grid of the number itself: of 9.9 million, 10.4 and not 10.
    """
    magnitude = np.fmax(floats(table, "children"), floats(table, "set_low"))
    columns = [*CHILDREN, "set_low", "set_high"]
    return in_shape(
        _round_children(table, columns, rounding, magnitude), public_contract("comparison/total")
    )


def _round_children(
    table: pd.DataFrame,
    columns: Sequence[str],
    rounding: Rounding,
    magnitude: np.ndarray | None = None,
) -> pd.DataFrame:
    """Round numbers of children to two significant digits, no finer than populations.

    The digits are those of ``magnitude``, or of each number itself.
    """
    rounded = table.copy()
    for name in columns:
        values = round_significant(floats(table, name), CHILDREN_DIGITS, magnitude)
        rounded[name] = round_population(pd.Series(values), rounding.population_to).to_numpy()
    return rounded


def public_bounds(table: pd.DataFrame, rounding: Rounding) -> pd.DataFrame:
    """Return ``bounds.bounds_table`` as printed.

    Bounds and their limits are whole per cent, outwards, so that they stay bounds; a finer grid
    beside the estimate would narrow the count behind it. ``valid_share`` is the nearest one.
    """
    rounded = _round_to_grid(table, ["estimate"], "n", rounding, None)
    slack = 1e-9
    for name in ("lower", "ci_low"):
        rounded[name] = np.floor(100 * floats(table, name) + slack) / 100
    for name in ("upper", "ci_high"):
        rounded[name] = np.ceil(100 * floats(table, name) - slack) / 100
    rounded["valid_share"] = round_nearest(floats(table, "valid_share"), 2)
    return in_shape(rounded, public_contract("comparison/bounds"))


def public_standardised(
    table: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return :func:`standardised_table` as printed, on the grid of its text ``shown``.

    A note does not name the groups without answers: of a follow-up, that nobody in a group was
    asked says that nobody there had the experience.
    """
    columns = ["crude", "estimate", "ci_low", "ci_high"]
    rounded = _round_to_grid(table, columns, "n", rounding, statistics)
    proportion = is_proportion(table["indicator"], statistics)
    decimals = np.array(
        [2 + len(printed_estimate.partition(".")[2]) for printed_estimate in table["shown"]],
        dtype=int,
    )
    for name in columns:
        shares = round_to(floats(table, name), decimals)
        rounded[name] = np.where(proportion, shares, floats(rounded, name))
    rounded["note"] = rounded["note"].where(rounded["note"] == "", GROUPS_LEFT_OUT)
    return in_shape(rounded, public_contract("comparison/standardised"))


def public_adjusted(table: pd.DataFrame) -> pd.DataFrame:
    """Return :func:`adjusted_table` as printed: ratios and p values as :func:`public_ratios`."""
    return in_shape(public_ratios(table), public_contract("comparison/adjusted"))


def public_adjusted_countries(table: pd.DataFrame) -> pd.DataFrame:
    """Return the adjusted country effects as printed."""
    return in_shape(public_ratios(table), public_contract("comparison/adjusted_countries"))


def public_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its ratios to two decimals and its p values to three."""
    limits = ("ratio", "ci_low", "ci_high")
    decimals = np.full(len(table), RATIO_PLACES)
    rounded = table.assign(**round_verdicts(table, limits, decimals, no_difference=1.0))
    for name in table.columns.intersection(["crude_ratio", "margin_ratio"]):
        rounded[name] = round_nearest(floats(table, name), RATIO_PLACES)
    for name in table.columns.intersection(["p_value", "p_holm"]):
        rounded[name] = round_nearest(floats(table, name), 3)
    rounded["step_alpha"] = round_nearest(floats(table, "step_alpha"), STEP_PLACES)
    return rounded


def round_significant(
    values: np.ndarray, digits: int, magnitude: np.ndarray | None = None
) -> np.ndarray:
    """Round to significant digits of ``magnitude``, or of the values; zero and missing stay."""
    magnitude = values if magnitude is None else magnitude
    positive_magnitude = np.abs(np.where(np.isfinite(magnitude) & (magnitude != 0), magnitude, 1.0))
    return round_to(values, digits - 1 - np.floor(np.log10(positive_magnitude)).astype(int))


def _national_cells(
    release: pd.DataFrame, ledger: pd.DataFrame, indicators: Sequence[str]
) -> pd.DataFrame:
    """Return the national cells of comparable countries, indicators in order, then countries."""
    order = {name: position for position, name in enumerate(indicators)}
    national = release[(release["domain"] == "total") & release["indicator"].isin(order)]
    national = select_comparable(national, ledger)
    national = national.assign(place=national["indicator"].map(order))
    return national.sort_values(["place", "country"]).reset_index(drop=True)


def _round_to_grid(
    table: pd.DataFrame,
    columns: Sequence[str],
    n: str,
    rounding: Rounding,
    statistics: Mapping[str, str] | None,
) -> pd.DataFrame:
    """Round columns to the grid of ``estimate``."""
    proportion = is_proportion(table["indicator"], statistics)
    decimals = decimal_places(floats(table, "estimate"), floats(table, n), proportion, rounding)
    rounded = table.copy()
    for name in table.columns.intersection(list(columns)):
        rounded[name] = round_to(floats(table, name), decimals)
    return rounded
