"""Questions about the last time side by side: where, by whom, whom children told.

One column for each question that was put to the same children. The columns stand in the order in
which a story is told, and a chevron leads from one to the next; no line joins an answer to another,
because the survey does not tell which {respondents} gave both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from disrupting_harm.core.files import write_csv
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.phone_svg import write_phone_svg
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import WIDE, Cut, line_height
from disrupting_harm.report.figures.estimate_chart import (
    build_figure_record,
    build_row,
    explain_no_estimate,
    respondent_counts,
)
from disrupting_harm.report.figures.row_chart import HATCH, Row, Section
from disrupting_harm.report.findings.other_answers import describe_uncounted_answers
from disrupting_harm.report.language.estimate_base import describe_base
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator

NAME = "last-time"
RECALL = "last_time"
COLUMNS_AT_MOST = 3
BETWEEN = 6.0  # columns, for the point of the chevron
HEAD = 6.6  # height of a column's head
POINT = 3.0  # of the chevron
TRACK = 1.5  # height of the band on which an interval lies
LINE = 4.2  # room of it
SIGN = 3.4  # height of what stands in place of an estimate
BOUND = 2.8  # height of the frame of a bound: it stays clear of vowels below Thai and Khmer letters
PART = "– "  # before an answer that the one above it counts, too


@dataclass(frozen=True)
class QuestionAnswers:
    """A question and its answers, as drawn, with the public estimates behind them."""

    section: Section
    estimates: pd.DataFrame
    several: bool
    # For texts: without the sign of a partial answer.
    spoken_section: Section
    # Notes on answers that an answer counts, and that are not drawn.
    uncounted: tuple[str, ...]


def draw_last_experience(
    estimates: pd.DataFrame, codebook: Codebook, context: FigureContext, folder: Path
) -> Iterator[FigureRecord]:
    """Draw the questions about the last time, where the codebook has two of them or more.

    Args:
        estimates: the public estimates of a country.
    """
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    totals = estimates[estimates["domain"] == "total"]
    questions, base = _find_questions(totals, codebook, context)
    if len(questions) < 2:
        return
    translator = context.translator
    topic = translator("Answers about the last time")
    identity = (NAME, "questions", codebook.modules[0].id, "", topic)
    sections = [question.section for question in questions]
    spoken_sections = [question.spoken_section for question in questions]
    rows = [row for section in sections for row in section.rows]
    if all(row.estimate is None for row in rows):
        reason = explain_no_estimate(translator, rows)
        yield FigureRecord(*identity, caption="", alt="", absent=reason)
        return
    end, _ = style.percent_axis(max(row.reach for row in rows))
    subtitle = alt_text.describe_share(context, RECALL, base)
    table = pd.concat([question.estimates for question in questions], ignore_index=True)
    notes = [
        *_collect_notes(questions, end, context),
        *alt_text.note_uncertain_marks(context, rows),
    ]
    frame = alt_text.build_frame(context, topic, subtitle, respondent_counts(table), notes)
    title = alt_text.format_title(context, topic)
    draw = partial(_draw_questions, sections, end=end)
    files = print_formats.write_figure(draw(frame), folder, NAME, title, context.press)
    write_csv(folder / f"{NAME}.csv", table.assign(data_kind=context.data_kind))
    yield build_figure_record(
        identity,
        frame,
        files,
        caption=translator(
            "Each heading is a question of its own: the survey does not tell which {respondents} "
            "gave an answer here and an answer there."
        ),
        alt=alt_text.describe_intervals(context, title, spoken_sections),
        alt_short=alt_text.summarise_intervals(context, title, spoken_sections),
        phone=write_phone_svg(draw, frame, folder, NAME, title, context.press),
    )


def _find_questions(
    totals: pd.DataFrame, codebook: Codebook, context: FigureContext
) -> tuple[list[QuestionAnswers], str]:
    """Return the first questions that were put to the same children, and who these are."""
    translator, questions, base = context.translator, [], ""
    universe = None
    for question in codebook.questions:
        members = _find_answer_indicators(codebook, question.id)
        published = [
            indicator for indicator in members if (totals["indicator"] == indicator.id).any()
        ]
        if len(published) < 2 or (universe is not None and published[0].universe != universe):
            continue
        universe, base = published[0].universe, describe_base(translator, codebook, published[0])
        questions.append(
            _build_question(
                translator.of_study(question.label), published, totals, codebook, context
            )
        )
        if len(questions) == COLUMNS_AT_MOST:
            break
    return questions, base


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


def _build_question(
    heading: str,
    members: Sequence[Indicator],
    totals: pd.DataFrame,
    codebook: Codebook,
    context: FigureContext,
) -> QuestionAnswers:
    """Return a question: answers by falling share, each before those that it counts, too."""
    translator = context.translator
    totals_by_indicator = totals.set_index("indicator", drop=False)
    answers_counted = {indicator.id: set(indicator.numerator[0].among) for indicator in members}
    single_choice = len({indicator.numerator[0].item for indicator in members}) == 1

    def find_containing_answers(indicator: Indicator) -> list[str]:
        return [
            name
            for name, answers in answers_counted.items()
            if single_choice and answers_counted[indicator.id] < answers
        ]

    def sort_by_share(indicators: Sequence[Indicator]) -> list[Indicator]:
        estimates = totals_by_indicator["estimate"].astype(float)
        return sorted(
            indicators,
            key=lambda indicator: -estimates[indicator.id] if estimates[indicator.id] >= 0 else 1,
        )

    ordered: list[tuple[Indicator, str]] = []
    for indicator in sort_by_share(
        [indicator for indicator in members if not find_containing_answers(indicator)]
    ):
        ordered.append((indicator, ""))
        partial_answers = [
            partial_answer
            for partial_answer in members
            if indicator.id in find_containing_answers(partial_answer)
        ]
        ordered += [(partial_answer, PART) for partial_answer in sort_by_share(partial_answers)]
    answer_estimates = totals_by_indicator.loc[
        [indicator.id for indicator, _ in ordered]
    ].reset_index(drop=True)
    answer_estimates = answer_estimates.assign(
        label=[translator.of_study(indicator.figure_label) for indicator, _ in ordered]
    )
    spoken_rows = tuple(build_row(cell, translator) for cell in answer_estimates.itertuples())
    rows = tuple(
        replace(row, label=mark + row.label)
        for row, (_, mark) in zip(spoken_rows, ordered, strict=True)
    )
    uncounted = (
        describe_uncounted_answers(translator, codebook, indicator, members)
        for indicator in members
        if single_choice
    )
    return QuestionAnswers(
        Section(heading, rows),
        answer_estimates,
        not single_choice,
        Section(heading, spoken_rows),
        tuple(filter(None, uncounted)),
    )


def _collect_notes(
    questions: Sequence[QuestionAnswers], end: float, context: FigureContext
) -> list[str]:
    translator = context.translator
    notes = [translator("Each pale band runs from 0 to {end}.", end=translator.with_sign(int(end)))]
    notes += [note for question in questions for note in question.uncounted]
    several = [f"“{question.section.heading}”" for question in questions if question.several]
    if several:
        notes.append(
            translator(
                "Several answers could be given to: {questions}. Their shares do not add up to 100 "
                "per cent.",
                questions=translator.enumeration(several),
            )
        )
    return notes


def _draw_questions(sections: Sequence[Section], frame: Frame, end: float) -> Figure:
    """Draw the questions side by side, or below each other in a narrow cut."""
    cut = frame.cut
    across = 1 if cut.narrow else len(sections)
    width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
    heights = [
        HEAD + 1.5 + sum(_measure_answer(row, width, cut) for row in s.rows) for s in sections
    ]
    body = sum(heights) + 2 * (len(heights) - 1) if cut.narrow else max(heights)
    figure, page, top = paper.lay_out_page(frame, body)
    left = MARGIN
    for index, (section, height) in enumerate(zip(sections, heights, strict=True)):
        last = index == len(sections) - 1
        _draw_heading(page, section.heading, left, top, width, last, cut)
        y = top + HEAD + 1.5
        for row in section.rows:
            _draw_answer(page, row, left, y, width, end, cut)
            y += _measure_answer(row, width, cut)
        if cut.narrow:
            top += height + 2
        else:
            left += width + BETWEEN
    return figure


def _draw_heading(
    page: Axes, heading: str, left: float, top: float, width: float, last: bool, cut: Cut
) -> None:
    """Draw the head of a column; its point leads to the next question."""
    right, middle, foot = left + width, top + HEAD / 2, top + HEAD
    box = [(left, top), (right, top), (right, foot), (left, foot)]
    if not last and cut.narrow:
        centre = left + width / 2
        tip = [(centre + POINT, foot), (centre, foot + POINT / 2), (centre - POINT, foot)]
        box = [*box[:3], *tip, box[3]]
    elif not last:
        box = [box[0], box[1], (right + POINT, middle), box[2], box[3]]
    page.add_patch(Polygon(box, color=style.TEAL, linewidth=0))
    put_text(page, left + 2, middle, heading, size=cut.text, color="white", weight=style.SEMIBOLD)


def _wrap_label(row: Row, width: float, cut: Cut) -> tuple[str, ...]:
    room = width - text_width(row.value, cut.text, True) - 2
    return wrap(row.label, room, cut.text)


def _measure_answer(row: Row, width: float, cut: Cut) -> float:
    return line_height(cut.text) * len(_wrap_label(row, width, cut)) + LINE


def _draw_answer(
    page: Axes, row: Row, left: float, top: float, width: float, end: float, cut: Cut
) -> None:
    """Write an answer with its share, and draw its interval below on a band from 0 to the end."""
    line = line_height(cut.text)
    label_lines = _wrap_label(row, width, cut)
    for index, text in enumerate(label_lines):
        put_text(page, left, top + line * (index + 0.5), text, size=cut.text)
    value = {"ha": "right", "size": cut.text, "weight": style.SEMIBOLD}
    put_text(page, left + width, top + line / 2, row.value, **value)
    y = top + line * len(label_lines) + LINE / 2 - 0.4
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        _draw_sign(page, row, left, y, width, end, cut)
        return
    scale, mark = width / end, MARKS[row.look]
    band = (left, y - TRACK / 2), width, TRACK
    page.add_patch(Rectangle(*band, color=style.PLACE, linewidth=0, zorder=0.5))
    span = left + scale * row.ci_low, left + scale * row.ci_high
    look: dict[str, Any] = {"linestyles": mark.line, "lw": 3, "zorder": 1}
    page.hlines(y, *span, mark.line_color, urls=[row.row_address], **look)
    page.scatter(
        [left + scale * row.estimate], [y], s=mark.size, marker=mark.shape, facecolor=mark.fill,
        edgecolor=mark.edge, linewidth=1.2, zorder=3, urls=[row.row_address],
    )  # fmt: skip


def _draw_sign(
    page: Axes, row: Row, left: float, y: float, width: float, end: float, cut: Cut
) -> None:
    """Draw the sign of why there is no estimate, with words where it has no number."""
    box = (left, y - SIGN / 2), width, SIGN
    if row.missing == "bound" and row.limits:
        low, high = (width / end * limit for limit in row.limits)
        page.add_patch(Rectangle((left, y - TRACK / 2), width, TRACK, color=style.PLACE, lw=0))
        page.add_patch(
            Rectangle(
                (left + low, y - BOUND / 2), high - low, BOUND, facecolor="white", hatch=HATCH,
                edgecolor=style.MID, linewidth=0.7, zorder=1.5, url=row.row_address,
            )
        )  # fmt: skip
        return
    if row.missing == "privacy":
        page.add_patch(Rectangle(*box, color=style.PLACE, linewidth=0, url=row.row_address))
    elif row.missing == "uncertain":
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MID}
        look["linestyle"] = (0, (2, 1.4))
        page.add_patch(Rectangle(*box, linewidth=0.7, url=row.row_address, **look))
    else:
        page.hlines(y, left, left + 5, style.MID, lw=1.4, urls=[row.row_address])
    indent = 6.5 if row.missing in ("unasked", "unrecorded") else 1.6
    put_text(page, left + indent, y, row.printed_text, size=cut.small, color=style.GREY)
