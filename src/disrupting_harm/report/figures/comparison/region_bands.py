"""Countries' estimates by region, over a band for the mean of the region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any

from disrupting_harm.provenance.addresses import address_of, cell_count
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import join_sentences
from disrupting_harm.report.figures.charts import create_percent_axes, draw_intervals
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    frame,
    share,
)
from disrupting_harm.report.figures.comparison.left_out import (
    counted_by_bound,
    not_drawn,
    nothing_shown,
)
from disrupting_harm.report.figures.comparison.order import order_findings
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import line_height
from disrupting_harm.report.figures.estimate_chart import (
    build_row,
    percent_at,
    percents_at,
    range_at,
)
from disrupting_harm.report.figures.row_chart import (
    Row,
    RowLayout,
    Section,
    draw_guides_behind_rows,
    lay_out_rows,
    write_value,
)
from disrupting_harm.report.language.ranges import Range, drawn_range
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.statuses import ALL_COUNTRIES

OTHER = "†"
BEFORE_VALUE = 2.0  # millimetres
BAND = "#F3E0D6"  # the mean's interval; dots and lines stand clearly before it


@dataclass(frozen=True)
class Mean:
    """The mean of a group's countries, each counting the same, as proportions.

    ``printed`` is it in whole per cent, or the range that it lies in, where the estimate is NaN;
    ``key`` is the address of its row.
    """

    estimate: float
    ci_low: float
    ci_high: float
    printed: PercentInterval | Range
    countries: int
    key: str


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw the countries of each region, in alphabetical order, over the region's mean.

    Countries without a published estimate follow in alphabetical order; those that are not
    comparable stand below all regions, outside every order and mean.
    """
    translator, context = comparison.translator, comparison.setting
    if comparison.shown.empty:
        return nothing_shown(comparison)
    groups = comparison.grouped(by_name(comparison))
    means = {region: _mean(comparison, region) for region in groups}
    apart = [
        code for code in comparison.alphabetical(comparison.apart) if code in _codes(comparison)
    ]
    unasked = comparison.alphabetical(comparison.unasked)
    sections = [
        *country_sections(comparison, groups, apart),
        *_unasked_section(comparison, unasked),
    ]
    rows = [row for section in sections for row in section.rows]
    notes = [
        *_band_note(comparison, means),
        *alt_text.note_uncertain_marks(context, rows),
        *_other_survey(comparison, apart),
    ]
    framed = frame(comparison, topic, share(comparison), notes)
    # Where there is little room, headings reach over the plot: a mean begins below them.
    layout = lay_out_rows(sections, framed, headings_over_plot=context.cut.narrow)
    _draw(layout, comparison, means)
    order = [code for members in (*groups.values(), apart, unasked) for code in members]
    data = comparison.prevalence.set_index("country").loc[order].reset_index()
    data.insert(1, "label", [comparison.name(code) for code in order])
    title = alt_text.format_title(context, topic)
    opening = translator("Dot and interval chart: {title}.", title=title)
    findings = [
        *[_finding(comparison, region, groups[region], means[region]) for region in groups],
        *order_findings(comparison),
        *not_drawn(comparison, comparison.shown["country"]),
        *_by_bound(comparison, means),
    ]
    reading = translator(
        "The order within a region is alphabetical. Lines that overlap do not mean that two "
        "{areas} are equal, nor which is higher."
    )
    return Drawing(
        layout.figure,
        framed,
        reading,
        *alternative(comparison, opening, findings, order_findings(comparison)),
        data,
    )


def by_name(comparison: IndicatorComparison) -> list[str]:
    """Return comparable countries by name: those shown, then those hidden.

    The order of estimates would look like a ranking, which their intervals seldom bear.
    """
    shown = set(comparison.shown["country"])
    left = {*comparison.apart, *comparison.unasked}
    named = [code for code in comparison.alphabetical(_codes(comparison)) if code not in left]
    return sorted(named, key=lambda code: code not in shown)


def country_sections(
    comparison: IndicatorComparison, groups: Mapping[str, Sequence[str]], apart: Sequence[str] = ()
) -> list[Section]:
    """Return one section of rows per region, and one of the countries set apart."""
    sections = [
        Section(
            comparison.translator.plain(region) if region else "", country_rows(comparison, members)
        )
        for region, members in groups.items()
    ]
    if apart:
        rows = [
            row if row.estimate is None else _of_other_survey(row)
            for row in country_rows(comparison, apart)
        ]
        sections.append(Section(comparison.translator("Not comparable"), tuple(rows)))
    return sections


def _of_other_survey(row: Row) -> Row:
    """Return the row of a country that is not comparable, marked in label and value."""
    return replace(row, label=row.label + OTHER, interval=row.interval + OTHER, look="apart")


def _other_survey(comparison: IndicatorComparison, apart: Sequence[str]) -> list[str]:
    if not apart:
        return []
    return [f"{OTHER} " + comparison.translator("Open square: another survey, not to be compared.")]


def _unasked_section(comparison: IndicatorComparison, countries: Sequence[str]) -> list[Section]:
    if not countries:
        return []
    return [Section(comparison.translator("Not asked"), country_rows(comparison, countries))]


def country_rows(comparison: IndicatorComparison, countries: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of these countries, in this order."""
    cells = comparison.prevalence.set_index("country", drop=False).loc[list(countries)]
    cells = cells.assign(label=[comparison.name(code) for code in countries])
    return tuple(build_row(cell, comparison.translator) for cell in cells.itertuples())


def _codes(comparison: IndicatorComparison) -> list[str]:
    return comparison.prevalence["country"].tolist()


def _mean(comparison: IndicatorComparison, region: str) -> Mean | None:
    pooled = comparison.table("pooled")
    if pooled is None or (not region and comparison.regions):
        return None
    found = pooled[
        (pooled["group"] == (region or ALL_COUNTRIES))
        & (pooled["estimand"] == "equal_country")
        & (pooled["countries"] > 1)
    ].dropna(subset=["ci_low", "ci_high"])
    if found.empty:
        return None
    row: Any = next(found.itertuples())
    limits = float(row.ci_low), float(row.ci_high)
    ends = range_at(row)
    estimate = nan if ends else float(row.estimate)
    return Mean(estimate, *limits, ends or percent_at(row), int(row.countries), row.address)


def _band_note(comparison: IndicatorComparison, means: Mapping[str, Mean | None]) -> list[str]:
    if not any(means.values()):
        return []
    text = comparison.translator(
        "Line and shaded band: mean of the {areas} that it passes, each counting the same, with "
        "its {level} per cent interval.",
        level=comparison.setting.level,
    )
    return [text, *_by_bound(comparison, means)]


def _by_bound(comparison: IndicatorComparison, means: Mapping[str, Mean | None]) -> list[str]:
    """Return of whom means are ranges, for those who see the picture and who hear it."""
    return (
        counted_by_bound(comparison)
        if any(mean and isinstance(mean.printed, Range) for mean in means.values())
        else []
    )


def _draw(
    layout: RowLayout, comparison: IndicatorComparison, means: Mapping[str, Mean | None]
) -> None:
    plot = create_percent_axes(layout, 0.0, comparison.translator)
    if layout.cut.narrow and not layout.columns.stacked:
        draw_guides_behind_rows(plot, layout)
    for (region, mean), (upper, lower) in zip(means.items(), layout.bounds, strict=False):
        if mean is None:
            continue
        low, high = 100 * mean.ci_low, 100 * mean.ci_high
        key: dict[str, Any] = {"urls": [mean.key]}
        plot.fill_betweenx([upper, lower], low, high, color=BAND, linewidth=0, zorder=0.5, **key)
        plot.vlines([low, high], upper, lower, style.RUST_TINT, lw=0.6, zorder=0.6, **key)
        if isinstance(mean.printed, Range):
            low, high = 100 * mean.printed.low, 100 * mean.printed.high
            shade: dict[str, Any] = {"color": style.RUST_TINT, "linewidth": 0, "zorder": 0.7}
            plot.fill_betweenx([upper, lower], low, high, **shade, **key)
        else:
            plot.vlines(100 * mean.estimate, upper, lower, style.RUST, lw=1.0, zorder=1, **key)
        if region:
            y = layout.top + upper - line_height(layout.cut.small) / 2
            value = "\u00a0".join(
                drawn_range(comparison.translator, mean.printed)
                if isinstance(mean.printed, Range)
                else comparison.share(mean.printed)
            )
            # A range may be longer than the values below it.
            before = layout.columns.right - text_width(value, layout.cut.text) - BEFORE_VALUE
            right = min(layout.columns.plot_left + layout.columns.plot_width, before)
            word = comparison.translator(
                "mean of {count}", count=comparison.translator.number(mean.countries)
            )
            look = {"ha": "right", "size": layout.cut.small, "color": style.RUST}
            put_text(layout.page, right, y, word, **look)
            write_value(layout, y, value, style.RUST)
    draw_intervals(plot, layout.rows, layout.centres)


def _finding(
    comparison: IndicatorComparison, region: str, members: Sequence[str], mean: Mean | None
) -> str:
    translator, shown = comparison.translator, comparison.shown
    own = shown[shown["country"].isin(list(members))]
    if own.empty:
        return ""
    values = percents_at(own)
    without = translator("Other {areas}") if comparison.regions else translator("All {areas}")
    heading = translator.plain(region) if region else without
    if len(own) == 1:
        return translator(
            "{heading}: {country} {value} per cent.",
            heading=heading,
            country=comparison.name(own["country"].iloc[0]),
            value=comparison.percent(values[0]),
        )
    numbers = {
        "heading": heading,
        "count": translator.number(cell_count([address_of(share.estimate) for share in values])),
        "span": comparison.span(values),
    }
    if mean is None:
        return translator("{heading}: estimates of {count} {areas}, {span} per cent.", **numbers)
    if isinstance(mean.printed, Range):
        low, high, mean_low, mean_high = (
            translator.percent(getattr(mean.printed, name), mean.printed.digits)
            for name in ("low", "high", "ci_low", "ci_high")
        )
        within = translator(
            "{heading}: estimates of {count} {areas}, {span} per cent; the mean with those that "
            "are hidden lies between {low} and {high} per cent (interval {mean_low} to "
            "{mean_high}).",
            low=low,
            high=high,
            mean_low=mean_low,
            mean_high=mean_high,
            **numbers,
        )
        return join_sentences([within, *_differing(comparison, region, of_shown=True)])
    low, high = comparison.limits(mean.printed)
    within = translator(
        "{heading}: estimates of {count} {areas}, {span} per cent; their mean is "
        "{value} per cent (interval {mean_low} to {mean_high}).",
        value=comparison.percent(mean.printed),
        mean_low=low,
        mean_high=high,
        **numbers,
    )
    return join_sentences([within, *_differing(comparison, region)])


def _differing(comparison: IndicatorComparison, region: str, of_shown: bool = False) -> list[str]:
    """Say which countries differ from the mean of their region, after Holm's adjustment.

    The test is against the mean of the countries with an estimate: where the mean of all is a
    range, ``of_shown``, the sentence says so.
    """
    table = comparison.table("against_region")
    own = None if table is None else table[table["region"] == region]
    if own is None or own.empty:
        return []
    translator = comparison.translator
    mean = translator("the mean of those with an estimate") if of_shown else translator("this mean")
    above = own.loc[own["clear"] & (own["difference"] > 0), "country"].tolist()
    below = own.loc[own["clear"] & (own["difference"] < 0), "country"].tolist()
    if not above and not below:
        return [translator("For no {area} is a difference from {mean} shown.", mean=mean)]
    sentences = []
    if above:
        named = comparison.listed(above)
        sentences.append(translator("Above {mean}: {countries}.", mean=mean, countries=named))
    if below:
        named = comparison.listed(below)
        sentences.append(translator("Below {mean}: {countries}.", mean=mean, countries=named))
    return sentences
