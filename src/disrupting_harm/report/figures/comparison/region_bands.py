"""Countries' estimates by region, over a band for the mean of the region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any

from disrupting_harm.provenance.addresses import address_of, cell_count
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import join
from disrupting_harm.report.figures.charts import draw_intervals, per_cent_axes
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
from disrupting_harm.report.figures.estimate_chart import range_at, to_row, whole_at, wholes_at
from disrupting_harm.report.figures.row_chart import (
    Row,
    Rows,
    Section,
    guides_behind_rows,
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


def draw(case: IndicatorComparison, subject: str) -> Drawing | NotDrawn:
    """Draw the countries of each region, in alphabetical order, over the region's mean.

    Countries without a published estimate follow in alphabetical order; those that are not
    comparable stand below all regions, outside every order and mean.
    """
    translator, setting = case.translator, case.setting
    if case.shown.empty:
        return nothing_shown(case)
    groups = case.grouped(by_name(case))
    means = {region: _mean(case, region) for region in groups}
    apart = [code for code in case.alphabetical(case.apart) if code in _codes(case)]
    unasked = case.alphabetical(case.unasked)
    sections = [*country_sections(case, groups, apart), *_unasked_section(case, unasked)]
    rows = [row for section in sections for row in section.rows]
    notes = [*_band_note(case, means), *alt_text.notes(setting, rows), *_other_survey(case, apart)]
    framed = frame(case, subject, share(case), notes)
    # Where there is little room, headings reach over the plot: a mean begins below them.
    laid = lay_out_rows(sections, framed, over=setting.cut.narrow)
    _draw(laid, case, means)
    order = [code for members in (*groups.values(), apart, unasked) for code in members]
    data = case.prevalence.set_index("country").loc[order].reset_index()
    data.insert(1, "label", [case.name(code) for code in order])
    title = alt_text.title(setting, subject)
    opening = translator("Dot and interval chart: {title}.", title=title)
    findings = [
        *[_finding(case, region, groups[region], means[region]) for region in groups],
        *order_findings(case),
        *not_drawn(case, case.shown["country"]),
        *_by_bound(case, means),
    ]
    reading = translator(
        "The order within a region is alphabetical. Lines that overlap do not mean that two "
        "{areas} are equal, nor which is higher."
    )
    return Drawing(
        laid.figure,
        framed,
        reading,
        *alternative(case, opening, findings, order_findings(case)),
        data,
    )


def by_name(case: IndicatorComparison) -> list[str]:
    """Return comparable countries by name: those shown, then those hidden.

    The order of estimates would look like a ranking, which their intervals seldom bear.
    """
    shown = set(case.shown["country"])
    left = {*case.apart, *case.unasked}
    named = [code for code in case.alphabetical(_codes(case)) if code not in left]
    return sorted(named, key=lambda code: code not in shown)


def country_sections(
    case: IndicatorComparison, groups: Mapping[str, Sequence[str]], apart: Sequence[str] = ()
) -> list[Section]:
    """Return one section of rows per region, and one of the countries set apart."""
    sections = [
        Section(case.translator.plain(region) if region else "", country_rows(case, members))
        for region, members in groups.items()
    ]
    if apart:
        rows = [
            row if row.estimate is None else _of_other_survey(row)
            for row in country_rows(case, apart)
        ]
        sections.append(Section(case.translator("Not comparable"), tuple(rows)))
    return sections


def _of_other_survey(row: Row) -> Row:
    """Return the row of a country that is not comparable, marked in label and value."""
    return replace(row, label=row.label + OTHER, interval=row.interval + OTHER, look="apart")


def _other_survey(case: IndicatorComparison, apart: Sequence[str]) -> list[str]:
    if not apart:
        return []
    return [f"{OTHER} " + case.translator("Open square: another survey, not to be compared.")]


def _unasked_section(case: IndicatorComparison, countries: Sequence[str]) -> list[Section]:
    if not countries:
        return []
    return [Section(case.translator("Not asked"), country_rows(case, countries))]


def country_rows(case: IndicatorComparison, countries: Sequence[str]) -> tuple[Row, ...]:
    """Return the rows of these countries, in this order."""
    cells = case.prevalence.set_index("country", drop=False).loc[list(countries)]
    cells = cells.assign(label=[case.name(code) for code in countries])
    return tuple(to_row(cell, case.translator) for cell in cells.itertuples())


def _codes(case: IndicatorComparison) -> list[str]:
    return case.prevalence["country"].tolist()


def _mean(case: IndicatorComparison, region: str) -> Mean | None:
    pooled = case.table("pooled")
    if pooled is None or (not region and case.regions):
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
    return Mean(estimate, *limits, ends or whole_at(row), int(row.countries), row.address)


def _band_note(case: IndicatorComparison, means: Mapping[str, Mean | None]) -> list[str]:
    if not any(means.values()):
        return []
    text = case.translator(
        "Line and shaded band: mean of the {areas} that it passes, each counting the same, with "
        "its {level} per cent interval.",
        level=case.setting.level,
    )
    return [text, *_by_bound(case, means)]


def _by_bound(case: IndicatorComparison, means: Mapping[str, Mean | None]) -> list[str]:
    """Return of whom means are ranges, for those who see the picture and who hear it."""
    return (
        counted_by_bound(case)
        if any(mean and isinstance(mean.printed, Range) for mean in means.values())
        else []
    )


def _draw(laid: Rows, case: IndicatorComparison, means: Mapping[str, Mean | None]) -> None:
    plot = per_cent_axes(laid, 0.0, case.translator)
    if laid.cut.narrow and not laid.columns.stacked:
        guides_behind_rows(plot, laid)
    for (region, mean), (upper, lower) in zip(means.items(), laid.bounds, strict=False):
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
            y = laid.top + upper - line_height(laid.cut.small) / 2
            value = "\u00a0".join(
                drawn_range(case.translator, mean.printed)
                if isinstance(mean.printed, Range)
                else case.share(mean.printed)
            )
            # A range may be longer than the values below it.
            before = laid.columns.right - text_width(value, laid.cut.text) - BEFORE_VALUE
            right = min(laid.columns.plot_left + laid.columns.plot_width, before)
            word = case.translator("mean of {count}", count=case.translator.number(mean.countries))
            look = {"ha": "right", "size": laid.cut.small, "color": style.RUST}
            put_text(laid.page, right, y, word, **look)
            write_value(laid, y, value, style.RUST)
    draw_intervals(plot, laid.rows, laid.centres)


def _finding(
    case: IndicatorComparison, region: str, members: Sequence[str], mean: Mean | None
) -> str:
    translator, shown = case.translator, case.shown
    own = shown[shown["country"].isin(list(members))]
    if own.empty:
        return ""
    values = wholes_at(own)
    without = translator("Other {areas}") if case.regions else translator("All {areas}")
    heading = translator.plain(region) if region else without
    if len(own) == 1:
        return translator(
            "{heading}: {country} {value} per cent.",
            heading=heading,
            country=case.name(own["country"].iloc[0]),
            value=case.percent(values[0]),
        )
    numbers = {
        "heading": heading,
        "count": translator.number(cell_count([address_of(share.estimate) for share in values])),
        "span": case.span(values),
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
        return join([within, *_differing(case, region, of_shown=True)])
    low, high = case.limits(mean.printed)
    within = translator(
        "{heading}: estimates of {count} {areas}, {span} per cent; their mean is "
        "{value} per cent (interval {mean_low} to {mean_high}).",
        value=case.percent(mean.printed),
        mean_low=low,
        mean_high=high,
        **numbers,
    )
    return join([within, *_differing(case, region)])


def _differing(case: IndicatorComparison, region: str, of_shown: bool = False) -> list[str]:
    """Say which countries differ from the mean of their region, after Holm's adjustment.

    The test is against the mean of the countries with an estimate: where the mean of all is a
    range, ``of_shown``, the sentence says so.
    """
    table = case.table("against_region")
    own = None if table is None else table[table["region"] == region]
    if own is None or own.empty:
        return []
    translator = case.translator
    mean = translator("the mean of those with an estimate") if of_shown else translator("this mean")
    above = own.loc[own["clear"] & (own["difference"] > 0), "country"].tolist()
    below = own.loc[own["clear"] & (own["difference"] < 0), "country"].tolist()
    if not above and not below:
        return [translator("For no {area} is a difference from {mean} shown.", mean=mean)]
    sentences = []
    if above:
        named = case.listed(above)
        sentences.append(translator("Above {mean}: {countries}.", mean=mean, countries=named))
    if below:
        named = case.listed(below)
        sentences.append(translator("Below {mean}: {countries}.", mean=mean, countries=named))
    return sentences
