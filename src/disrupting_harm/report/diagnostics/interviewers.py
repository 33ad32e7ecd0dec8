"""Interviewers whose interviews have more answers missing than those of others."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.report.diagnostics.missing_answers import KINDS, code_answers
from disrupting_harm.report.drawing.style import GREY, RUST, TEAL
from disrupting_harm.study.codebook.definitions import NOT_ASKED

LABELLED = 3


def compare_interviewers(sample: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return ``interviewer, interviews, percent``: missing of all answers that were asked for.

    Without rows where the sample has no ``interviewer``; interviews without one do not count.
    """
    if "interviewer" not in sample:
        return pd.DataFrame(columns=["interviewer", "interviews", "percent"])
    words = code_answers(answers)
    counts = pd.DataFrame(
        {
            "interviewer": answers["child_id"].map(
                sample.astype({"interviewer": str}).set_index("child_id")["interviewer"]
            ),
            "missing": words.isin(list(KINDS)).sum(axis=1),
            "asked": (words != NOT_ASKED).sum(axis=1),
        }
    )
    by_interviewer = counts[counts["interviewer"] != ""].groupby("interviewer")
    sums = by_interviewer[["missing", "asked"]].sum()
    return pd.DataFrame(
        {"interviews": by_interviewer.size(), "percent": 100 * sums["missing"] / sums["asked"]}
    ).reset_index()


def draw_interviewers(axes: Axes, interviewers: pd.DataFrame) -> None:
    """Draw a dot for each interviewer; the three with the most missing answers have their names."""
    sns.scatterplot(
        data=interviewers, x="interviews", y="percent", color=TEAL, s=16, linewidth=0, ax=axes
    )
    average = (interviewers["percent"] * interviewers["interviews"]).sum()
    axes.axhline(average / interviewers["interviews"].sum(), color=GREY, linewidth=0.9)
    most = interviewers.sort_values("percent", ascending=False, kind="stable").head(LABELLED)
    for name, interviews, percent in most.itertuples(index=False):
        axes.annotate(name, (interviews, percent), (3, 2), textcoords="offset points", color=RUST)
    axes.set(xlabel="interviews", ylabel="per cent missing", xlim=(0, None), ylim=(0, None))
