"""A level in which nobody was interviewed is no cell; brute force finds nothing less protected."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts, released

from disrupting_harm.publication.cells_present import mark_not_asked, select_present_cells
from disrupting_harm.publication.release import is_shown, public_table
from disrupting_harm.study.configuration.publication_config import Publication

RULES = Publication()
FEW = 3
SMALL = Publication.model_validate({"disclosure": {"min_count": FEW, "min_count_sensitive": FEW}})


def frames(**domains):
    """Categorical domains from {name: (levels, placed)}."""
    return pd.DataFrame(
        {
            name: pd.Categorical(placed, categories=levels)
            for name, (levels, placed) in domains.items()
        }
    )


def cells(*keys):
    return pd.DataFrame(keys, columns=["domain", "level"])


def test_a_level_without_an_interviewed_child_has_no_row():
    domains = frames(
        total=(["all"], ["all"] * 3),
        region=(["A", "B", "C"], ["A", "B", None]),
        wealth=(["low", "high"], [None] * 3),
    )
    table = cells(
        ("total", "all"),
        *(("region", level) for level in "ABC"),
        *(("wealth", level) for level in ("low", "high")),
    )
    kept = select_present_cells(table, domains, np.array([1.0, 1.0, 1.0]))
    # Nobody is in region C. Of wealth nothing is known: its levels are not empty.
    assert kept["level"].tolist() == ["all", "A", "B", "low", "high"]
    weightless = select_present_cells(table, domains, np.array([1.0, 0.0, 1.0]))
    assert weightless["level"].tolist() == ["all", "A", "low", "high"]


def test_what_was_not_asked_is_neither_judged_nor_hidden():
    table = from_counts(
        [
            ("asked", "total", "all", 400, 100),
            ("asked", "wealth", "low", 0, 0),
            ("other", "total", "all", 0, 0),
        ]
    )
    domains = frames(total=(["all"], ["all"] * 400), wealth=(["low"], [None] * 400))
    decided = released(mark_not_asked(table, ["other"], domains), RULES)
    assert decided["status"].tolist() == ["present", "not_asked", "not_asked"]
    assert decided["shown"].tolist() == ["25", "not asked", "not asked"]
    public = public_table(decided, RULES.rounding)
    assert public["reason"].tolist() == ["", "not_asked", "not_asked"]
    assert public.loc[1:, ["n", "population", "estimate", "ci_low"]].isna().all(axis=None)


def test_a_level_that_was_not_asked_hides_no_other():
    table = from_counts([("x", "total", "all", 900, 205), ("x", "age", "old", 900, 205)])
    young = from_counts([("x", "age", "young", 0, 0)]).assign(reliability="not_asked")
    decided = released(pd.concat([table, young]), RULES)
    assert decided["status"].tolist() == ["present", "present", "not_asked"]


LEVELS = {"A": 7, "B": 6, "C": 6}
CROSSED = {"boy|young": 7, "boy|old": 6, "girl|young": 6}
# Numbers of yes answers on both sides of the threshold of three.
COUNTS = (0, 2, 3, 4)


def additive(numbers, yes):
    """Cells of one indicator from the children and yes answers of the parts of a table."""
    parts = list(numbers)
    table = [("x", "total", "all", sum(numbers.values()), sum(yes))]
    if "|" not in parts[0]:
        return table + [
            ("x", "region", part, numbers[part], count)
            for part, count in zip(parts, yes, strict=True)
        ]
    of = dict(zip(parts, yes, strict=True))
    for name, at in (("sex", 0), ("age", 1)):
        for level in dict.fromkeys(part.split("|")[at] for part in parts):
            own = [part for part in parts if part.split("|")[at] == level]
            table.append(("x", name, level, sum(numbers[p] for p in own), sum(of[p] for p in own)))
    return table + [("x", "sex_age", part, numbers[part], of[part]) for part in parts]


@cache
def alone(numbers, yes):
    """Return the pattern of a table without empty cells; two tests look at each."""
    return pattern(dict(numbers), yes)


def pattern(numbers, yes, empty=()):
    """Return what is shown of every cell; all are reliable, so that counts alone decide."""
    rows = additive(numbers, yes) + [("x", *key, 0, 0) for key in empty]
    judged = from_counts(rows).assign(reliability="present", reason="")
    limits = judged[["ci_low", "ci_high"]].fillna({"ci_low": 0.0, "ci_high": 1.0})
    judged = judged.assign(**limits, estimate=judged["estimate"].fillna(0.5))
    decided = released(judged, SMALL, few=FEW - 1)
    keys = list(zip(decided["domain"], decided["level"], strict=True))
    known = [c if s else None for c, s in zip(decided["n_yes"], is_shown(decided), strict=True)]
    return dict(zip(keys, known, strict=True))


def readings(numbers, seen):
    """Enumerate every table that an attacker who sees the shown counts holds possible."""
    for yes in product(*(range(n + 1) for n in numbers.values())):
        counts = {(d, level): (n, count) for _, d, level, n, count in additive(numbers, yes)}
        if all(known in (None, counts[key][1]) for key, known in seen.items()):
            yield counts


@pytest.mark.slow
@pytest.mark.parametrize("numbers", [LEVELS, CROSSED], ids=["levels", "crossing"])
def test_by_brute_force_no_small_count_can_be_told_without_the_empty_cells(numbers):
    tables = hidden = 0
    for yes in product(COUNTS, repeat=len(numbers)):
        truth = {(d, level): (n, count) for _, d, level, n, count in additive(numbers, yes)}
        seen = alone(tuple(numbers.items()), yes)
        possible = list(readings(numbers, seen))
        for key, (n, count) in truth.items():
            if min(count, n - count) >= FEW:
                continue
            assert seen[key] is None
            counts = [table[key][1] for table in possible]
            assert max(counts) - min(counts) >= min(FEW, n), (yes, key)
            hidden += 1
        tables += 1
    assert tables > 30
    assert hidden > tables


@pytest.mark.slow
@pytest.mark.parametrize(
    ("numbers", "empty"),
    [(LEVELS, [("region", "D"), ("region", "E")]), (CROSSED, [("sex_age", "girl|old")])],
    ids=["levels", "crossing"],
)
def test_by_brute_force_an_empty_cell_hides_no_other(numbers, empty):
    for yes in product(COUNTS, repeat=len(numbers)):
        without = alone(tuple(numbers.items()), yes)
        beside = pattern(numbers, yes, empty=empty)
        assert without == {key: beside[key] for key in without}
        assert all(beside[key] is None for key in empty)
