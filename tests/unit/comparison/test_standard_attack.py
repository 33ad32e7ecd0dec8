"""A standardised share is one more equation: attacks by hand and on random surveys."""

import numpy as np
import pandas as pd
import pytest
from release_cells import codebook_of, from_counts, random_survey, released
from scipy.optimize import linprog

from disrupting_harm.comparison.derived_tables import (
    Standard,
    find_disclosing,
    has_confidential_group,
)
from disrupting_harm.publication.release import is_shown
from disrupting_harm.study.configuration.publication_config import Publication

RULES = Publication.model_validate({"review": "show", "disclosure": {"method": "plain"}})
ROW = pd.DataFrame({"indicator": ["x"], "country": ["KEN"]})


def two_groups(boys=(500, 3), girls=(500, 60)):
    """Boys are confidential, and girls hidden for their sake."""
    cells = [("x", "total", "all", boys[0] + girls[0], boys[1] + girls[1]),
             ("x", "sex", "boy", *boys), ("x", "sex", "girl", *girls)]  # fmt: skip
    return released(from_counts(cells), RULES)


def told(cells, standard, places, few=4, table=ROW):
    return find_disclosing(table, cells, standard, places, RULES, codebook_of(cells), few).tolist()


def test_two_equations_give_two_groups_away():
    cells = two_groups()
    assert not is_shown(cells[cells["domain"] == "sex"]).any()
    lopsided = Standard("sex", {"boy": 9, "girl": 1})
    assert has_confidential_group(ROW, cells, lopsided).tolist() == [True]
    # (p + q) / 2 = 0.063 exactly; 0.9 p + 0.1 q = 0.0174, as 2 per cent 0.015 to 0.025: boys 1.5 to
    # 7.75, more than four, and wider than that. As 1.7 per cent they are 2.4 to 3.2.
    assert told(cells, lopsided, 2) == [False]
    assert told(cells, lopsided, 2, few=7) == [True]
    assert told(cells, lopsided, 3) == [True]


def test_the_weights_of_the_population_tell_nothing_new():
    cells = two_groups()
    for places in (2, 3, 6):
        assert told(cells, Standard("sex", {"boy": 1, "girl": 1}), places) == [False]


def test_groups_without_answers_have_no_weight():
    cells = two_groups()
    empty = cells[cells["level"] == "boy"].assign(
        level="unknown", n=0, n_yes=0, population=0.0, estimate=np.nan
    )
    shares = {"boy": 1, "girl": 1, "unknown": 5}
    assert told(pd.concat([cells, empty]), Standard("sex", shares), 3) == [False]


def test_without_a_standard_nothing_is_attacked():
    assert has_confidential_group(ROW, two_groups(), None).tolist() == [False]


@pytest.mark.parametrize("seed", range(6))
def test_the_verdict_is_that_of_a_plain_linear_programme(seed):
    cells = released(random_survey(seed), RULES)
    random = np.random.default_rng(seed)
    levels = sorted(cells.loc[cells["domain"] == "sex_age", "level"].unique())
    shares = dict(zip(levels, random.uniform(0.5, 3, len(levels)), strict=True))
    standard = Standard("sex_age", shares, ("sex", "age"))
    table = cells.loc[cells["domain"] == "total", ["indicator", "country"]].reset_index(drop=True)
    table = table[has_confidential_group(table, cells, standard)].reset_index(drop=True)
    for places in (2, 4):
        expected = [
            plainly(cells[cells["indicator"] == name], shares, places)
            for name in table["indicator"]
        ]
        assert told(cells, standard, places, table=table) == expected


def plainly(cells, shares, places, few=4):
    """The attack on one indicator, one linear programme after the other."""
    groups = cells[(cells["domain"] == "sex_age") & (cells["n"] > 0)].reset_index(drop=True)
    share, size = groups["estimate"].to_numpy(), groups["n"].to_numpy()
    weight = groups["level"].map(shares).to_numpy()
    weight = weight / weight.sum()
    rows = []
    for cell in cells[is_shown(cells)].itertuples():
        if cell.domain in ("total", "sex", "age", "sex_age"):
            parts = groups["level"].str.split("|")
            inside = [
                cell.domain == "total" or cell.level in (level, *pair)
                for level, pair in zip(groups["level"], parts, strict=True)
            ]
            rows.append(size * inside / (size * inside).sum())
    known = np.array(rows).reshape(-1, len(groups))
    printed, half = round(float(weight @ share), places), 0.5 * 10.0**-places
    for target in groups.index[groups["status"] == "suppress_disclosure"]:
        yes = groups["n_yes"][target]
        count = min(yes, size[target] - yes)
        if not 1 <= count <= few or size[target] <= few:
            continue
        ends = [
            sign
            * linprog(
                sign * np.eye(len(groups))[target],
                A_eq=known,
                b_eq=known @ share,
                A_ub=[weight, -weight],
                b_ub=[printed + half, half - printed],
                bounds=(0, 1),
            ).fun
            * size[target]
            for sign in (1, -1)
        ]
        if yes > few:
            ends = [size[target] - ends[1], size[target] - ends[0]]
        if ends[1] - ends[0] < few - 1e-4 or ends[1] <= few + 1e-4:
            return True
    return False
