"""The plan of a chart of estimates, and its files; country and comparison figures share it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import format_json_list, write_csv, write_text
from disrupting_harm.provenance.addresses import ADDRESS, address_of, with_address
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.drawing import print_formats
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord, Undrawn
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.row_chart import Row, Section
from disrupting_harm.report.language.addressed_text import split_addresses
from disrupting_harm.report.language.ranges import ENDS as RANGE_ENDS
from disrupting_harm.report.language.ranges import Range, decimals_of
from disrupting_harm.report.language.translator import Translator, hundredths
from disrupting_harm.report.language.whole_percent import in_percent, interval
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED
from disrupting_harm.study.whole_percents import WHOLE

# Rows of the public tables, prepared for drawing.
#
# Nothing but the public table is read, and a row with a hidden status may have no number: a figure
# can therefore not show what the release hides.


WITHOUT_NUMBER = (*HIDDEN_STATUSES, NOT_ASKED)
UNCERTAIN = ("caution", "review")
Prefixes = Callable[[Iterable[Mapping[str, str]]], Iterable[str]]
NUMBERS = ["n", "estimate", "ci_low", "ci_high"]
KEYS = ["country", "indicator"]


def refuse_unsafe(table: pd.DataFrame, where: str) -> None:
    """Stop where a hidden row has a number or a shown row has none.

    Raises:
        StudyError: naming the first such row.
    """
    hidden = table["status"].isin(WITHOUT_NUMBER)
    known = table[NUMBERS].notna()
    for faulty, found in (
        (hidden & known.any(axis=1), "a hidden cell carries a number"),
        (~hidden & ~known.all(axis=1), "a shown cell lacks n, its estimate or interval"),
    ):
        if faulty.any():
            keys = [key for key in (*KEYS, "domain", "level") if key in table.columns]
            row = ", ".join(str(value) for value in table.loc[faulty, keys].iloc[0])
            raise StudyError(f"{where}, row {row}", found, "Run the stage 'publish' again")


def with_addresses(table: pd.DataFrame, prefixes: Prefixes) -> pd.DataFrame:
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
    known = table.dropna(subset=[column])
    cells = zip(known[column], known[ADDRESS], strict=True)
    return [with_address(float(value), f"{where}/{column}") for value, where in cells]


def whole_at(row: Any, names: Sequence[str] = tuple(WHOLE.values())) -> PercentInterval:
    """Return a share of a row (as in :func:`number_at`) with its limits in whole per cent.

    Args:
        row: of a public table, whose share is shown.
        names: the columns of the share and of its limits.
    """
    share, low, high = (
        with_address(int(getattr(row, name)), f"{row.address}/{name}") for name in names
    )
    return PercentInterval(share, low, high, share == 0 and row.estimate > 0)


def wholes_at(table: pd.DataFrame) -> list[PercentInterval]:
    """Return the shares of a table with addresses in whole per cent; hidden ones are left out."""
    return [whole_at(row) for row in table.dropna(subset=["whole"]).itertuples()]


def range_at(row: Any) -> Range | None:
    """Return the range of an average; None where it is one number, or none.

    Args:
        row: a named tuple of ``pooled.csv`` with addresses.
    """
    if isnan(row.set_low):
        return None
    low, high, ci_low, ci_high = (number_at(row, column) for column in RANGE_ENDS)
    digits = decimals_of([str(float(number)) for number in (low, high, ci_low, ci_high)])
    return Range(low, high, ci_low, ci_high, digits)


def answers_of(table: pd.DataFrame) -> list[float]:
    """Return how many answered, of each row of a table with addresses that tells it."""
    return numbers_at(table, "n")


def to_row(cell: Any, translator: Translator[str], highlight: bool = False) -> Row:
    """Return the drawn row of one cell: a named tuple of a table with addresses and a ``label``.

    It is drawn where it is published and printed in whole per cent.
    """
    label = str(cell.label)
    if cell.status == NOT_ASKED:
        return Row(label, translator("not asked"), missing="unasked", key=cell.address)
    if cell.status in HIDDEN_STATUSES:
        return missing_row(label, cell.shown, translator, cell.address)
    share = whole_at(cell)
    uncertain = "caution" if cell.status in UNCERTAIN else ""
    looks = [word for word in ("highlight" if highlight else "", uncertain) if word]
    return Row(
        label,
        in_percent(translator, share),
        interval(translator, share),
        estimate=round(100 * cell.estimate, 2),
        ci_low=round(100 * cell.ci_low, 2),
        ci_high=round(100 * cell.ci_high, 2),
        look=" ".join(looks) or "plain",
        address=address_of(share.estimate),
        key=cell.address,
        whole=int(share.estimate),
    )


def missing_row(label: str, sign: str, translator: Translator[str], address: str) -> Row:
    """Return the row of a cell whose estimate is hidden, with words for its ``sign``.

    ``address`` is that of its row in the public table.
    """
    if sign.startswith(("<", ">")):
        limit = float(sign[1:])
        percent = translator.with_sign(hundredths(with_address(limit / 100, f"{address}/shown")))
        if sign[0] == "<":
            shown = translator("under {limit}", limit=percent)
            return Row(label, shown, missing="bound", limits=(0.0, limit), key=address)
        shown = translator("more than {limit}", limit=percent)
        return Row(label, shown, missing="bound", limits=(limit, 100.0), key=address)
    if sign == "*":
        return Row(label, translator("not shown: too uncertain"), missing="uncertain", key=address)
    return Row(label, translator("not shown: privacy"), missing="privacy", key=address)


def drawn(
    entry: tuple[str, str, str, str, str],
    frame: Frame,
    files: tuple[str, ...],
    *,
    caption: str,
    alt: str,
    alt_short: str,
    undrawn: Undrawn | None = None,
    phone: str = "",
) -> FigureRecord:
    """Return the entry of a figure that was drawn, with the addresses of its numbers by text.

    Args:
        entry: its id, kind, module, indicator and title.
        frame: the texts in it.
        files: their names.
        caption, alt, alt_short: the texts beside it.
        undrawn: the rows of its data that it leaves out.
        phone: the name of its drawing for telephones, where it has one.
    """
    texts = {
        "subtitle": split_addresses(frame.subtitle),
        "source": split_addresses(frame.source),
        "caption": split_addresses(caption),
        "alt": split_addresses(alt),
        "alt_short": split_addresses(alt_short),
    }
    said = {name: text for name, (text, _) in texts.items()}
    return FigureRecord(
        *entry,
        caption=said["caption"],
        alt=said["alt"],
        alt_short=said["alt_short"],
        subtitle=said["subtitle"],
        source=said["source"],
        simulated=frame.simulated,
        cut=frame.cut.name,
        files=files,
        phone=phone,
        csv=f"{entry[0]}.csv",
        numbers={name: numbers for name, (_, numbers) in texts.items() if numbers},
        undrawn={reason: rows for reason, rows in (undrawn or {}).items() if rows},
    )


@dataclass(frozen=True)
class Plan:
    """A chart of estimates before it is drawn: its rows and the table rows behind them.

    Attributes:
        id: of the figure and its files.
        kind: of the figure.
        module, indicator: what it is about; empty where it is about several.
        subject: the title, a plain name without the place.
        sections: the rows drawn.
        cells: the rows of the public table behind them.
        recall: the period that all of them speak of.
        remark: a sentence that belongs below the chart.
        who: of whom, where that is not the whole population.
        together: whether the intervals of a section hold together.
    """

    id: str
    kind: str
    module: str
    indicator: str
    subject: str
    sections: tuple[Section, ...]
    cells: pd.DataFrame
    recall: str = ""
    remark: str = ""
    who: str = ""
    together: bool = False


def draw_plan(plan: Plan, setting: FigureContext, folder: Path) -> FigureRecord:
    """Draw one chart of estimates; without a published estimate, return the reason instead."""
    translator = setting.translator
    entry = (plan.id, plan.kind, plan.module, plan.indicator, plan.subject)
    rows = [row for section in plan.sections for row in section.rows]
    if all(row.estimate is None or row.bold for row in rows):
        return FigureRecord(*entry, caption="", alt="", absent=no_estimate(translator, rows))
    subtitle = alt_text.share_of(setting, plan.recall, plan.who, plan.together)
    notes = [note for note in (plan.remark, *alt_text.notes(setting, rows)) if note]
    frame = alt_text.frame(setting, plan.subject, subtitle, answers_of(plan.cells), notes)
    figure = interval_chart(plan.sections, frame, translator)
    title = alt_text.title(setting, plan.subject)
    # The period stands in the subtitle, which who hears the figure does not have.
    heading = alt_text.with_period(translator, title, plan.recall)
    files = print_formats.write_figure(figure, folder, plan.id, title, setting.press)
    write_csv(folder / f"{plan.id}.csv", plan.cells.assign(data_kind=setting.data_kind))
    return drawn(
        entry,
        frame,
        files,
        caption=alt_text.interval_caption(translator, len(plan.sections) > 1, plan.together),
        alt=alt_text.interval_alt(setting, heading, plan.sections),
        alt_short=alt_text.interval_alt_short(setting, heading, plan.sections),
    )


def write_records(target: Path, records: Iterable[FigureRecord]) -> None:
    """List figures as JSON, each on a line of its own."""
    write_text(target, format_json_list(map(asdict, records)) + "\n")


def no_estimate(translator: Translator[str], rows: Sequence[Row]) -> str:
    """Return why there is no estimate to draw: none can be published, or none was asked for."""
    if all(not row.asked for row in rows if not row.bold):
        return translator("The survey did not ask what this figure would show.")
    return translator("No estimate of this figure can be published.")


def in_order(cells: pd.DataFrame, column: str, labels: dict[str, str]) -> pd.DataFrame:
    """Return the rows named in ``labels``, in their order, with a column ``label``."""
    places = {key: place for place, key in enumerate(labels)}
    keys = cells[column].tolist()
    rows = sorted(
        (row for row, key in enumerate(keys) if key in places), key=lambda row: places[keys[row]]
    )
    ordered = cells.iloc[rows].reset_index(drop=True)
    return ordered.assign(label=[labels[keys[row]] for row in rows])


def level_labels(
    domain: Domain, codebook: Codebook, found: pd.Series, translator: Translator[str]
) -> dict[str, str]:
    """Return printed labels of a domain's levels: the codebook's order, then any others found."""
    known = list(domain.bands)
    if domain.item is not None:
        known = known or list(codebook.item(domain.item).answers)
    levels = dict.fromkeys([*known, *sorted(set(found))])
    item_labels = codebook.item(domain.item).value_labels if domain.item else {}
    labels = item_labels | domain.levels_label
    return {level: translator.of_study(labels.get(level, level)) for level in levels}
