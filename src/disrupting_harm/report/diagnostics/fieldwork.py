"""Interviews of each interviewer and of each day: how many, how long, and what stays unsaid."""

import pandas as pd

from disrupting_harm.report.diagnostics.missing_answers import KINDS, code_answers
from disrupting_harm.study.codebook.definitions import NOT_ASKED, REFUSED
from disrupting_harm.study.microdata.sample import DAY, MINUTES

COLUMNS = (
    "by", "of", "interviews", "missing_percent", "refused_percent", "minutes_median",
    "short_interviews",
)  # fmt: skip
# An interview is short that took less than this part of the median of all.
SHORT = 0.5


def tabulate_fieldwork(sample: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each interviewer and for each day, the most answers missing first.

    Shares are per cent of all answers that were asked for; they are unweighted. Without rows where
    the sample has neither interviewers nor days, and without lengths where it has none.

    Args:
        sample: the prepared table; rows without an interview do not count.
        answers: the prepared table.
    """
    words = code_answers(answers)
    interviews = pd.DataFrame(
        {
            "interviews": 1,
            "asked": (words != NOT_ASKED).sum(axis=1),
            "missing": words.isin(list(KINDS)).sum(axis=1),
            "refused": (words == REFUSED).sum(axis=1),
        }
    ).set_axis(pd.Index(answers["child_id"]), axis=0)
    of_children = sample.set_index("child_id").reindex(interviews.index)
    minutes = of_children.get(MINUTES)
    if minutes is not None:
        interviews["minutes"] = minutes
        interviews["short"] = minutes < SHORT * minutes.median()
    tables = []
    for by in ("interviewer", DAY):
        if by not in of_children:
            continue
        names = of_children[by].astype("str").rename("of")
        groups = interviews[names != ""].groupby(names[names != ""])
        sums = groups[["interviews", "asked", "missing", "refused"]].sum()
        table = pd.DataFrame(
            {
                "by": by,
                "interviews": sums["interviews"],
                "missing_percent": 100 * sums["missing"] / sums["asked"],
                "refused_percent": 100 * sums["refused"] / sums["asked"],
                "minutes_median": groups["minutes"].median() if minutes is not None else None,
                "short_interviews": groups["short"].sum() if minutes is not None else None,
            }
        ).reset_index()
        tables.append(table.sort_values("missing_percent", ascending=False, kind="stable"))
    if not tables:
        texts = dict.fromkeys(COLUMNS[:2], "str")
        numbers = dict.fromkeys(COLUMNS[2:], "float")
        return pd.DataFrame(columns=COLUMNS).astype({**texts, **numbers})
    table = pd.concat(tables, ignore_index=True)[list(COLUMNS)]
    return table.astype(dict.fromkeys(COLUMNS[2:], float)).round(2)
