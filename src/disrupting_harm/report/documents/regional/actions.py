"""The chapter on what to do: actions that nearly all areas need, and those of some."""

from collections.abc import Sequence
from dataclasses import replace

from disrupting_harm.provenance.addresses import COMPARE, address_of, cell_count
from disrupting_harm.provenance.compared_row_addresses import address_of_compared_row
from disrupting_harm.report.documents.regional.headline_indicator import NOTHING, Answer
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.needed_actions import NOT_COMPARABLE
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.markdown import Markdown, format_pipe_table
from disrupting_harm.report.language.signs import CONFIDENTIAL
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.needed_actions import (
    TABLE,
    NeededAction,
    NeededActions,
    group_needed_actions,
)
from disrupting_harm.report.reading.rows import PublicRow

FIGURE = "actions"
CHAPTER, SHARED = "actions", "shared-actions"


def answer_what_to_do(
    translator: Translator[Markdown],
    rows: Sequence[PublicRow],
    recommendations: Recommendations,
    area_count: int,
) -> Answer | None:
    """Return the answer from the public table of needs; None where nothing is needed.

    Args:
        rows: of ``needs.csv``.
        recommendations: of the study.
        area_count: how many areas the study has.
    """
    needed = _group_needs(rows, recommendations, area_count)
    if not any((needed.shared, needed.compared, needed.frequent, needed.further)):
        return None

    def describe(group: Sequence[NeededAction], singular: str, plural: str) -> list[Markdown]:
        count = _count_actions(group)
        number = translator.number(count)
        return [translator.plural(singular, plural, count, n=number)] if group else []

    sentences = [
        *describe(
            needed.frequent,
            "{n} more is needed in over two thirds of {areas}.",
            "{n} more are needed in over two thirds of {areas}.",
        ),
        *describe(
            needed.compared,
            "{n} more divides the {areas}: some are clearly behind others, or lack what most have.",
            "{n} more divide the {areas}: some are clearly behind others, or lack what most have.",
        ),
        *describe(
            needed.further,
            "{n} more, not drawn, is needed in some {areas}; no difference is clear there, or "
            "none was tested. "
            "The report of each {area} has all of its own, with a first step.",
            "{n} more, not drawn, are needed in some {areas}; no difference is clear there, or "
            "none was tested. "
            "The report of each {area} has all of its own, with a first step.",
        ),
    ]
    (lead,) = describe(
        needed.shared,
        "{n} action is needed nearly everywhere: plan it together.",
        "{n} actions are needed nearly everywhere: plan them together.",
    ) or [translator("No action is needed nearly everywhere; each {area} has its own.")]
    sure = []
    if needed.shared or needed.frequent or needed.compared:
        # Nothing else has a matrix to read.
        sure.append(
            translator(
                "**How to read it:** “?” and “{hidden}” are no praise: it is not known, or not "
                "shown, whether the action is needed. “S”: sources disagree, or a step before is "
                "missing.",
                hidden=Markdown(CONFIDENTIAL),
            )
        )
    if any(NOT_COMPARABLE in row["left_out"] for row in rows):
        sure.append(translator("Each {area} is judged by its own numbers, also where set apart."))
    return Answer(
        CHAPTER,
        translator("What to do"),
        lead,
        "needs",
        f"{COMPARE}/{TABLE}",
        (Markdown(" ".join(sentences)),) if sentences else (),
        (FIGURE,),
        _format_common_actions(translator, (*needed.shared, *needed.frequent), recommendations),
        join_sentences(sure),
    )


def _group_needs(
    rows: Sequence[PublicRow], recommendations: Recommendations, area_count: int
) -> NeededActions:
    return group_needed_actions(
        rows, [action.id for _, action in recommendations.actions], area_count
    )


def _format_common_actions(
    translator: Translator[Markdown],
    needed: Sequence[NeededAction],
    recommendations: Recommendations,
) -> Markdown:
    """Return a table of actions that most areas need: who acts, how to begin, and in how many."""
    by_id = {action.id: (actors, action) for actors, action in recommendations.actions}
    if not needed:
        return NOTHING
    lines = []
    for need in needed:
        actors, action = by_id[need.id]
        lines.append(
            (
                translator.of_study(action.text).rstrip("."),
                translator.of_study(actors.owner),
                translator.of_study(action.first_step),
                translator.number(
                    cell_count(
                        [f"{address_of_compared_row(TABLE, row)}/group" for row in need.rows]
                    )
                ),
            )
        )
    return format_pipe_table(
        (
            translator("Action"),
            translator("Who"),
            translator("First step"),
            translator("{Areas}"),
        ),
        lines,
        (36, 20, 33, 11),
        caption=translator(
            "What most {areas} need: who acts, and how to begin. Both are proposals, to be agreed "
            "in each {area}."
        ),
        label="tbl-common-actions",
        text_columns=range(3),
    )


def list_shared_actions(
    translator: Translator[Markdown],
    rows: Sequence[PublicRow],
    recommendations: Recommendations,
    answer: Answer | None,
    area_count: int,
) -> Answer | None:
    """Return the actions that nearly all areas need, for the first page; None without any.

    Args:
        recommendations: of the study.
        answer: of the chapter, whose lead says how many they are.
    """
    shared = _group_needs(rows, recommendations, area_count).shared
    if answer is None or not shared:
        return None
    titles = {action.id: action.text for _, action in recommendations.actions}
    actions = [translator.of_study(titles[action.id]).rstrip(".") for action in shared]
    return replace(
        answer,
        id=SHARED,
        paragraphs=(Markdown("\n".join(f"- {action}" for action in actions)),),
        figures=(),
        table=NOTHING,
        sure=NOTHING,
    )


def _count_actions(actions: Sequence[NeededAction]) -> int:
    """Return how many actions there are, with the cells that say in how many areas each is."""
    return cell_count([address_of(action.rows[0]["needed_in"]) for action in actions])
