"""The plan of a chart of estimates, and its files; country and comparison figures share it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from disrupting_harm.files import json_list, write_csv, write_text
from disrupting_harm.report.annotated import split
from disrupting_harm.report.figures import alt_text, printing
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cells import answers_of
from disrupting_harm.report.figures.charts import interval_chart
from disrupting_harm.report.figures.page import Frame
from disrupting_harm.report.figures.record import FigureRecord, Undrawn
from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.definitions import Domain


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
        "subtitle": split(frame.subtitle),
        "source": split(frame.source),
        "caption": split(caption),
        "alt": split(alt),
        "alt_short": split(alt_short),
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


def draw_plan(plan: Plan, setting: Setting, folder: Path) -> FigureRecord:
    """Draw one chart of estimates; without a published estimate, return the reason instead."""
    words = setting.words
    entry = (plan.id, plan.kind, plan.module, plan.indicator, plan.subject)
    rows = [row for section in plan.sections for row in section.rows]
    if all(row.estimate is None or row.bold for row in rows):
        return FigureRecord(*entry, caption="", alt="", absent=no_estimate(words, rows))
    subtitle = alt_text.share_of(setting, plan.recall, plan.who, plan.together)
    notes = [note for note in (plan.remark, *alt_text.notes(setting, rows)) if note]
    frame = alt_text.frame(setting, plan.subject, subtitle, answers_of(plan.cells), notes)
    figure = interval_chart(plan.sections, frame, words)
    title = alt_text.title(setting, plan.subject)
    # The period stands in the subtitle, which who hears the figure does not have.
    heading = alt_text.with_period(words, title, plan.recall)
    files = printing.write_figure(figure, folder, plan.id, title, setting.press)
    write_csv(folder / f"{plan.id}.csv", plan.cells.assign(data_kind=setting.data_kind))
    return drawn(
        entry,
        frame,
        files,
        caption=alt_text.interval_caption(words, len(plan.sections) > 1, plan.together),
        alt=alt_text.interval_alt(setting, heading, plan.sections),
        alt_short=alt_text.interval_alt_short(setting, heading, plan.sections),
    )


def write_records(target: Path, records: Iterable[FigureRecord]) -> None:
    """List figures as JSON, each on a line of its own."""
    write_text(target, json_list(map(asdict, records)) + "\n")


def no_estimate(words: Words, rows: Sequence[Row]) -> str:
    """Return why there is no estimate to draw: none can be published, or none was asked for."""
    if all(not row.asked for row in rows if not row.bold):
        return words("The survey did not ask what this figure would show.")
    return words("No estimate of this figure can be published.")


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
    domain: Domain, codebook: Codebook, found: pd.Series, words: Words
) -> dict[str, str]:
    """Return printed labels of a domain's levels: the codebook's order, then any others found."""
    known = list(domain.bands)
    if domain.item is not None:
        known = known or list(codebook.item(domain.item).answers)
    levels = dict.fromkeys([*known, *sorted(set(found))])
    item_labels = codebook.item(domain.item).value_labels if domain.item else {}
    labels = item_labels | domain.levels_label
    return {level: words.of_study(labels.get(level, level)) for level in levels}
