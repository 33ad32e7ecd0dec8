"""Numbers that respondents or interviewers round, such as ages and hours."""

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
    """Return ``number, answers, is_round`` of whole answers, numbers that nobody gave as 0.

    Of numbers that spread over more than 30 the first column is ``last digit``. Multiples of 5 are
    round.
    """
    whole = numbers[numbers.notna() & (numbers % 1 == 0)].astype(int)
    if whole.empty:
        return pd.DataFrame(columns=["number", "answers", "is_round"])
    if whole.max() - whole.min() >= WIDEST:
        whole, every, name = whole.abs() % 10, range(10), "last digit"
    else:
        every, name = range(whole.min(), whole.max() + 1), "number"
    counts = whole.value_counts().reindex(every, fill_value=0).rename("answers")
    return counts.rename_axis(name).reset_index().assign(is_round=counts.index % ROUND == 0)


def draw_whole_numbers(axes: Axes, counts: pd.DataFrame) -> None:
    """Draw a bar for each number, round ones in another colour."""
    number = counts.columns[0]
    sns.histplot(
        data=counts, x=number, weights="answers", hue="is_round", discrete=True, shrink=0.72,
        palette={False: TINT, True: RUST}, alpha=1, edgecolor="white", linewidth=0.4, legend=False,
        ax=axes,
    )  # fmt: skip
    axes.set(xlabel=number, ylabel="answers", xticks=counts[number])
