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
from disrupting_harm.report.findings.other_answers import describe_uncounted_answers, find_parts
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator

RECALL = "last_time"
PANELS_AT_MOST = 3


def plan_last_experience(
    totals: pd.DataFrame, codebook: Codebook, context: FigureContext
) -> Iterator[ChartPlan]:
    """Yield the chart of questions about the last time, where the codebook has two or more.

    Args:
        totals: the public estimates of a country for all children.
    """
    translator = context.translator
    questions = _find_questions(totals, codebook)
    if len(questions) < 2:
        return
    totals_by_indicator = totals.set_index("indicator", drop=False)
    sections, tables, notes, several = [], [], [], []
    for heading, members in questions:
        label = translator.of_study(heading)
        answers = list(_order_answers(members, totals_by_indicator["estimate"]))
        names = [translator.of_study(answer.figure_label) for answer, _ in answers]
        table = totals_by_indicator.loc[[answer.id for answer, _ in answers]].assign(label=names)
        rows = (
            replace(build_row(cell, translator), part=part)
            for cell, (_, part) in zip(table.itertuples(), answers, strict=True)
        )
        sections.append(Section(label, tuple(rows)))
        tables.append(table)
        notes += [
            describe_uncounted_answers(translator, codebook, member, members) for member in members
        ]
        if len({member.numerator[0].item for member in members}) > 1:
            several.append(label)
    (panel,) = build_percent_chart(sections, translator).panels
    panels = [Panel(panel.axis, (Section("", s.rows),), s.heading) for s in sections]
    yield ChartPlan(
        "last-time",
        "questions",
        codebook.modules[0].id,
        "",
        translator("Answers about the last time"),
        tuple(sections),
        pd.concat(tables, ignore_index=True),
        RECALL,
        notes=(*notes, alt_text.note_several_answers(translator, several)),
        base=describe_base(translator, codebook, questions[0][1][0]),
        caption=translator(
            "Each heading is a question of its own: the survey does not tell which {respondents} "
            "gave an answer here and an answer there."
        ),
        chart=RowChart(tuple(panels), beside="labelled"),
    )


def _find_questions(totals: pd.DataFrame, codebook: Codebook) -> list[tuple[str, list[Indicator]]]:
    """Return the first questions put to the same children: the label, and published answers."""
    published = set(totals["indicator"])
    questions: list[tuple[str, list[Indicator]]] = []
    universe = None
    for question in codebook.questions:
        members = [
            indicator
            for indicator in _find_answer_indicators(codebook, question.id)
            if indicator.id in published
        ]
        if len(members) > 1 and universe in (None, members[0].universe):
            universe = members[0].universe
            questions.append((question.label, members))
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
