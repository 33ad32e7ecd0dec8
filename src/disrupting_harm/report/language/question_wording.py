"""What was asked for an indicator: the wording of the codebook, and which answer counts."""

from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Condition, Indicator, Item


def asked(text: Text, labels: Labels, codebook: Codebook, indicator: Indicator) -> str:
    """Return the question of an indicator, or what a composite is made of."""
    if indicator.any_of:
        parts = text.enumeration([labels.short(name) for name in indicator.any_of])
        return text("at least one of: {indicators}", indicators=parts)
    if indicator.value is not None:
        return text.of_study(codebook.item(indicator.value).question)
    said = [_condition(text, codebook.item(each.item), each) for each in indicator.numerator]
    return "; ".join(dict.fromkeys(said))


def _condition(text: Text, item: Item, condition: Condition) -> str:
    question = text.of_study(item.question)
    if item.type != "choice":
        return question
    answers = [text.of_study(item.value_labels.get(answer, answer)) for answer in condition.among]
    return text(
        "{question} Counted: {answers}", question=question, answers=text.enumeration(answers)
    )
