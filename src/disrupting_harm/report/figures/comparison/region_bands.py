"""Countries' estimates by region, over a band for the mean of the region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from disrupting_harm.provenance.addresses import address_of, cell_count
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import join_sentences
from disrupting_harm.report.figures.comparison.countries_left_out import (
    explain_nothing_published,
    list_left_out,
    note_averages_by_bound,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    describe_share,
)
from disrupting_harm.report.figures.comparison.rank_sets import describe_order
from disrupting_harm.report.figures.estimate_chart import (
    build_average_marks,
    build_percent_chart,
    percent_at,
    percents_at,
    range_at,
)
from disrupting_harm.report.language.ranges import Range, format_range_in_figure
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.statuses import ALL_COUNTRIES

OTHER = "†"


@dataclass(frozen=True)
class RegionMean:
    """The mean of a group's countries, each counting the same.

    Attributes:
        percent: in whole per cent, or the range that it lies in.
        marks: its line and band, in per cent.
    """

    percent: PercentInterval | Range
    countries: int
    marks: tuple[Mark, ...]


def draw_region_bands(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw the countries of each region, in alphabetical order, over the region's mean.

    Countries without a published estimate follow in alphabetical order; those that are not
    comparable stand below all regions, outside every order and mean.
    """
    translator, context = comparison.translator, comparison.context
    if comparison.published.empty:
        return explain_nothing_published(comparison)
    groups = comparison.group_by_region(comparison.ordered_countries)
    means = {region: _find_mean(comparison, region) for region in groups}
    sections = [
        *(
            _add_mean(comparison, section, mean)
            for section, mean in zip(
                comparison.build_sections(
                    comparison.ordered_countries, comparison.country_rows.__getitem__
                ),
                means.values(),
                strict=True,
            )
        ),
        *_build_sections_apart(comparison),
    ]
    rows = [row for section in sections for row in section.rows]
    notes = [
        *_note_band(comparison, means),
        *alt_text.note_uncertain_marks(context, rows),
        *_note_incomparable(comparison),
    ]
    opening = translator("Dot and interval chart: {title}.", title=title)
    findings = [
        *[_describe_region(comparison, region, groups[region], means[region]) for region in groups],
        *describe_order(comparison),
        *list_left_out(comparison, comparison.published["country"]),
        *_note_bounds(comparison, means),
    ]
    caption = translator(
        "Lines that overlap do not mean that two {areas} are equal, nor which is higher."
    )
    return Drawing(
        build_percent_chart(sections, translator),
        describe_share(comparison),
        caption,
        opening,
        findings,
        [alt_text.join_sentences(notes)],
        describe_order(comparison),
    )


def _add_mean(
    comparison: IndicatorComparison, section: Section, mean: RegionMean | None
) -> Section:
    """Return a section with the mean of its countries behind them, printed beside its heading."""
    if mean is None:
        return section
    if not section.heading:
        return replace(section, marks=mean.marks)
    translator, percent = comparison.translator, mean.percent
    printed = (
        format_range_in_figure(translator, percent)
        if isinstance(percent, Range)
        else comparison.format_share(percent)
    )
    return replace(
        section,
        marks=mean.marks,
        note=translator("mean of {count}", count=translator.number(mean.countries)),
        value="\u00a0".join(printed),
    )


def _build_sections_apart(comparison: IndicatorComparison) -> list[Section]:
    """Return the sections of countries that are not comparable, and that did not ask it."""
    translator, rows = comparison.translator, comparison.country_rows
    incomparable = tuple(
        rows[code] if rows[code].estimate is None else _mark_incomparable(rows[code])
        for code in _list_incomparable(comparison)
    )
    unasked = tuple(rows[code] for code in comparison.sort_by_name(comparison.unasked))
    sections = (
        Section(translator("Not comparable"), incomparable),
        Section(translator("Not asked"), unasked),
    )
    return [section for section in sections if section.rows]


def _list_incomparable(comparison: IndicatorComparison) -> list[str]:
    return comparison.sort_by_name(comparison.incomparable & comparison.country_rows.keys())


def _mark_incomparable(row: Row) -> Row:
    """Return the row of a country that is not comparable, marked in label and value."""
    marks = (replace(row.marks[0], look="apart"),)
    return replace(
        row, label=row.label + OTHER, interval=row.interval + OTHER, marks=marks, muted=True
    )


def _note_incomparable(comparison: IndicatorComparison) -> list[str]:
    if not _list_incomparable(comparison):
        return []
    return [f"{OTHER} " + comparison.translator("Open square: another survey, not to be compared.")]


def _find_mean(comparison: IndicatorComparison, region: str) -> RegionMean | None:
    pooled = comparison.find_table("pooled")
    if pooled is None or (not region and comparison.regions):
        return None
    means_of_region = pooled[
        (pooled["group"] == (region or ALL_COUNTRIES))
        & (pooled["estimand"] == "equal_country")
        & (pooled["countries"] > 1)
    ].dropna(subset=["ci_low", "ci_high"])
    if means_of_region.empty:
        return None
    row: Any = next(means_of_region.itertuples())
    return RegionMean(
        range_at(row) or percent_at(row), int(row.countries), build_average_marks(row)
    )


def _note_band(
    comparison: IndicatorComparison, means: Mapping[str, RegionMean | None]
) -> list[str]:
    if not any(means.values()):
        return []
    band_note = comparison.translator(
        "Line and shaded band: mean of the {areas} that it passes, each counting the same, with "
        "its {level} per cent interval.",
        level=comparison.context.level,
    )
    return [band_note, *_note_bounds(comparison, means)]


def _note_bounds(
    comparison: IndicatorComparison, means: Mapping[str, RegionMean | None]
) -> list[str]:
    """Return of whom means are ranges, for those who see the picture and who hear it."""
    return (
        note_averages_by_bound(comparison)
        if any(mean and isinstance(mean.percent, Range) for mean in means.values())
        else []
    )


def _describe_region(
    comparison: IndicatorComparison, region: str, members: Sequence[str], mean: RegionMean | None
) -> str:
    translator, published = comparison.translator, comparison.published
    published_rows = published[published["country"].isin(list(members))]
    if published_rows.empty:
        return ""
    values = percents_at(published_rows)
    unnamed_heading = (
        translator("Other {areas}") if comparison.regions else translator("All {areas}")
    )
    heading = translator.translate_or_keep(region) if region else unnamed_heading
    if len(published_rows) == 1:
        return translator(
            "{heading}: {country} {value} per cent.",
            heading=heading,
            country=comparison.country_name(published_rows["country"].iloc[0]),
            value=comparison.format_percent(values[0]),
        )
    numbers = {
        "heading": heading,
        "count": translator.number(cell_count([address_of(share.estimate) for share in values])),
        "span": comparison.format_span(values),
    }
    if mean is None:
        return translator("{heading}: estimates of {count} {areas}, {span} per cent.", **numbers)
    if isinstance(mean.percent, Range):
        low, high, mean_low, mean_high = (
            translator.percent(getattr(mean.percent, name), mean.percent.digits)
            for name in ("low", "high", "ci_low", "ci_high")
        )
        sentence = translator(
            "{heading}: estimates of {count} {areas}, {span} per cent; the mean with those that "
            "are hidden lies between {low} and {high} per cent (interval {mean_low} to "
            "{mean_high}).",
            low=low,
            high=high,
            mean_low=mean_low,
            mean_high=mean_high,
            **numbers,
        )
        return join_sentences([sentence, *_describe_differing(comparison, region, of_shown=True)])
    low, high = comparison.format_limits(mean.percent)
    sentence = translator(
        "{heading}: estimates of {count} {areas}, {span} per cent; their mean is "
        "{value} per cent (interval {mean_low} to {mean_high}).",
        value=comparison.format_percent(mean.percent),
        mean_low=low,
        mean_high=high,
        **numbers,
    )
    return join_sentences([sentence, *_describe_differing(comparison, region)])


def _describe_differing(
    comparison: IndicatorComparison, region: str, of_shown: bool = False
) -> list[str]:
    """Say which countries differ from the mean of their region, after Holm's adjustment.

    The test is against the mean of the countries with an estimate: where the mean of all is a
    range, ``of_shown``, the sentence says so.
    """
    table = comparison.find_table("against_region")
    rows_of_region = None if table is None else table[table["region"] == region]
    if rows_of_region is None or rows_of_region.empty:
        return []
    translator = comparison.translator
    mean = translator("the mean of those with an estimate") if of_shown else translator("this mean")
    higher = rows_of_region.loc[
        rows_of_region["clear"] & (rows_of_region["difference"] > 0), "country"
    ].tolist()
    lower = rows_of_region.loc[
        rows_of_region["clear"] & (rows_of_region["difference"] < 0), "country"
    ].tolist()
    if not higher and not lower:
        return [translator("For no {area} is a difference from {mean} shown.", mean=mean)]
    sentences = []
    if higher:
        country_names = comparison.list_names(higher)
        sentences.append(
            translator("Above {mean}: {countries}.", mean=mean, countries=country_names)
        )
    if lower:
        country_names = comparison.list_names(lower)
        sentences.append(
            translator("Below {mean}: {countries}.", mean=mean, countries=country_names)
        )
    return sentences
