"""Actions and the countries that need them: what most countries need, and what is compared."""

from collections.abc import Collection, Mapping, Sequence

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.provenance.compared_row_addresses import address_of_compared_row
from disrupting_harm.report.drawing.matrix import Cell, CellMark, Matrix, MatrixRow, MatrixSection
from disrupting_harm.report.figures.alt_text import FigureContext, format_title
from disrupting_harm.report.figures.comparison.indicator_comparison import Drawing, NotDrawn
from disrupting_harm.report.findings.action_states import (
    HIDDEN,
    PARTLY,
    UNKNOWN,
    UNSETTLED,
    ActionStates,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.signs import CONFIDENTIAL
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.needed_actions import (
    AHEAD,
    START_HERE,
    TABLE,
    NeededActions,
    group_needed_actions,
)
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import NOT_ASKED

MARKS: Mapping[str, CellMark] = {
    START_HERE: "need",
    "": "open_need",
    AHEAD: "minus",
    PARTLY: "half",
    UNKNOWN: "question",
    NOT_ASKED: "dash",
    HIDDEN: "box",
    UNSETTLED: "box",
}
# The letters of boxes.
SIGNS = {HIDDEN: CONFIDENTIAL, UNSETTLED: "S"}


def draw_action_matrix(
    rows: Sequence[PublicRow],
    recommendations: Recommendations,
    country_names: Mapping[str, str],
    context: FigureContext,
    states: ActionStates,
) -> Drawing | NotDrawn:
    """Draw which country needs which action, countries in alphabetical order.

    Where one is not needed, it is told whether nobody knows, or it is there in part.

    Actions that few countries need and that are not compared are left out: each country's report
    has them.

    Args:
        rows: of the public table of needs.
        states: what is known where an action is not needed.
    """
    translator = context.translator
    actions_by_id = {action.id: action for _, action in recommendations.actions}
    titles = {id: action.text for id, action in actions_by_id.items()}
    needed = _group_rows_of_one_kind(rows, [*titles], len(country_names))
    sections = []
    order = sorted(country_names, key=lambda code: (build_sort_key(country_names[code]), code))
    words = {
        START_HERE: translator("start here: behind others, or most others have it"),
        "": translator("needed: no clear difference, or not compared"),
        AHEAD: translator("needed, yet ahead of others"),
        PARTLY: translator("in place in part"),
        UNKNOWN: translator("not known"),
        NOT_ASKED: translator("not asked"),
        HIDDEN: translator("hidden number"),
        UNSETTLED: translator("settle first"),
    }
    states_drawn: set[str] = set()
    for heading, actions in (
        (translator("Needed nearly everywhere: plan it together"), needed.shared),
        (translator("Needed in over two thirds of {areas}"), needed.frequent),
        (translator("Needed in some {areas}, which clearly differ"), needed.compared),
    ):
        matrix_rows = []
        for action in actions:
            cells = {row["country"]: _build_cell(row, words) for row in action.rows}
            recommendation = actions_by_id[action.id]
            for code in [code for code in order if code not in cells]:
                if recommendation.countries and code not in recommendation.countries:
                    continue
                state, address = states.find(recommendation, code)
                if state:
                    states_drawn.add(state)
                    sign = SIGNS.get(state, "")
                    cells[code] = Cell(MARKS[state], words[state], sign, address=address)
            count = translator.number(_count_rows(action.rows))
            matrix_rows.append(MatrixRow(translator.of_study(titles[action.id]), cells, count))
        if matrix_rows:
            sections.append(MatrixSection(heading, tuple(matrix_rows)))
    if not sections:
        return NotDrawn(translator("No action is needed in most {areas}, or compared."))
    topic = _describe_counts(needed, translator)
    title = format_title(context, topic)
    drawn = {action.id for action in (*needed.shared, *needed.frequent, *needed.compared)}
    return Drawing(
        Matrix(
            tuple(sections),
            {code: country_names[code] for code in order},
            tuple(
                Cell(MARKS[group], text, SIGNS.get(group, ""))
                for group, text in words.items()
                if group in (START_HERE, "", AHEAD, *states_drawn)
            ),
            translator("{Areas}"),
        ),
        "",
        translator(
            "Nothing drawn: in place, or a number whose range does not lie beyond its mark."
        ),
        translator("Matrix of actions and {areas}: {title}.", title=title),
        [_describe_section(section, context) for section in sections],
        [
            *([translator.of_study(recommendations.rule)] if recommendations.rule else []),
        ],
        undrawn={"other_actions": _list_addresses(rows, drawn)},
        topic=topic,
    )


def _describe_counts(needed: NeededActions, translator: Translator[str]) -> str:
    """Return how many actions most countries need; what none of them is has no count."""
    shared, frequent = (
        translator.number(_count_rows([action.rows[0] for action in actions])) if actions else ""
        for actions in (needed.shared, needed.frequent)
    )
    if shared and frequent:
        return translator(
            "Actions that nearly all {areas} need: {shared}; that over two thirds need: {frequent}",
            shared=shared,
            frequent=frequent,
        )
    if shared:
        return translator("Actions that nearly all {areas} need: {shared}", shared=shared)
    if frequent:
        return translator("Actions that over two thirds of {areas} need: {n}", n=frequent)
    return translator("Actions that some {areas} need, which clearly differ")


def _group_rows_of_one_kind(
    rows: Sequence[PublicRow], action_ids: Sequence[str], area_count: int
) -> NeededActions:
    """Group actions by rows that are not simulated, or by simulated ones where those show none.

    What is simulated never stands in one matrix with what is not.
    """
    kinds = (
        [row for row in rows if row["data_kind"] != SIMULATED],
        [row for row in rows if row["data_kind"] == SIMULATED],
    )
    real, simulated = (group_needed_actions(kind, action_ids, area_count) for kind in kinds)
    return real if real.shared or real.frequent or real.compared else simulated


def _build_cell(row: PublicRow, words: Mapping[str, str]) -> Cell:
    group = row["group"] if row["group"] in MARKS else ""
    address = address_of_compared_row(TABLE, row)
    return Cell(MARKS[group], words[group], address=address)


def _count_rows(rows: Sequence[PublicRow]) -> int:
    return cell_count([f"{address_of_compared_row(TABLE, row)}/group" for row in rows])


def _describe_section(section: MatrixSection, context: FigureContext) -> str:
    """Return the actions of a section with how many countries need each."""
    translator = context.translator
    counts = translator.enumeration([f"{row.label} ({row.count})" for row in section.rows])
    return translator("{heading}: {actions}.", heading=section.heading, actions=counts)


def _list_addresses(rows: Sequence[PublicRow], drawn: Collection[str]) -> list[str]:
    """Return the addresses of the rows of actions that are not drawn."""
    return [address_of_compared_row(TABLE, row) for row in rows if row["action"] not in drawn]
