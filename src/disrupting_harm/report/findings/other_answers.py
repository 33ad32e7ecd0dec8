"""Answers that an indicator counts, and of which no other indicator gives a number apart.

Whoever sees some of the answers that make up a whole takes them for all of it.
"""

from collections.abc import Sequence

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def parts_of(whole: Indicator, others: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicators that count some of the answers to the question of ``whole``."""
    return [
        one
        for one in others
        if _answers(one) and _item(one) == _item(whole) and _answers(one) < _answers(whole)
    ]


def not_counted_apart(
    translator: Translator[str], codebook: Codebook, whole: Indicator, others: Sequence[Indicator]
) -> str:
    """Return the sentence on answers that no part of ``whole`` counts; empty where none is left.

    Args:
        translator: the language.
        codebook: its items have the words of the answers.
        whole: an indicator.
        others: those that stand beside it; without a part among them nothing is said.
    """
    parts = parts_of(whole, others)
    counted = {answer for one in parts for answer in _answers(one)}
    item = codebook.item(_item(whole)) if parts else None
    left = [a for a in item.values if a in _answers(whole) - counted] if item else []
    if item is None or not left:
        return ""
    answers = [f"“{translator.of_study(item.value_labels.get(answer, answer))}”" for answer in left]
    return translator(
        "“{whole}” also counts answers that have no number of their own: {answers}.",
        whole=translator.of_study(whole.figure_label),
        answers=translator.enumeration(answers),
    )


def _item(one: Indicator) -> str:
    return one.numerator[0].item if len(one.numerator) == 1 else ""


def _answers(one: Indicator) -> frozenset[str]:
    return frozenset(one.numerator[0].among) if len(one.numerator) == 1 else frozenset()
