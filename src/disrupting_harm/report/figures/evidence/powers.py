"""Counts that differ by powers of ten, as dots on an axis of them."""

from collections.abc import Sequence
from math import ceil, floor, log10

from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, number_of
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.mark_addresses import join_addresses_of_dots
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.row_chart import (
    Row,
    Section,
    labelled_ticks,
    lay_out_rows,
    row_axes,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Row as Fact

SMALLEST = 1  # count that still has a place on the logarithmic axis


def draw_counts(translator: Translator[str], sections: Sequence[Section], framed: Frame) -> Figure:
    """Draw counts on an axis each line of which is ten times the one before."""
    laid = lay_out_rows(sections, framed)
    places = [row.estimate for row in laid.rows if row.estimate is not None]
    powers = range(floor(min(places)), ceil(max(places)) + 1)
    plot = row_axes(laid, powers[0], powers[-1], powers)
    numbers = [translator.number(10.0**power) for power in powers]
    apart = laid.columns.plot_width / max(len(powers) - 1, 1)
    step = labelled_ticks(numbers, apart, laid.cut.small)
    plot.set_xticks(powers, [text if at % step == 0 else "" for at, text in enumerate(numbers)])
    keys = join_addresses_of_dots([row.key for row in laid.rows])
    plot.scatter(
        [row.estimate for row in laid.rows], laid.centres, 30, style.TEAL, clip_on=False, urls=keys
    )
    return laid.figure


def to_count(translator: Translator[str], name: str, fact: Fact) -> Row:
    """Return the row of a country, drawn by the logarithm of its count."""
    count = number_of(fact["reports"])
    place = log10(max(count, SMALLEST))
    return Row(name, translator.number(count), estimate=place, key=fact[ADDRESS])
