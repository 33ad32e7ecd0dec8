"""A hundred dots: how many children of each hundred, from the lower to the upper bound."""

from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.cuts import SMALL
from disrupting_harm.report.whole import Whole

ROW = 10
STEP = SMALL.width / ROW
DIAMETER = 4.6
PALE, TINTED = "#D5DBDF", "#E0A58C"


def dot_picture(share: Whole, key: str) -> Figure:
    """Draw 100 dots: filled to the lower limit, tinted to the estimate, outlined to the upper.

    Args:
        share: the number.
        key: the address of its row, which the dots up to the upper limit show.
    """
    figure, page = paper.new_page(STEP * ROW, SMALL.width)
    area = (DIAMETER / style.MM_PER_INCH * style.POINTS_PER_INCH) ** 2
    looks = (
        (0, share.low, style.RUST, style.RUST, key),
        (share.low, share.estimate, TINTED, style.RUST, key),
        (share.estimate, share.high, "white", style.RUST, key),
        (share.high, ROW * ROW, PALE, PALE, None),
    )
    for first, last, fill, edge, url in looks:
        places = range(first, last)
        page.scatter(
            [STEP * (at % ROW + 0.5) for at in places],
            [STEP * (at // ROW + 0.5) for at in places],
            s=area,
            facecolor=fill,
            edgecolor=edge,
            linewidth=0.9,
            clip_on=False,
            urls=[url],
        )
    return figure
