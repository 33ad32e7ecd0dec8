"""Interviewers whose interviews have more answers missing than those of others."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.diagnostics.missing_answers import KINDS, code_answers
from disrupting_harm.report.drawing.style import GREY, RUST, TEAL
from disrupting_harm.study.codebook.definitions import NOT_ASKED

LABELLED = 3


COLUMNS = ("interviewer", "interviews", "missing", "asked")


def compare_interviewers(sample: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return ``interviewer, interviews, missing, asked``: answers missing, of all asked for.

    Without rows where the sample has no ``interviewer``; interviews without one do not count.
    """
    if "interviewer" not in sample:
        return pd.DataFrame(columns=COLUMNS)
    words = code_answers(answers)
    name_of_child = sample.set_index("child_id")["interviewer"].astype(str)
    interviews = pd.DataFrame(
        {
            "interviewer": answers["child_id"].map(name_of_child),
            "interviews": 1,
            "missing": words.isin(list(KINDS)).sum(axis=1),
            "asked": (words != NOT_ASKED).sum(axis=1),
        }
    )
    return interviews[interviews["interviewer"] != ""].groupby("interviewer").sum().reset_index()


def draw_interviewers(axes: Axes, interviewers: pd.DataFrame) -> None:
    """Draw a dot for each interviewer; the three with the most missing answers have their names."""
    percents = interviewers.assign(percent=100 * interviewers["missing"] / interviewers["asked"])
    sns.scatterplot(data=percents, x="interviews", y="percent", color=TEAL, s=16, ax=axes)
    average = 100 * interviewers["missing"].sum() / interviewers["asked"].sum()
    axes.axhline(average, color=GREY, linewidth=0.9)
    most = percents.sort_values("percent", ascending=False, kind="stable").head(LABELLED)
    middle = percents["interviews"].max() / 2
    for row in most.itertuples():
        is_right = row.interviews > middle
        axes.annotate(
            str(row.interviewer), (row.interviews, row.percent), (-3 if is_right else 3, 2),
            textcoords="offset points", color=RUST, ha="right" if is_right else "left",
        )  # fmt: skip
    axes.set(xlabel="interviews", ylabel="per cent missing", xlim=(0, None), ylim=(0, None))
