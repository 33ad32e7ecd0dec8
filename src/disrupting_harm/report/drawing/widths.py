"""The widths in which figures are cut, the letters of each, and the files they are printed as.

A figure is drawn anew for each width and never scaled: in a narrow column letters keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.reading.figure_cuts import WIDE_CUT

MM_PER_POINT = 25.4 / 72
MM_PER_PIXEL = 25.4 / 96  # of CSS
# Of the letter size: Khmer letters stand above and below each other.
LEADING = 1.44
NARROW = 100.0  # millimetres


@dataclass(frozen=True)
class Cut:
    """One width.

    Attributes:
        name: of the cut, and of the folder of its files.
        width: in millimetres.
        title, subtitle, text, small: letter sizes in points; small ones are those of ticks, notes
            and the source.
    """

    name: str
    width: float
    title: float
    subtitle: float
    text: float
    small: float

    @property
    def narrow(self) -> bool:
        """Whether long labels stand above what they name."""
        return self.width < NARROW


# The text column of a page, and the column with its margin: figures of documents.
TEXT = Cut("text", 126.5, 10.4, 8.0, 8.2, 7.4)
WIDE = Cut(WIDE_CUT, 170.0, 10.4, 8.0, 8.2, 7.4)
# A half and a third of a page, and a telephone.
COLUMN = Cut("column", 80.0, 9.2, 7.4, 7.4, 7.4)
SMALL = Cut("small", 54.0, 9.0, 7.4, 7.4, 7.4)
# 12 pixels or more on a telephone 375 wide.
WEB = Cut("web", 360 * MM_PER_PIXEL, 10.4, 9.1, 9.1, 9.1)
CUTS = (TEXT, WIDE, COLUMN, SMALL, WEB)
# Figures of briefs: two side by side, or one beside tiles. No text of a brief is smaller.
HALF = Cut("half", 82.5, 10.6, 8.5, 8.6, 8.5)
BROAD = Cut("broad", 110.0, 10.6, 8.5, 8.6, 8.5)


def named_cuts(names: Sequence[str]) -> tuple[Cut, ...]:
    """Return the cuts of these names, in the order of ``CUTS``; all without a name.

    Raises:
        StudyError: if a name is that of no cut.
    """
    cut_names = [cut.name for cut in CUTS]
    for name in names:
        if name not in cut_names:
            raise StudyError(
                "--width", f"no width is named {name!r}", f"Use: {', '.join(cut_names)}"
            )
    return tuple(cut for cut in CUTS if not names or cut.name in names)


def line_height(font_size: float) -> float:
    """Return the height in millimetres of a line of letters of ``font_size`` points."""
    return LEADING * font_size * MM_PER_POINT
