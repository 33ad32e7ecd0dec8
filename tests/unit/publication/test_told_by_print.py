"""What a reader of the codebook can tell of a hidden number, on tables worked out by hand.

Each table is read as it is printed, through the equations that the codebook gives. So a tie that is
lost, or a print that is taken for more or less than it says, changes an interval.
"""

import numpy as np
import pytest
from linked_survey import LINKED
from printed_bounds import bounds_of
from release_cells import from_counts

from disrupting_harm.publication.disclosure.audit import Targets, audit
from disrupting_harm.publication.disclosure.audit_case import build_case_of_release
from disrupting_harm.publication.disclosure.earlier_releases import CELL
from disrupting_harm.publication.release import KEYS, decide_release
from disrupting_harm.study.configuration.publication_config import Publication

RANGES = Publication()
PLAIN = Publication.model_validate({"disclosure": {"method": "plain"}})
STATUS = {"c": "suppress_disclosure", "*": "suppress_reliability", "": "present"}
# An interval is given for those that are not as wide as this.
EVER = 1e9


def as_decided(cells):
    """A release from (indicator, domain, level, n, n_yes, print); an estimate prints nothing."""
    table = from_counts([cell[:5] for cell in cells])
    signs = [cell[5] for cell in cells]
    bounds = [{"bound_low": np.nan, "bound_high": np.nan, **bounds_of(sign)} for sign in signs]
    return table.assign(
        n_printed=table["n"],
        status=[STATUS.get(sign, STATUS["c"]) for sign in signs],
        **{end: [bound[end] for bound in bounds] for end in ("bound_low", "bound_high")},
    )


def interval(cells, target, publication):
    """The least and the greatest yes answers of a cell, for the reader who counts children."""
    ordered = as_decided(cells).sort_values(KEYS).reset_index(drop=True)
    case, step = build_case_of_release(ordered, publication, LINKED)
    place = ordered[CELL].apply(tuple, axis=1).tolist().index(target)
    told = audit(
        case.attackers[0].system(step), Targets.from_widths(np.array([place]), np.array([EVER]))
    )
    return told.low[0], told.high[0]


BOYS = ("one", "sex", "boy")
CASES = {
    # A bare c of 300 girls says that no bound is true of them: 30 at least, and so 22 boys at most.
    "a bound and its cover": (
        RANGES,
        [("one", "total", "all", 600, 52, ""), (*BOYS, 300, 6, "< 10"),
         ("one", "sex", "girl", 300, 46, "c")],
        BOYS,
        (0, 22),
    ),
    "a cover that leaves too little": (
        RANGES,
        [("one", "total", "all", 600, 37, ""), (*BOYS, 300, 6, "< 10"),
         ("one", "sex", "girl", 300, 31, "c")],
        BOYS,
        (0, 7),
    ),
    "the cover as a bound": (
        RANGES,
        [("one", "total", "all", 600, 37, ""), (*BOYS, 300, 6, "< 10"),
         ("one", "sex", "girl", 300, 31, "< 20")],
        BOYS,
        (0, 30),
    ),
    # Two is what is left of any at least: 12 boys and 15 girls, of 31.
    "a part of a composite": (
        PLAIN,
        [("any", "total", "all", 400, 73, ""), ("any", "sex", "boy", 200, 45, ""),
         ("any", "sex", "girl", 200, 28, ""), ("one", "total", "all", 400, 46, ""),
         (*BOYS, 200, 33, ""), ("one", "sex", "girl", 200, 13, ""),
         ("two", "total", "all", 400, 31, ""), ("two", "sex", "boy", 200, 14, "c"),
         ("two", "sex", "girl", 200, 17, "c")],
        ("two", "sex", "boy"),
        (12, 16),
    ),
    # Somebody known or a stranger: 80 less 17.
    "the rest of one item": (
        PLAIN,
        [("known", "total", "all", 80, 63, "*"), ("family", "total", "all", 80, 20, "c"),
         ("stranger", "total", "all", 80, 17, "")],
        ("known", "total", "all"),
        (63, 63),
    ),
    # 34 boys were asked on, and three children at most did not answer.
    "who was asked on": (
        PLAIN,
        [("any", "total", "all", 290, 122, ""), ("any", "sex", "boy", 140, 37, "c"),
         ("any", "sex", "girl", 150, 85, "c"), ("told", "total", "all", 119, 60, ""),
         ("told", "sex", "boy", 34, 15, ""), ("told", "sex", "girl", 85, 45, "")],
        ("any", "sex", "boy"),
        (34, 37),
    ),
    # 51 less 26, of whom four children may live nowhere.
    "children of no known level": (
        PLAIN,
        [("one", "total", "all", 300, 51, ""), ("one", "region", "A", 90, 8, "c"),
         ("one", "region", "B", 110, 15, "c"), ("one", "region", "C", 96, 26, "")],
        ("one", "region", "A"),
        (0, 25),
    ),
    # Two hidden numbers of one row are exact by their columns: 31 less 27.
    "a crossing": (
        PLAIN,
        [("one", "total", "all", 800, 96, ""), (*BOYS, 400, 60, ""),
         ("one", "sex", "girl", 400, 36, ""), ("one", "age", "young", 400, 31, ""),
         ("one", "age", "old", 400, 65, ""), ("one", "sex_age", "boy|young", 200, 27, ""),
         ("one", "sex_age", "boy|old", 200, 33, ""), ("one", "sex_age", "girl|young", 200, 4, "c"),
         ("one", "sex_age", "girl|old", 200, 32, "c")],
        ("one", "sex_age", "girl|young"),
        (4, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("publication", "cells", "target", "expected"), CASES.values(), ids=list(CASES)
)
def test_intervals_of_printed_tables(publication, cells, target, expected):
    assert interval(cells, target, publication) == pytest.approx(expected, abs=1e-6)


def decided(name, publication):
    """The print of a table of ``CASES`` where all numbers are precise enough, by cell."""
    cells = [cell[:5] for cell in CASES[name][1]]
    reliable = from_counts(cells).assign(reliability="present", reason="")
    table = decide_release(reliable, publication, LINKED)
    return table.set_index(["indicator", "domain", "level"])["shown"].to_dict()


def test_what_is_printed_of_these_tables_tells_no_small_number():
    cover = decided("a bound and its cover", RANGES)
    assert [cover["one", "sex", level] for level in ("boy", "girl")] == ["< 10", "c"]
    wider = decided("a cover that leaves too little", RANGES)
    assert [wider["one", "sex", level] for level in ("boy", "girl")] == ["< 10", "< 20"]
    crossed = decided("a crossing", PLAIN)
    assert {shown for key, shown in crossed.items() if key[1] == "sex_age"} == {"c"}
    # The smaller group that may be told is the cover: region A has 90 children, C has 96.
    unknown = decided("children of no known level", PLAIN)
    assert [unknown["one", "region", level] for level in "ABC"] == ["c", "14", "c"]


def test_both_halves_of_an_answer_are_too_small_or_neither_is():
    """A star protects nobody: it may be worked back where ten said yes and ten did not."""
    for yes, shown in ((63, ["79", "21"]), (74, ["c", "c"])):
        cells = [("known", "total", "all", 80, yes), ("stranger", "total", "all", 80, 80 - yes)]
        reliable = from_counts(cells).assign(reliability="present", reason="")
        assert decide_release(reliable, PLAIN, LINKED)["shown"].tolist() == shown
