"""Colours of every figure, and the looks of marks.

Shape, fill and line differ as well as colour, so that colour is never needed. Contrast on white in
brackets: letters need 4.5, marks 3.
"""

from dataclasses import dataclass

INK = "#1B2A33"  # text (14.7)
TEAL = "#0B4F6C"  # dots, bars, headings (8.9)
RUST = "#B5471B"  # "look here": one row of a figure, the word of simulated data (5.4)
GREY = "#55626B"  # subtitles, sources, a second group (6.3)
TINT = "#5E97AD"  # intervals (3.2)
RUST_TINT = "#C7724B"  # the interval of the row to look at (3.5)
MID = "#87949C"  # frames round what is not shown (3.1)
GUIDE = "#D5DBDF"
PLACE = "#EDF1F3"  # behind the words for what is withheld; GREY on it is 5.5
PALE_TEAL = "#C9DCE4"  # areas behind dots
PALE_RUST = "#F3E0D6"  # the interval of a mean; dots and lines stand clearly before it

BROKEN = (2.0, 0.8)  # strokes and gaps, in widths of a line
DASHED = (3.0, 2.0)


@dataclass(frozen=True)
class Look:
    """How a mark of a chart looks.

    Attributes:
        shape: of the dot at its value; empty for none.
        diameter: of the dot, in points.
        fill, edge: of the dot.
        line: colour of the line from its lower to its upper end; empty for none.
        line_width: in points.
        dashes: of that line.
        bar: colour of a bar from end to end, in place of a line; empty for none.
        bar_edge: of that bar.
        hatch: colour of slanting lines over the bar; empty for none.
        thickness: of the bar, in millimetres.
        beyond: what a bar from one whole number to another, as ranks, reaches beyond both, in units
            of the axis.
        layer: of the line or bar; the dot lies above.
    """

    shape: str = ""
    diameter: float = 5.5
    fill: str = TEAL
    edge: str = TEAL
    line: str = ""
    line_width: float = 3.0
    dashes: tuple[float, ...] = ()
    bar: str = ""
    bar_edge: str = ""
    hatch: str = ""
    thickness: float = 3.2
    beyond: float = 0.0
    layer: float = 2.0


LOOKS = {
    "plain": Look("circle", line=TINT),
    "caution": Look("circle", fill="white", line=TINT, dashes=BROKEN),
    # As precise, and yet not shown to differ.
    "open": Look("circle", fill="white", line=TINT),
    # The row to look at: all children, or the one that a figure is about.
    "highlight": Look("circle", fill=RUST, edge=RUST, line=RUST_TINT),
    "highlight caution": Look("circle", fill="white", edge=RUST, line=RUST_TINT, dashes=BROKEN),
    # One of many lines beside that row: whether a test tells the two apart.
    "differs": Look(line=INK, line_width=2.4),
    "undecided": Look(line=TINT, line_width=1.2),
    "bound": Look(line=MID, line_width=1.2, dashes=BROKEN),
    # Of another survey.
    "apart": Look("square", 5.3, "white", GREY, MID),
    "pooled": Look("diamond", 5.1, RUST, RUST, RUST_TINT),
    # A second group beside the first, as boys beside girls.
    "second": Look("diamond", 4.9, "white", GREY, MID),
    "second caution": Look("diamond", 4.9, "white", GREY, MID, dashes=BROKEN),
    # What lies between two estimates, and whether that is clear.
    "change": Look("diamond", 4.5, "white", line=TEAL, line_width=0.8),
    "clear change": Look("diamond", 4.5, line=TEAL, line_width=0.8),
    # Counts from nought; the second stands on the first.
    "bar": Look(bar=TEAL, thickness=2.8),
    "hatched bar": Look(bar="#fff", bar_edge=TEAL, hatch=TEAL),
    # All that a number may be, behind its estimate, and the interval of that.
    "extent": Look(bar=PALE_TEAL, bar_edge=TINT, thickness=3.4, layer=1.0),
    "extent interval": Look(line=GREY, line_width=0.8, layer=1.5),
    # From one whole number to another: each darker bar lies upon the paler ones.
    "shade 1": Look(bar=TEAL, beyond=0.35),
    "shade 2": Look(bar="#4A7E94", beyond=0.35),
    "shade 3": Look(bar="#8AADBC", beyond=0.35),
    "shade 4": Look(bar=PALE_TEAL, bar_edge=TINT, beyond=0.35),
    # What is not observed, below its curve.
    "prediction": Look(line=TEAL, line_width=2.0, layer=3.0),
}
