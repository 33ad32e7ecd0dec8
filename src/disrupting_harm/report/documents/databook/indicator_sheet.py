"""The sheet of indicators: what was asked, of whom, in which theme."""

from collections.abc import Collection
from dataclasses import dataclass

from disrupting_harm.report.documents.databook.workbook import Column, Sheet, add_mark
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook


@dataclass(frozen=True)
class IndicatorFacts:
    """What every row of an indicator says."""

    label: str
    theme: str
    question: str
    base: str
    unit: str


def describe_indicators(
    translator: Translator[Markdown], labels: Labels, codebook: Codebook, population: str
) -> dict[str, IndicatorFacts]:
    """Return the facts of all indicators by their codes, in the order of the codebook.

    Args:
        population: the whole population, as printed.
    """
    units = {
        "proportion": translator("per cent"),
        "mean": translator("mean"),
        "total": translator("total"),
    }
    return {
        name: IndicatorFacts(
            labels.indicator(name),
            labels.module(module),
            describe_question(translator, labels, codebook, labels.definition(name)),
            labels.base(name) or population,
            units[labels.definition(name).statistic],
        )
        for module in labels.modules()
        for name in labels.list_indicators_of_module(module)
    }


def create_indicator_sheet(
    translator: Translator[Markdown],
    facts: dict[str, IndicatorFacts],
    mark: str,
    names: Collection[str] = (),
) -> Sheet:
    """Return the list of indicators.

    Args:
        mark: what stands behind the title; may be empty.
        names: codes of those that are listed; without any all are.
    """
    columns = (
        Column(translator("Indicator"), 48),
        Column(translator("Theme"), 30),
        Column(translator("Question"), 58),
        Column(translator("Base"), 34),
        Column(translator("Unit"), 12),
        Column(translator("Code"), 26),
    )
    rows = [
        (about.label, about.theme, about.question, about.base, about.unit, name)
        for name, about in facts.items()
        if not names or name in names
    ]
    title = translator("Indicators")
    return Sheet(title, add_mark(title, mark), columns, rows)
