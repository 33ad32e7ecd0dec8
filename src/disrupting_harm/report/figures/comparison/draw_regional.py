"""Figures of the report on all countries that the study's own words ask for.

Small pictures of its first page, and panels of its chapters: the section ``region`` of the file of
findings names their indicators.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from disrupting_harm.provenance.addresses import address_of, cell_count
from disrupting_harm.report.drawing.rows import Panel
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.comparison.action_matrix import draw_action_matrix
from disrupting_harm.report.figures.comparison.compared_shares import (
    compare_shares,
    select_national_rows,
)
from disrupting_harm.report.figures.comparison.group_gaps import (
    build_gap_panel,
    draw_leading_gaps,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_comparisons,
)
from disrupting_harm.report.figures.comparison.indicator_panels import (
    draw_panels,
    list_panel_countries,
)
from disrupting_harm.report.figures.comparison.silence_counts import draw_silence_counts
from disrupting_harm.report.figures.estimate_chart import (
    level_labels,
    percent_at,
    respondent_counts,
    write_figure_records,
)
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.report.findings.action_states import ActionStates
from disrupting_harm.report.findings.conditions import (
    list_addresses_of_both_sides,
    match_disagreements,
)
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.region_definition import (
    Region,
    RegionalFinding,
    RegionalGap,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.codebook.codebook import Codebook

PANELS, STORY, LEADING_GAPS = "panels", "story", "groups"
SILENCE, ACTIONS = "silence-counts", "actions"


def draw_regional(
    tables: Mapping[str, pd.DataFrame],
    estimates: pd.DataFrame,
    country_names: Mapping[str, str],
    regions: Mapping[str, str | None],
    names_in_text: Mapping[str, str],
    codebook: Codebook,
    region: Region | None,
    context: FigureContext,
    folder: Path,
    needs: Sequence[PublicRow] = (),
    recommendations: Recommendations | None = None,
    evidence: Evidence | None = None,
) -> list[FigureRecord]:
    """Draw the figures that the study's words ask for; ``figures.json`` lists them.

    Args:
        tables: the public tables of the comparison by name, as of
            :func:`.draw_comparison.draw_comparison`.
        estimates: the public estimates of all countries.
        region: the study's words; None: no figure of them.
        needs: rows of the public table of needs, and ``recommendations`` the study's actions.
        evidence: of all countries, which tells what is known where an action is not needed.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    records: list[FigureRecord] = []
    if region and (region.findings or region.gaps):
        headlines = {
            comparison.indicator.id: comparison
            for comparison in build_comparisons(
                tables,
                country_names,
                regions,
                codebook,
                context,
                names_in_text,
                estimates,
            )
        }
        records += _draw_leading_gaps(region, headlines, codebook, context, folder)
        records += _draw_silence(region, headlines, context, folder)
        national = select_national_rows(estimates)
        records += _draw_story(region, headlines, national, codebook, context, folder)
        for finding in (finding for chapter in region.chapters for finding in chapter.findings):
            comparisons = compare_shares([*finding.panels], headlines, national, codebook)
            gap_label = finding.panels.get(finding.gap.indicator) if finding.gap else None
            gap_panel = _build_gap_panel(finding, gap_label, comparisons, headlines, codebook)
            records += _draw_panels(finding, comparisons, gap_panel, codebook, context, folder)
    if needs and recommendations:
        sources = evidence or Evidence()
        disputed = frozenset[str]().union(
            *(
                list_addresses_of_both_sides(
                    match_disagreements(recommendations, sources.of(country))
                )
                for country in country_names
            )
        )
        states = ActionStates(sources, select_national_rows(estimates), disputed)
        records.append(
            _draw_actions(needs, recommendations, country_names, context, folder, states)
        )
    write_figure_records(folder / "figures.json", records)
    return records


def _draw_story(
    region: Region,
    headlines: Mapping[str, IndicatorComparison],
    national: pd.DataFrame,
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw what the findings of the first page rest on, one panel each."""
    headings = {
        finding.indicator: finding.picture
        for finding in region.story
        if finding.picture and not finding.gap
    }
    # Regions would need the room that the page has for its words.
    headlines = {name: replace(compared, regions={}) for name, compared in headlines.items()}
    comparisons = compare_shares([*headings], headlines, national, codebook)
    if not any(not comparison.published.empty for comparison in comparisons):
        return
    gap_panel = next(
        (
            _build_gap_panel(finding, finding.picture, comparisons, headlines, codebook)
            for finding in region.story
            if finding.picture and finding.gap
        ),
        None,
    )
    heading = context.translator("The findings, {area} by {area}")
    topic = "; ".join(
        comparison.title_span(comparison.translator.of_study(headings[comparison.indicator.id]))
        for comparison in comparisons
        if len(comparison.published) > 1
    )
    heading = topic or heading
    title = alt_text.format_title(context, heading)
    caption = context.translator("Values stand beside their marks, with 95 per cent intervals.")
    drawing = draw_panels(comparisons, headings, codebook, title, caption, gap_panel)
    yield _write_drawing(FigureIdentity(STORY, PANELS), heading, drawing, [], context, folder)


def _draw_leading_gaps(
    region: Region,
    headlines: Mapping[str, IndicatorComparison],
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw the differences between the groups that the report tells of."""
    comparison = headlines.get(region.indicator)
    if comparison is None or not region.gaps:
        return
    translator = context.translator
    gaps = comparison.find_table("gaps")
    labels_by_domain = {
        domain.id: level_labels(
            domain, codebook, gaps.loc[gaps["domain"] == domain.id, "level_a"], translator
        )
        for name in region.gaps
        for domain in codebook.domains
        if gaps is not None and domain.id == name
    }
    identity = FigureIdentity(LEADING_GAPS, LEADING_GAPS, indicator=region.indicator)
    subject = translator.of_study(comparison.indicator.figure_label)
    heading = translator("{subject}: differences between groups", subject=subject)
    result = draw_leading_gaps(comparison, labels_by_domain)
    yield _write_drawing(identity, heading, result, [], context, folder)


def _draw_silence(
    region: Region,
    headlines: Mapping[str, IndicatorComparison],
    context: FigureContext,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw which countries may be the highest with silence up to each share."""
    comparison = headlines.get(region.indicator)
    if comparison is None or not comparison.indicator.silence:
        return
    heading = context.translator("{Areas} that may be the highest, by silence")
    identity = FigureIdentity(SILENCE, SILENCE, indicator=region.indicator)
    result = draw_silence_counts(comparison)
    yield _write_drawing(identity, heading, result, [], context, folder)


def _label_levels(
    gap: RegionalGap, codebook: Codebook, translator: Translator[str]
) -> dict[str, str]:
    """Return the printed labels of the two groups of a gap, by level."""
    domain = next(entry for entry in codebook.domains if entry.id == gap.domain)
    labels = level_labels(domain, codebook, pd.Series([*gap.levels]), translator)
    return {level: labels[level] for level in gap.levels}


def _build_gap_panel(
    finding: RegionalFinding,
    label: str | None,
    comparisons: Sequence[IndicatorComparison],
    headlines: Mapping[str, IndicatorComparison],
    codebook: Codebook,
) -> Panel | None:
    """Return the panel of a finding's gap, beside those of its shares; None where it has none."""
    gap = finding.gap
    if gap is None or not comparisons or gap.indicator not in headlines:
        return None
    comparison = headlines[gap.indicator]
    translator = comparison.translator
    return build_gap_panel(
        comparison,
        gap.domain,
        _label_levels(gap, codebook, translator),
        list_panel_countries(comparisons),
        translator.of_study(label or comparison.indicator.figure_label),
    )


def _draw_panels(
    finding: RegionalFinding,
    comparisons: Sequence[IndicatorComparison],
    gap_panel: Panel | None,
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw the panels of a finding of a chapter."""
    if not any(not comparison.published.empty for comparison in comparisons):
        return
    identity = FigureIdentity(f"{PANELS}-{finding.id}", PANELS)
    heading = _count_larger(finding, comparisons, context.translator)
    title = alt_text.format_title(context, heading)
    caption = context.translator(
        "Read down to compare {areas}, along a row to compare answers: along a row nothing is "
        "tested."
    )
    drawing = draw_panels(comparisons, finding.panels, codebook, title, caption, gap_panel)
    counts = [n for compared in comparisons for n in respondent_counts(compared.published)]
    yield _write_drawing(identity, heading, drawing, counts, context, folder)


def _count_larger(
    finding: RegionalFinding,
    comparisons: Sequence[IndicatorComparison],
    translator: Translator[str],
) -> str:
    """Return in how many countries one of two shares is above the other; else a plain title."""
    pair = finding.pair
    if pair:
        shares = {
            comparison.indicator.id: {
                str(row.country): percent_at(row) for row in comparison.published.itertuples()
            }
            for comparison in comparisons
        }
        larger, smaller = (shares.get(name, {}) for name in (pair.larger, pair.smaller))
        both = [code for code in larger if code in smaller]
        above = [code for code in both if larger[code].estimate > smaller[code].estimate]
        if 2 * len(above) > len(both) > 1:
            counts = {
                name: cell_count([address_of(larger[code].estimate) for code in codes])
                for name, codes in (("n", above), ("m", both))
            }
            return translator.fill_sentence(
                pair.title, {name: translator.number(count) for name, count in counts.items()}
            )
    return translator.of_study(finding.heading["plain"])


def _draw_actions(
    needs: Sequence[PublicRow],
    recommendations: Recommendations,
    country_names: Mapping[str, str],
    context: FigureContext,
    folder: Path,
    states: ActionStates,
) -> FigureRecord:
    """Draw which country needs which action."""
    heading = context.translator("Which {area} needs which action")
    result = draw_action_matrix(needs, recommendations, country_names, context, states)
    identity = FigureIdentity(ACTIONS, ACTIONS)
    source = context.translator("Sources: in the report of each {area}.")
    return _write_drawing(identity, heading, result, [], context, folder, source)


def _write_drawing(
    identity: FigureIdentity,
    heading: str,
    result: Drawing | NotDrawn,
    answer_counts: Sequence[float],
    context: FigureContext,
    folder: Path,
    source: str | None = None,
) -> FigureRecord:
    """Write a figure; ``source`` is its own where that is not the survey."""
    if isinstance(result, NotDrawn):
        return identity.describe_absence(heading, result.reason)
    heading = result.topic or heading
    title = alt_text.format_title(context, heading)
    frame = alt_text.build_frame(context, heading, result.subtitle, answer_counts, result.notes)
    if source is not None:
        frame = replace(frame, source=source)
    return write_figure_record(
        identity,
        result.chart,
        frame,
        FigureTexts(
            title,
            result.caption,
            alt_text.join_sentences([result.opening, *result.findings, context.stamp]),
            alt_text.join_short_text(context, result.opening, result.findings[:1]),
        ),
        folder,
        context.data_kind,
        press=context.press,
        undrawn=result.undrawn,
    )
