"""Invented surveys on politics and news as archives give them away, and who decides on drafts."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

YES_NO_LABELS = {1.0: "Yes", 2.0: "No", 7.0: "Refusal", 8.0: "Don't know", 9.0: "No answer"}
MARKED = {0.0: "Not marked", 1.0: "Marked"}
LABELS = {
    "idno": "Respondent's identification number",
    "strat": "Sampling stratum",
    "cluster": "Primary sampling unit",
    "wt": "Final weight",
    "gndr": "Gender",
    "agea": "Age of respondent, calculated",
    "happy": "How happy are you",
    "trust": "Trust in politicians",
    "vote": "Voted last national election",
    "q5_1": "Where do you get news: Radio",
    "q5_2": "Where do you get news: Newspaper",
    "q5_3": "Where do you get news: Friends",
    "weightkg": "Body weight in kg",
    "remark": "Remarks of the interviewer",
}
VALUE_LABELS: dict[str, dict[Any, str]] = {
    "gndr": {1.0: "Male", 2.0: "Female"},
    "agea": {999.0: "Not available"},
    "happy": {0.0: "Extremely unhappy", 10.0: "Extremely happy", 88.0: "Don't know"},
    "trust": {1.0: "None", 2.0: "Little", 3.0: "Much", 4.0: "Interviewer's error"},
    "vote": YES_NO_LABELS,
    "q5_1": MARKED,
    "q5_2": MARKED,
    "q5_3": MARKED,
}


def make_answers(seed: int, rows: int = 480) -> pd.DataFrame:
    """Return invented answers: 4 strata of 6 clusters of 20 people."""
    draw = np.random.default_rng(seed)
    cluster = np.arange(rows) // 20
    return pd.DataFrame(
        {
            "idno": np.arange(rows) + 100.0,
            "strat": cluster // 6 + 1.0,
            "cluster": cluster + 1.0,
            "wt": draw.lognormal(0, 0.3, rows).round(4),
            "gndr": draw.integers(1, 3, rows) * 1.0,
            "agea": np.where(draw.random(rows) < 0.02, 999, draw.integers(15, 90, rows)) * 1.0,
            "happy": np.where(draw.random(rows) < 0.05, 88, draw.integers(0, 11, rows)) * 1.0,
            "trust": draw.integers(1, 5, rows) * 1.0,
            "vote": draw.choice([1.0, 2.0, 7.0], rows, p=[0.6, 0.35, 0.05]),
            **{f"q5_{k}": (draw.random(rows) < 0.2 + 0.1 * k) * 1.0 for k in (1, 2, 3)},
            "weightkg": draw.normal(70, 9, rows).round(1),
            "remark": [f"remark {row}" for row in range(rows)],
        }
    )


def write_statistical(path: Path, frame: pd.DataFrame, **options: Any) -> None:
    """Write an SPSS or Stata file as a survey's archive gives it away."""
    write = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
    write(
        frame,
        str(path),
        file_label="Survey of trust",
        column_labels=[LABELS.get(name, "") for name in frame],
        variable_value_labels={n: v for n, v in VALUE_LABELS.items() if n in frame},
        **options,
    )


def decide(folder: Path) -> None:
    """Do what a person does: write what is asked for, confirm the rest."""
    words = {
        "date: TODO": "date: 2026-05-31",
        "population: TODO": "population: adults",
        ",TODO\n": ",2018\n",
    }
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        for word, decided in words.items():
            text = text.replace(word, decided)
        lines = [line.partition("# TODO")[0].rstrip() for line in text.splitlines()]
        path.write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")
