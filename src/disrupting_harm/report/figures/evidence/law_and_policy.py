"""What of law and policy is in place in one country, item by item, in six marks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.provenance.addresses import ADDRESS, address_part, row_count
from disrupting_harm.report.drawing.matrix import Cell, CellMark, Item, ItemList, ItemSection
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.language.evidence_codes import label, status_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME = "policy"
IN_PLACE, NOT_IN_PLACE = "in_place", "not_in_place"
# The mark of each answer and, where there is none, of each reason, in the order of the key.
MARKS: dict[str, CellMark] = {
    IN_PLACE: "full",
    "partly": "half",
    NOT_IN_PLACE: "empty",
    "not_known": "question",
    "not_recorded": "dash",
    "not_applicable": "box",
}
REASONS = ("not_recorded", "not_applicable")


def draw_policy(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw the items of each area with a mark for what the review found."""
    evidence_rows = locate_rows(NAME, evidence.rows(NAME))
    if not evidence_rows:
        return None
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator = context.translator
    areas: dict[str, list[Item]] = {}
    for evidence_row in evidence_rows:
        area = _capitalise_first(label(translator, NAME, "area", evidence_row["area"]))
        areas.setdefault(area, []).append(
            Item(
                _capitalise_first(label(translator, NAME, "item", evidence_row["item"])),
                build_answer_cell(translator, evidence_row),
            )
        )
    topic = translator("Law and policy")
    subtitle = translator(
        "Review of {count} items of the Model National Response, {place}",
        count=translator.number(row_count(len(evidence_rows), _address_rows(evidence_rows))),
        place=context.area_name,
    )
    title = alt_text.format_title(context, topic)
    return write_chart_record(
        ItemList(
            tuple(ItemSection(area, tuple(items)) for area, items in areas.items()),
            build_key(translator, evidence_rows),
        ),
        build_frame(context, topic, subtitle, evidence_rows),
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator("That something is in place on paper does not say that it works."),
        opening=translator("Matrix of items by area: {title}.", title=title),
        finding=_describe_answers(translator, evidence_rows),
    )


def build_key(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> tuple[Cell, ...]:
    """Return the marks of law and policy with their words; a dash has all that it stands for."""
    codes = dict.fromkeys([*MARKS, *map(_read_code, evidence_rows)])
    words: dict[CellMark, list[str]] = {}
    for code in codes:
        words.setdefault(MARKS.get(code, "dash"), []).append(_label_code(translator, code))
    return tuple(Cell(mark, "; ".join(meanings)) for mark, meanings in words.items())


def build_answer_cell(translator: Translator[str], evidence_row: PublicRow) -> Cell:
    """Return the mark of an answer of the review; a dash where nothing else says why none."""
    code = _read_code(evidence_row)
    words = _label_code(translator, code)
    return Cell(MARKS.get(code, "dash"), words, address=evidence_row[ADDRESS])


def _read_code(evidence_row: PublicRow) -> str:
    return evidence_row["answer"] or evidence_row["status"]


def _label_code(translator: Translator[str], code: str) -> str:
    if code in MARKS and code not in REASONS:
        return label(translator, NAME, "answer", code)
    return status_label(translator, code)


def _address_rows(evidence_rows: Sequence[PublicRow]) -> str:
    """Return the address of all rows of the country's table, of which counts are counts."""
    return f"{evidence_rows[0]['country']}/{NAME}"


def _capitalise_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _describe_answers(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> str:
    """Return how many items have each answer, and which are not in place."""
    numbers = Counter(map(_read_code, evidence_rows))
    answer_counts = []
    for code in dict.fromkeys([*MARKS, *numbers]):
        if code in numbers:
            column = "answer" if code in MARKS and code not in REASONS else "status"
            rows = f"{_address_rows(evidence_rows)}/{column}:{address_part(code)}"
            answer_counts.append(
                translator(
                    "{label}: {count}",
                    label=_label_code(translator, code),
                    count=translator.number(row_count(numbers[code], rows)),
                )
            )
    findings = [translator("{findings}.", findings=_capitalise_first("; ".join(answer_counts)))]
    missing = [
        _capitalise_first(label(translator, NAME, "item", evidence_row["item"]))
        for evidence_row in evidence_rows
        if _read_code(evidence_row) == NOT_IN_PLACE
    ]
    if missing:
        heading = _capitalise_first(_label_code(translator, NOT_IN_PLACE))
        findings.append(
            translator("{heading}: {findings}.", heading=heading, findings="; ".join(missing))
        )
    return alt_text.join_sentences(findings)
