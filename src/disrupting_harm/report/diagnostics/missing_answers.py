"""Answers that are missing among those who were asked, by question."""

import pandas as pd
from matplotlib.axes import Axes

from disrupting_harm.report.diagnostics.nonresponse import draw_divided_bars
from disrupting_harm.report.drawing.style import RUST, TEAL, TINT
from disrupting_harm.study.codebook.definitions import (
    DONT_KNOW,
    LOST,
    NOT_ASKED,
    REFUSED,
    status_column,
)

KINDS = {DONT_KNOW: "does not know", REFUSED: "prefers not to say", LOST: "lost"}
COLOURS = dict(zip(KINDS.values(), (TINT, RUST, TEAL), strict=True))
MOST_QUESTIONS = 14
SMALLEST_GROUP = 50  # who were asked


def code_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """Return one column of words for each question: its answer, or why it has no valid one.

    Args:
        answers: the prepared table; a question with a number has its status beside it.
    """
    statuses = {status_column(str(name)) for name in answers.columns}
    return pd.DataFrame(
        {
            name: answers[status_column(str(name)) if status_column(str(name)) in answers else name]
            for name in answers.columns
            if name != "child_id" and name not in statuses
        }
    )


def share_missing_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """Return ``question, kind, percent`` of those asked, the questions with the most first.

    Questions put to fewer than 50 are left out.
    """
    words = code_answers(answers)
    asked = (words != NOT_ASKED).sum()
    shares = pd.DataFrame(
        {name: 100 * (words == kind).sum() / asked for kind, name in KINDS.items()}
    )
    shares = shares[asked >= SMALLEST_GROUP].rename_axis(index="question", columns="kind")
    sums = shares.sum(axis=1).sort_values(ascending=False, kind="stable")
    most = sums[sums > 0].index[:MOST_QUESTIONS]
    return shares.loc[most].reset_index().melt("question", value_name="percent")


def draw_missing_answers(axes: Axes, shares: pd.DataFrame) -> None:
    """Draw a bar for each question, divided by why there is no answer."""
    draw_divided_bars(axes, shares, COLOURS)
    axes.set(xlabel="per cent of those asked", ylabel="")
