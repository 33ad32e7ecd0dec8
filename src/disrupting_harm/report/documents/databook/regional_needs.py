"""The sheet of what each country needs: each action with what it was compared with."""

from collections.abc import Sequence

from disrupting_harm.report.documents.databook.regional_sheets import (
    name_countries,
    p_value_cells,
    yes_no_cells,
)
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    RowCell,
    Sheet,
    Value,
    add_mark,
    create_table_sheet,
    shared_decimals,
    whole_cells,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.reading.needed_actions import check_needed_actions
from disrupting_harm.report.reading.rows import PublicRow

GROUPS = {
    "start_here": "start here: behind others, or most others have it",
    "also_needed": "also needed: no clear difference, or not compared",
    "ahead": "needed, yet ahead of others",
}


def create_needs_sheet(
    wording: ComparisonFormatter,
    rows: Sequence[PublicRow],
    recommendations: Recommendations | None,
    mark: str,
) -> list[Sheet]:
    """Return the sheet; none where the study has no actions, or none is needed.

    Args:
        rows: of ``needs.csv``.
        recommendations: the study's actions.
        mark: what stands behind the title; may be empty.

    Raises:
        StudyError: a row names an action that the study does not have.
    """
    if not rows or recommendations is None:
        return []
    translator = wording.translator
    titles = {action.id: translator.of_study(action.text) for _, action in recommendations.actions}
    check_needed_actions(rows, titles)
    of_study, actions = translator.of_study, recommendations.actions
    marks = {action.id: of_study(action.mark).removeprefix("Mark: ") for _, action in actions}
    actors = {action.id: of_study(group.owner) for group, action in actions}
    first_steps = {action.id: of_study(action.first_step) for _, action in actions}
    columns: Sequence[tuple[Column, RowCell]] = (
        (Column(translator("{Area}"), 22), lambda row: wording.country(row["country"])),
        (Column(translator("What to do"), 48), lambda row: titles[row["action"]]),
        (Column(translator("Mark"), 36), lambda row: marks[row["action"]]),
        (Column(translator("Who"), 24), lambda row: actors[row["action"]]),
        (Column(translator("First step"), 36), lambda row: first_steps[row["action"]]),
        (Column(translator("Group"), 44), lambda row: translator(GROUPS[row["group"]])),
        (Column(translator("Needed in"), 10), whole_cells("needed_in")),
        (Column(translator("Others compared"), 10), whole_cells("others")),
        (Column(translator("Others that have it"), 10), whole_cells("in_place")),
        (Column(translator("Mean of the others, from"), 11), whole_cells("mean_whole_low")),
        (Column(translator("Mean of the others, to"), 11), whole_cells("mean_whole_high")),
        (Column(translator("Behind by, points"), 11), _point_cells("gap")),
        (Column(translator("Lower limit"), 11), _point_cells("gap_low")),
        (Column(translator("Upper limit"), 11), _point_cells("gap_high")),
        (Column(translator("p (Holm)"), 10), p_value_cells("p_holm")),
        (Column(translator("Clear"), 10), _name_verdict),
        (Column(translator("Left out"), 40), lambda row: name_countries(row["left_out"], wording)),
        (Column(translator("Code"), 26, printed=False), lambda row: row["action"]),
    )
    name = translator("What is needed")
    sorted_rows = wording.sort_by_country_name(rows)
    return [create_table_sheet(name, add_mark(name, mark), columns, sorted_rows)]


def _name_verdict(row: PublicRow) -> Value:
    """Return whether a gap is clear; what reviews, interviews and counts say has no test."""
    return yes_no_cells("clear")(row) if row["p_value"] else "not tested"


def _point_cells(column: str) -> RowCell:
    """Return a difference of shares in percentage points."""

    def cell(row: PublicRow) -> Value:
        if not row[column]:
            return None
        digits = shared_decimals(row, (column,), 100)
        return Number(round(100 * row.number(column), digits), digits)

    return cell
