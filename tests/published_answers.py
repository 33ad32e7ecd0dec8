"""Raw files of published surveys written anew from counts of answers: no person's row is kept."""

import random
from pathlib import Path

import pandas as pd
from repository import PROJECT

from disrupting_harm.study.microdata.mapping import Mapping

FOLDER = PROJECT / "tests" / "reference" / "published_studies"


def read_counts(name: str) -> pd.DataFrame:
    """Read how many of each country and group gave each answer, as R counted them."""
    counts = pd.read_csv(FOLDER / f"{name}_counts.csv", dtype=str, keep_default_na=False)
    return counts.assign(persons=counts["persons"].astype(int))


def write_answers(
    path: Path, counts: pd.DataFrame, mapping: Mapping, *, together: bool = True
) -> None:
    """Write as many rows as persons, with answers as they were counted by country and by one group.

    Args:
        together: whether all who gave an answer follow each other; else answers meet by chance.
    """
    (group,) = counts["group"].unique()
    area = mapping.area.column if mapping.area else "area"
    columns = {}
    for question, answers in counts.groupby("question"):
        ordered = answers.sort_values(["country", "level", "code"])
        for name, column in {question: "code", group: "level", area: "country"}.items():
            columns[name] = ordered[column].repeat(ordered["persons"]).tolist()
        if not together:
            columns[question] = _shuffle_within(columns[question], ordered)
    names = [area, *(variable.column for variable in mapping.variables.values())]
    pd.DataFrame(columns).reindex(columns=names, fill_value="").to_csv(path, index=False)


def _shuffle_within(answers: list[str], ordered: pd.DataFrame) -> list[str]:
    """Return answers in an order of chance within each country, the same at each run."""
    draw, shuffled, start = random.Random(1), [], 0
    for persons in ordered.groupby("country", sort=True)["persons"].sum():
        of_country = answers[start : start + persons]
        draw.shuffle(of_country)
        shuffled += of_country
        start += persons
    return shuffled
