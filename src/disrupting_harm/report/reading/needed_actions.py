"""Rows of ``comparison/needs.csv`` by action: what nearly all areas need, and what some do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.report.reading.rows import PublicRow

TABLE = "needs"
START_HERE, AHEAD = "start_here", "ahead"
LEAST_AREAS = 3  # of fewer, "nearly all" and "most" say nothing


@dataclass(frozen=True)
class NeededAction:
    """An action with its rows, one an area that needs it."""

    id: str
    rows: tuple[PublicRow, ...]

    @property
    def compared(self) -> bool:
        """Whether an area is clearly behind others in it, or clearly ahead."""
        return any(row["group"] in (START_HERE, AHEAD) for row in self.rows)


@dataclass(frozen=True)
class NeededActions:
    """Actions by how many areas need them, each in the order given.

    Attributes:
        shared: needed in all areas, or in all but one.
        frequent: of the others, those that more than two thirds of the areas need.
        compared: of the others, those in which an area is clearly behind others, or ahead.
        further: all others.
    """

    shared: tuple[NeededAction, ...]
    frequent: tuple[NeededAction, ...]
    compared: tuple[NeededAction, ...]
    further: tuple[NeededAction, ...]


def check_needed_actions(rows: Sequence[PublicRow], action_ids: Collection[str]) -> None:
    """Refuse rows of ``needs.csv`` on an action that the study does not have.

    Raises:
        StudyError: naming the row.
    """
    for row in rows:
        if row["action"] not in action_ids:
            raise StudyError(
                f"comparison/{TABLE}.csv, row of {row['country']}, column 'action'",
                f"the study's file of recommendations has no action '{row['action']}'",
                f"{suggest_name(row['action'], action_ids)}Run the stage '{TABLE}' again, or give "
                "the action its id in that file (`report.recommendations`)",
            )


def group_needed_actions(
    rows: Sequence[PublicRow], action_ids: Sequence[str], area_count: int
) -> NeededActions:
    """Return the actions that some area needs.

    Args:
        rows: of ``needs.csv``.
        action_ids: of the study's file, in its order.
        area_count: how many areas the study has.

    Raises:
        StudyError: as :func:`check_needed_actions`.
    """
    check_needed_actions(rows, action_ids)
    rows_by_action: dict[str, list[PublicRow]] = {}
    for row in rows:
        rows_by_action.setdefault(row["action"], []).append(row)
    needed = [
        NeededAction(name, tuple(rows_by_action[name]))
        for name in action_ids
        if name in rows_by_action
    ]
    nearly_all = max(area_count - 1, LEAST_AREAS)
    groups: dict[str, list[NeededAction]] = {field.name: [] for field in fields(NeededActions)}
    for action in needed:
        if len(action.rows) >= nearly_all:
            group = "shared"
        elif area_count >= LEAST_AREAS and 3 * len(action.rows) > 2 * area_count:
            group = "frequent"
        else:
            group = "compared" if action.compared else "further"
        groups[group].append(action)
    return NeededActions(**{name: tuple(actions) for name, actions in groups.items()})
