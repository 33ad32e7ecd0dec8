"""Disclosure control: thresholds, coarse bounds, complementary cells, and a second attack."""

import numpy as np
import pytest
from release_cells import CROSSES, from_counts, random_survey
from scipy.optimize import linprog

from disrupting_harm.publication.attack import additive_lines, attack, hidden_system
from disrupting_harm.publication.disclosure import complementary, primary
from disrupting_harm.publication.release import is_shown, public_table, release
from disrupting_harm.study.config import Publication

RULES = Publication()


def published(cells, publication=RULES, **options):
    table = release(from_counts(cells), publication, crosses=CROSSES, **options)
    return table.set_index(["domain", "level"])


@pytest.mark.parametrize(
    ("n", "n_yes", "small"),
    [(20, 10, False), (19, 10, True), (500, 9, True), (500, 491, True), (500, 0, True)],
)
def test_primary_rule_counts_yes_no_and_all(n, n_yes, small):
    ten, yes_no = np.array([10]), np.array([True])
    assert primary(np.array([n]), np.array([n_yes]), ten, yes_no).tolist() == [small]


def test_primary_rule_for_means_and_unknown_counts():
    ten, unknown = np.array([10, 10]), np.array([np.nan, np.nan])
    n = np.array([10, 9])
    assert primary(n, unknown, ten, np.array([False, False])).tolist() == [False, True]
    assert primary(n, unknown, ten, np.array([True, True])).tolist() == [True, True]


@pytest.mark.parametrize(
    ("n", "n_yes", "shown"),
    [
        (1000, 9, "< 5"),
        (1000, 0, "< 5"),
        (1000, 991, "> 95"),
        (1000, 1000, "> 95"),
        (300, 0, "c"),  # nine of 300 would not lie below the bound: the mark would say "few"
        (100, 2, "c"),
        (25, 0, "c"),
        (1000, 100, "10.0"),
    ],
)
def test_what_is_printed_for_a_count(n, n_yes, shown):
    assert published([("x", "total", "all", n, n_yes)]).loc[("total", "all"), "shown"] == shown


def test_the_coarse_bound_depends_on_n_and_not_on_the_count():
    for n in (150, 300, 400, 1000):
        marks = {
            published([("x", "total", "all", n, count)])["shown"].iloc[0] for count in range(10)
        }
        assert len(marks) == 1


def test_sensitive_indicators_have_a_stricter_threshold_below_the_total():
    strict = Publication.model_validate({"disclosure": {"min_count_sensitive": 20}})
    cells = [
        ("x", "total", "all", 900, 75),
        ("x", "sex", "boy", 450, 60),
        ("x", "sex", "girl", 450, 15),
    ]
    assert published(cells)["status"].tolist() == ["present"] * 3
    kept = published(cells, strict, sensitive={"x"})
    assert kept["status"].tolist() == ["present", *["suppress_disclosure"] * 2]
    assert kept["reason"].tolist() == ["", "complementary", "small_count"]


def test_one_hidden_level_takes_the_smallest_other_with_it():
    cells = [
        ("x", "total", "all", 1000, 205),
        ("x", "region", "A", 400, 80),
        ("x", "region", "B", 250, 50),
        ("x", "region", "C", 300, 70),
        ("x", "region", "D", 50, 5),
    ]
    table = published(cells)
    assert table["reason"].to_dict() == {
        ("total", "all"): "",
        ("region", "A"): "",
        ("region", "B"): "complementary",
        ("region", "C"): "",
        ("region", "D"): "small_count;relative_interval_above_130",
    }


def test_an_unreliable_cell_needs_no_cover_but_can_be_one():
    alone = published(
        [
            ("x", "total", "all", 1000, 215),
            ("x", "region", "A", 600, 120),
            ("x", "region", "B", 370, 80),
            ("x", "region", "C", 30, 15),  # too wide an interval, but no small count
        ]
    )
    assert alone["status"].tolist() == ["present", "present", "present", "suppress_reliability"]
    assert alone["shown"].tolist()[-1] == "*"


def test_an_unreliable_cell_is_marked_confidential_before_a_shown_one_is_hidden():
    # Known to hold ten or more, B would leave at most 17 - 10 = 7 for A.
    table = published(
        [
            ("x", "total", "all", 936, 17),
            ("x", "region", "A", 900, 5),
            ("x", "region", "B", 36, 12),
        ]
    )
    assert table["status"].tolist() == ["present", *["suppress_disclosure"] * 2]
    assert table["reason"].iloc[2] == "complementary;interval_30_points_wide"


def test_an_unreliable_cell_is_known_to_hold_enough_who_did_not_say_yes():
    # Known to hold ten or more without a yes, B has at most 26: at least 893 of A's 900 said yes.
    table = published(
        [
            ("x", "total", "all", 936, 919),
            ("x", "region", "A", 900, 895),
            ("x", "region", "B", 36, 24),
        ]
    )
    assert table["status"].tolist() == ["present", *["suppress_disclosure"] * 2]
    assert table["reason"].iloc[2].split(";")[0] == "complementary"


def test_a_small_number_of_answers_does_not_follow_from_the_others():
    mean = {"x": "mean"}
    cells = [("x", "total", "all", 304, 150), ("x", "region", "A", 160, 80)]
    cells += [("x", "region", "B", 140, 68), ("x", "region", "C", 4, 2)]
    estimates = from_counts(cells, statistics=mean).assign(n_yes=np.nan)
    table = release(estimates, RULES, statistics=mean)
    assert [reason.partition(";")[0] for reason in table["reason"]] == [
        "",
        "",
        "complementary",
        "small_count",
    ]


def test_an_empty_cell_is_no_cover():
    table = published(
        [
            ("x", "total", "all", 900, 185),
            ("x", "region", "A", 500, 100),
            ("x", "region", "B", 350, 80),
            ("x", "region", "C", 50, 5),
            ("x", "region", "D", 0, 0),
        ]
    )
    assert table["reason"].loc[("region", "B")] == "complementary"
    # "No case" would say that nobody reached the question.
    assert table.loc[("region", "D"), "shown"] == "c"


def test_a_crossed_cell_is_covered_in_its_row_and_in_its_column():
    cells = [("x", "total", "all", 1200, 235), ("x", "sex", "boy", 600, 108)]
    cells += [("x", "sex", "girl", 600, 127), ("x", "age", "young", 600, 95)]
    cells += [("x", "age", "old", 600, 140)]
    cells += [("x", "sex_age", "boy|young", 300, 8), ("x", "sex_age", "boy|old", 300, 100)]
    cells += [("x", "sex_age", "girl|young", 300, 87), ("x", "sex_age", "girl|old", 300, 40)]
    table = published(cells)
    assert (table.loc["sex_age", "status"] == "suppress_disclosure").all()
    assert (table.loc[["total", "sex", "age"], "status"] == "present").all()


def test_attack_finds_a_single_hidden_count_and_the_range_of_two():
    lines = additive_lines([("total", "all"), ("sex", "boy"), ("sex", "girl")], {})
    counts, zero, n = np.array([30.0, 23, 7]), np.zeros(3), np.array([900.0, 450, 450])
    girl, both = np.array([False, False, True]), np.array([False, True, True])
    alone = hidden_system(lines, counts, girl, zero, n, girl)
    pair = hidden_system(lines, counts, both, zero, n, girl)
    first, second = attack([alone, pair])
    assert first == pytest.approx(np.array([[7, 7]]))
    assert second == pytest.approx(np.array([[0, 30]]))


def width_left(cells, values, known, position, upper):
    """Second attack, written apart: every cell a variable, known cells fixed, one at a time."""
    place = {cell: row for row, cell in enumerate(cells)}
    sums = [
        ("total", "all", [c for c in cells if c[0] == domain])
        for domain in ("sex", "age", "region")
    ]
    sums += [
        ("sex", sex, [c for c in cells if c[0] == "sex_age" and c[1].startswith(f"{sex}|")])
        for sex in ("boy", "girl")
    ]
    sums += [
        ("age", age, [c for c in cells if c[0] == "sex_age" and c[1].endswith(f"|{age}")])
        for age in ("12-13", "14-15", "16-17")
    ]
    matrix = np.zeros((len(sums), len(cells)))
    for row, (domain, level, parts) in enumerate(sums):
        matrix[row, place[(domain, level)]] = 1
        matrix[row, [place[part] for part in parts]] = -1
    bounds = [(v, v) if k else (0, u) for v, k, u in zip(values, known, upper, strict=True)]
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(cells))
        cost[position] = sign
        # Children of unknown level are the same in every table, so take them as known.
        solved = linprog(cost, A_eq=matrix, b_eq=matrix @ values, bounds=bounds)
        ends.append(solved.x[position])
    return ends[1] - ends[0]


def attacked(part, hidden):
    """Return the small counts of one indicator that can be told within less than ten."""
    cells = list(zip(part["domain"], part["level"], strict=True))
    n, yes = part["n"].to_numpy(float), part["n_yes"].to_numpy(float)
    found = []
    for position in np.flatnonzero(hidden):
        if n[position] < 10 and width_left(cells, n, ~hidden, position, [1e5] * len(n)) < 9.99:
            found.append(cells[position])
        small = n[position] > 0 and min(yes[position], n[position] - yes[position]) < 10
        wide = min(10.0, n[position])
        if small and width_left(cells, yes, ~hidden, position, n) < wide - 0.01:
            found.append(cells[position])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_no_small_count_can_be_worked_back_from_the_public_table(seed):
    estimates = random_survey(seed, unknown=0.05 * (seed % 2))
    table = release(estimates, RULES, crosses=CROSSES)
    public = public_table(table, RULES.rounding)
    hidden = ~is_shown(public)
    assert hidden.any()
    for indicator in estimates["indicator"].unique():
        chosen = (estimates["indicator"] == indicator).to_numpy()
        assert attacked(estimates[chosen], hidden[chosen].to_numpy()) == []


def test_the_second_attack_succeeds_without_complementary_cells():
    found = 0
    for seed in range(3):
        estimates = random_survey(seed)
        n, yes = estimates["n"].to_numpy(float), estimates["n_yes"].to_numpy(float)
        small = primary(n, yes, np.full(len(n), 10), np.full(len(n), True))
        for indicator in estimates["indicator"].unique():
            chosen = (estimates["indicator"] == indicator).to_numpy()
            found += len(attacked(estimates[chosen], small[chosen]))
    assert found > 10


@pytest.mark.parametrize("seed", range(20, 25))
def test_a_cell_hidden_alone_in_its_sum_is_merely_unreliable(seed):
    # A confidential one would be exposed, and a complementary one would hide nothing.
    estimates = random_survey(seed)
    table = release(estimates, RULES, crosses=CROSSES)
    assert table["reason"].str.startswith("complementary").any()
    hidden = ~is_shown(table)
    alone = set()
    for _, part in table.groupby("indicator"):
        cells = list(zip(part["domain"], part["level"], strict=True))
        for whole, parts in additive_lines(cells, CROSSES):
            found = [row for row in part.index[[whole, *parts]] if hidden[row]]
            if len(found) == 1:
                alone |= {table["status"][found[0]]}
    assert alone <= {"suppress_reliability"}


def test_the_pattern_does_not_depend_on_the_order_of_indicators_or_on_the_run():
    estimates = random_survey(11)
    first = release(estimates, RULES, crosses=CROSSES)
    assert release(estimates, RULES, crosses=CROSSES).equals(first)
    turned = estimates.sort_values("indicator", ascending=False, kind="stable")
    again = release(turned, RULES, crosses=CROSSES).sort_values("indicator", kind="stable")
    assert again.reset_index(drop=True).equals(first)


def test_without_a_small_count_nothing_is_hidden():
    estimates = random_survey(11)
    none, ten = np.full(len(estimates), False), np.full(len(estimates), 10)
    marks = np.full(len(estimates), "")
    assert not complementary(estimates, none, ~none, ten, marks, 0.05, CROSSES).any()
