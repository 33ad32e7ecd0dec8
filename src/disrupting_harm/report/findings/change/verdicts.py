"""The verdicts on one indicator, as its rows of the public table have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from disrupting_harm.report.findings.change.change_numbers import Row
from disrupting_harm.study.statuses import NOT_ASKED

CLEAR = ("rose", "fell")


@dataclass(frozen=True)
class Segment:
    """Surveys that are compared with each other, without a break between them.

    Attributes:
        first_to_last: the change from the first of them to the last.
        steps: the changes between neighbours, the earliest first; with two surveys there are none.
    """

    first_to_last: Row
    steps: tuple[Row, ...]

    @property
    def clear_steps(self) -> list[Row]:
        """The steps that are clear."""
        return [row for row in self.steps if row["change"] in CLEAR]

    @property
    def clear_rows(self) -> list[Row]:
        """The changes that are clear, that from the first survey to the last before steps."""
        return [row for row in (self.first_to_last, *self.steps) if row["change"] in CLEAR]

    @property
    def is_tested(self) -> bool:
        """Whether any of its changes has a verdict."""
        return any(row["change"] for row in (self.first_to_last, *self.steps))


def find_segments(rows: Sequence[Row]) -> list[Segment]:
    """Return the segments of one indicator in one group, the earliest first.

    Args:
        rows: of the public table; those that are not compared have no part of alpha.
    """
    with_share = [row for row in rows if float(row["alpha_share"])]
    rows_by_waves = {(row["wave_from"], row["wave_to"]): row for row in with_share}
    years = {
        row[f"wave_{side}"]: float(row[f"year_{side}"]) for row in rows for side in ("from", "to")
    }
    runs: list[list[str]] = []
    for wave in sorted(years, key=years.__getitem__):
        if runs and (runs[-1][-1], wave) in rows_by_waves:
            runs[-1].append(wave)
        elif any(wave in pair for pair in rows_by_waves):
            runs.append([wave])
    return [
        Segment(
            rows_by_waves[waves[0], waves[-1]],
            tuple(rows_by_waves[pair] for pair in pairwise(waves)) if len(waves) > 2 else (),
        )
        for waves in runs
        if len(waves) > 1
    ]


def list_surveys(segment: Segment) -> list[tuple[Row, str]]:
    """Return each survey of a segment once: a row that has it, and on which side."""
    steps = segment.steps or (segment.first_to_last,)
    return [(steps[0], "from"), *((row, "to") for row in steps)]


def is_step(row: Row, rows: Sequence[Row]) -> bool:
    """Return whether no other survey that asked lies between the two of a row.

    Args:
        row: one of ``rows``.
        rows: all of an indicator in one group.
    """
    asked_rows = [change_row for change_row in rows if change_row["status"] != NOT_ASKED]
    years = [
        float(change_row[f"year_{side}"]) for change_row in asked_rows for side in ("from", "to")
    ]
    return not any(float(row["year_from"]) < year < float(row["year_to"]) for year in years)
