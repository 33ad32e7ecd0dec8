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
        splits: indicators on one item.
        implied: (a, b) where a yes to a is a yes to b.
        universes: follow-ups and the indicators that decide who is asked them.
    """

    answers: dict[str, str]
    everyone: frozenset[str]
    composites: tuple[Composite, ...]
    splits: tuple[Split, ...]
    implied: tuple[tuple[str, str], ...]
    universes: tuple[Universe, ...]


def relations(codebook: Codebook) -> Relations:
    """Return how the indicators of a codebook hang together."""
    entries = codebook.indicators
    answers = {entry.id: _answers(entry) for entry in entries}
    yes = {entry.id: _yes_conditions(entry, codebook) for entry in entries}
    return Relations(
        answers=answers,
        everyone=frozenset(entry.id for entry in entries if _put_to_all(entry, codebook)),
        composites=tuple(
            Composite(
                entry.id,
                entry.any_of,
                tuple(
                    entry.partly_missing != "complete" and implies(yes[part], entry.universe)
                    for part in entry.any_of
                ),
            )
            for entry in entries
            if entry.any_of
        ),
        splits=tuple(_splits(codebook, answers)),
        implied=tuple(
            (one.id, other.id)
            for one in entries
            for other in entries
            if answers[one.id] != answers[other.id]
            and one.weight == other.weight
            and yes[one.id]
            and yes[other.id]
            and implies(yes[one.id], yes[other.id])
        ),
        universes=tuple(
            universe for entry in entries for universe in _universes(entry, entries, yes)
        ),
    )


def implies(first: Iterable[Condition], second: Iterable[Condition]) -> bool:
    """Return whether a child that fulfils all of ``first`` fulfils all of ``second``."""
    given = tuple(first)
    return all(any(each.implies(asked) for each in given) for asked in second)


def _yes_conditions(entry: Indicator, codebook: Codebook) -> Conditions:
    """Return the conditions that make a yes; none where they are not known, as of a mean."""
    if entry.numerator:
        return (*entry.universe, *entry.numerator)
    return tuple(
        Condition(item=item.id, among=("yes",))
        for item in codebook.items
        if item.yes_when == entry.id
    )


def _answers(entry: Indicator) -> str:
    """Return a name of the children with a valid answer, equal where they are the same."""
    if len(entry.numerator) != 1:
        return entry.id
    asked = sorted(map(str, entry.universe))
    (condition,) = entry.numerator
    return f"{condition.item}, {asked}, {_valid_specials(entry)}, {entry.weight}"


def _valid_specials(entry: Indicator) -> list[str]:
    """Return the special answers that count as an answer, a yes or a no, to a single condition.

    All others are missing: whoever gave them is not among those who were asked.
    """
    among = {*entry.numerator[0].among, *([DONT_KNOW] if entry.dont_know == "no" else [])}
    return [answer for answer in SPECIAL_ANSWERS if answer in among]


def _put_to_all(entry: Indicator, codebook: Codebook) -> bool:
    if entry.weight is not None:
        return False
    own = all(codebook.item(each.item).respondent == "sample" for each in entry.universe)
    return own and all(_put_to_all(codebook.indicator(part), codebook) for part in entry.any_of)


def _splits(codebook: Codebook, answers: dict[str, str]) -> Iterator[Split]:
    """Yield the items that several indicators count answers of."""
    members: dict[str, list[Indicator]] = {}
    for entry in codebook.indicators:
        if len(entry.numerator) == 1:
            members.setdefault(answers[entry.id], []).append(entry)
    for own in members.values():
        if len(own) > 1:
            item = codebook.item(own[0].numerator[0].item)
            by_number = item.type == "number"
            counted = _by_number(own, item) if by_number else _by_answer(own, item)
            yield Split(tuple(entry.id for entry in own), tuple(dict.fromkeys(counted)))


def _by_answer(own: Sequence[Indicator], item: Item) -> list[tuple[str, ...]]:
    """Return for each answer the indicators that count it."""
    options = (*item.answers, *_valid_specials(own[0]))
    return [
        tuple(entry.id for entry in own if option in entry.numerator[0].among) for option in options
    ]


def _by_number(own: Sequence[Indicator], item: Item) -> list[tuple[str, ...]]:
    """Return for each stretch of whole numbers the indicators that count it.

    Between two neighbouring limits of their ranges all numbers are counted alike, so that the
    first of each stretch stands for it.
    """
    low = -math.inf if item.minimum is None else math.ceil(item.minimum)
    high = math.inf if item.maximum is None else math.floor(item.maximum)
    ranges = [entry.numerator[0].limits for entry in own]
    starts = {low, *(least for least, _ in ranges), *(most + 1 for _, most in ranges)}
    counted = [
        tuple(
            entry.id
            for entry, (least, most) in zip(own, ranges, strict=True)
            if least <= start <= most
        )
        for start in sorted(starts)
        if low <= start <= high and start < math.inf
    ]
    # Who does not know is counted by none of them.
    return [*counted, ()] if own[0].dont_know == "no" else counted


def _universes(
    entry: Indicator, entries: Sequence[Indicator], yes: dict[str, Conditions]
) -> Iterator[Universe]:
    """Yield the indicators whose yes is the universe; where there is none, those it implies."""
    gates = [
        other.id
        for other in entries
        if other.id != entry.id
        and other.weight == entry.weight
        and yes[other.id]
        and implies(entry.universe, yes[other.id])
    ]
    exact = [gate for gate in gates if implies(yes[gate], entry.universe)]
    for gate in exact or gates:
        yield Universe(entry.id, gate, gate in exact)
