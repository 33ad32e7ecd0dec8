"""The plan of a chart of estimates, and its files; country and comparison figures share it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import format_json_list, write_text
from disrupting_harm.provenance.addresses import ADDRESS, address_of, with_address
from disrupting_harm.publication.short_intervals import MAY_BE_SHORT
from disrupting_harm.report.drawing.marks import Mark, Sign
from disrupting_harm.report.drawing.row_chart import RowChart, single_panel
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.report.language.ranges import ENDS as RANGE_ENDS
from disrupting_harm.report.language.ranges import Range, count_decimals
from disrupting_harm.report.language.signs import UNRELIABLE, name_missing
from disrupting_harm.report.language.translator import Translator, read_whole_percent
from disrupting_harm.report.language.whole_percent import (
    format_interval_in_figure,
    format_whole_percent,
)
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED
from disrupting_harm.study.whole_percents import WHOLE

# Rows of public tables are all that is drawn, and one with a hidden status may have no number: a
# figure can therefore not show what the release hides.
WITHOUT_NUMBER = (*HIDDEN_STATUSES, NOT_ASKED)
UNCERTAIN = ("caution", "review")
Prefixes = Callable[[Iterable[Mapping[str, str]]], Iterable[str]]
NUMBERS = ["n", "estimate", "ci_low", "ci_high"]
KEYS = ["country", "indicator"]


def check_hidden_rows(table: pd.DataFrame, table_name: str) -> None:
    """Stop where a hidden row has a number or a shown row has none.

    Raises:
        StudyError: naming the first such row.
    """
    hidden = table["status"].isin(WITHOUT_NUMBER)
    has_number = table[NUMBERS].notna()
    for faulty, finding in (
        (hidden & has_number.any(axis=1), "a hidden cell carries a number"),
        (~hidden & ~has_number.all(axis=1), "a shown cell lacks n, its estimate or interval"),
    ):
        if faulty.any():
            keys = [key for key in (*KEYS, "domain", "level") if key in table.columns]
            row = ", ".join(str(value) for value in table.loc[faulty, keys].iloc[0])
            raise StudyError(f"{table_name}, row {row}", finding, "Run the stage 'publish' again")


def add_row_addresses(table: pd.DataFrame, prefixes: Prefixes) -> pd.DataFrame:
    """Return a public table with the address of each row in a column of its own.

    Args:
        table: all its rows, in the order of its file.
        prefixes: what makes the addresses of its rows.
    """
    rows: Any = table.to_dict("records")
    return table.assign(**{ADDRESS: list(prefixes(rows))})


def number_at(row: Any, column: str) -> float:
    """Return a number of a row (a named tuple of a table with addresses) with its address."""
    return with_address(float(getattr(row, column)), f"{row.address}/{column}")  # type: ignore[no-any-return]


def numbers_at(table: pd.DataFrame, column: str) -> list[float]:
    """Return the numbers of a column of a table with addresses; rows without one are left out."""
    rows_with_number = table.dropna(subset=[column])
    values_and_rows = zip(rows_with_number[column], rows_with_number[ADDRESS], strict=True)
    return [
        with_address(float(value), f"{row_address}/{column}")
        for value, row_address in values_and_rows
    ]


def percent_at(row: Any, column_names: Sequence[str] = tuple(WHOLE.values())) -> PercentInterval:
    """Return a share of a row (as in :func:`number_at`) with its limits in whole per cent.

    Args:
        row: of a public table, whose share is shown.
        column_names: the columns of the share and of its limits.
    """
    share, low, high = (
        with_address(int(getattr(row, name)), f"{row.address}/{name}") for name in column_names
    )
    return PercentInterval(share, low, high, share == 0 and row.estimate > 0)


def build_mark(
    row: Any,
    look: str,
    columns: tuple[str, str, str] = ("estimate", "ci_low", "ci_high"),
    sign: Sign = "",
) -> Mark:
    """Return the mark of a row of a public table (as in :func:`number_at`), in per cent.

    Args:
        columns: of its value and its ends, proportions; without a value where that is empty.
    """
    value, low, high = (
        None if not name or isnan(getattr(row, name)) else round(100 * getattr(row, name), 2)
        for name in columns
    )
    return Mark(value, low, high, look, sign, address=row.address)


def build_average_marks(row: Any) -> tuple[Mark, ...]:
    """Return the marks of a row of ``pooled.csv``: with its interval, the average or its range."""
    average = build_mark(row, "pooled")
    if average.value is not None:
        return (average,)
    return (build_mark(row, "pooled", ("", "set_low", "set_high"), "range"), average)


def percents_at(table: pd.DataFrame) -> list[PercentInterval]:
    """Return the shares of a table with addresses in whole per cent; hidden ones are left out."""
    return [percent_at(row) for row in table.dropna(subset=["whole"]).itertuples()]


def range_at(row: Any) -> Range | None:
    """Return the range of an average; None where it is one number, or none.

    Args:
        row: a named tuple of ``pooled.csv`` with addresses.
    """
    if isnan(row.set_low):
        return None
    low, high, ci_low, ci_high = (number_at(row, column) for column in RANGE_ENDS)
    digits = count_decimals([str(float(number)) for number in (low, high, ci_low, ci_high)])
    return Range(low, high, ci_low, ci_high, digits)


def respondent_counts(table: pd.DataFrame) -> list[float]:
    """Return how many answered, of each row of a table with addresses that has the number."""
    return numbers_at(table, "n")


def is_uncertain(cell: Any) -> bool:
    """Return whether an estimate is to be used with caution, or its interval may be too short.

    Tables of all countries do not say it of intervals.
    """
    is_short = getattr(cell, "interval_note", "") == MAY_BE_SHORT
    return is_short or bool(cell.status in UNCERTAIN)


def build_row(cell: Any, translator: Translator[str], highlight: bool = False) -> Row:
    """Return the drawn row of one cell: a named tuple of a table with addresses and a ``label``.

    It is drawn where it is published and printed in whole per cent.
    """
    label = str(cell.label)
    if cell.status == NOT_ASKED:
        return Row(
            label, translator("not asked"), marks=(Mark(sign="unasked", address=cell.address),)
        )
    if cell.status in HIDDEN_STATUSES:
        return build_hidden_row(label, cell.shown, translator, cell.address)
    share = percent_at(cell)
    uncertain = "caution" if is_uncertain(cell) else ""
    looks = [word for word in ("highlight" if highlight else "", uncertain) if word]
    mark = build_mark(cell, " ".join(looks) or "plain")
    return Row(
        label,
        format_whole_percent(translator, share),
        format_interval_in_figure(translator, share),
        (mark,),
        bold=highlight,
        address=address_of(share.estimate),
    )


def build_hidden_row(label: str, sign: str, translator: Translator[str], address: str) -> Row:
    """Return the row of a cell whose estimate is hidden, with words for its ``sign``.

    ``address`` is that of its row in the public table.
    """
    if sign.startswith(("<", ">")):
        limit = float(sign[1:])
        percent = translator.with_sign(
            read_whole_percent(with_address(limit / 100, f"{address}/shown"))
        )
        if sign[0] == "<":
            words, low, high = translator("under {limit}", limit=percent), 0.0, limit
        else:
            words, low, high = translator("more than {limit}", limit=percent), limit, 100.0
        return Row(label, words, marks=(Mark(None, low, high, sign="bound", address=address),))
    mark = Mark(sign="uncertain" if sign == UNRELIABLE else "privacy", address=address)
    return Row(label, name_missing(translator, sign), marks=(mark,))


@dataclass(frozen=True)
class ChartPlan:
    """A chart of estimates before it is drawn: its rows and the table rows behind them.

    Attributes:
        id: of the figure and its files.
        figure_kind: of the figure.
        module, indicator: what it is about; empty where it is about several.
        topic: the title, a plain name without the place.
        sections: the rows drawn.
        estimates: the rows of the public table behind them.
        recall: the period that all of them speak of.
        notes: what belongs below the chart, each on a line of its own; empty ones are left out.
        base: of whom, where that is not the whole population.
        together: whether the intervals of a section hold together.
        caption: how to read it, where that is not said of all charts of estimates.
        chart: what is drawn of the sections, where that is not one panel; it is as wide as a page.
        descriptions: the alternative text and the short one, where they are not those of all charts
            of estimates.
    """

    id: str
    figure_kind: str
    module: str
    indicator: str
    topic: str
    sections: tuple[Section, ...]
    estimates: pd.DataFrame
    recall: str = ""
    notes: tuple[str, ...] = ()
    base: str = ""
    together: bool = False
    caption: str = ""
    chart: RowChart | None = None
    descriptions: tuple[str, str] | None = None


def draw_chart(plan: ChartPlan, context: FigureContext, folder: Path) -> FigureRecord:
    """Draw one chart and write its files; without a published estimate, the entry says why."""
    translator = context.translator
    identity = FigureIdentity(plan.id, plan.figure_kind, plan.module, plan.indicator)
    rows = [row for section in plan.sections for row in section.rows]
    if all(row.estimate is None or row.bold for row in rows):
        return identity.describe_absence(plan.topic, explain_no_estimate(translator, rows))
    if plan.chart and not context.cut.narrow:
        context = replace(context, cut=WIDE)
    subtitle = alt_text.describe_share(context, plan.recall, plan.base, plan.together)
    notes = filter(None, (*plan.notes, *alt_text.note_uncertain_marks(context, rows)))
    frame = alt_text.build_frame(
        context, plan.topic, subtitle, respondent_counts(plan.estimates), tuple(notes)
    )
    title = alt_text.format_title(context, plan.topic)
    # The period stands in the subtitle, which who hears the figure does not have.
    heading = alt_text.add_period(translator, title, plan.recall)
    caption = alt_text.caption_intervals(translator, len(plan.sections) > 1, plan.together)
    descriptions = plan.descriptions or alt_text.describe_intervals(context, heading, plan.sections)
    return write_figure_record(
        identity,
        plan.chart or build_percent_chart(plan.sections, translator),
        frame,
        FigureTexts(title, plan.caption or caption, *descriptions),
        folder,
        context.data_kind,
        press=context.press,
    )


def build_percent_chart(
    sections: Sequence[Section], translator: Translator[str], largest: float = 0.0
) -> RowChart:
    """Return a chart of one panel on an axis of per cents that holds ``largest`` and all rows."""
    return single_panel(sections, lambda end: percent_axis(end, translator), largest)


def write_figure_records(target: Path, records: Iterable[FigureRecord]) -> None:
    """List figures as JSON, each on a line of its own."""
    write_text(target, format_json_list(map(asdict, records)) + "\n")


def explain_no_estimate(translator: Translator[str], rows: Sequence[Row]) -> str:
    """Return why there is no estimate to draw: none can be published, or none was asked for."""
    if all(row.sign == "unasked" for row in rows if not row.bold):
        return translator("The survey did not ask what this figure would show.")
    return translator("No estimate of this figure can be published.")


def order_rows(estimates: pd.DataFrame, column: str, labels: dict[str, str]) -> pd.DataFrame:
    """Return the rows whose ``column`` is a key of ``labels``, in its order, with a ``label``."""
    positions = {key: position for position, key in enumerate(labels)}
    keys = estimates[column].tolist()
    rows = sorted(
        (row for row, key in enumerate(keys) if key in positions),
        key=lambda row: positions[keys[row]],
    )
    ordered = estimates.iloc[rows].reset_index(drop=True)
    return ordered.assign(label=[labels[keys[row]] for row in rows])


def level_labels(
    domain: Domain, codebook: Codebook, published_levels: pd.Series, translator: Translator[str]
) -> dict[str, str]:
    """Return printed labels by level in the codebook's order; then published levels without one."""
    codebook_levels = list(domain.bands)
    if domain.item is not None:
        codebook_levels = codebook_levels or list(codebook.item(domain.item).answers)
    levels = dict.fromkeys([*codebook_levels, *sorted(set(published_levels))])
    item_labels = codebook.item(domain.item).value_labels if domain.item else {}
    labels = item_labels | domain.levels_label
    return {level: translator.of_study(labels.get(level, level)) for level in levels}
