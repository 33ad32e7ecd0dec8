"""Estimates of countries, three pooled estimates, and the prediction for a similar country."""

from dataclasses import dataclass, replace
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit, stdtrit

from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.countries_left_out import (
    list_left_out,
    list_not_compared,
    note_averages_by_bound,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    describe_share,
    name_population,
)
from disrupting_harm.report.figures.estimate_chart import (
    build_average_marks,
    build_mark,
    build_percent_chart,
    numbers_at,
    percent_at,
    percents_at,
    range_at,
)
from disrupting_harm.report.language.ranges import format_range_in_figure
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.statuses import ALL_COUNTRIES
from disrupting_harm.study.whole_percents import WHOLE_PREDICTION

POINTS = 160  # of the curve
TAIL = 0.005  # of the distribution beyond either end of the curve
# With fewer countries the shape is hardly known, and its long tails would fill the picture.
FEWEST_FOR_CURVE = 5
WIDEST_PREDICTION = 0.5  # A forecast that leaves out less than half of all shares says nothing.
ESTIMANDS = ("equal_country", "population_weighted", "random_effects")


def draw_pooled_estimates(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw the countries' estimates, the pooled ones below, and the prediction as a curve."""
    translator, context = comparison.translator, comparison.context
    table = comparison.find_table("pooled")
    if table is None:
        return comparison.explain_missing_table()
    rows_of_all = table[table["group"] == ALL_COUNTRIES].dropna(subset=["ci_low", "ci_high"])
    if rows_of_all.empty:
        return (
            _explain_without_averages(comparison)
            if comparison.hidden
            else comparison.explain_missing_table()
        )
    estimates = rows_of_all.set_index("estimand").reindex(
        [estimand for estimand in ESTIMANDS if estimand in set(rows_of_all["estimand"])]
    )
    if int(estimates["countries"].max()) < 2:
        return NotDrawn(translator("Pooling needs two comparable {areas} or more."))
    sections = comparison.build_sections(
        comparison.ordered_countries, comparison.country_rows.__getitem__
    )
    rows = tuple(_build_row(comparison, cell) for cell in estimates.itertuples())
    prediction = _find_prediction(estimates)
    prediction_rows = (_build_prediction_row(comparison, prediction),) if prediction else ()
    sections.append(Section(translator("All {areas} compared"), (*rows, *prediction_rows)))
    bound_notes = note_averages_by_bound(comparison)
    drawn_rows = [row for section in sections for row in section.rows]
    notes = [
        *_note_prediction(comparison, prediction),
        *alt_text.note_uncertain_marks(context, drawn_rows),
        *bound_notes,
        *list_not_compared(comparison),
    ]
    opening = (
        translator("Dot and interval chart with a density: {title}.", title=title)
        if prediction and prediction.has_curve
        else translator("Dot and interval chart: {title}.", title=title)
    )
    span = comparison.format_span(percents_at(comparison.published))
    findings = [
        translator("Estimates of the {areas}: {span} per cent.", span=span),
        *[_describe_average(translator, row) for row in rows],
        *_describe_spread(comparison, estimates, prediction),
        *list_left_out(comparison, comparison.published["country"]),
        *bound_notes,
    ]
    return Drawing(
        build_percent_chart(sections, translator),
        describe_share(comparison),
        translator(
            "By number of {respondents}: the share of all {population} of these {areas}. Random "
            "effects: as if these were a random sample.",
            population=name_population(comparison),
        ),
        opening,
        findings,
        notes,
    )


def _explain_without_averages(comparison: IndicatorComparison) -> NotDrawn:
    return NotDrawn(
        comparison.translator(
            "No average is printed: too much of it would be the hidden share of {countries}.",
            countries=comparison.list_with_bounds(comparison.hidden),
        )
    )


def _build_row(comparison: IndicatorComparison, cell: Any) -> Row:
    range_of_average = range_at(cell)
    printed = (
        format_range_in_figure(comparison.translator, range_of_average)
        if range_of_average
        else comparison.format_share(percent_at(cell))
    )
    label = _label_estimands(comparison.translator)[cell.Index]
    return Row(label, *printed, build_average_marks(cell))


def _label_estimands(translator: Translator[str]) -> dict[str, str]:
    return {
        "equal_country": translator("Each {area} the same"),
        "population_weighted": translator("By number of {respondents}"),
        "random_effects": translator("Random effects"),
    }


@dataclass(frozen=True)
class Prediction:
    """The prediction interval of a similar country, as proportions above 0 and below 1.

    ``percent_interval`` has the same limits in whole per cent; ``interval`` is its mark.
    """

    low: float
    high: float
    percent_interval: PercentInterval
    countries: int
    interval: Mark

    @property
    def has_curve(self) -> bool:
        """Whether the distribution is drawn, or its interval alone."""
        return self.countries >= FEWEST_FOR_CURVE


def _find_prediction(estimates: pd.DataFrame) -> Prediction | None:
    if "random_effects" not in estimates.index:
        return None
    cell: Any = next(estimates.loc[["random_effects"]].itertuples())
    low, high = float(cell.prediction_low), float(cell.prediction_high)
    if not 0 < low < high < 1 or high - low > WIDEST_PREDICTION:
        return None
    ends = WHOLE_PREDICTION.values()
    # Where the average is a range it has no whole per cents, and only the limits are printed.
    percent_interval = percent_at(
        cell, ("whole_prediction_high" if isnan(cell.estimate) else "whole", *ends)
    )
    interval = build_mark(cell, "prediction", ("", "prediction_low", "prediction_high"))
    return Prediction(low, high, percent_interval, int(cell.countries), interval)


def prediction_density(
    low: float, high: float, df: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return shares and the density there of the predictive distribution.

    The greatest density between the limits is made 1, and what is greater beyond them is cut.

    On the logit scale the distribution is drawn as a t with ``df`` degrees of freedom, which it is
    nearly; centre and scale follow from the limits of its central interval, so that the curve
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


def _build_prediction_row(comparison: IndicatorComparison, prediction: Prediction) -> Row:
    low, high = prediction.low, prediction.high
    curve: tuple[tuple[float, float], ...] = ()
    if prediction.has_curve:
        confidence = comparison.context.confidence
        shares, heights = prediction_density(low, high, prediction.countries - 1, confidence)
        curve = tuple(zip((100 * shares).tolist(), heights.tolist(), strict=True))
    mark = replace(prediction.interval, curve=curve)
    _, limits = comparison.format_share(prediction.percent_interval)
    return Row(comparison.translator("A similar {area}"), limits, marks=(mark,))


def _note_prediction(comparison: IndicatorComparison, prediction: Prediction | None) -> list[str]:
    translator, level = comparison.translator, comparison.context.level
    if prediction is None:
        return []
    if not prediction.has_curve:
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


def _describe_average(translator: Translator[str], row: Row) -> str:
    sentence = translator(
        "{label}: {count}", label=row.label, count=alt_text.format_finding(translator, row)
    )
    return translator("{findings}.", findings=sentence)


def _describe_spread(
    comparison: IndicatorComparison, estimates: pd.DataFrame, prediction: Prediction | None
) -> list[str]:
    translator, sentences = comparison.translator, []
    if prediction is not None:
        low, high = comparison.format_limits(prediction.percent_interval)
        sentences.append(
            translator(
                "If these {areas} were a random sample, which they are not, another one could have "
                "{low} to {high} per cent.",
                low=low,
                high=high,
            )
        )
    i2 = numbers_at(estimates, "i2")
    if i2:
        sentences.append(
            translator(
                "{share} per cent of the variation between the estimates is more than chance.",
                share=translator.percent(i2[-1]),
            )
        )
    return sentences
