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
from disrupting_harm.report.figures.estimate_chart import answers_of, drawn, no_estimate, to_row
from disrupting_harm.report.figures.row_chart import HATCH, Row, Section
from disrupting_harm.report.findings.other_answers import not_counted_apart
from disrupting_harm.report.language.estimate_base import base_of
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
PART = "– "  # before an answer that is a part of the one above it


@dataclass(frozen=True)
class Asked:
    """A question and its answers, as drawn, with the rows of the public table behind them."""

    section: Section
    cells: pd.DataFrame
    several: bool
    # As they are said: without the sign of a part.
    said: Section
    # Answers that a whole counts, and of which no part is drawn.
    uncounted: tuple[str, ...]


def draw_last_time(
    cells: pd.DataFrame, codebook: Codebook, setting: FigureContext, folder: Path
) -> Iterator[FigureRecord]:
    """Draw the questions about the last time, where the codebook has two of them or more.

    Args:
        cells: the public estimates of a country.
        codebook: questions with their words and the indicators of their answers.
        setting: the language, the country's name and what all texts need.
        folder: where the files go.
    """
    setting = replace(setting, cut=WIDE) if not setting.cut.narrow else setting
    totals = cells[cells["domain"] == "total"]
    asked, base = _questions(totals, codebook, setting)
    if len(asked) < 2:
        return
    translator = setting.translator
    subject = translator("Answers about the last time")
    entry = (NAME, "questions", codebook.modules[0].id, "", subject)
    sections = [question.section for question in asked]
    said = [question.said for question in asked]
    rows = [row for section in sections for row in section.rows]
    if all(row.estimate is None for row in rows):
        reason = no_estimate(translator, rows)
        yield FigureRecord(*entry, caption="", alt="", absent=reason)
        return
    end, _ = style.percent_axis(max(row.reach for row in rows))
    subtitle = alt_text.share_of(setting, RECALL, base)
    table = pd.concat([question.cells for question in asked], ignore_index=True)
    notes = [*_notes(asked, end, setting), *alt_text.notes(setting, rows)]
    framed = alt_text.frame(setting, subject, subtitle, answers_of(table), notes)
    title = alt_text.title(setting, subject)
    draw = partial(_draw, sections, end=end)
    files = print_formats.write_figure(draw(framed), folder, NAME, title, setting.press)
    write_csv(folder / f"{NAME}.csv", table.assign(data_kind=setting.data_kind))
    yield drawn(
        entry,
        framed,
        files,
        caption=translator(
            "Each heading is a question of its own: the survey does not tell which {respondents} "
            "gave an answer here and an answer there."
        ),
        alt=alt_text.interval_alt(setting, title, said),
        alt_short=alt_text.interval_alt_short(setting, title, said),
        phone=write_phone_svg(draw, framed, folder, NAME, title, setting.press),
    )


def _questions(
    totals: pd.DataFrame, codebook: Codebook, setting: FigureContext
) -> tuple[list[Asked], str]:
    """Return the first questions that were put to the same children, and who these are."""
    translator, found, base = setting.translator, [], ""
    universe = None
    for entry in codebook.questions:
        members = _answers(codebook, entry.id)
        known = [one for one in members if (totals["indicator"] == one.id).any()]
        if len(known) < 2 or (universe is not None and known[0].universe != universe):
            continue
        universe, base = known[0].universe, base_of(translator, codebook, known[0])
        found.append(_asked(translator.of_study(entry.label), known, totals, codebook, setting))
        if len(found) == COLUMNS_AT_MOST:
            break
    return found, base


def _answers(codebook: Codebook, question: str) -> list[Indicator]:
    """Return the indicators that count answers to one question about the last time."""
    return [
        one
        for one in codebook.indicators
        if one.recall == RECALL
        and len(one.numerator) == 1
        and question in (one.numerator[0].item, codebook.item(one.numerator[0].item).tick_of)
    ]


def _asked(
    heading: str,
    members: Sequence[Indicator],
    totals: pd.DataFrame,
    codebook: Codebook,
    setting: FigureContext,
) -> Asked:
    """Return a question: answers by falling share, each before those that are parts of it."""
    translator = setting.translator
    own = totals.set_index("indicator", drop=False)
    counted = {one.id: set(one.numerator[0].among) for one in members}
    choice = len({one.numerator[0].item for one in members}) == 1

    def wholes(one: Indicator) -> list[str]:
        return [name for name, answers in counted.items() if choice and counted[one.id] < answers]

    def by_share(some: Sequence[Indicator]) -> list[Indicator]:
        estimates = own["estimate"].astype(float)
        return sorted(some, key=lambda one: -estimates[one.id] if estimates[one.id] >= 0 else 1)

    ordered: list[tuple[Indicator, str]] = []
    for one in by_share([one for one in members if not wholes(one)]):
        ordered.append((one, ""))
        parts = [part for part in members if one.id in wholes(part)]
        ordered += [(part, PART) for part in by_share(parts)]
    cells = own.loc[[one.id for one, _ in ordered]].reset_index(drop=True)
    cells = cells.assign(label=[translator.of_study(one.figure_label) for one, _ in ordered])
    said = tuple(to_row(cell, translator) for cell in cells.itertuples())
    rows = tuple(
        replace(row, label=mark + row.label) for row, (_, mark) in zip(said, ordered, strict=True)
    )
    left = (not_counted_apart(translator, codebook, one, members) for one in members if choice)
    return Asked(
        Section(heading, rows), cells, not choice, Section(heading, said), tuple(filter(None, left))
    )


def _notes(asked: Sequence[Asked], end: float, setting: FigureContext) -> list[str]:
    translator = setting.translator
    notes = [translator("Each pale band runs from 0 to {end}.", end=translator.with_sign(int(end)))]
    notes += [note for question in asked for note in question.uncounted]
    several = [f"“{question.section.heading}”" for question in asked if question.several]
    if several:
        notes.append(
            translator(
                "Several answers could be given to: {questions}. Their shares do not add up to 100 "
                "per cent.",
                questions=translator.enumeration(several),
            )
        )
    return notes


def _draw(sections: Sequence[Section], framed: Frame, end: float) -> Figure:
    """Draw the questions side by side, or below each other in a narrow cut."""
    cut = framed.cut
    across = 1 if cut.narrow else len(sections)
    width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
    heights = [HEAD + 1.5 + sum(_height(row, width, cut) for row in s.rows) for s in sections]
    body = sum(heights) + 2 * (len(heights) - 1) if cut.narrow else max(heights)
    figure, page, top = paper.lay_out_page(framed, body)
    left = MARGIN
    for at, (section, height) in enumerate(zip(sections, heights, strict=True)):
        last = at == len(sections) - 1
        _draw_head(page, section.heading, left, top, width, last, cut)
        y = top + HEAD + 1.5
        for row in section.rows:
            _draw_row(page, row, left, y, width, end, cut)
            y += _height(row, width, cut)
        if cut.narrow:
            top += height + 2
        else:
            left += width + BETWEEN
    return figure


def _draw_head(
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


def _label(row: Row, width: float, cut: Cut) -> tuple[str, ...]:
    room = width - text_width(row.value, cut.text, True) - 2
    return wrap(row.label, room, cut.text)


def _height(row: Row, width: float, cut: Cut) -> float:
    return line_height(cut.text) * len(_label(row, width, cut)) + LINE


def _draw_row(
    page: Axes, row: Row, left: float, top: float, width: float, end: float, cut: Cut
) -> None:
    """Write an answer with its share, and draw its interval below on a band from 0 to the end."""
    line = line_height(cut.text)
    lines = _label(row, width, cut)
    for at, text in enumerate(lines):
        put_text(page, left, top + line * (at + 0.5), text, size=cut.text)
    value = {"ha": "right", "size": cut.text, "weight": style.SEMIBOLD}
    put_text(page, left + width, top + line / 2, row.value, **value)
    y = top + line * len(lines) + LINE / 2 - 0.4
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        _draw_sign(page, row, left, y, width, end, cut)
        return
    scale, mark = width / end, MARKS[row.look]
    band = (left, y - TRACK / 2), width, TRACK
    page.add_patch(Rectangle(*band, color=style.PLACE, linewidth=0, zorder=0.5))
    span = left + scale * row.ci_low, left + scale * row.ci_high
    look: dict[str, Any] = {"linestyles": mark.line, "lw": 3, "zorder": 1}
    page.hlines(y, *span, mark.line_color, urls=[row.key], **look)
    page.scatter(
        [left + scale * row.estimate], [y], s=mark.size, marker=mark.shape, facecolor=mark.fill,
        edgecolor=mark.edge, linewidth=1.2, zorder=3, urls=[row.key],
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
                edgecolor=style.MID, linewidth=0.7, zorder=1.5, url=row.key,
            )
        )  # fmt: skip
        return
    if row.missing == "privacy":
        page.add_patch(Rectangle(*box, color=style.PLACE, linewidth=0, url=row.key))
    elif row.missing == "uncertain":
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.MID}
        look["linestyle"] = (0, (2, 1.4))
        page.add_patch(Rectangle(*box, linewidth=0.7, url=row.key, **look))
    else:
        page.hlines(y, left, left + 5, style.MID, lw=1.4, urls=[row.key])
    indent = 6.5 if row.missing in ("unasked", "unrecorded") else 1.6
    put_text(page, left + indent, y, row.shown, size=cut.small, color=style.GREY)
