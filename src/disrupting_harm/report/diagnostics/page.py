"""The page of diagnostics of a country: A4, two columns of pictures, each with what to look for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.diagnostics.design_effects import (
    draw_design_effects,
    select_design_effects,
)
from disrupting_harm.report.diagnostics.digit_preference import (
    count_whole_numbers,
    draw_whole_numbers,
    list_number_questions,
)
from disrupting_harm.report.diagnostics.interviewers import compare_interviewers, draw_interviewers
from disrupting_harm.report.diagnostics.missing_answers import (
    draw_missing_answers,
    share_missing_answers,
)
from disrupting_harm.report.diagnostics.nonresponse import (
    compute_unit_rates,
    draw_outcomes,
    draw_unit_rates,
    share_outcomes,
)
from disrupting_harm.report.diagnostics.style import (
    LETTERS,
    MM_PER_INCH,
    house_style,
    place_legend,
)
from disrupting_harm.report.diagnostics.weights import (
    compare_margins,
    compute_relative_weights,
    draw_margins,
    draw_weights,
)
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.style import GREY, INK, RUST, TEAL
from disrupting_harm.report.language.fonts import SEMIBOLD

# Millimetres.
WIDTH, HEIGHT = 210.0, 297.0
EDGE, GUTTER = 14.0, 8.0
COLUMN = (WIDTH - 2 * EDGE - GUTTER) / 2
HEAD = 20.0
LINE = 3.6
LEGEND, AXIS, GAP = 4.2, 9.5, 4.5
LABEL_GAP, SHORT_LABELS = 2.0, 9.0
ROW, PLOT = 4.4, 34.0  # the height of a row of names, and of a plot without them, before stretching
TITLE_LETTERS, HEAD_LETTERS = 8.4, 13.0
FEWEST_ROWS = 3
MOST_NUMBERS = 2  # pictures of whole numbers
MOST_STRETCH = 1.5  # of plots on a page with few of them


@dataclass(frozen=True)
class DiagnosticTables:
    """The restricted tables of a country behind its page, as the stages write them."""

    sample: pd.DataFrame
    answers: pd.DataFrame
    weights: pd.DataFrame
    margins: pd.DataFrame
    estimates: pd.DataFrame


@dataclass(frozen=True)
class Panel:
    """One picture of the page.

    Attributes:
        title: what it shows.
        look_for: one line: what would be a reason to ask.
        draw: draws it.
        row_labels: the names on its vertical axis; none for an axis of numbers.
    """

    title: str
    look_for: str
    draw: Callable[[Axes], None]
    row_labels: Sequence[str] = ()

    @property
    def hints(self) -> tuple[str, ...]:
        """What to look for, in lines of the column."""
        return wrap_text(f"Look for: {self.look_for}", COLUMN, LETTERS)

    @property
    def furniture(self) -> float:
        """The height of all but the plot, in millimetres."""
        return LINE * (1 + len(self.hints)) + LEGEND + AXIS + GAP

    @property
    def plot_height(self) -> float:
        """The height of the plot before the page is filled, in millimetres."""
        return ROW * max(len(self.row_labels), FEWEST_ROWS) if self.row_labels else PLOT


def draw_diagnostics_page(country: str, tables: DiagnosticTables, *, simulated: bool) -> Figure:
    """Return the page of a country; a picture without data is left out, and the page says so.

    Args:
        country: its name.
        simulated: whether the data are simulated; the page then says so.
    """
    figure = Figure(figsize=(WIDTH / MM_PER_INCH, HEIGHT / MM_PER_INCH))
    columns = [list(column) for column in (_list_left_panels(tables), _list_right_panels(tables))]
    with house_style():
        _write_head(figure, country, tables.sample, simulated)
        for column, panels in enumerate(columns):
            left = EDGE + column * (COLUMN + GUTTER)
            room = HEIGHT - HEAD - EDGE + GAP - sum(panel.furniture for panel in panels)
            plots = sum(panel.plot_height for panel in panels)
            stretch = min(room, MOST_STRETCH * plots) / plots if panels else 1.0
            top = HEAD
            for panel in panels:
                top = _place_panel(figure, panel, left, top, stretch * panel.plot_height)
    return figure


def _list_left_panels(tables: DiagnosticTables) -> Iterator[Panel]:
    relative_weights = compute_relative_weights(tables.weights)
    yield Panel(
        "Weights before and after adjustment",
        "weights far to the right: a few then decide much.",
        lambda axes: draw_weights(axes, relative_weights),
    )
    margins = compare_margins(tables.margins)
    if len(margins):
        yield Panel(
            "Margins before and after adjustment",
            "groups far from 100 before, or not at 100 after.",
            lambda axes: draw_margins(axes, margins),
            tuple(margins["category"].unique()),
        )
    effects = select_design_effects(tables.estimates)
    if len(effects):
        yield Panel(
            "Design effects of estimates, by domain",
            "medians far above 1, domains unlike the others.",
            lambda axes: draw_design_effects(axes, effects),
            tuple(effects["domain"].unique()),
        )
    for question in list_number_questions(tables.answers)[:MOST_NUMBERS]:
        counts = count_whole_numbers(tables.answers[question])
        if len(counts):
            yield Panel(
                f"Digit preference: {question}",
                "round numbers (dark) that stand above both neighbours.",
                partial(draw_whole_numbers, counts=counts),
            )


def _list_right_panels(tables: DiagnosticTables) -> Iterator[Panel]:
    outcomes = share_outcomes(tables.sample)
    if len(outcomes):
        yield Panel(
            "Drawn and not interviewed, by stratum",
            "strata and reasons unlike the others.",
            lambda axes: draw_outcomes(axes, outcomes),
            tuple(outcomes["stratum"].unique()),
        )
    rates = compute_unit_rates(tables.sample)
    if len(rates):
        yield Panel(
            "Response rates of primary units",
            "units far to the left: was a team there?",
            lambda axes: draw_unit_rates(axes, rates),
        )
    missing = share_missing_answers(tables.answers)
    if len(missing):
        yield Panel(
            "Questions with the most answers missing",
            "refusals at one question, and answers that were lost.",
            lambda axes: draw_missing_answers(axes, missing),
            tuple(missing["question"].unique()),
        )
    interviewers = compare_interviewers(tables.sample, tables.answers)
    if len(interviewers):
        yield Panel(
            "Interviewers and missing answers",
            "interviewers far above the line, which is the average.",
            lambda axes: draw_interviewers(axes, interviewers),
        )


def _write_head(figure: Figure, country: str, sample: pd.DataFrame, simulated: bool) -> None:
    units = len(sample.drop_duplicates(["stratum", "psu"]))
    drawn = (
        f"{len(sample):,} drawn in {units:,} primary units of "
        f"{sample['stratum'].nunique():,} strata."
    )
    absent = [
        words
        for column, words in {
            "disposition": "outcomes of contacts",
            "interviewer": "interviewers",
        }.items()
        if column not in sample
    ]
    if absent:
        drawn += f" The file does not say: {', '.join(absent)}."
    title = f"Diagnostics of the data: {country}"
    _write_line(figure, EDGE, 9.5, title, size=HEAD_LETTERS, weight=SEMIBOLD, color=TEAL)
    _write_line(
        figure, EDGE, 14.5, f"Restricted: for statisticians and reviewers. {drawn}", color=GREY
    )
    if simulated:
        _write_line(
            figure, WIDTH - EDGE, 9.5, "Simulated data.", size=TITLE_LETTERS, weight=SEMIBOLD,
            color=RUST, ha="right",
        )  # fmt: skip


def _place_panel(
    figure: Figure, panel: Panel, left: float, top: float, plot_height: float
) -> float:
    """Draw a panel below ``top`` and return where the next one begins, in millimetres."""
    _write_line(
        figure, left, top + 2.8, panel.title, size=TITLE_LETTERS, weight=SEMIBOLD, color=INK
    )
    for number, hint in enumerate(panel.hints, 1):
        _write_line(figure, left, top + 2.8 + LINE * number, hint, color=GREY)
    plot_top = top + LINE * (1 + len(panel.hints)) + LEGEND
    widths = [measure_text(label, LETTERS) for label in panel.row_labels]
    indent = max(widths) + LABEL_GAP if widths else SHORT_LABELS
    box = (
        (left + indent) / WIDTH,
        1 - (plot_top + plot_height) / HEIGHT,
        (COLUMN - indent) / WIDTH,
        plot_height / HEIGHT,
    )
    axes = figure.add_axes(box, label=panel.title)
    panel.draw(axes)
    if axes.get_legend():
        # Above the plot, from the left end of the column on, where it has most room.
        anchor = left / WIDTH, 1 - (plot_top - 1) / HEIGHT
        place_legend(
            axes, loc="lower left", bbox_to_anchor=anchor, bbox_transform=figure.transFigure,
            ncols=4, borderaxespad=0, borderpad=0, columnspacing=1.2, handletextpad=0.4,
        )  # fmt: skip
    axes.grid(visible=not panel.row_labels, axis="y")
    axes.grid(visible=bool(panel.row_labels), axis="x")
    sns.despine(ax=axes, left=True)
    return plot_top + plot_height + AXIS + GAP


def _write_line(figure: Figure, x: float, y: float, text: str, **look: Any) -> None:
    """Write a line of text whose letters stand on ``y``, in millimetres from the upper left."""
    figure.text(x / WIDTH, 1 - y / HEIGHT, text, va="baseline", **look)
