"""How the indicators of a codebook hang together: what any reader of it knows.

Nothing here is listed by hand: composites come from ``any_of``, all else from the conditions by
which an indicator counts a child as asked (``universe``) and as a yes (``numerator``), and from the
items that a questionnaire sets by itself (``yes_when``). Indicators with different weights are not
tied to each other: equations hold for sums of weights, too, and theirs do not add up.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import (
    DONT_KNOW,
    SPECIAL_ANSWERS,
    Condition,
    Indicator,
    Item,
)

Conditions: TypeAlias = tuple[Condition, ...]


@dataclass(frozen=True)
class Composite:
    """Who says yes to a part says yes to the ``whole``, but where ``nested`` is false."""

    whole: str
    parts: tuple[str, ...]
    nested: tuple[bool, ...]


@dataclass(frozen=True)
class Split:
    """Answers to one item that do not overlap and add up to all who were asked.

    ``parts`` has per set of answers the indicators that count them.
    """

    indicators: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Universe:
    """Who is asked ``follow_up`` said yes to ``gate``; ``exact``: and nobody else did."""

    follow_up: str
    gate: str
    exact: bool


@dataclass(frozen=True)
class Relations:
    """What ties indicators to each other.

    Attributes:
        answers: indicator -> a name of those with a valid answer; equal for equal sets of children.
        everyone: indicators put to all children, or to all of some sex, age or place.
        composites: indicators that are yes where any of others is.
        implied: (a, b) where a yes to a is a yes to b.
        universes: follow-ups and the indicators that decide who is asked them.
    """

    answers: dict[str, str]
    everyone: frozenset[str]
    composites: tuple[Composite, ...]
    splits: tuple[Split, ...]
    implied: tuple[tuple[str, str], ...]
    universes: tuple[Universe, ...]


def find_relations(codebook: Codebook) -> Relations:
    """Return how the indicators of a codebook hang together."""
    indicators = codebook.indicators
    answers = {indicator.id: _name_answers(indicator) for indicator in indicators}
    yes_conditions = {
        indicator.id: _yes_conditions(indicator, codebook) for indicator in indicators
    }
    return Relations(
        answers=answers,
        everyone=frozenset(
            indicator.id for indicator in indicators if _is_put_to_all(indicator, codebook)
        ),
        composites=tuple(
            Composite(
                indicator.id,
                indicator.any_of,
                tuple(
                    indicator.partly_missing != "complete"
                    and implies(yes_conditions[component], indicator.universe)
                    for component in indicator.any_of
                ),
            )
            for indicator in indicators
            if indicator.any_of
        ),
        splits=tuple(_iterate_splits(codebook, answers)),
        implied=tuple(
            (implying.id, implied.id)
            for implying in indicators
            for implied in indicators
            if answers[implying.id] != answers[implied.id]
            and implying.weight == implied.weight
            and yes_conditions[implying.id]
            and yes_conditions[implied.id]
            and implies(yes_conditions[implying.id], yes_conditions[implied.id])
        ),
        universes=tuple(
            universe
            for indicator in indicators
            for universe in _iterate_universes(indicator, indicators, yes_conditions)
        ),
    )


def implies(conditions: Iterable[Condition], consequences: Iterable[Condition]) -> bool:
    """Return whether a child that fulfils all of ``conditions`` fulfils all of ``consequences``."""
    given_conditions = tuple(conditions)
    return all(
        any(condition.implies(consequence) for condition in given_conditions)
        for consequence in consequences
    )


def _yes_conditions(indicator: Indicator, codebook: Codebook) -> Conditions:
    """Return the conditions that make a yes; none where they are not known, as of a mean."""
    if indicator.numerator:
        return (*indicator.universe, *indicator.numerator)
    return tuple(
        Condition(item=item.id, among=("yes",))
        for item in codebook.items
        if item.yes_when == indicator.id
    )


def _name_answers(indicator: Indicator) -> str:
    """Return a name of the children with a valid answer, equal where they are the same."""
    if len(indicator.numerator) != 1:
        return indicator.id
    universe = sorted(map(str, indicator.universe))
    (condition,) = indicator.numerator
    return f"{condition.item}, {universe}, {_valid_specials(indicator)}, {indicator.weight}"


def _valid_specials(indicator: Indicator) -> list[str]:
    """Return the special answers that count as an answer, a yes or a no, to a single condition.

    All others are missing: whoever gave them is not among those who were asked.
    """
    among = {*indicator.numerator[0].among, *([DONT_KNOW] if indicator.dont_know == "no" else [])}
    return [answer for answer in SPECIAL_ANSWERS if answer in among]


def _is_put_to_all(indicator: Indicator, codebook: Codebook) -> bool:
    if indicator.weight is not None:
        return False
    has_sample_universe = all(
        codebook.item(condition.item).respondent == "sample" for condition in indicator.universe
    )
    return has_sample_universe and all(
        _is_put_to_all(codebook.indicator(component), codebook) for component in indicator.any_of
    )


def _iterate_splits(codebook: Codebook, answers: dict[str, str]) -> Iterator[Split]:
    """Yield the items that several indicators count answers of."""
    members: dict[str, list[Indicator]] = {}
    for indicator in codebook.indicators:
        if len(indicator.numerator) == 1:
            members.setdefault(answers[indicator.id], []).append(indicator)
    for indicators in members.values():
        if len(indicators) > 1:
            item = codebook.item(indicators[0].numerator[0].item)
            by_number = item.type == "number"
            counting_indicators = (
                _count_by_number(indicators, item)
                if by_number
                else _count_by_answer(indicators, item)
            )
            yield Split(
                tuple(indicator.id for indicator in indicators),
                tuple(dict.fromkeys(counting_indicators)),
            )


def _count_by_answer(indicators: Sequence[Indicator], item: Item) -> list[tuple[str, ...]]:
    """Return for each answer the indicators that count it."""
    options = (*item.answers, *_valid_specials(indicators[0]))
    return [
        tuple(indicator.id for indicator in indicators if option in indicator.numerator[0].among)
        for option in options
    ]


def _count_by_number(indicators: Sequence[Indicator], item: Item) -> list[tuple[str, ...]]:
    """Return for each stretch of whole numbers the indicators that count it.

    Between two neighbouring limits of their ranges all numbers are counted alike, so that the
    first of each stretch stands for it.
    """
    low = -math.inf if item.minimum is None else math.ceil(item.minimum)
    high = math.inf if item.maximum is None else math.floor(item.maximum)
    ranges = [indicator.numerator[0].limits for indicator in indicators]
    starts = {low, *(least for least, _ in ranges), *(most + 1 for _, most in ranges)}
    counting_indicators = [
        tuple(
            indicator.id
            for indicator, (least, most) in zip(indicators, ranges, strict=True)
            if least <= start <= most
        )
        for start in sorted(starts)
        if low <= start <= high and start < math.inf
    ]
    # Who does not know is counted by none of them.
    return [*counting_indicators, ()] if indicators[0].dont_know == "no" else counting_indicators


def _iterate_universes(
    indicator: Indicator, indicators: Sequence[Indicator], yes_conditions: dict[str, Conditions]
) -> Iterator[Universe]:
    """Yield the indicators whose yes is the universe; where there is none, those it implies."""
    gates = [
        candidate.id
        for candidate in indicators
        if candidate.id != indicator.id
        and candidate.weight == indicator.weight
        and yes_conditions[candidate.id]
        and implies(indicator.universe, yes_conditions[candidate.id])
    ]
    exact = [gate for gate in gates if implies(yes_conditions[gate], indicator.universe)]
    for gate in exact or gates:
        yield Universe(indicator.id, gate, gate in exact)
