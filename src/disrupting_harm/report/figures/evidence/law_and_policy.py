"""What of law and policy is in place in one country, item by item, in five marks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, address_part, row_count
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import WIDE, Cut, line_height
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_figure_record,
)
from disrupting_harm.report.figures.evidence.matrix import Mark, draw_disc
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME = "policy"
ACROSS = 4  # items beside each other
AREA = 0.19  # of the width, for the names of areas
DISC = 5.5  # room of a mark
KEY = 6.0  # room of the key
PADDING = 2.4  # between two areas
# The five marks, in the order of the key: discs, a question mark, a dash.
IN_PLACE, PARTLY, NOT_IN_PLACE, NOT_KNOWN, NOTHING = (
    "in_place", "partly", "not_in_place", "not_known", "",
)  # fmt: skip
ANSWERS = (IN_PLACE, PARTLY, NOT_IN_PLACE, NOT_KNOWN, NOTHING)
FILLS: dict[str, Mark] = {IN_PLACE: "full", PARTLY: "left", NOT_IN_PLACE: "none"}


@dataclass(frozen=True)
class Item:
    """One item with its answer, one of :data:`ANSWERS`, and the address of its row."""

    name: str
    answer: str
    row_address: str


def draw_policy(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw the items of each area with a mark for what the review found."""
    evidence_rows = locate_rows(NAME, evidence.rows(NAME))
    if not evidence_rows:
        return None
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator = context.translator
    areas: dict[str, list[Item]] = {}
    for evidence_row in evidence_rows:
        areas.setdefault(
            _capitalise_first(label(translator, NAME, "area", evidence_row["area"])), []
        ).append(
            Item(
                _capitalise_first(label(translator, NAME, "item", evidence_row["item"])),
                _read_answer(evidence_row),
                evidence_row[ADDRESS],
            )
        )
    topic = translator("Law and policy")
    subtitle = translator(
        "Review of {count} items of the Model National Response, {place}",
        count=translator.number(row_count(len(evidence_rows), _address_rows(evidence_rows))),
        place=context.area_name,
    )
    frame = build_frame(context, topic, subtitle, evidence_rows)
    title = alt_text.format_title(context, topic)
    draw = partial(_draw_areas, areas, translator=translator)
    return write_figure_record(
        draw(frame),
        frame,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator("That something is in place on paper does not say that it works."),
        opening=translator("Matrix of items by area: {title}.", title=title),
        finding=_describe_answers(translator, areas, _address_rows(evidence_rows)),
        redraw=draw,
    )


def _address_rows(evidence_rows: Sequence[PublicRow]) -> str:
    """Return the address of all rows of the country's table, of which counts are counts."""
    return f"{evidence_rows[0]['country']}/{NAME}"


def _read_answer(evidence_row: PublicRow) -> str:
    return evidence_row["answer"] if evidence_row["answer"] in ANSWERS else NOTHING


def _capitalise_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _label_answer(translator: Translator[str], answer: str) -> str:
    if answer == NOTHING:
        return translator("not recorded, or does not apply")
    return label(translator, NAME, "answer", answer)


def _draw_areas(areas: dict[str, list[Item]], frame: Frame, translator: Translator[str]) -> Figure:
    cut = frame.cut
    font_size, line = cut.small, line_height(cut.small)
    across = 1 if cut.narrow else ACROSS
    left = MARGIN if cut.narrow else AREA * cut.width
    width = (cut.width - MARGIN - left) / across
    area_names = {
        area: wrap(area, cut.width if cut.narrow else left - 4, font_size, True) for area in areas
    }
    bands = [
        (area, [items[index : index + across] for index in range(0, len(items), across)])
        for area, items in areas.items()
    ]
    room = width - DISC - 1
    heights = {
        area: [
            max(len(wrap(item.name, room, font_size)) for item in row) * line + 1 for row in rows
        ]
        for area, rows in bands
    }
    stacked = {area: line * len(area_names[area]) * cut.narrow for area in areas}
    area_heights = {
        area: PADDING
        + stacked[area]
        + max(sum(heights[area]), line * len(area_names[area]) * (not cut.narrow))
        for area in areas
    }
    key_height = KEY * _count_key_lines(translator, cut)
    figure, page, top = paper.lay_out_page(frame, key_height + sum(area_heights.values()) + 1)
    _draw_key(page, translator, top + KEY / 2 - 1, cut)
    y = top + key_height
    for area, rows in bands:
        page.hlines(y, MARGIN, cut.width - MARGIN, style.GUIDE, lw=0.6)
        start = y + PADDING / 2
        for index, text in enumerate(area_names[area]):
            look = {"size": font_size, "weight": style.SEMIBOLD}
            put_text(page, MARGIN, start + line * (index + 0.5) + 0.4, text, **look)
        start += stacked[area]
        for row, height in zip(rows, heights[area], strict=True):
            for index, item in enumerate(row):
                _draw_item(page, item, left + index * width, start, height, room, font_size)
            start += height
        y += area_heights[area]
    page.hlines(y, MARGIN, cut.width - MARGIN, style.GUIDE, lw=0.6)
    return figure


def _draw_item(
    page: Axes, item: Item, x: float, top: float, height: float, room: float, font_size: float
) -> None:
    middle = top + height / 2
    _draw_mark(page, item.answer, x + 2, middle, font_size, item.row_address)
    name_lines = wrap(item.name, room, font_size)
    color = style.INK if item.answer else style.GREY
    for index, text in enumerate(name_lines):
        y = middle + line_height(font_size) * (index - (len(name_lines) - 1) / 2)
        put_text(page, x + DISC, y, text, size=font_size, color=color)


def _draw_mark(
    page: Axes, answer: str, x: float, y: float, font_size: float, row_address: str | None = None
) -> None:
    if answer in FILLS:
        draw_disc(page, x, y, FILLS[answer], row_address)
    elif answer == NOT_KNOWN:
        look = {"ha": "center", "color": style.RUST, "weight": style.SEMIBOLD}
        put_text(page, x, y, "?", size=font_size + 2, url=row_address, **look)
    else:
        page.hlines(y, x - 1.4, x + 1.4, style.MID, lw=1.4, urls=[row_address])


def _place_key(translator: Translator[str], cut: Cut) -> list[tuple[str, float, int]]:
    """Return where each part of the key stands: its answer, its left edge and its line."""
    positions, x, line = [], MARGIN, 0
    for answer in ANSWERS:
        width = DISC + text_width(_label_answer(translator, answer), cut.small) + 4
        if x > MARGIN and x + width - 4 > cut.width - MARGIN:
            x, line = MARGIN, line + 1
        positions.append((answer, x, line))
        x += width
    return positions


def _count_key_lines(translator: Translator[str], cut: Cut) -> int:
    return _place_key(translator, cut)[-1][2] + 1


def _draw_key(page: Axes, translator: Translator[str], y: float, cut: Cut) -> None:
    for answer, x, line in _place_key(translator, cut):
        middle = y + KEY * line
        _draw_mark(page, answer, x + 2, middle, cut.small)
        put_text(page, x + DISC, middle, _label_answer(translator, answer), size=cut.small)


def _describe_answers(
    translator: Translator[str], areas: dict[str, list[Item]], counted_rows: str
) -> str:
    """Return how many items have each answer, and which are not in place."""
    items = [item for items_of_area in areas.values() for item in items_of_area]
    counts = {
        answer: row_count(number, f"{counted_rows}/answer:{address_part(answer)}")
        for answer, number in Counter(item.answer for item in items).items()
    }
    answer_counts = [
        translator(
            "{label}: {count}",
            label=_label_answer(translator, answer),
            count=translator.number(counts[answer]),
        )
        for answer in ANSWERS
        if answer in counts
    ]
    missing = [item.name for item in items if item.answer == NOT_IN_PLACE]
    findings = [translator("{findings}.", findings=_capitalise_first("; ".join(answer_counts)))]
    if missing:
        heading = _capitalise_first(_label_answer(translator, NOT_IN_PLACE))
        findings.append(
            translator("{heading}: {findings}.", heading=heading, findings="; ".join(missing))
        )
    return alt_text.join_sentences(findings)
