"""What of law and policy is in place in one country, item by item, in six marks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.provenance.addresses import ADDRESS, address_part, cell_count, row_count
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
from disrupting_harm.report.reading.rows import PublicRow

NAME = "policy"
IN_PLACE, PARTLY, NOT_IN_PLACE = "in_place", "partly", "not_in_place"
# The mark of each answer and, where there is none, of each reason, in the order of the key.
MARKS: dict[str, CellMark] = {
    IN_PLACE: "full",
    PARTLY: "half",
    NOT_IN_PLACE: "empty",
    "not_known": "question",
    "not_recorded": "dash",
    "not_applicable": "box",
}
REASONS = ("not_recorded", "not_applicable")


def draw_policy(
    all_rows: Sequence[PublicRow], country: str, context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw the parts of each area with a mark for what the review found.

    Below each stands in how many of the other countries it is in place.

    Args:
        all_rows: of ``policy.csv``, of all countries.
    """
    located_rows = locate_rows(NAME, all_rows)
    evidence_rows = [row for row in located_rows if row["country"] == country]
    if not evidence_rows:
        return None
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator = context.translator
    other_rows = [row for row in located_rows if row["country"] != country]
    areas: dict[str, list[Item]] = {}
    for evidence_row in evidence_rows:
        area = _capitalise_first(label(translator, NAME, "area", evidence_row["area"]))
        areas.setdefault(area, []).append(
            Item(
                _capitalise_first(label(translator, NAME, "item", evidence_row["item"])),
                build_answer_cell(translator, evidence_row),
                _describe_others(translator, other_rows, evidence_row),
            )
        )
    found = {code: _count_answer(evidence_rows, code) for code in (IN_PLACE, PARTLY, NOT_IN_PLACE)}
    total = translator.number(row_count(len(evidence_rows), _address_rows(evidence_rows)))
    topic = translator(
        "National response: {count} of {total} parts in place, {partly} partly, {missing} not",
        count=translator.number(found[IN_PLACE]),
        partly=translator.number(found[PARTLY]),
        missing=translator.number(found[NOT_IN_PLACE]),
        total=total,
    )
    subtitle = translator.plural(
        "Review of {count} item of the Model National Response, {place}",
        "Review of {count} items of the Model National Response, {place}",
        len(evidence_rows),
        count=total,
        place=context.area_name,
    )
    notes = []
    if other_rows:
        notes.append(
            translator(
                "In grey: in how many of the other {areas} it is in place, as far as is known."
            )
        )
    title = alt_text.format_title(context, topic)
    return write_chart_record(
        ItemList(
            tuple(ItemSection(area, tuple(items)) for area, items in areas.items()),
            build_key(translator, evidence_rows),
        ),
        build_frame(context, topic, subtitle, evidence_rows, notes),
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator("That something is in place on paper does not say that it works."),
        opening=translator("Matrix of items by area: {title}.", title=title),
        finding=_describe_answers(translator, evidence_rows),
    )


def _describe_others(
    translator: Translator[str], other_rows: Sequence[PublicRow], evidence_row: PublicRow
) -> str:
    """Return in how many other countries an item is in place, of those of which it is known.

    So the actions of the report count them, too. Empty where it is known of none.
    """
    rows_of_item = [
        row
        for row in select_item(other_rows, evidence_row["area"], evidence_row["item"])
        if row["answer"] in (IN_PLACE, PARTLY, NOT_IN_PLACE)
    ]
    if not rows_of_item:
        return ""
    return translator(
        "{count} of {n}",
        count=translator.number(count_in_place(rows_of_item)),
        n=translator.number(cell_count([f"{row[ADDRESS]}/answer" for row in rows_of_item])),
    )


def select_item(evidence_rows: Sequence[PublicRow], area: str, item: str) -> list[PublicRow]:
    """Return the rows of one item, a country each."""
    return [row for row in evidence_rows if (row["area"], row["item"]) == (area, item)]


def count_in_place(rows_of_item: Sequence[PublicRow]) -> int:
    """Return in how many countries one item is in place."""
    first = rows_of_item[0]
    condition = "/".join(
        (
            NAME,
            f"area:{address_part(first['area'])}",
            f"item:{address_part(first['item'])}",
            f"answer:{IN_PLACE}",
        )
    )
    rows = ",".join(f"{address_part(row['country'])}/{condition}" for row in rows_of_item)
    return row_count(sum(row["answer"] == IN_PLACE for row in rows_of_item), rows)  # type: ignore[no-any-return]


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


def _count_answer(evidence_rows: Sequence[PublicRow], code: str) -> int:
    """Return how many items have an answer, with the address of their rows."""
    number = sum(_read_code(row) == code for row in evidence_rows)
    return row_count(number, f"{_address_rows(evidence_rows)}/answer:{code}")  # type: ignore[no-any-return]


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
