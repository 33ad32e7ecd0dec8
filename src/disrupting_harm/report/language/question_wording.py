"""What was asked for an indicator: the wording of the codebook, and which answer counts."""

from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Condition, Indicator, Item


def describe_question(
    translator: Translator[Markdown], labels: Labels, codebook: Codebook, indicator: Indicator
) -> str:
    """Return the question of an indicator, or what a composite is made of."""
    if indicator.any_of:
        composite_parts = translator.enumeration(
            [labels.short(part_name) for part_name in indicator.any_of]
        )
        return translator("at least one of: {indicators}", indicators=composite_parts)
    if indicator.value is not None:
        return translator.of_study(codebook.item(indicator.value).question)
    questions = [
        _describe_condition(translator, codebook.item(condition.item), condition)
        for condition in indicator.numerator
    ]
    return "; ".join(dict.fromkeys(questions))


def _describe_condition(translator: Translator[Markdown], item: Item, condition: Condition) -> str:
    question = translator.of_study(item.question)
    if item.type != "choice":
        return question
    answers = [
        translator.of_study(item.value_labels.get(answer, answer)) for answer in condition.among
    ]
    return translator(
        "{question} Counted: {answers}", question=question, answers=translator.enumeration(answers)
    )
