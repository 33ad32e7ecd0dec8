"""Figures that compare countries: the same set for each headline proportion.

Each figure has one topic: estimates by region, the ranks that countries may have, those with
some silence, the differences between groups of children inside them, the pooled estimates, the
bounds that missing answers leave, and the two denominators.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.comparison import (
    TABLES_OF,
    denominators,
    group_gaps,
    pooled_estimates,
    rank_sets,
    region_bands,
    worst_case_bounds,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_comparisons,
    describe_fieldwork,
)
from disrupting_harm.report.figures.estimate_chart import (
    level_labels,
    respondent_counts,
    write_figure_records,
)
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.io import read_table

# What draws a kind of figure from an indicator and its title; gaps are drawn by domain.
DRAW: dict[str, Callable[[IndicatorComparison, str], Drawing | NotDrawn]] = {
    "comparison": region_bands.draw_region_bands,
    "ranks": rank_sets.draw_ranks,
    "silence": rank_sets.draw_silence_ranks,
    "gaps": lambda comparison, _: comparison.explain_missing_table(),
    "pooled": pooled_estimates.draw_pooled_estimates,
    "bounds": worst_case_bounds.draw_bounds,
    "denominators": denominators.draw_denominators,
}
DRAWN_TABLES = frozenset(name for names in TABLES_OF.values() for name in names)
# Whole numbers that charts place beside others.
NUMBER_COLUMNS = ["countries", "rank_low", "rank_high", "children", "children_low", "children_high"]


def read_drawn_tables(paths: Iterable[Path]) -> dict[str, pd.DataFrame]:
    """Return the public tables that are drawn, by name; others are left out.

    A study need not have all of them: a table that is not there leaves its figures out, with the
    reason in the list of figures.

    Raises:
        StudyError: if a file is missing, or breaks its contract.
    """
    tables = {
        path.stem: read_table(path, public_contract(f"comparison/{path.stem}"))
        for path in paths
        if path.stem in DRAWN_TABLES
    }
    return {
        name: table.astype(dict.fromkeys(table.columns.intersection(NUMBER_COLUMNS), float))
        for name, table in tables.items()
    }


def draw_comparison(
    tables: Mapping[str, pd.DataFrame],
    country_names: Mapping[str, str],
    regions: Mapping[str, str | None],
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
    *,
    names_in_text: Mapping[str, str] | None = None,
    kinds: Collection[str] = tuple(TABLES_OF),
    groups: pd.DataFrame | None = None,
) -> list[FigureRecord]:
    """Draw the figures of each headline proportion; ``figures-{kind}.json`` lists those of a kind.

    Args:
        tables: the public tables of the comparison by name (:func:`read_drawn_tables`).
            ``prevalence`` must be there; without another, its figures are not drawn, and the list
            says why.
        country_names: the countries' names as printed, by code.
        regions: the region in which each country is shown, by code, in English; without regions
            the countries stand in one list.
        names_in_text: names that a sentence has otherwise, such as "the Philippines", by code.
        kinds: the kinds of figures that are drawn, by the names in ``TABLES_OF``.
        groups: the public estimates of all countries; they say why a gap between groups is not
            tested.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    comparisons = build_comparisons(
        tables, country_names, regions, codebook, context, names_in_text or {}, groups
    )
    records: list[FigureRecord] = []
    for figure_kind in kinds:
        records_of_kind = [
            record
            for comparison in comparisons
            for record in _draw_kind(figure_kind, comparison, codebook, folder)
        ]
        write_figure_records(folder / f"figures-{figure_kind}.json", records_of_kind)
        records += records_of_kind
    return records


def _draw_kind(
    figure_kind: str, comparison: IndicatorComparison, codebook: Codebook, folder: Path
) -> Iterator[FigureRecord]:
    """Draw one kind of figure of an indicator: one figure, or one for each domain of gaps."""
    indicator = comparison.indicator
    if figure_kind == "silence" and not indicator.silence:
        return
    for domain in _find_gap_domains(figure_kind, comparison, codebook) or (None,):
        name = f"{indicator.id}-{domain.id}" if domain else indicator.id
        identity = FigureIdentity(
            f"{figure_kind}-{name}", figure_kind, indicator.module, indicator.id
        )
        topic = _name_topic(figure_kind, comparison, domain)
        title = alt_text.format_title(comparison.context, topic)
        if domain:
            labels = _label_levels(comparison, domain, codebook)
            result = group_gaps.draw_gaps(comparison, title, domain, labels)
        else:
            result = DRAW[figure_kind](comparison, title)
        if isinstance(result, NotDrawn):
            yield identity.describe_absence(topic, result.reason)
        else:
            yield _write_drawing(identity, comparison, topic, result, folder)


def _write_drawing(
    identity: FigureIdentity,
    comparison: IndicatorComparison,
    topic: str,
    drawing: Drawing,
    folder: Path,
) -> FigureRecord:
    context = comparison.context
    topic = drawing.topic or topic
    title = alt_text.format_title(context, topic)
    notes = [*drawing.notes, *describe_fieldwork(comparison)]
    answer_counts = [] if drawing.of_groups else respondent_counts(comparison.published)
    main_findings = [*drawing.main_findings, *drawing.findings][:1]
    return write_figure_record(
        identity,
        drawing.chart,
        alt_text.build_frame(context, topic, drawing.subtitle, answer_counts, notes),
        FigureTexts(
            title,
            drawing.caption,
            alt_text.join_sentences([drawing.opening, *drawing.findings, context.stamp]),
            alt_text.join_short_text(context, drawing.opening, main_findings),
        ),
        folder,
        context.data_kind,
        press=context.press,
        undrawn=drawing.undrawn,
    )


def _name_topic(figure_kind: str, comparison: IndicatorComparison, domain: Domain | None) -> str:
    translator = comparison.translator
    subject = translator.of_study(comparison.indicator.figure_label)
    if domain:
        name = translator.of_study(domain.label)
        return translator("{subject}: differences ({domain})", subject=subject, domain=name)
    topics = {
        "ranks": translator("{subject}: possible ranks", subject=subject),
        "silence": translator("{subject}: possible ranks with silence", subject=subject),
        "gaps": translator("{subject}: differences inside {areas}", subject=subject),
        "pooled": translator("{subject}: pooled estimates", subject=subject),
        "bounds": translator("{subject}: missing answers", subject=subject),
        "denominators": translator(
            "{subject}: internet users and all {respondents}", subject=subject
        ),
    }
    return topics.get(figure_kind) or comparison.title_span(subject)


def _label_levels(
    comparison: IndicatorComparison, domain: Domain, codebook: Codebook
) -> dict[str, str]:
    table = comparison.tables["gaps"]
    rows_of_domain = table[table["domain"] == domain.id]
    return level_labels(
        domain,
        codebook,
        pd.concat([rows_of_domain["level_a"], rows_of_domain["level_b"]]),
        comparison.translator,
    )


def _find_gap_domains(
    figure_kind: str, comparison: IndicatorComparison, codebook: Codebook
) -> tuple[Domain, ...]:
    """Return the domains whose differences are drawn; none for other kinds of figures."""
    table = comparison.find_table("gaps")
    domains_with_gaps = set() if table is None or figure_kind != "gaps" else set(table["domain"])
    return tuple(domain for domain in codebook.domains if domain.id in domains_with_gaps)
