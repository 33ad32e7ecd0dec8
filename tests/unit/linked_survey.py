"""Random surveys whose indicators follow from each other: composites, one item, follow-ups."""

from functools import cache

import numpy as np
import pandas as pd
from release_cells import from_counts

from disrupting_harm.publication.disclosure.audit import System
from disrupting_harm.publication.release import decide_release
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication

YES = ["yes"]
GATE = {"item": "happened", "among": YES}
LINKED = Codebook.model_validate(
    {
        "items": [
            {"id": "sex", "type": "choice", "values": ["boy", "girl"], "respondent": "sample"},
            {"id": "age", "type": "choice", "values": ["young", "old"], "respondent": "sample"},
            {"id": "region", "type": "choice", "values": ["A", "B", "C"], "respondent": "sample"},
            {"id": "one", "type": "yes_no"},
            {"id": "two", "type": "yes_no"},
            {"id": "happened", "type": "yes_no", "yes_when": "any"},
            {"id": "who", "type": "choice", "values": ["family", "peer", "stranger"]},
            {"id": "told", "type": "yes_no"},
        ],
        "domains": [
            {"id": "total", "label": "All"},
            {"id": "sex", "label": "Sex", "item": "sex"},
            {"id": "age", "label": "Age", "item": "age"},
            {"id": "sex_age", "label": "Sex and age", "cross": ["sex", "age"]},
            {"id": "region", "label": "Region", "item": "region"},
        ],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {"module": "m", "label": entry["id"], **entry}
            for entry in [
            {"id": "one", "numerator": [{"item": "one", "among": YES}]},
            {"id": "two", "numerator": [{"item": "two", "among": YES}]},
            {"id": "any", "any_of": ["one", "two"]},
            {"id": "known", "universe": [GATE], "numerator": [
                {"item": "who", "among": ["family", "peer"]}]},
            {"id": "family", "universe": [GATE], "numerator": [
                {"item": "who", "among": ["family"]}]},
            {"id": "stranger", "universe": [GATE], "numerator": [
                {"item": "who", "among": ["stranger"]}]},
            {"id": "told", "universe": [GATE], "numerator": [{"item": "told", "among": YES}]},
            ]
        ],
    }
)  # fmt: skip
DOMAINS = ("total", "sex", "age", "sex_age", "region")


def answers(seed, children=700):
    """Answers and groups of each child, as arrays by name; NaN is no answer."""
    random = np.random.default_rng(seed)
    placed = {
        "total": np.full(children, "all"),
        "sex": random.choice(["boy", "girl"], children),
        "age": random.choice(["young", "old"], children, p=[0.3, 0.7]),
        "region": random.choice(["A", "B", "C"], children, p=[0.6, 0.34, 0.06]),
    }
    placed["sex_age"] = np.char.add(np.char.add(placed["sex"], "|"), placed["age"])
    placed["region"] = np.where(random.random(children) < 0.02, "", placed["region"])

    def asked(share, missing):
        yes = (random.random(children) < share).astype(float)
        return np.where(random.random(children) < missing, np.nan, yes)

    one, two = asked(random.choice([0.02, 0.05, 0.2]), 0.02), asked(0.08, 0.03)
    any_ = np.where((one == 1) | (two == 1), 1.0, 0.0)
    any_[np.isnan(one) & np.isnan(two)] = np.nan
    happened = any_ == 1
    who = random.choice(["family", "peer", "stranger"], children, p=[0.15, 0.45, 0.4])
    lost = random.random(children) < 0.03

    def follow_up(yes):
        return np.where(happened & ~lost, yes.astype(float), np.nan)

    values = {
        "one": one,
        "two": two,
        "any": any_,
        "known": follow_up(np.isin(who, ["family", "peer"])),
        "family": follow_up(who == "family"),
        "stranger": follow_up(who == "stranger"),
        "told": follow_up(random.random(children) < 0.3),
    }
    return values, placed


def linked_survey(seed, children=700):
    """Judged cells of a random survey with the codebook :data:`LINKED`."""
    values, placed = answers(seed, children)
    cells = []
    for name, value in values.items():
        for domain in DOMAINS:
            for level in sorted(set(placed[domain]) - {""}):
                own = (placed[domain] == level) & ~np.isnan(value)
                cells.append((name, domain, level, int(own.sum()), int(value[own].sum())))
    return from_counts(cells, deff=1.2)


def linked_release(seed: int, method: str = Publication().disclosure.method) -> pd.DataFrame:
    """Return the release of a random survey, decided once for all tests of a process."""
    return _decide_once(seed, method).copy()


@cache
def _decide_once(seed: int, method: str) -> pd.DataFrame:
    rules = Publication.model_validate({"disclosure": {"method": method}})
    return decide_release(linked_survey(seed), rules, LINKED)


def require_truth_within(known: System) -> None:
    """Check that what an attacker believes is true of the numbers that are known."""
    measured = ~np.isnan(known.true)
    true = np.nan_to_num(known.true)
    assert (known.low <= true + 1e-9)[measured].all()
    assert (known.high >= true - 1e-9)[measured].all()
    rows = known.matrix @ true
    whole = abs(known.matrix) @ (~measured).astype(float) == 0
    assert (known.floor - 1e-9 <= rows)[whole].all()
    assert (rows <= known.room + 1e-9)[whole].all()
