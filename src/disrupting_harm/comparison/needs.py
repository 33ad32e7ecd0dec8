"""What each country needs most: its actions in groups and in order, from public tables alone.

An action of the survey is tested: its gap is how much worse the country stands than the mean of the
other comparable countries, each counted once. Surveys are independent, so the gap is a contrast of
independent shares; all actions of all countries are one family of Holm's method, and limits and
verdicts come from :func:`.differences.regions.compare_proportions`, as those of other contrasts.
Standard errors are those that the printed intervals tell, and a hidden share of another country
stands wherever its printed bound makes the gap smallest. Everything is worked out of what is
printed: nothing here can tell of a hidden share, and every reader can do it again.

An action of a review is compared by how many of the other countries have it in place. What was
counted in one country alone is not compared.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit, ndtri

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.multiplicity import NumberColumns
from disrupting_harm.comparison.differences.regions import compare_proportions
from disrupting_harm.comparison.pooling.averages import is_boundary, to_log_odds
from disrupting_harm.comparison.public_forms import (
    DIFFERENCE,
    STEP_PLACES,
    round_verdicts,
)
from disrupting_harm.publication.rounding import round_nearest
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.rules import in_shape

SURVEY, REVIEW, COUNT = "survey", "review", "count"
START_HERE, ALSO_NEEDED, AHEAD = "start_here", "also_needed", "ahead"
GROUPS = (START_HERE, ALSO_NEEDED, AHEAD)
# With fewer other countries neither a mean nor a count says what is usual.
LEAST_OTHERS = 5
# Bounds that leave the mean more open than this make no number of it.
WIDEST_MEAN = 0.10
GAP_PLACES = 3
_GAP = ("gap", "gap_low", "gap_high")


@dataclass(frozen=True)
class ActionRule:
    """What decides the place of an action.

    Attributes:
        title: in English; actions that tie, with gaps of one size, stand in its order.
        owner: place of who acts, among all who do.
        worse: 1 where a high share is bad, -1 where a low one is; 0 of what is not of the survey.
    """

    id: str
    title: str
    owner: int
    kind: str
    worse: int = 0


def rank_needs(
    needs: pd.DataFrame,
    rules: Sequence[ActionRule],
    shares: pd.DataFrame,
    in_place: Mapping[str, Collection[str]],
    known: Mapping[str, Collection[str]],
    countries: Sequence[str],
    confidence: float,
    alpha: float,
) -> pd.DataFrame:
    """Return each country's actions in their groups and in order.

    Args:
        needs: ``country, action, address, data_kind`` of each action that a country needs.
        rules: of all actions.
        shares: as for :func:`compare_shares`.
        in_place: by action of a review, the countries that have it in place.
        known: by action of a review, the countries of which it says whether they have it.
        countries: codes of all countries.
        confidence: of the printed intervals.
        alpha: error rate of the family of all gaps.

    Returns:
        The columns of ``comparison/needs``; countries by their codes, then positions.
    """
    rule_by_id = {rule.id: rule for rule in rules}
    gaps = compare_shares(shares, {rule.id: rule.worse for rule in rules}, confidence, alpha)
    table = needs.merge(gaps, how="left", on=["country", "action"])
    of_rules = [rule_by_id[action] for action in table["action"]]
    table["kind"] = [rule.kind for rule in of_rules]
    for code, reason in (("clear", False), ("bounded", ""), ("left_out", "")):
        table[code] = table[code].astype(object).where(table[code].notna(), reason)
    others_of_review = len(countries) - 1
    is_review = (table["kind"] == REVIEW).to_numpy() & (others_of_review > 0)

    def count_others(countries_by_action: Mapping[str, Collection[str]]) -> list[int]:
        return [
            len({*countries_by_action.get(action, ())} - {country})
            for action, country in zip(table["action"], table["country"], strict=True)
        ]

    table["others"] = np.where(is_review, count_others(known), table["others"])
    table["in_place"] = np.where(is_review, count_others(in_place), np.nan)
    needed_in = table["action"].value_counts()
    table["needed_in"] = table["action"].map(needed_in)
    table["group"] = _find_groups(table, others_of_review)
    table["title"] = [rule.title.casefold() for rule in of_rules]
    table["owner"] = [rule.owner for rule in of_rules]
    ordered = [_order_actions(actions) for _, actions in table.groupby("country", sort=True)]
    result = pd.concat(ordered, ignore_index=True) if ordered else table
    return in_shape(result, public_contract("comparison/needs"))


def compare_shares(
    shares: pd.DataFrame, worse: Mapping[str, int], confidence: float, alpha: float
) -> pd.DataFrame:
    """Return the gap of each country to the mean of the others, of all actions in one family.

    Args:
        shares: ``action, country, estimate, ci_low, ci_high, bound_low, bound_high, left_out`` as
            printed: the share of every country, and why it is not compared, if so. A hidden one has
            no estimate; its bounds are 0 and 1 where none is printed.
        worse: by action, the sign of what is bad.

    Returns:
        One row per action and country that is compared: how many ``others`` count, between what
        their mean lies, the gap that is smallest within the bounds with its limits, ``points`` and
        ``points_low`` (it and its lower limit in whole points), the tests, who is ``bounded`` and
        who is ``left_out``.
    """
    contrasts, rows = _Contrasts(), []
    for action, of_action in shares.groupby("action", sort=False):
        compared = of_action[of_action["left_out"] == ""]
        apart = of_action[of_action["left_out"] != ""].sort_values("country")
        left_out = "; ".join(apart["country"] + ": " + apart["left_out"])
        shown = compared[compared["estimate"].notna()].reset_index(drop=True)
        hidden = compared[compared["estimate"].isna()]
        ends = hidden["bound_low"].sum(), hidden["bound_high"].sum()
        others = len(shown) - 1 + len(hidden)
        if len(shown) - 1 < LEAST_OTHERS or (ends[1] - ends[0]) / others > WIDEST_MEAN:
            continue
        sign, first = worse[str(action)], contrasts.add_shares(shown, confidence)
        sum_of_shown = shown["estimate"].sum()
        for place, (country, estimate) in enumerate(
            zip(shown["country"], shown["estimate"], strict=True)
        ):
            rest = sum_of_shown - estimate
            contrasts.add_gap(
                sign, range(first, first + len(shown)), first + place, rest, ends, len(hidden)
            )
            rows.append(
                {
                    "action": action,
                    "country": country,
                    "others": others,
                    "mean_low": (rest + ends[0]) / others,
                    "mean_high": (rest + ends[1]) / others,
                    "bounded": " ".join(sorted(hidden["country"])),
                    "left_out": left_out,
                }
            )
    columns = ["action", "country", "others", "mean_low", "mean_high", "bounded", "left_out"]
    table = pd.DataFrame(rows, columns=columns)
    tests = contrasts.test(alpha)
    decimals = np.full(len(table), GAP_PLACES)
    exact = {name: tests[column] for name, column in zip(_GAP, DIFFERENCE, strict=True)}
    printed = round_verdicts(pd.DataFrame({**exact, "clear": tests["clear"]}), _GAP, decimals)
    table = table.assign(
        **printed,
        points=round_nearest(100 * exact["gap"], 0),
        # "At least" is never too much.
        points_low=np.floor(round_nearest(100 * exact["gap_low"], 8)),
        step_alpha=round_nearest(tests["step_alpha"], STEP_PLACES),
        clear=tests["clear"],
        **{name: round_nearest(tests[name], 3) for name in ("p_value", "p_holm")},
    )
    for name in ("mean_low", "mean_high"):
        table[name.replace("mean", "mean_whole")] = round_nearest(100 * table[name].to_numpy(), 0)
        table[name] = round_nearest(table[name].to_numpy(), GAP_PLACES)
    return table


def _find_groups(table: pd.DataFrame, others_of_review: int) -> np.ndarray:
    """Return the group of each action: what a test or most of the other countries show."""
    clear, gap = table["clear"].to_numpy(dtype=bool), table["gap"].to_numpy(dtype=float)
    most_have_it = table["in_place"].to_numpy(dtype=float) > others_of_review / 2
    most_have_it &= others_of_review >= LEAST_OTHERS
    return np.select(
        [clear & (gap > 0) | most_have_it, clear & (gap < 0)], [START_HERE, AHEAD], ALSO_NEEDED
    )


def _order_actions(actions: pd.DataFrame) -> pd.DataFrame:
    """Return the actions of one country in order, with positions; ties share one.

    Those to start with: tested gaps by their lower limit in whole points, of those that tie the
    larger gap first, then reviews by how many other countries have it. All others by who acts, as
    nothing ranks them.
    """
    starts = actions["group"].to_numpy() == START_HERE
    is_review = actions["kind"].to_numpy() == REVIEW
    strength = np.where(is_review, actions["in_place"], actions["points_low"]).astype(float)
    ranked = actions.assign(
        place_of_group=actions["group"].map(GROUPS.index),
        later=starts & is_review,
        strength=np.where(starts, -strength, 0.0),
        smaller_gap=np.where(starts & ~is_review, -actions["gap"].astype(float), 0.0),
        owner=np.where(starts, 0, actions["owner"]),
    ).sort_values(
        ["place_of_group", "later", "strength", "smaller_gap", "owner", "title"], kind="stable"
    )
    positions = np.arange(1, len(ranked) + 1)
    starting = ranked[ranked["group"] == START_HERE]
    first_of_tie = starting.assign(position=positions[: len(starting)]).groupby(
        ["later", "strength"], sort=False
    )["position"]
    positions[: len(starting)] = first_of_tie.transform("min")
    joined = np.zeros(len(ranked), dtype=bool)
    joined[: len(starting)] = first_of_tie.transform("size") > 1
    return ranked.assign(position=positions, joined=joined)


class _Contrasts:
    """The gaps of all actions as contrasts of the shares of all actions."""

    def __init__(self) -> None:
        self._estimates: list[float] = []
        self._errors: list[float] = []
        self._log_odds: list[float] = []
        self._log_errors: list[float] = []
        self._weights: list[dict[int, float]] = []

    def add_shares(self, shown: pd.DataFrame, confidence: float) -> int:
        """Add the printed shares of one action; return the place of the first."""
        first = len(self._estimates)
        estimate, low, high = (
            shown[name].to_numpy(dtype=float) for name in ("estimate", "ci_low", "ci_high")
        )
        error = (high - low) / (2 * ndtri((1 + confidence) / 2))
        centre = np.where(is_boundary(estimate), (low + high) / 2, estimate)
        log_odds, variance = to_log_odds(centre, error)
        self._append_shares(estimate, error, log_odds, np.sqrt(variance))
        return first

    def add_gap(
        self,
        worse: int,
        places: range,
        place: int,
        rest: float,
        ends: tuple[float, float],
        hidden: int,
    ) -> None:
        """Add the gap of one share to the mean of the others and of ``hidden`` ones.

        Args:
            places, place: of all shown shares of the action, and of this one.
            rest: sum of the other shown shares.
            ends: between what the sum of the hidden shares lies.
        """
        others = len(places) - 1 + hidden
        weights = dict.fromkeys(places, -worse / others) | {place: float(worse)}
        if hidden:
            # Where the gap is zero if the bounds allow it, else at their nearer end.
            smallest = np.clip(others * self._estimates[place] - rest, *ends) / hidden
            weights[len(self._estimates)] = -worse * hidden / others
            mean = np.array([smallest])
            self._append_shares(mean, np.zeros(1), logit(mean), np.zeros(1))
        self._weights.append(weights)

    def test(self, alpha: float) -> NumberColumns:
        """Return the tests of all gaps as one family."""
        estimate, error, log_odds, log_error = (
            np.array(numbers, dtype=float)
            for numbers in (self._estimates, self._errors, self._log_odds, self._log_errors)
        )
        contrasts = np.zeros((len(self._weights), len(estimate)))
        for number, weights in enumerate(self._weights):
            contrasts[number, list(weights)] = list(weights.values())
        se = np.sqrt((contrasts**2 * error**2).sum(axis=1))
        # The printed intervals hold what is known of degrees of freedom.
        df = np.full(len(contrasts), np.inf)
        return compare_proportions(estimate, log_odds, log_error, contrasts, se, df, alpha)

    def _append_shares(
        self, estimate: Floats, error: Floats, log_odds: Floats, log_error: Floats
    ) -> None:
        self._estimates += estimate.tolist()
        self._errors += error.tolist()
        self._log_odds += log_odds.tolist()
        self._log_errors += log_error.tolist()
