"""Which indicators are options of one question, and which pairs of respondents were asked the same.

Nothing is listed twice. The options of a choice item are the indicators that count its answers; the
options of a question with several answers are those on items with the same ``tick_of``; two
respondents were asked the same where the caregiver's item says ``same_as``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from disrupting_harm.publication.disclosure.relations import find_relations
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


def find_questions(codebook: Codebook) -> tuple[Question, ...]:
    """Return the questions of a codebook that have at least two options, in its order.

    An indicator that counts the answers of others together ("somebody known") is no option. Where
    two overlap and neither holds the other, no options can be told, and there is no question.
    """
    questions_of_items = [*_questions_of_choices(codebook), *_questions_of_ticks(codebook)]
    position_of_indicator = {
        indicator.id: position for position, indicator in enumerate(codebook.indicators)
    }
    return tuple(
        sorted(questions_of_items, key=lambda question: position_of_indicator[question.options[0]])
    )


def find_same_questions(codebook: Codebook) -> tuple[tuple[str, str], ...]:
    """Return the indicators (of the child, of the caregiver) that count the same answer."""
    indicator_by_answer = {
        (
            indicator.numerator[0].item,
            indicator.numerator[0].among,
            indicator.dont_know,
        ): indicator.id
        for indicator in codebook.indicators
        if len(indicator.numerator) == 1 and not indicator.universe
    }
    return tuple(
        (indicator_by_answer[item.same_as, among, dont_know], caregiver)
        for item in codebook.items
        if item.same_as
        for (item_id, among, dont_know), caregiver in indicator_by_answer.items()
        if item_id == item.id and (item.same_as, among, dont_know) in indicator_by_answer
    )


def select_answers(question: Question, outcomes: pd.DataFrame) -> pd.DataFrame:
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


def _questions_of_choices(codebook: Codebook) -> Iterator[Question]:
    for split in find_relations(codebook).splits:
        members = [codebook.indicator(name) for name in split.indicators]
        item = codebook.item(members[0].numerator[0].item)
        answers_by_indicator = {
            indicator.id: set(indicator.numerator[0].among) for indicator in members
        }
        options = [
            name
            for name, answers in answers_by_indicator.items()
            if not any(other_answers < answers for other_answers in answers_by_indicator.values())
        ]
        counted_answers = [answer for name in options for answer in answers_by_indicator[name]]
        is_disjoint = len(counted_answers) == len(set(counted_answers))
        if item.type == "choice" and is_disjoint and len(options) > 1:
            has_rest = bool(set(item.answers) - set(counted_answers))
            yield Question(item.id, tuple(options), True, has_rest)


def _questions_of_ticks(codebook: Codebook) -> Iterator[Question]:
    options: dict[tuple[object, ...], list[Indicator]] = {}
    for indicator in codebook.indicators:
        if len(indicator.numerator) == 1 and indicator.numerator[0].among == ("yes",):
            name = codebook.item(indicator.numerator[0].item).tick_of
            if name:
                options.setdefault((name, indicator.universe, indicator.dont_know), []).append(
                    indicator
                )
    for (question, *_), indicators in options.items():
        if len(indicators) > 1:
            yield Question(
                str(question), tuple(indicator.id for indicator in indicators), False, False
            )
