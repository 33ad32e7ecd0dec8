"""Numbers that children or interviewers round, such as ages and hours."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.drawing.style import RUST, TINT
from disrupting_harm.study.codebook.definitions import status_column

ROUND = 5
# Of numbers that spread wider, last digits are counted.
WIDEST = 30


def list_number_questions(answers: pd.DataFrame) -> list[str]:
    """Return the questions that are answered by a number, in the order of the answers."""
    return [str(name) for name in answers if status_column(str(name)) in answers]


def count_whole_numbers(numbers: "pd.Series[float]") -> pd.DataFrame:
    """Return ``number, children, is_round`` of whole answers, numbers that nobody gave as 0.

    Numbers that spread over more than 30 are counted by their last digit. Multiples of 5 are round.
    """
    whole = numbers[numbers.notna() & (numbers % 1 == 0)].astype(int)
    if whole.empty:
        return pd.DataFrame(columns=["number", "children", "is_round"])
    if whole.max() - whole.min() >= WIDEST:
        whole, every = whole.abs() % 10, range(10)
    else:
        every = range(whole.min(), whole.max() + 1)
    children = whole.value_counts().reindex(every, fill_value=0)
    counts = children.rename_axis("number").rename("children").reset_index()
    return counts.assign(is_round=counts["number"] % ROUND == 0)


def draw_whole_numbers(axes: Axes, counts: pd.DataFrame, question: str) -> None:
    """Draw a bar for each number, round ones in another colour."""
    sns.histplot(
        data=counts, x="number", weights="children", hue="is_round", discrete=True, shrink=0.72,
        palette={False: TINT, True: RUST}, alpha=1, edgecolor="white", linewidth=0.4, legend=False,
        ax=axes,
    )  # fmt: skip
    axes.set(xlabel=question, ylabel="children", xticks=counts["number"])
