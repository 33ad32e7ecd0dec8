"""Figures that compare countries: the same set for each headline proportion.

Each figure has one subject: estimates by region, the ranks that countries may have, those with
some silence, the differences between groups of children inside them, the pooled estimates, the
bounds that missing answers leave, the two denominators, and tiles with the estimates.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from disrupting_harm.core.files import write_csv
from disrupting_harm.provenance.compared_row_addresses import addresses_of_compared_rows
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.comparison import (
    IN_REPORT,
    ON_SITE,
    TABLES_OF,
    bounds,
    denominators,
    gaps,
    pooled,
    ranks,
    region_bands,
    silence,
    tiles,
)
from disrupting_harm.report.figures.comparison.context import Drawing, IndicatorComparison, NotDrawn
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.phone_svg import write_phone_svg
from disrupting_harm.report.figures.estimate_chart import (
    add_row_addresses,
    build_figure_record,
    check_hidden_rows,
    level_labels,
    write_figure_records,
)
from disrupting_harm.report.language.estimate_base import base_of
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator
from disrupting_harm.study.statuses import NOT_ASKED
from disrupting_harm.tables.figure_columns import find_figure_column

Draw = Callable[[IndicatorComparison, str], Drawing | NotDrawn]


def draw_comparison(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    regions: Mapping[str, str | None],
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
    *,
    in_text: Mapping[str, str] | None = None,
    cells: Mapping[str, tuple[int, int]] | None = None,
    kinds: Collection[str] = tuple(TABLES_OF),
    groups: pd.DataFrame | None = None,
) -> list[FigureRecord]:
    """Draw the figures of each headline proportion; ``figures-{kind}.json`` lists those of a kind.

    Args:
        tables: the public tables of the comparison by name (``comparison.tables.read_tables``).
            ``prevalence`` must be there; without another, its figures are absent with a reason.
        names: the countries' names as printed, by code.
        regions: the region in which each country is shown, by code, in English; without regions
            the countries stand in one list.
        codebook: indicators, domains and their labels.
        context: the language and what all texts need.
        folder: where the files go.
        in_text: names that a sentence has otherwise, such as "the Philippines", by code.
        cells: column and row of tiles on the map of their region, by code.
        kinds: the kinds of figures that are drawn, by the names in ``TABLES_OF``.
        groups: the public estimates of all countries; they say why a gap between groups is not
            tested.

    Raises:
        StudyError: if a hidden cell carries a number or a shown one lacks it.
    """
    check_hidden_rows(tables["prevalence"], "public comparison")
    tables = {
        name: add_row_addresses(own, partial(addresses_of_compared_rows, name))
        for name, own in tables.items()
    } | ({} if groups is None else {"groups": groups})
    compared = set(tables["prevalence"]["indicator"])
    cases = [
        _case(
            codebook.indicator(name),
            tables,
            names,
            regions,
            context,
            in_text or {},
            cells or {},
            codebook,
        )
        for name in codebook.headlines("proportion")
        if name in compared
    ]
    records: list[FigureRecord] = []
    main = next(
        (comparison for comparison in cases if comparison.indicator.series),
        cases[0] if cases else None,
    )
    with style.house_style():
        for kind in kinds:
            own = [
                record
                for comparison in cases
                for record in _draw_kind(
                    kind,
                    comparison,
                    codebook,
                    folder,
                    phones=kind in ON_SITE or (kind in IN_REPORT and comparison is main),
                )
            ]
            write_figure_records(folder / f"figures-{kind}.json", own)
            records += own
    return records


def _case(
    indicator: Indicator,
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    regions: Mapping[str, str | None],
    context: FigureContext,
    in_text: Mapping[str, str],
    cells: Mapping[str, tuple[int, int]],
    codebook: Codebook,
) -> IndicatorComparison:
    own = {
        name: table[table["indicator"] == indicator.id].reset_index(drop=True)
        for name, table in tables.items()
    }
    apart: frozenset[str] = frozenset()
    if "comparability" in own:
        ledger, national = own["comparability"], own["prevalence"]
        asked = set(national.loc[national["status"] != NOT_ASKED, "country"])
        apart = frozenset(ledger.loc[ledger["comparable"] == "no", "country"]) & asked
    grouped = {code: region for code, region in regions.items() if region}
    who = base_of(context.translator, codebook, indicator)
    return IndicatorComparison(indicator, own, names, grouped, apart, context, in_text, cells, who)


def _draw_kind(
    kind: str, comparison: IndicatorComparison, codebook: Codebook, folder: Path, *, phones: bool
) -> Iterator[FigureRecord]:
    """Draw one kind of figure of an indicator, for telephones, too, where pages show it."""
    for found, name, topic, draw in _figures(comparison, codebook):
        if found != kind:
            continue
        entry = (
            f"{kind}-{name}",
            kind,
            comparison.indicator.module,
            comparison.indicator.id,
            topic,
        )
        result = draw(comparison, topic)
        if isinstance(result, NotDrawn):
            yield FigureRecord(*entry, caption="", alt="", absent=result.reason)
            continue
        title = alt_text.format_title(comparison.setting, topic)
        files = print_formats.write_figure(
            result.figure, folder, entry[0], title, comparison.setting.press
        )
        table = f"{entry[0]}.csv"
        data = result.data.assign(data_kind=comparison.setting.data_kind)
        write_csv(folder / table, _whole(data, f"figures/comparison/{table}"))
        again = partial(_draw_again, comparison, topic, draw)
        yield build_figure_record(
            entry,
            result.frame,
            files,
            caption=result.caption,
            alt=result.alt,
            alt_short=result.alt_short,
            undrawn=result.undrawn,
            phone=write_phone_svg(
                again, result.frame, folder, entry[0], title, comparison.setting.press
            )
            if phones
            else "",
        )


def _whole(data: pd.DataFrame, path: str) -> pd.DataFrame:
    """Return the data with whole numbers as such, where some rows have none."""
    partly = data.select_dtypes("float").columns
    fields = {name: find_figure_column(path, name) for name in partly}
    whole = (name for name, field in fields.items() if field and field.published_type == "integer")
    return data.astype(dict.fromkeys(whole, "Int64"))


def _draw_again(comparison: IndicatorComparison, topic: str, draw: Draw, frame: Frame) -> Figure:
    """Draw a figure in the cut of this frame."""
    context = replace(comparison.setting, cut=frame.cut)
    result = draw(replace(comparison, setting=context), topic)
    assert isinstance(result, Drawing), "what is absent is so in every cut"
    return result.figure


def _figures(
    comparison: IndicatorComparison, codebook: Codebook
) -> Iterator[tuple[str, str, str, Draw]]:
    """The figures of one indicator: kind, rest of the name, subject, and how it is drawn."""
    translator, own = comparison.translator, comparison.indicator.id
    topic = translator.of_study(comparison.indicator.figure_label)

    yield "comparison", own, topic, region_bands.draw
    yield "ranks", own, translator("{subject}: possible ranks", subject=topic), ranks.draw
    if comparison.indicator.silence:
        about = translator("{subject}: possible ranks with silence", subject=topic)
        yield "silence", own, about, silence.draw
    domains = _gap_domains(comparison, codebook)
    for domain in domains:
        name = translator.of_study(domain.label)
        about = translator("{subject}: differences ({domain})", subject=topic, domain=name)
        labels = _labels(comparison, domain, codebook)
        yield "gaps", f"{own}-{domain.id}", about, partial(gaps.draw, domain=domain, labels=labels)
    if not domains:
        about = translator("{subject}: differences inside {areas}", subject=topic)
        yield "gaps", own, about, lambda comparison, _: comparison.missing()
    yield "pooled", own, translator("{subject}: pooled estimates", subject=topic), pooled.draw
    yield "bounds", own, translator("{subject}: missing answers", subject=topic), bounds.draw
    about = translator("{subject}: internet users and all {respondents}", subject=topic)
    yield "denominators", own, about, denominators.draw
    yield "tiles", own, translator("{subject}, on a map", subject=topic), tiles.draw


def _labels(comparison: IndicatorComparison, domain: Domain, codebook: Codebook) -> dict[str, str]:
    table = comparison.tables["gaps"]
    own = table[table["domain"] == domain.id]
    return level_labels(
        domain, codebook, pd.concat([own["level_a"], own["level_b"]]), comparison.translator
    )


def _gap_domains(comparison: IndicatorComparison, codebook: Codebook) -> list[Domain]:
    table = comparison.table("gaps")
    found = set() if table is None else set(table["domain"])
    return [domain for domain in codebook.domains if domain.id in found]
