"""Shorthand in place of a number that a workbook cannot give.

The letters are those of the guidance of the British government's Analysis Function on symbols in
tables (2022): other offices use them, too, and screen readers can say them.
"""

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.report.reading.country_results import Cell
from disrupting_harm.study.statuses import (
    NO_INDICATOR,
    NOT_ASKED,
    RETRACTED_REASON,
    SAME_ANSWERS,
    SUPPRESS_DISCLOSURE,
    SUPPRESS_RELIABILITY,
)

CONFIDENTIAL, UNRELIABLE, UNAVAILABLE, INAPPLICABLE = "[c]", "[u]", "[x]", "[z]"
LOW = "[low]"
_SHORTHAND_OF_STATUS = {
    SUPPRESS_DISCLOSURE: CONFIDENTIAL,
    SUPPRESS_RELIABILITY: UNRELIABLE,
    NOT_ASKED: UNAVAILABLE,
    SAME_ANSWERS: INAPPLICABLE,
    NO_INDICATOR: INAPPLICABLE,
    # Of facts that others counted.
    SUPPRESSED: CONFIDENTIAL,
    "refused": UNAVAILABLE,
    "not_recorded": UNAVAILABLE,
    "not_applicable": INAPPLICABLE,
}


def abbreviate_cell(cell: Cell) -> str:
    """Return what stands in place of a number of a cell that is not shown."""
    return UNAVAILABLE if cell.reason == RETRACTED_REASON else abbreviate_status(cell.status)


def abbreviate_status(status: str) -> str:
    """Return what stands in place of a number of a row with this status; empty where it has one."""
    return _SHORTHAND_OF_STATUS.get(status, "")
