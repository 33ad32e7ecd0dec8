"""Which indicators are options of one question, and which pairs of respondents were asked the same.

Nothing is listed twice. The options of a choice item are the indicators that count its answers; the
options of a question with several answers are those on items with the same ``tick_of``; two
respondents were asked the same where the caregiver's item says ``same_as``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.publication.disclosure.relations import relations
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator

# The answers to a question that no indicator of their own counts, taken together.
REST = "other_answers"


@dataclass(frozen=True)
class Question:
    """A question with its options.

    Attributes:
        name: the item, or the ``tick_of`` of its items.
        options: the indicators that count them; no two of them count the same answer.
        one_answer: whether every child gave one answer.
        rest: whether there are answers that no option counts (:data:`REST`).
    """

    name: str
    options: tuple[str, ...]
    one_answer: bool
    rest: bool


def questions(codebook: Codebook) -> tuple[Question, ...]:
    """Return the questions of a codebook that have at least two options, in its order.

    An indicator that counts the answers of others together ("somebody known") is no option. Where
    two overlap and neither holds the other, no options can be told, and there is no question.
    """
    found = [*_of_choices(codebook), *_of_ticks(codebook)]
    order = {entry.id: at for at, entry in enumerate(codebook.indicators)}
    return tuple(sorted(found, key=lambda question: order[question.options[0]]))


def same_questions(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """Return the indicators (of the child, of the caregiver) that count the same answer."""
    alone = {
        (entry.numerator[0].item, entry.numerator[0].among, entry.dont_know): entry.id
        for entry in codebook.indicators
        if len(entry.numerator) == 1 and not entry.universe
    }
    return tuple(
        (alone[item.same_as, among, dont_know], caregiver)
        for item in codebook.items
        if item.same_as
        for (own, among, dont_know), caregiver in alone.items()
        if own == item.id and (item.same_as, among, dont_know) in alone
    )


def answers_to(question: Question, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the options of a question that somebody answered, as columns of 0, 1 and NaN.

    Args:
        question: with :data:`REST`, that is what none of its options is.
        outcomes: one column an indicator.
    """
    answers = outcomes[list(question.options)]
    answers = answers.loc[:, answers.notna().any()]
    if question.rest and answers.shape[1]:
        return answers.assign(**{REST: np.abs(1 - answers.sum(axis=1, skipna=False))})
    return answers


def _of_choices(codebook: Codebook) -> Iterator[Question]:
    for split in relations(codebook).splits:
        members = [codebook.indicator(name) for name in split.indicators]
        item = codebook.item(members[0].numerator[0].item)
        counted = {entry.id: set(entry.numerator[0].among) for entry in members}
        options = [
            name
            for name, answers in counted.items()
            if not any(other < answers for other in counted.values())
        ]
        together = [answer for name in options for answer in counted[name]]
        apart = len(together) == len(set(together))
        if item.type == "choice" and apart and len(options) > 1:
            rest = bool(set(item.answers) - set(together))
            yield Question(item.id, tuple(options), True, rest)


def _of_ticks(codebook: Codebook) -> Iterator[Question]:
    options: dict[tuple[object, ...], list[Indicator]] = {}
    for entry in codebook.indicators:
        if len(entry.numerator) == 1 and entry.numerator[0].among == ("yes",):
            name = codebook.item(entry.numerator[0].item).tick_of
            if name:
                options.setdefault((name, entry.universe, entry.dont_know), []).append(entry)
    for (question, *_), own in options.items():
        if len(own) > 1:
            yield Question(str(question), tuple(entry.id for entry in own), False, False)
