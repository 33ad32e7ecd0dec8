"""Answers that an indicator counts, and of which no other indicator gives a number apart.

Whoever sees some of the answers that make up a whole takes them for all of it.
"""

from collections.abc import Sequence

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def find_parts(composite: Indicator, candidates: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators that count some of the answers to the question of ``composite``."""
    return [
        candidate
        for candidate in candidates
        if _list_answers(candidate)
        and _find_item(candidate) == _find_item(composite)
        and _list_answers(candidate) < _list_answers(composite)
    ]


def describe_uncounted_answers(
    translator: Translator[str],
    codebook: Codebook,
    composite: Indicator,
    indicators_beside: Sequence[Indicator],
) -> str:
    """Return the sentence on answers that no part of ``composite`` counts; empty without any.

    Args:
        codebook: its items have the words of the answers.
        indicators_beside: those that stand beside it; without a part among them nothing is said.
    """
    parts_beside = find_parts(composite, indicators_beside)
    counted_answers = {
        answer for part_beside in parts_beside for answer in _list_answers(part_beside)
    }
    item = codebook.item(_find_item(composite)) if parts_beside else None
    uncounted_answers = (
        [a for a in item.values if a in _list_answers(composite) - counted_answers] if item else []
    )
    if item is None or not uncounted_answers:
        return ""
    answer_labels = [
        f"“{translator.of_study(item.value_labels.get(answer, answer))}”"
        for answer in uncounted_answers
    ]
    return translator(
        "“{whole}” also counts answers that have no number of their own: {answers}.",
        whole=translator.of_study(composite.figure_label),
        answers=translator.enumeration(answer_labels),
    )


def _find_item(indicator: Indicator) -> str:
    return indicator.numerator[0].item if len(indicator.numerator) == 1 else ""


def _list_answers(indicator: Indicator) -> frozenset[str]:
    return frozenset(indicator.numerator[0].among) if len(indicator.numerator) == 1 else frozenset()
