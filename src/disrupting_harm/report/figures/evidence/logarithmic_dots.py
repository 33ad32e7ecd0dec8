"""Counts that differ by powers of ten, as dots on an axis of them."""

from collections.abc import Sequence
from math import ceil, floor, log10

from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.mark_addresses import join_addresses_of_dots
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.row_chart import (
    Row,
    Section,
    create_row_axes,
    find_tick_step,
    lay_out_rows,
    make_row,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

SMALLEST = 1  # count that still has a place on the logarithmic axis


def draw_count_dots(
    translator: Translator[str], sections: Sequence[Section], frame: Frame
) -> Figure:
    """Draw counts on an axis each line of which is ten times the one before."""
    layout = lay_out_rows(sections, frame)
    exponents = [row.estimate for row in layout.rows if row.estimate is not None]
    powers = range(floor(min(exponents)), ceil(max(exponents)) + 1)
    plot = create_row_axes(layout, powers[0], powers[-1], powers)
    numbers = [translator.number(10.0**power) for power in powers]
    tick_distance = layout.columns.plot_width / max(len(powers) - 1, 1)
    step = find_tick_step(numbers, tick_distance, layout.cut.small)
    plot.set_xticks(
        powers, [label if index % step == 0 else "" for index, label in enumerate(numbers)]
    )
    row_addresses = join_addresses_of_dots([row.row_address for row in layout.rows])
    plot.scatter(
        [row.estimate for row in layout.rows],
        layout.centres,
        30,
        style.TEAL,
        clip_on=False,
        urls=row_addresses,
    )
    return layout.figure


def build_count_row(translator: Translator[str], name: str, evidence_row: PublicRow) -> Row:
    """Return the row of a country, drawn by the logarithm of its count."""
    count = evidence_row.number("reports")
    exponent = log10(max(count, SMALLEST))
    return make_row(
        name, translator.number(count), estimate=exponent, row_address=evidence_row[ADDRESS]
    )
