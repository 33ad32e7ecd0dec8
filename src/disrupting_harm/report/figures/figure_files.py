"""The files of a figure: its drawings, its table of marks, and its entry in ``figures.json``."""

from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.files import write_csv
from disrupting_harm.report.drawing.formats import RUN, Press, write_figure
from disrupting_harm.report.drawing.marks import Chart, MarkRecord
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
    Undrawn,
)
from disrupting_harm.report.language.addressed_text import split_addresses, strip_addresses


def write_figure_record(
    identity: FigureIdentity,
    chart: Chart,
    frame: Frame,
    texts: FigureTexts,
    folder: Path,
    data_kind: str,
    *,
    press: Press = RUN,
    undrawn: Undrawn | None = None,
) -> FigureRecord:
    """Draw a figure, write its files and its marks as CSV, and return its entry.

    The addresses in its texts become the ``numbers`` of the entry.

    Args:
        data_kind: of its data: simulated, partly simulated or observed; empty for a picture that
            has no table beside it.
        undrawn: the rows of its data that it leaves out, by reason.
    """
    title = strip_addresses(texts.title)
    files = write_figure(chart, frame, folder, identity.id, title, press)
    csv = f"{identity.id}.csv" if data_kind else ""
    if csv:
        marks = [mark._asdict() | {"data_kind": data_kind} for mark in chart.list_marks()]
        columns = [*MarkRecord._fields, "data_kind"]
        write_csv(folder / csv, pd.DataFrame(marks, columns=columns))
    addressed = {
        "title": frame.title,
        "subtitle": frame.subtitle,
        "source": frame.source,
        "caption": texts.caption,
        "alt": texts.alt,
        "alt_short": texts.alt_short,
    }
    parts = {name: split_addresses(text) for name, text in addressed.items()}
    plain: dict[str, Any] = {name: text for name, (text, _) in parts.items()}
    return FigureRecord(
        identity.id,
        identity.kind,
        identity.module,
        identity.indicator,
        **plain,
        simulated=frame.simulated,
        cut=frame.cut.name,
        files=files.names,
        phone=files.phone,
        csv=csv,
        numbers={name: numbers for name, (_, numbers) in parts.items() if numbers},
        undrawn={reason: rows for reason, rows in (undrawn or {}).items() if rows},
    )
