"""Questions about the last time side by side: where, by whom, whom children told.

One panel for each question that was put to the same children, in the order in which a story is
told. The survey does not tell which {respondents} gave an answer here and an answer there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Section
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import ChartPlan, build_percent_chart, build_row
from disrupting_harm.report.figures.finding_titles import TitleFinder, title_first_answers
from disrupting_harm.report.findings.other_answers import describe_uncounted_answers, find_parts
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import AskedQuestion, Indicator

RECALL = "last_time"
PANELS_AT_MOST = 3


def plan_last_experience(
    totals: pd.DataFrame, codebook: Codebook, context: FigureContext, finder: TitleFinder
) -> Iterator[ChartPlan]:
    """Yield the chart of questions about the last time, where the codebook has two or more.

    A question with a module beside it has a chart of its own with the shares of that module.

    Args:
        totals: the public estimates of a country for all children.
    """
    questions = _find_questions(totals, codebook)
    told = [question for question, _ in questions if question.beside]
    first = [(question, members) for question, members in questions if question not in told]
    if len(first) > 1:
        yield _plan_questions("last-time", first, "", totals, codebook, finder, context)
    for question, members in questions:
        if question.beside:
            yield _plan_questions(
                f"question-{question.id}",
                [(question, members)],
                question.beside,
                totals,
                codebook,
                finder,
                context,
            )


def _plan_questions(
    name: str,
    questions: Sequence[tuple[AskedQuestion, list[Indicator]]],
    module: str,
    totals: pd.DataFrame,
    codebook: Codebook,
    finder: TitleFinder,
    context: FigureContext,
) -> ChartPlan:
    """Return the chart of questions, a panel each, and of the shares of a module beside them."""
    translator = context.translator
    totals_by_indicator = totals.set_index("indicator", drop=False)
    sections, tables, notes, several = [], [], [], []
    for question, members in questions:
        label = translator.of_study(question.label)
        answers = list(_order_answers(members, totals_by_indicator["estimate"]))
        section, table = _build_panel(label, answers, totals_by_indicator, translator)
        sections.append(section)
        tables.append(table)
        notes += [
            describe_uncounted_answers(translator, codebook, member, members) for member in members
        ]
        if len({member.numerator[0].item for member in members}) > 1:
            several.append(label)
    for label, members in _find_shares(module, totals, codebook):
        section, table = _build_panel(
            translator.of_study(label),
            [(member, False) for member in members],
            totals_by_indicator,
            translator,
        )
        sections.append(section)
        tables.append(table)
    base = describe_base(translator, codebook, questions[0][1][0])
    if module:
        notes.append(
            translator(
                "{question}: share of {base}, the last time.",
                question=sections[0].heading,
                base=base,
            )
        )
        notes += [
            translator(
                "{question}: share of {base}.",
                question=section.heading,
                base=translator.of_study(context.population),
            )
            for section in sections[1:]
        ]
        base = translator("the {respondents} named below")
    (panel,) = build_percent_chart(sections, translator).panels
    panels = [Panel(panel.axis, (Section("", s.rows),), s.heading) for s in sections]
    return ChartPlan(
        name,
        "questions",
        codebook.modules[0].id,
        "",
        finder.find(name)
        or title_first_answers(
            translator, sections, translator("Answers about the last time"), named=not module
        ),
        tuple(sections),
        pd.concat(tables, ignore_index=True),
        "" if module else RECALL,
        notes=(*notes, "" if module else alt_text.note_several_answers(translator, several)),
        base=base,
        caption=alt_text.caption_intervals(translator, grouped=False)
        if module
        else translator(
            "Each heading is a question of its own: the survey does not tell which {respondents} "
            "gave an answer here and an answer there."
        ),
        chart=RowChart(tuple(panels), beside="labelled"),
    )


def _build_panel(
    heading: str,
    answers: Sequence[tuple[Indicator, bool]],
    totals_by_indicator: pd.DataFrame,
    translator: Translator[str],
) -> tuple[Section, pd.DataFrame]:
    """Return the rows of one panel, and the rows of the public table behind them.

    Args:
        answers: in their order, each with whether it is a part of the one above.
    """
    names = [translator.of_study(answer.figure_label) for answer, _ in answers]
    table = totals_by_indicator.loc[[answer.id for answer, _ in answers]].assign(label=names)
    rows = (
        replace(build_row(cell, translator), part=part)
        for cell, (_, part) in zip(table.itertuples(), answers, strict=True)
    )
    return Section(heading, tuple(rows)), table


def _find_shares(
    module: str, totals: pd.DataFrame, codebook: Codebook
) -> list[tuple[str, list[Indicator]]]:
    """Return the label of a module with its published proportions; nothing without any."""
    published = set(totals["indicator"])
    members = [
        indicator
        for indicator in codebook.indicators
        if (indicator.module, indicator.statistic) == (module, "proportion")
        and indicator.id in published
    ]
    labels = {definition.id: definition.label for definition in codebook.modules}
    return [(labels[module], members)] if members else []


def _find_questions(
    totals: pd.DataFrame, codebook: Codebook
) -> list[tuple[AskedQuestion, list[Indicator]]]:
    """Return the first questions put to the same children, each with its published answers."""
    published = set(totals["indicator"])
    questions: list[tuple[AskedQuestion, list[Indicator]]] = []
    universe = None
    for question in codebook.questions:
        members = [
            indicator
            for indicator in _find_answer_indicators(codebook, question.id)
            if indicator.id in published
        ]
        if len(members) > 1 and universe in (None, members[0].universe):
            universe = members[0].universe
            questions.append((question, members))
    return questions[:PANELS_AT_MOST]


def _find_answer_indicators(codebook: Codebook, question: str) -> list[Indicator]:
    """Return the indicators that count answers to one question about the last time."""
    return [
        indicator
        for indicator in codebook.indicators
        if indicator.recall == RECALL
        and len(indicator.numerator) == 1
        and question
        in (indicator.numerator[0].item, codebook.item(indicator.numerator[0].item).tick_of)
    ]


def _order_answers(
    members: Sequence[Indicator], shares: "pd.Series[float]"
) -> Iterator[tuple[Indicator, bool]]:
    """Yield answers by falling share, each before its parts; and whether it is a part."""
    by_share = sorted(
        members, key=lambda member: -shares[member.id] if shares[member.id] >= 0 else 1
    )
    for answer in by_share:
        if not any(answer in find_parts(whole, members) for whole in members):
            yield answer, False
            yield from ((part, True) for part in find_parts(answer, by_share))
