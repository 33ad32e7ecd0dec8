"""Estimates of countries, three pooled estimates, and the prediction for a similar country."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.special import expit, logit, stdtrit

from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.charts import create_percent_axes, draw_intervals
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    frame,
    population,
    share,
)
from disrupting_harm.report.figures.comparison.left_out import (
    apart_sentence,
    counted_by_bound,
    not_drawn,
    unasked_sentence,
)
from disrupting_harm.report.figures.comparison.region_bands import by_name, country_sections
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, put_text
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import (
    numbers_at,
    percent_at,
    percents_at,
    range_at,
)
from disrupting_harm.report.figures.row_chart import (
    Row,
    RowLayout,
    Section,
    lay_out_rows,
    write_value,
)
from disrupting_harm.report.language.ranges import drawn_range
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.statuses import ALL_COUNTRIES
from disrupting_harm.study.whole_percents import WHOLE_PREDICTION

LINE = 4.3  # room of the line of the prediction
RIDGE = 15.0  # height of the ridge in millimetres
POINTS = 160  # of the ridge's outline
TAIL = 0.005  # of the distribution beyond either end of the ridge
# With fewer countries the shape is hardly known, and its long tails would fill the picture.
FEWEST_FOR_RIDGE = 5
FILL = "#C9DCE4"
ESTIMANDS = ("equal_country", "population_weighted", "random_effects")


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw the countries' estimates, the pooled ones below, and the prediction as a ridge."""
    translator, context = comparison.translator, comparison.setting
    table = comparison.table("pooled")
    if table is None:
        return comparison.missing()
    own = table[table["group"] == ALL_COUNTRIES].dropna(subset=["ci_low", "ci_high"])
    if own.empty:
        return _without_averages(comparison) if comparison.hidden else comparison.missing()
    cells = own.set_index("estimand").reindex([e for e in ESTIMANDS if e in set(own["estimand"])])
    if int(cells["countries"].max()) < 2:
        return NotDrawn(translator("Pooling needs two comparable {areas} or more."))
    countries = by_name(comparison)
    sections = country_sections(comparison, comparison.grouped(countries))
    rows = tuple(_row(comparison, cell) for cell in cells.itertuples())
    sections.append(Section(translator("All {areas} compared"), rows))
    prediction = _prediction(cells)
    by_bound = counted_by_bound(comparison)
    drawn_rows = [row for section in sections for row in section.rows]
    notes = [
        *_ridge_note(comparison, prediction),
        *alt_text.note_uncertain_marks(context, drawn_rows),
        *by_bound,
        *apart_sentence(comparison),
        *unasked_sentence(comparison),
    ]
    foot = 0.0
    if prediction:
        foot = LINE + (RIDGE if prediction.has_ridge else 0.0) + _above(context.cut)
    framed = frame(comparison, topic, share(comparison), notes)
    layout = lay_out_rows(sections, framed, space_below=foot)
    _draw(layout, comparison, prediction)
    title = alt_text.format_title(context, topic)
    opening = (
        translator("Dot and interval chart with a density: {title}.", title=title)
        if prediction and prediction.has_ridge
        else translator("Dot and interval chart: {title}.", title=title)
    )
    span = comparison.span(percents_at(comparison.shown))
    findings = [
        translator("Estimates of the {areas}: {span} per cent.", span=span),
        *[_finding(translator, row) for row in rows],
        *_spread(comparison, cells, prediction),
        *not_drawn(comparison, comparison.shown["country"]),
        *by_bound,
    ]
    return Drawing(
        layout.figure,
        framed,
        translator(
            "By number of {respondents}: the share of all {population} of these {areas}. Random "
            "effects: as if these were a random sample.",
            population=population(comparison),
        ),
        *alternative(comparison, opening, findings),
        _data(comparison, countries, cells),
    )


def _without_averages(comparison: IndicatorComparison) -> NotDrawn:
    return NotDrawn(
        comparison.translator(
            "No average is printed: too much of it would be the hidden share of {countries}.",
            countries=comparison.signed(comparison.hidden),
        )
    )


def _row(comparison: IndicatorComparison, cell: Any) -> Row:
    ends = range_at(cell)
    if ends:
        return Row(
            _labels(comparison.translator)[cell.Index],
            *drawn_range(comparison.translator, ends),
            ci_low=100 * ends.ci_low,
            ci_high=100 * ends.ci_high,
            look="pooled",
            missing="range",
            limits=(100 * ends.low, 100 * ends.high),
            row_address=cell.address,
        )
    return Row(
        _labels(comparison.translator)[cell.Index],
        *comparison.share(percent_at(cell)),
        estimate=100 * cell.estimate,
        ci_low=100 * cell.ci_low,
        ci_high=100 * cell.ci_high,
        look="pooled",
        row_address=cell.address,
    )


def _labels(translator: Translator[str]) -> dict[str, str]:
    return {
        "equal_country": translator("Each {area} the same"),
        "population_weighted": translator("By number of {respondents}"),
        "random_effects": translator("Random effects"),
    }


@dataclass(frozen=True)
class Prediction:
    """The prediction interval of a similar country, as proportions above 0 and below 1.

    ``whole`` has the same limits in whole per cent; ``key`` is the address of its row.
    """

    low: float
    high: float
    whole: PercentInterval
    countries: int
    key: str

    @property
    def has_ridge(self) -> bool:
        """Whether the distribution is drawn, or its interval alone."""
        return self.countries >= FEWEST_FOR_RIDGE


def _prediction(cells: pd.DataFrame) -> Prediction | None:
    if "random_effects" not in cells.index:
        return None
    cell: Any = next(cells.loc[["random_effects"]].itertuples())
    low, high = float(cell.prediction_low), float(cell.prediction_high)
    if not 0 < low < high < 1:
        return None
    ends = WHOLE_PREDICTION.values()
    # Where the average is a range it has no whole per cents, and only the limits are printed.
    whole = percent_at(cell, ("whole_prediction_high" if isnan(cell.estimate) else "whole", *ends))
    return Prediction(low, high, whole, int(cell.countries), cell.address)


def prediction_density(
    low: float, high: float, df: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return shares and the density there of the predictive distribution.

    The greatest density between the limits is made 1, and what is greater beyond them is cut.

    On the logit scale the distribution is drawn as a t with ``df`` degrees of freedom, which it is
    nearly; centre and scale follow from the limits of its central interval, so that the ridge
    agrees with what is printed.
    The density of a share p is that of its logit times the derivative 1 / (p (1 - p)).

    Args:
        low: lower limit of the prediction interval, a proportion above 0.
        high: upper limit, below 1.
        df: degrees of freedom, the number of countries less one.
        confidence: the level of the interval.
    """
    centre = (logit(low) + logit(high)) / 2
    scale = (logit(high) - logit(low)) / 2 / stdtrit(df, (1 + confidence) / 2)
    reach = stdtrit(df, 1 - TAIL) * scale
    share = np.linspace(expit(centre - reach), expit(centre + reach), POINTS)
    z = (logit(share) - centre) / scale
    density = (1 + z**2 / df) ** (-(df + 1) / 2) / (share * (1 - share))
    peak = np.max(density[(share >= low) & (share <= high)])
    return share, np.minimum(density / peak, 1.0)


def _draw(
    layout: RowLayout, comparison: IndicatorComparison, prediction: Prediction | None
) -> None:
    plot = create_percent_axes(
        layout, 100 * prediction.high if prediction else 0.0, comparison.translator
    )
    draw_intervals(plot, layout.rows, layout.centres)
    if prediction is None:
        return
    base = layout.body - LINE / 2
    span, key = (100 * prediction.low, 100 * prediction.high), prediction.key
    plot.hlines(base, *span, style.TEAL, lw=2.0, zorder=3, urls=[key])
    middle = layout.top + base
    if prediction.has_ridge:
        _draw_ridge(plot, prediction, comparison.setting.confidence, base)
        middle -= RIDGE / 2
    above = _above(layout.cut)
    height = LINE + (RIDGE if prediction.has_ridge else 0.0)
    label = layout.top + layout.body - height - above / 2 if above else middle
    put_text(
        layout.page, MARGIN, label, comparison.translator("A similar {area}"), size=layout.cut.text
    )
    _, limits = comparison.share(prediction.whole)
    write_value(layout, middle, limits)


def _above(cut: Cut) -> float:
    """Return the room of the label above the ridge, where there is none beside it."""
    return line_height(cut.text) if cut.narrow else 0.0


def _draw_ridge(plot: Axes, prediction: Prediction, confidence: float, base: float) -> None:
    low, high = prediction.low, prediction.high
    share, density = prediction_density(low, high, prediction.countries - 1, confidence)
    inside = (share >= low) & (share <= high)
    height = base - RIDGE * density
    plot.fill_between(100 * share[inside], base, height[inside], color=FILL, lw=0, zorder=1)
    # The curve has no end; it is drawn as far as the axis goes, which holds all that is shaded.
    on_axis = 100 * share <= plot.get_xlim()[1]
    plot.plot(100 * share[on_axis], height[on_axis], color=style.TEAL, lw=1.0, zorder=2)


def _ridge_note(comparison: IndicatorComparison, prediction: Prediction | None) -> list[str]:
    translator, level = comparison.translator, comparison.setting.level
    if prediction is None:
        return []
    if not prediction.has_ridge:
        return [
            translator(
                "A similar {area}: {level} per cent prediction interval, as if these {areas} were "
                "a random sample, which they are not.",
                level=level,
            )
        ]
    return [
        translator(
            "Curve: what a similar {area} could have, if these were a random sample, which they "
            "are not; {level} per cent of it is shaded.",
            level=level,
        )
    ]


def _finding(translator: Translator[str], row: Row) -> str:
    said = translator(
        "{label}: {count}", label=row.label, count=alt_text.format_finding(translator, row)
    )
    return translator("{findings}.", findings=said)


def _spread(
    comparison: IndicatorComparison, cells: pd.DataFrame, prediction: Prediction | None
) -> list[str]:
    translator, sentences = comparison.translator, []
    if prediction is not None:
        low, high = comparison.limits(prediction.whole)
        sentences.append(
            translator(
                "If these {areas} were a random sample, which they are not, another one could have "
                "{low} to {high} per cent.",
                low=low,
                high=high,
            )
        )
    i2 = numbers_at(cells, "i2")
    if i2:
        sentences.append(
            translator(
                "{share} per cent of the variation between the estimates is more than chance.",
                share=translator.percent(i2[-1]),
            )
        )
    return sentences


def _data(
    comparison: IndicatorComparison, countries: Sequence[str], cells: pd.DataFrame
) -> pd.DataFrame:
    own = comparison.prevalence.set_index("country").loc[list(countries)].reset_index()
    own = own.assign(row="country", label=own["country"].map(comparison.name))
    pooled = cells.reset_index(names="row")
    pooled = pooled.assign(label=pooled["row"].map(_labels(comparison.translator)))
    return pd.concat([own, pooled], ignore_index=True)
