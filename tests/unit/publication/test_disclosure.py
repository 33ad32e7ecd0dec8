"""Disclosure control: thresholds, bounds by the number of answers, and cells hidden for others."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from linked_survey import LINKED, linked_release, linked_survey, require_truth_within
from release_cells import CROSSES, codebook_of, from_counts, random_survey, released
from scipy.optimize import linprog

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.audit import audit
from disrupting_harm.publication.disclosure.audit_case import (
    build_case,
    build_case_of_release,
    check_nothing_disclosed,
    find_printed_steps,
)
from disrupting_harm.publication.disclosure.cells_and_steps import Cells, find_smallest_bounds
from disrupting_harm.publication.disclosure.earlier_releases import EarlierReleases
from disrupting_harm.publication.disclosure.equations import find_sums
from disrupting_harm.publication.disclosure.primary_suppression import hide_first_covers
from disrupting_harm.publication.disclosure.secondary_suppression import hide_secondary
from disrupting_harm.publication.release import KEYS, decide_release, is_shown, public_table
from disrupting_harm.study.configuration.publication_config import Disclosure, Publication

RULES = Publication()


def rules(**disclosure):
    return Publication.model_validate({"disclosure": disclosure})


PLAIN, CODED = rules(method="plain"), rules(method="coded")


def published(cells, publication=RULES, **options):
    table = released(from_counts(cells), publication, **options)
    return table.set_index(["domain", "level"])


def one(n, n_yes, publication):
    return published([("x", "total", "all", n, n_yes)], publication)["shown"].iloc[0]


@pytest.mark.parametrize(
    ("n", "n_yes", "small"),
    [(20, 10, False), (19, 10, True), (500, 9, True), (500, 491, True), (500, 0, True)],
)
def test_primary_rule_counts_yes_no_and_all(n, n_yes, small):
    table = from_counts([("x", "total", "all", n, n_yes)])
    yes = np.array([True])
    cells = Cells.from_estimates(table.assign(n_printed=n), yes, ~yes, (), Disclosure())
    assert cells.small.tolist() == [small]


def test_primary_rule_for_means():
    table = from_counts([("x", "total", "all", 10, 5), ("y", "total", "all", 9, 5)])
    no = np.array([False, False])
    cells = Cells.from_estimates(
        table.assign(n_yes=np.nan, n_printed=table["n"]), no, no, (), Disclosure()
    )
    assert cells.small.tolist() == [False, True]


@pytest.mark.parametrize(
    ("disclosure", "bounds"),
    [
        (
            Disclosure(),
            {1000: 0.05, 400: 0.05, 399: 0.1, 200: 0.1, 199: 0.2, 100: 0.2, 99: 0.3, 67: 0.3,
             66: None},
        ),
        (
            Disclosure(method="coded"),
            {1200: 0.01, 1000: 0.02, 600: 0.02, 400: 0.03, 240: 0.05, 160: 0.1, 120: 0.1, 60: 0.2,
             40: 0.3, 24: 0.5, 23: None},
        ),
        (Disclosure(method="plain"), {10_000: None}),
    ],
)  # fmt: skip
def test_the_smallest_bound_follows_from_the_number_of_answers(disclosure, bounds):
    table = from_counts([(f"x{n}", "total", "all", n, 0) for n in bounds])
    yes = np.full(len(table), True)
    cells = Cells.from_estimates(table.assign(n_printed=table["n"]), yes, ~yes, (), disclosure)
    found = find_smallest_bounds(cells, disclosure)
    expected = [np.nan if bound is None else bound for bound in bounds.values()]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("n", "n_yes", "ranges", "plain", "coded"),
    [
        (1000, 9, "< 5", "c", "< 2"),
        (1000, 0, "< 5", "c", "< 2"),
        (1000, 991, "> 95", "c", "> 98"),
        (1000, 15, "1.5", "1.5", "< 2"),
        (1000, 100, "10.0", "10.0", "10.0"),
        (300, 0, "< 10", "c", "< 5"),
        (100, 2, "< 20", "c", "< 20"),
        (25, 0, "c", "c", "< 50"),
        (20, 9, "c", "c", "c"),
    ],
)
def test_what_is_printed_for_a_count(n, n_yes, ranges, plain, coded):
    found = [one(n, n_yes, publication) for publication in (RULES, PLAIN, CODED)]
    assert found == [ranges, plain, coded]


@pytest.mark.slow
def test_a_bound_depends_on_n_and_not_on_the_count():
    for n in (150, 300, 400, 1000):
        assert len({one(n, count, RULES) for count in range(10)}) == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_lies_there_where_groups_do_not_add_up_to_the_whole(seed):
    """As with a composite whose open parts are imputed in each group by itself."""
    estimates = linked_survey(seed)
    imputed = (estimates["indicator"] == "any") & (estimates["domain"] != "total")
    moved = 1 + np.random.default_rng(seed).uniform(-0.02, 0.02, len(estimates)) * imputed
    table = decide_release(estimates.assign(estimate=estimates["estimate"] * moved), RULES, LINKED)
    case, step = build_case_of_release(table.sort_values(KEYS, ignore_index=True), RULES, LINKED)
    for attacker in case.attackers:
        require_truth_within(attacker.system(step))


@pytest.mark.parametrize("n", [150, pytest.param(400, marks=pytest.mark.slow)])
def test_a_bound_from_below_tells_as_much_of_the_answers_as_one_from_above(n):
    for count in range(10):
        told = []
        for yes in (count, n - count):
            table = released(from_counts([("x", "total", "all", n, yes)]))
            case, (step,) = build_case_of_release(table, RULES, codebook_of(table))
            reader = case.attackers[0]
            told.append((reader.asked_low[step, 0], reader.asked_high[step, 0]))
        below, above = told
        assert below == pytest.approx(above)
        assert 0 < below[0] <= n <= below[1]


def test_a_bound_holds_the_weighted_and_the_unweighted_share():
    table = from_counts([("x", "total", "all", 200, 8)]).assign(estimate=0.11)
    # Eight of 200 lie below 10 per cent, their weights above.
    assert released(table)["shown"].tolist() == ["c"]
    assert released(table.assign(estimate=0.09))["shown"].tolist() == ["< 10"]


def test_bounds_stand_in_columns():
    cells = [("x", "total", "all", 1000, 4), ("y", "total", "all", 1000, 997)]
    cells += [("z", "total", "all", 50, 3), ("w", "total", "all", 1000, 300)]
    table = released(from_counts(cells))
    bounds = table[["bound_low", "bound_high"]].to_numpy()
    np.testing.assert_array_equal(
        bounds, [[0, 0.05], [0.95, 1], [np.nan, np.nan], [np.nan, np.nan]]
    )
    public = public_table(table, RULES.rounding)
    assert public["n"].isna().tolist() == [True, True, True, False]
    assert public["reason"].tolist() == ["confidential", "confidential", "confidential", ""]


def test_under_coded_no_estimate_rests_on_few_children():
    counts = [(n, count) for n in (24, 60, 119, 240, 601) for count in range(0, min(n, 30), 2)]
    cells = [(f"x{at}", "total", "all", *pair) for at, pair in enumerate(counts)]
    table = released(from_counts(cells), CODED)
    few = np.minimum(table["n_yes"], table["n"] - table["n_yes"]) < 12
    assert not (few & is_shown(table)).any()
    assert (is_shown(table) & ~few).any()


def test_sensitive_indicators_have_a_stricter_threshold_below_the_total():
    strict = rules(min_count_sensitive=20)
    cells = [("x", "total", "all", 900, 75), ("x", "sex", "boy", 450, 60)]
    cells += [("x", "sex", "girl", 450, 15)]
    assert published(cells)["status"].tolist() == ["present"] * 3
    kept = published(cells, strict, sensitive={"x"})
    assert kept["status"].tolist() == ["present", *["suppress_disclosure"] * 2]
    assert kept["reason"].tolist() == ["", "complementary", "small_count"]


def test_one_hidden_level_takes_the_smallest_other_with_it():
    cells = [("x", "total", "all", 1000, 205), ("x", "region", "A", 400, 80)]
    cells += [("x", "region", "B", 250, 50), ("x", "region", "C", 300, 70)]
    cells += [("x", "region", "D", 50, 5)]
    assert published(cells)["reason"].to_dict() == {
        ("total", "all"): "",
        ("region", "A"): "",
        ("region", "B"): "complementary",
        ("region", "C"): "",
        ("region", "D"): "small_count;relative_interval_above_130",
    }


def test_an_unreliable_cell_needs_no_cover_but_can_be_one():
    cells = [("x", "total", "all", 1000, 215), ("x", "region", "A", 600, 120)]
    # Too wide an interval, but no small count.
    cells += [("x", "region", "B", 370, 80), ("x", "region", "C", 30, 15)]
    alone = published(cells)
    assert alone["status"].tolist() == ["present", "present", "present", "suppress_reliability"]
    assert alone["shown"].tolist()[-1] == "*"


@pytest.mark.parametrize(("total", "a", "b"), [(17, 5, 12), (919, 895, 24)])
def test_an_unreliable_cell_is_known_to_hold_ten_yes_and_ten_others(total, a, b):
    # Known to hold ten or more, B would leave at most seven for A.
    cells = [("x", "total", "all", 936, total), ("x", "region", "A", 900, a)]
    table = published([*cells, ("x", "region", "B", 36, b)], PLAIN)
    assert table["status"].tolist() == ["present", *["suppress_disclosure"] * 2]
    assert table["reason"].iloc[2].split(";")[0] == "complementary"


def test_a_small_number_of_answers_does_not_follow_from_the_others():
    mean = {"x": "mean"}
    cells = [("x", "total", "all", 304, 150), ("x", "region", "A", 160, 80)]
    cells += [("x", "region", "B", 140, 68), ("x", "region", "C", 4, 2)]
    estimates = from_counts(cells, statistics=mean).assign(n_yes=np.nan)
    table = released(estimates, statistics=mean)
    reasons = [reason.partition(";")[0] for reason in table["reason"]]
    assert reasons == ["", "", "complementary", "small_count"]


def test_an_empty_cell_is_no_cover():
    cells = [("x", "total", "all", 900, 185), ("x", "region", "A", 500, 100)]
    cells += [("x", "region", "B", 350, 80), ("x", "region", "C", 50, 5)]
    table = published([*cells, ("x", "region", "D", 0, 0)])
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


# Yes to any of two: 34 boys and 25 girls, of whom 27 and 17 said yes to one, 8 and 15 to two.
ANY = [("any", "total", "all", 1000, 59), ("any", "sex", "boy", 500, 34),
       ("any", "sex", "girl", 500, 25), ("one", "total", "all", 1000, 44),
       ("one", "sex", "boy", 500, 27), ("one", "sex", "girl", 500, 17),
       ("two", "total", "all", 1000, 23), ("two", "sex", "boy", 500, 8),
       ("two", "sex", "girl", 500, 15)]  # fmt: skip


def reliable(cells):
    """Cells that all pass the presentation standard, so that counts alone decide."""
    return from_counts(cells).assign(reliability="present", reason="")


def test_a_part_of_a_composite_follows_from_it_and_the_other_part():
    alone = released(reliable(ANY), PLAIN)
    two = {("two", "sex", "boy"): "small_count", ("two", "sex", "girl"): "complementary"}
    keys = ["indicator", "domain", "level"]
    hidden = alone[alone["reason"] != ""].set_index(keys)["reason"].to_dict()
    assert hidden == two
    # Two is 7 at least among boys and 8 among girls, 23 in all: 7 to 15 boys.
    linked = decide_release(reliable(ANY), PLAIN, LINKED)
    found = linked[linked["reason"] != ""].set_index(keys)["reason"].to_dict()
    assert two.items() <= found.items()
    more = {key[:2] for key in set(found) - set(two)}
    # A pair of cells of one table, and nothing else.
    assert len(found) == 4
    assert more in ({("any", "sex")}, {("one", "sex")})


def test_the_number_asked_a_follow_up_is_hidden_where_it_tells_a_count():
    """All but four boys said yes, and how many were asked the follow-up tells it."""
    cells = [("any", "total", "all", 200, 144), ("any", "sex", "boy", 100, 96),
             ("any", "sex", "girl", 100, 48), ("told", "total", "all", 143, 70),
             ("told", "sex", "boy", 95, 45), ("told", "sex", "girl", 48, 25)]  # fmt: skip
    table = decide_release(reliable(cells), PLAIN, LINKED).set_index(
        ["indicator", "domain", "level"]
    )
    hidden = table[table["reason"] != ""].index.tolist()
    assert ("any", "sex", "boy") in hidden
    assert ("any", "sex", "girl") in hidden
    assert {key for key in hidden if key[0] == "told"} >= {("told", "sex", "boy")}
    untied = released(reliable(cells), PLAIN, statistics={})
    assert (untied["reason"] != "").sum() == 2


def earlier(cells, frozen=()):
    """What a release of the very same children printed."""
    return EarlierReleases(cells.assign(release="first", same=True), frozen)


def test_what_an_earlier_release_hid_stays_hidden():
    cells = [("x", "total", "all", 400, 74), ("x", "region", "A", 200, 4)]
    cells += [("x", "region", "B", 100, 40), ("x", "region", "C", 100, 30)]
    first = released(reliable(cells), PLAIN)
    hidden = first["status"] == "suppress_disclosure"
    assert first.loc[hidden, "level"].tolist() == ["A", "B"]
    # With new weights a cell of the first release would be reliable.
    status = np.where(first["level"] == "C", "suppress_reliability", first["status"])
    second = released(reliable(cells), PLAIN, earlier=earlier(first.assign(status=status)))
    shown = second.set_index("level")["shown"].to_dict()
    assert shown == {"all": "18", "A": "c", "B": "c", "C": "*"}


def test_what_an_earlier_release_told_can_be_no_cover():
    cells = [("x", "total", "all", 400, 34), ("x", "sex", "boy", 200, 4)]
    cells += [("x", "sex", "girl", 200, 30)]
    estimates = reliable(cells)
    alone = released(estimates, PLAIN)
    assert alone["shown"].tolist() == ["8", "c", "c"]
    # An earlier release has shown the girls: beside them the total would tell the boys.
    told = alone.assign(status=["present", "suppress_disclosure", "present"])
    girls = told[told["level"] == "girl"]
    assert released(estimates, PLAIN, earlier=earlier(girls))["shown"].tolist()[:2] == ["c", "c"]
    # Where its records are others, nothing is known of it.
    others = EarlierReleases(girls.assign(release="first", same=False))
    assert released(estimates, PLAIN, earlier=others)["shown"].tolist() == ["8", "c", "c"]
    # What earlier releases tell by themselves cannot be taken back, and stops no new one.
    assert released(estimates, PLAIN, earlier=earlier(told))["shown"].tolist()[:2] == ["8", "c"]


def test_where_no_cover_is_left_the_run_stops_and_names_no_number():
    cells = [("x", "total", "all", 400, 34), ("x", "sex", "boy", 200, 4)]
    cells += [("x", "sex", "girl", 200, 30)]
    table = released(reliable(cells), PLAIN)
    unreliable = np.zeros(len(table), dtype=bool)
    case = build_case(table, unreliable, PLAIN, codebook_of(table))
    # Not even the coarsest step of the girls hides them.
    exact = [replace(each, low=_of_all_steps(each.low), high=_of_all_steps(each.high))
             for each in case.attackers]  # fmt: skip
    start = np.minimum(case.steps.start, 0)
    _, left = hide_secondary(case.cells, case.steps, exact, start)
    message = (
        "^KEN, x: a hidden number could be worked back and no cover is left. "
        "Merge levels of a domain, or drop an indicator.$"
    )
    with pytest.raises(StudyError, match=message):
        check_nothing_disclosed("KEN", case.cells, left)


def _of_all_steps(limits):
    """What a cell's first step tells, whatever is printed of it."""
    return np.broadcast_to(limits[:, :1], limits.shape)


def linked_case(seed, publication):
    """A random survey whose indicators are tied to each other, decided, and its case."""
    table = linked_release(seed, publication.disclosure.method)
    ordered = table.sort_values(KEYS).reset_index(drop=True)
    return table, ordered, build_case_of_release(ordered, publication, LINKED)[0]


def test_one_sign_tells_one_thing():
    """A reader cannot tell a c for want of a bound from one that hides how many were asked."""
    _, _, case = linked_case(1, RULES)
    low, high = case.steps.shares(case.cells.share)
    bare = case.steps.sign[1] == "c"
    assert bare.any()
    assert (~bare).any()
    np.testing.assert_array_equal(low[1, bare], low[-1, bare])
    np.testing.assert_array_equal(high[1, bare], high[-1, bare])
    assert (low[-1, ~bare] == 0).all()


METHODS = [PLAIN, RULES, rules(method="coded")]


def seeds(quick, of):
    """Return the seeds of simulated surveys; all but the first ones are for the slow tests."""
    return [seed if seed < quick else pytest.param(seed, marks=pytest.mark.slow)
            for seed in range(of)]  # fmt: skip


@pytest.mark.parametrize("seed", seeds(quick=3, of=8))
@pytest.mark.parametrize("publication", METHODS, ids=lambda each: each.disclosure.method)
def test_the_truth_lies_in_what_every_attacker_believes(seed, publication):
    _, ordered, case = linked_case(seed, publication)
    step = find_printed_steps(case.steps, ordered)
    for attacker in case.attackers:
        known = attacker.system(step)
        require_truth_within(known)
        assert len(audit(known, attacker.targets)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_the_pattern_depends_neither_on_the_solver_nor_on_the_order_of_the_rows(seed):
    estimates = linked_survey(seed)
    first = linked_release(seed)
    assert decide_release(estimates, RULES, LINKED).equals(first)
    turned = decide_release(estimates.sample(frac=1, random_state=seed), RULES, LINKED)
    alike = [table.sort_values(KEYS).reset_index(drop=True) for table in (first, turned)]
    assert alike[0].equals(alike[1])
    ordered = estimates.assign(n_printed=estimates["n"]).sort_values(KEYS).reset_index(drop=True)
    unreliable = (ordered["reliability"] == "suppress").to_numpy()
    case = build_case(ordered, unreliable, RULES, LINKED)
    start = hide_first_covers(case.cells, case.attackers[0], LINKED.crosses, case.steps.start)
    found = [
        hide_secondary(case.cells, case.steps, case.attackers, start, method=method)[0].tolist()
        for method in ("highs", "highs-ds", "highs-ipm")
    ]
    assert found[0] == found[1] == found[2]


def second_attack(public, exact):
    """What a reader of the public table can tell of each cell, written apart from the library.

    The reader knows the codebook of ``linked_survey`` and every shown count: one linear programme
    per count, over the yes answers to every indicator and those asked it, in every group.
    """
    place = {key: at for at, key in enumerate(zip(*(exact[k] for k in KEYS[1:]), strict=True))}
    size, rows, limits = 2 * len(exact), [], []
    yes, asked = (lambda *key: place[key]), (lambda *key: len(exact) + place[key])

    def add(terms, low=0.0, high=np.inf):
        row = np.zeros(size)
        for column, factor in terms:
            row[column] += factor
        rows.append(row)
        limits.append((low, high))

    groups = list(dict.fromkeys(zip(exact["domain"], exact["level"], strict=True)))
    for name in exact["indicator"].unique():
        own = [group for group in groups if (name, *group) in place]
        for group in own:
            add([(asked(name, *group), 1), (yes(name, *group), -1)])
        for whole, parts in find_sums(own, CROSSES):
            for count in (yes, asked):
                add([(count(name, *whole), 1), *((count(name, *part), -1) for part in parts)])
    for group in groups:
        present = {name for name in exact["indicator"].unique() if (name, *group) in place}
        if {"one", "two", "any"} <= present:
            add([(yes("any", *group), 1), (yes("one", *group), -1)])
            add([(yes("any", *group), 1), (yes("two", *group), -1)])
            add([(yes("one", *group), 1), (yes("two", *group), 1), (yes("any", *group), -1)])
        if {"known", "family", "stranger", "any"} <= present:
            add([(yes("known", *group), 1), (yes("family", *group), -1)])
            both = [(yes("known", *group), 1), (yes("stranger", *group), 1)]
            add([*both, (asked("known", *group), -1)], 0, 0)
            add([(asked("known", *group), 1), (asked("family", *group), -1)], 0, 0)
            add([(asked("known", *group), 1), (asked("stranger", *group), -1)], 0, 0)
            add([(yes("any", *group), 1), (asked("known", *group), -1)])
    low, high = np.zeros(size), np.full(size, 700.0)
    for at, (row, true) in enumerate(
        zip(public.to_dict("records"), exact.to_dict("records"), strict=True)
    ):
        everyone = true["indicator"] in ("one", "two", "any")
        if row["shown"][:1].isdigit():
            low[at] = high[at] = true["n_yes"]
        if everyone or row["shown"][:1].isdigit():
            low[len(exact) + at] = high[len(exact) + at] = true["n"]
        elif row["bound_high"] < 1:
            high[at] = row["bound_high"] * true["n"]
        if everyone and row["bound_high"] <= 1:
            low[at], high[at] = row["bound_low"] * true["n"], row["bound_high"] * true["n"]
    matrix, bound = np.array(rows), np.array(limits)
    free = bound[:, 0] == bound[:, 1]

    def ends(column):
        found = []
        for sign in (1, -1):
            cost = np.zeros(size)
            cost[column] = sign
            solved = linprog(
                cost, A_ub=-matrix[~free], b_ub=-bound[~free, 0], A_eq=matrix[free],
                b_eq=bound[free, 0], bounds=np.column_stack([low, high]),
            )  # fmt: skip
            assert solved.status == 0
            found.append(solved.x[column])
        return found

    return ends


@pytest.mark.parametrize("seed", seeds(quick=2, of=4))
@pytest.mark.parametrize("publication", METHODS[:2], ids=lambda each: each.disclosure.method)
def test_no_small_count_can_be_worked_back_from_linked_tables(seed, publication):
    estimates = linked_survey(seed)
    release = linked_release(seed, publication.disclosure.method)
    public = public_table(release, publication.rounding)
    ends, attacked = second_attack(public, estimates), 0
    for at, cell in enumerate(estimates.itertuples()):
        if cell.n and min(cell.n_yes, cell.n - cell.n_yes) < 10:
            low, high = ends(at)
            assert low - 1e-6 <= cell.n_yes <= high + 1e-6
            assert high - low >= min(10, cell.n) - 1e-4, cell
            attacked += 1
    assert attacked > 10


@pytest.mark.slow
def test_the_second_attack_succeeds_where_the_ties_are_not_known():
    """Tables protected one by one give counts of the others away."""
    found = 0
    for seed in range(6):
        estimates = linked_survey(seed)
        untied = released(estimates, PLAIN)
        ends = second_attack(public_table(untied, PLAIN.rounding), estimates)
        for at, cell in enumerate(estimates.itertuples()):
            if cell.n and min(cell.n_yes, cell.n - cell.n_yes) < 10:
                low, high = ends(at)
                found += high - low < min(10, cell.n) - 1e-4
                if found > 5:
                    return
    pytest.fail(f"only {found} counts were told")


def width_left(cells, yes, n, known, position):
    """Within one table: every cell a variable, known cells fixed, one at a time."""
    place = {cell: row for row, cell in enumerate(cells)}
    lines = find_sums(cells, CROSSES)
    matrix = np.zeros((len(lines), len(cells)))
    for row, (whole, parts) in enumerate(lines):
        matrix[row, place[whole]] = 1
        matrix[row, [place[part] for part in parts]] = -1
    bounds = [(v, v) if k else (0, u) for v, k, u in zip(yes, known, n, strict=True)]
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(cells))
        cost[position] = sign
        # Children of unknown level said yes or not.
        limits = np.concatenate([np.zeros(len(lines)), matrix @ n])
        solved = linprog(cost, A_ub=np.vstack([-matrix, matrix]), b_ub=limits, bounds=bounds)
        ends.append(solved.x[position])
    return ends[1] - ends[0]


def attacked(part, hidden):
    """Return the small counts of one indicator that can be told within less than ten."""
    cells = list(zip(part["domain"], part["level"], strict=True))
    n, yes = part["n"].to_numpy(float), part["n_yes"].to_numpy(float)
    found = []
    for position in np.flatnonzero(hidden):
        small = n[position] > 0 and min(yes[position], n[position] - yes[position]) < 10
        wide = min(10.0, n[position])
        if small and width_left(cells, yes, n, ~hidden, position) < wide - 0.01:
            found.append(cells[position])
    return found


@pytest.mark.parametrize("seed", range(5))
def test_no_small_count_can_be_worked_back_from_one_table(seed):
    estimates = random_survey(seed, unknown=0.05 * (seed % 2))
    public = public_table(released(estimates, PLAIN), RULES.rounding)
    hidden = ~is_shown(public)
    assert hidden.any()
    for indicator in estimates["indicator"].unique():
        chosen = (estimates["indicator"] == indicator).to_numpy()
        assert attacked(estimates[chosen], hidden[chosen].to_numpy()) == []


@pytest.mark.parametrize("seed", range(20, 25))
def test_a_cell_hidden_alone_in_its_sum_is_merely_unreliable(seed):
    # A confidential one would be exposed, and a complementary one would hide nothing.
    table = released(random_survey(seed), PLAIN)
    assert table["reason"].str.startswith("complementary").any()
    hidden = ~is_shown(table)
    alone = set()
    for _, part in table.groupby("indicator"):
        rows = dict(zip(zip(part["domain"], part["level"], strict=True), part.index, strict=True))
        for whole, parts in find_sums(list(rows), CROSSES):
            found = [rows[cell] for cell in (whole, *parts) if hidden[rows[cell]]]
            if len(found) == 1:
                alone |= {table["status"][found[0]]}
    assert alone <= {"suppress_reliability"}


def test_without_a_small_count_nothing_is_hidden():
    cells = [("x", "total", "all", 1000, 400), ("x", "sex", "boy", 500, 190)]
    table = from_counts([*cells, ("x", "sex", "girl", 500, 210)])
    sized = table.assign(n_printed=table["n"])
    case = build_case(sized, np.zeros(len(table), dtype=bool), RULES, codebook_of(table))
    assert not hide_first_covers(case.cells, case.attackers[0], {}, case.steps.start).any()
    assert pd.isna(released(table)[["bound_low", "bound_high"]]).all(axis=None)
