"""The widths in which figures are cut, where they were."""

from disrupting_harm.report.drawing.formats import AUTHORS, RUN, Press
from disrupting_harm.report.drawing.widths import (
    COLUMN,
    CUTS,
    LEADING,
    MM_PER_PIXEL,
    MM_PER_POINT,
    NARROW,
    SMALL,
    TEXT,
    WEB,
    WIDE,
    Cut,
    line_height,
    named_cuts,
)

SCREEN = RUN
__all__ = [
    "AUTHORS",
    "COLUMN",
    "CUTS",
    "LEADING",
    "MM_PER_PIXEL",
    "MM_PER_POINT",
    "NARROW",
    "RUN",
    "SCREEN",
    "SMALL",
    "TEXT",
    "WEB",
    "WIDE",
    "Cut",
    "Press",
    "line_height",
    "named_cuts",
]
