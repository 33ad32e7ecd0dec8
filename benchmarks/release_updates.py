"""Random updates of a simulated survey: what a statistician may have to change after a release.

Every update is a new raw file. Children of the first release are nine in ten of those interviewed;
the others are the late interviews.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.simulation.study import simulate_study
from disrupting_harm.study.study import Study

CHILD, PSU, RESULT = "child", "psu", "result"
LATE = 0.1
# Questions that decide who is asked no other, with the codes of yes and no.
RECODED = ("a3", "a6", "a7_1", "b1_2", "b1_5", "c2_1", "d1", "d4", "d7", "d9", "e3_1", "e3_5")
YES, NO = "1", "0"
# Sex, region and wealth.
MOVED = ("r1", "r5", "r6")
SIZES = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, eq=False)
class Survey:
    """One country's files.

    Attributes:
        country: its code.
        raw: the raw file, all cells as text.
        margins: ``margin, category, total``.
        late: rows of children whose interviews are not in yet.
    """

    country: str
    raw: pd.DataFrame
    margins: pd.DataFrame
    late: pd.DataFrame


def first_survey(study: Study, country: str, random: np.random.Generator) -> Survey:
    """Simulate a country as the study does, and keep some interviews back."""
    assert study.config.simulation is not None
    row = study.countries[country]
    assert row.children is not None
    assert row.internet_use_rate is not None
    settings = load_simulation(study.resolve(study.config.simulation), study.codebook)
    made = simulate_study(
        country,
        settings.country(country),
        study.codebook,
        study.mappings[country],
        row.children,
        row.internet_use_rate,
        study.config.weighting.margins,
        study.config.seed,
    )
    raw = made.sample.astype("str").replace("nan", "")
    interviewed = raw.index[raw[RESULT] == "1"].to_numpy()
    late = random.choice(interviewed, round(LATE * len(interviewed)), replace=False)
    return Survey(country, raw.drop(index=late), made.margins, raw.loc[late])


def withdraw(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Delete children."""
    return replace(survey, raw=survey.raw.drop(index=_some(survey, size, random)))


def withdraw_psus(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Delete all children of as many sampling points as hold about so many of them."""
    own = survey.raw.loc[_interviewed(survey), PSU]
    shuffled = random.permutation(own.unique())
    chosen = shuffled[: max(1, round(size / (len(own) / len(shuffled))))]
    return replace(survey, raw=survey.raw[~survey.raw[PSU].isin(chosen)])


def add(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Add late interviews, as many as there are."""
    rows = random.permutation(survey.late.index.to_numpy())[:size]
    raw = pd.concat([survey.raw, survey.late.loc[rows]]).sort_index()
    return replace(survey, raw=raw, late=survey.late.drop(index=rows))


def swap(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Delete children and add as many late interviews."""
    return add(withdraw(survey, size, random), size, random)


def recode(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Turn an answer to one question round, of children who answered it."""
    item = random.choice([name for name in RECODED if name in survey.raw])
    answered = survey.raw.index[survey.raw[item].isin([YES, NO])].to_numpy()
    rows = random.permutation(answered)[:size]
    raw = survey.raw.copy()
    raw.loc[rows, item] = raw.loc[rows, item].map({YES: NO, NO: YES})
    return replace(survey, raw=raw)


def move(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Put children into another group of one kind."""
    column = random.choice(MOVED)
    rows, raw = _some(survey, size, random), survey.raw.copy()
    groups = sorted({*raw.loc[_interviewed(survey), column]} - {""})
    for row in rows:
        raw.loc[row, column] = random.choice([g for g in groups if g != raw.loc[row, column]])
    return replace(survey, raw=raw)


def reweight(survey: Survey, size: int, random: np.random.Generator) -> Survey:
    """Change the margins by up to 3 per cent; how many children is no matter."""
    totals = survey.margins["total"].astype(float)
    changed = totals * random.uniform(0.97, 1.03, len(totals))
    names = survey.margins["margin"]
    same = (
        changed * totals.groupby(names).transform("sum") / changed.groupby(names).transform("sum")
    )
    return replace(survey, margins=survey.margins.assign(total=same))


Update = Callable[[Survey, int, np.random.Generator], Survey]
UPDATES: Mapping[str, Update] = {
    "withdraw": withdraw,
    "withdraw PSUs": withdraw_psus,
    "add": add,
    "swap": swap,
    "recode": recode,
    "move": move,
    "reweight": reweight,
}


def take_back(before: Survey, after: Survey, random: np.random.Generator) -> Survey:
    """Undo an update but for one child."""
    old, new = before.raw, after.raw
    both = old.index.intersection(new.index)
    edited = both[(old.loc[both] != new.loc[both]).any(axis=1)]
    changed = old.index.symmetric_difference(new.index).union(edited)
    stays = random.choice(changed.to_numpy(), 1)
    raw = pd.concat([old.drop(index=stays, errors="ignore"), new.loc[new.index.isin(stays)]])
    return replace(before, raw=raw.sort_index())


def _interviewed(survey: Survey) -> np.ndarray:
    return survey.raw.index[survey.raw[RESULT] == "1"].to_numpy()


def _some(survey: Survey, size: int, random: np.random.Generator) -> np.ndarray:
    return random.choice(_interviewed(survey), size, replace=False)
