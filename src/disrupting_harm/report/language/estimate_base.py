"""The base of an estimate, where that is not the whole population of the study."""

from collections.abc import Callable, Sequence

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def describe_base(translator: Translator[str], codebook: Codebook, indicator: Indicator) -> str:
    """Return who an indicator is about, in the reader's language; empty: the whole population."""
    if indicator.base:
        return translator.of_study(indicator.base)
    if indicator.universe:
        return translator("those to whom the question applies")
    respondents = {codebook.item(condition.item).respondent for condition in indicator.numerator}
    return (
        translator("{respondents} whose caregiver answered") if respondents == {"caregiver"} else ""
    )


def describe_bases(
    translator: Translator[str],
    codebook: Codebook,
    indicators: Sequence[Indicator],
    label: Callable[[Indicator], str],
    population: str,
) -> tuple[str, list[str]]:
    """Return the base that most indicators share, and a sentence on each of the others.

    Args:
        label: how the table or figure calls an indicator, translated.
        population: the whole population, translated.

    Returns:
        The base, empty for the whole population, and sentences such as "Told a friend: of ...".
    """
    labels_by_base: dict[str, list[str]] = {}
    for indicator in indicators:
        labels_by_base.setdefault(describe_base(translator, codebook, indicator), []).append(
            label(indicator)
        )
    commonest_base = max(labels_by_base, key=lambda base: len(labels_by_base[base]), default="")
    return commonest_base, [
        translator(
            "{indicators}: of {base}.",
            indicators=translator.enumeration(labels_of_base),
            base=base or population,
        )
        for base, labels_of_base in labels_by_base.items()
        if base != commonest_base
    ]
