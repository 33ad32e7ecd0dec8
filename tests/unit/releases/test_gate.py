"""Which tables may be published anew, on children small enough to count by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from releases_of_children import Children, children, codebook, present, version

from disrupting_harm.errors import StudyError
from disrupting_harm.releases.differ import differing
from disrupting_harm.releases.gate import Verdict, verdict
from disrupting_harm.releases.records import with_tombstones
from disrupting_harm.study.release_config import ReleaseRules

Row = tuple[str, str, Mapping[str, int]]

# Two levels of 45 and 50 children; two in five and one in five said yes.
FIRST: list[Row] = [
    *((f"a{k}", "L1", {"plain": int(k % 5 in (0, 3))}) for k in range(45)),
    *((f"b{k}", "L2", {"plain": int(k % 5 == 2)}) for k in range(50)),
]


def without(rows: Sequence[Row], *names: str) -> list[Row]:
    assert set(names) <= {row[0] for row in rows}
    return [row for row in rows if row[0] not in names]


def recoded(rows: Sequence[Row], *names: str) -> list[Row]:
    return [
        (
            name,
            level,
            {key: 1 - said for key, said in answers.items()} if name in names else answers,
        )
        for name, level, answers in rows
    ]


def moved(rows: Sequence[Row], *names: str) -> list[Row]:
    return [(name, "L2" if name in names else level, said) for name, level, said in rows]


def judged(old: Children, new: Children, **rules: object) -> dict[tuple[str, str], tuple[str, str]]:
    found = verdict(present(new), [version(old)], codebook(), ReleaseRules(**rules))
    return words(found)


def words(found: Verdict) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (row.indicator, row.domain): (row.decision, row.differ) for row in found.tables.itertuples()
    }


def counts(old: Children, new: Children) -> dict[str, int]:
    cells = differing(version(old), present(new))
    return dict(zip(cells["level"], cells["differ"].tolist(), strict=True))


A, B = ([row[0] for row in FIRST if row[1] == level] for level in ("L1", "L2"))
NEWCOMER: Row = ("z1", "L1", {"plain": 0})


@pytest.mark.parametrize(
    ("rows", "differ", "nation", "levels"),
    [
        (FIRST, (0, 0, 0), "equal", "equal"),
        (without(FIRST, *A[:12]), (12, 12, 0), "reissue", "reissue"),
        (without(FIRST, *A[:9], *B[:3]), (12, 9, 3), "reissue", "frozen"),
        (without(FIRST, A[0]), (1, 1, 0), "frozen", "frozen"),
        ([*without(FIRST, A[0]), NEWCOMER], (2, 2, 0), "frozen", "frozen"),
        (recoded(FIRST, A[0]), (1, 1, 0), "frozen", "frozen"),
        (moved(FIRST, A[0]), (0, 1, 1), "equal", "frozen"),
        (without(FIRST, *A[:5], *B[:5]), (10, 5, 5), "reissue", "frozen"),
        (without(FIRST, *A[:9]), (9, 9, 0), "frozen", "frozen"),
    ],
    ids=[
        "the same children",
        "twelve of one level gone",
        "nine and three gone",
        "one gone",
        "one gone, another in its place",
        "one answer corrected",
        "one child moved",
        "ten scattered",
        "nine gone",
    ],
)
def test_a_table_is_new_where_none_or_enough_children_differ(
    rows: list[Row], differ: tuple[int, int, int], nation: str, levels: str
) -> None:
    old, new = children(FIRST), children(rows)
    assert tuple(counts(old, new)[name] for name in ("all", "L1", "L2")) == differ
    found = judged(old, new)
    assert found["plain", "total"][0] == nation
    assert found["plain", "level"][0] == levels


def test_the_order_of_the_children_says_nothing() -> None:
    shuffled = [FIRST[k] for k in np.random.default_rng(7).permutation(len(FIRST))]
    assert set(judged(children(FIRST), children(shuffled)).values()) == {("equal", "0")}


def test_a_base_weight_counts_as_the_answer_does() -> None:
    old = children(FIRST)
    assert counts(old, children(FIRST, {"a0": 1.5}))["L1"] == 1
    # Nine digits: what arithmetic does to the last ones is no change.
    assert counts(old, children(FIRST, {"a0": 1.0 + 1e-12}))["L1"] == 0
    every = judged(old, children(FIRST, dict.fromkeys([*A, *B], 2.0)))
    assert set(every.values()) == {("reissue", "10+")}


def test_a_new_indicator_and_a_new_domain_are_free() -> None:
    later = [(name, level, {**said, "later": 1}) for name, level, said in FIRST]
    found = judged(children(FIRST), children(later, areas={}))
    assert found["later", "total"] == found["later", "level"] == ("new", "0")
    assert found["plain", "area"] == found["plain", "both"] == ("new", "0")


def test_a_new_domain_is_not_published_beside_a_nation_that_stays() -> None:
    found = judged(children(FIRST), children(without(FIRST, A[0]), areas={}))
    assert found["plain", "area"][0] == found["plain", "both"][0] == "frozen"


def test_a_new_crossing_waits_with_its_parents() -> None:
    """Its levels add up to those of the parent, which changed by one child."""
    found = judged(children(FIRST), children(moved(FIRST, A[0]), areas={}))
    assert found["plain", "total"][0] == "equal"
    assert found["plain", "area"][0] == "new"
    assert found["plain", "level"][0] == found["plain", "both"][0] == "frozen"


def test_children_of_unknown_level_are_a_group_too() -> None:
    """Total less levels: of the eleven who left, one had no known level."""
    old = [*FIRST, ("u0", "", {"plain": 1}), ("u1", "", {"plain": 0})]
    gone = children(without(old, *A[:10], "u0"))
    assert counts(children(old), gone) == {"all": 11, "L1": 10, "L2": 0, "": 1}
    found = judged(children(old), gone)
    assert found["plain", "total"] == ("reissue", "10+")
    assert found["plain", "level"] == ("frozen", "1-9")


def test_those_who_changed_must_not_all_have_said_yes() -> None:
    grave = [(name, level, {"grave": said["plain"]}) for name, level, said in FIRST]
    yes = [name for name, level, said in grave if said["grave"] and level == "L1"]
    no = [name for name, level, said in grave if not said["grave"] and level == "L1"]
    assert len(yes) > 12

    def decision(new: list[Row]) -> str:
        return judged(children(grave), children(new))["grave", "total"][0]

    assert decision(without(grave, *yes[:12])) == "frozen"
    assert decision(without(grave, *yes[:11], no[0])) == "reissue"
    assert decision(without(grave, *no[:12])) == "reissue"
    # They say no now, and are known to have said yes.
    assert decision(recoded(grave, *yes[:12])) == "frozen"
    assert decision(recoded(grave, *no[:12])) == "frozen"
    assert decision(recoded(grave, *yes[:6], *no[:6])) == "reissue"
    entered = [(f"z{k}", "L1", {"grave": 1}) for k in range(12)]
    assert decision([*grave, *entered]) == "frozen"
    assert decision([*without(grave, *yes[:5], *no[:5]), *entered]) == "reissue"
    # Whatever was asked is not told by an indicator that is not sensitive.
    plain = without(FIRST, *yes[:12])
    assert judged(children(FIRST), children(plain))["plain", "total"][0] == "reissue"


def test_sensitive_indicators_may_ask_for_more() -> None:
    both = [(name, level, {**said, "grave": said["plain"]}) for name, level, said in FIRST]
    found = judged(children(both), children(without(both, *A[:12])), min_change_sensitive=20)
    assert found["plain", "total"][0] == "reissue"
    assert found["grave", "total"] == ("frozen", "10+")


def test_a_tombstone_counts_as_one_who_left() -> None:
    old = version(children(FIRST))
    token = old.records.loc["a0", "child"]
    buried = type(old)(old.name, with_tombstones(old.records, {token}), old.cells, old.levels)
    gone = present(children(without(FIRST, A[0])))
    cells = differing(buried, gone).set_index("level")
    assert cells["differ"].to_dict() == {"all": 1, "L1": 1, "L2": 0, "": 0}
    assert cells.loc["L1", ["left", "left_yes", "entered"]].tolist() == [1, 1, 0]
    # As long as its row is in the data, the child counts as a new one, too.
    assert differing(buried, present(children(FIRST))).set_index("level").loc["L1", "differ"] == 2


def test_what_the_second_release_took_back_is_seen_against_the_first() -> None:
    """Eleven left, ten of them came back: each step is large, one child is between the ends."""
    second = children(without(FIRST, *A[:11]))
    third = present(children(without(FIRST, A[0])))
    versions = [version(children(FIRST), "2026-1"), version(second, "2026-2")]
    assert words(verdict(third, versions[1:], codebook(), ReleaseRules()))["plain", "total"] == (
        "reissue",
        "10+",
    )
    found = words(verdict(third, versions, codebook(), ReleaseRules()))
    assert found["plain", "total"] == found["plain", "level"] == ("frozen", "1-9")


def test_a_release_in_which_all_tables_stayed_stands_between_two_others() -> None:
    """It published nothing anew of the country; what is new is compared with the first one."""
    second = version(children(without(FIRST, A[0])), "2026-2")
    nothing = replace(second, cells=second.cells.iloc[:0])
    versions = [version(children(FIRST), "2026-1"), nothing]
    found = verdict(present(children(FIRST)), versions, codebook(), ReleaseRules())
    assert set(words(found).values()) == {("equal", "0")}
    assert found.before["release"].unique().tolist() == ["2026-1"]
    assert found.before["same"].all()
    alone = verdict(present(children(FIRST)), [nothing], codebook(), ReleaseRules())
    assert {word for word, _ in words(alone).values()} == {"new"}


def test_a_batch_waits_for_nine_tables_in_ten() -> None:
    answers = {"plain": 0, "grave": 0, "later": 0}
    rows: list[Row] = [(name, level, answers) for name, level, _ in FIRST]
    # Three tables of six are frozen: less than nine in ten may be new.
    waiting = judged(children(rows), children(moved(rows, A[0])), on_change="batch")
    assert {word for word, _ in waiting.values()} == {"frozen"}
    ready = judged(children(rows), children(without(rows, *A[:12])), on_change="batch")
    assert {word for word, _ in ready.values()} == {"reissue"}
    # Follow-up questions do not count.
    few = [*A[:3], *B[:3]]
    asked = [(n, lv, {**said, "follow_up": 0} if n in few else said) for n, lv, said in rows]
    found = judged(children(asked), children(without(asked, *A[:12])), on_change="batch")
    assert found["follow_up", "total"][0] == "frozen"
    assert found["plain", "level"][0] == "reissue"


def test_which_cells_of_earlier_releases_are_of_the_same_children() -> None:
    old = version(children(FIRST), hidden=[("level", "L1")])
    run = present(children(without(FIRST, *A[:12])))
    before = verdict(run, [old, replace(old, name="2026-2")], codebook(), ReleaseRules()).before
    found = before.set_index(["release", "domain", "level"])
    for name in ("2026-1", "2026-2"):
        own = found.loc[name]
        assert own["same"].to_dict() == {
            ("total", "all"): False, ("level", "L1"): False, ("level", "L2"): True,
        }  # fmt: skip
        assert own["shown"].to_dict()["level", "L1"] == "c"


def test_without_an_earlier_release_nothing_is_known() -> None:
    found = verdict(present(children(FIRST)), [], codebook(), ReleaseRules())
    assert len(found.before) == 0
    assert found.earlier.frozen == set()


def test_new_identifiers_are_no_new_children() -> None:
    renamed = [(f"x{name}", level, said) for name, level, said in FIRST]
    with pytest.raises(StudyError, match="most children of release 2026-1 are not found again"):
        judged(children(FIRST), children(renamed))
