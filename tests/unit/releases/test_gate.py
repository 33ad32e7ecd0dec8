"""Which tables may be published anew, on children small enough to count by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from releases_of_children import CODEBOOK, Children, children, codebook, present, version

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.cell_differences import (
    CurrentRun,
    PublishedVersion,
    RecordPair,
    count_differing,
)
from disrupting_harm.releases.gate import Verdict, decide_tables
from disrupting_harm.releases.membership import describe_corrections
from disrupting_harm.releases.records import add_tombstones
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import ReleaseRules

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
    found = decide_tables(present(new), [version(old)], codebook(), ReleaseRules(**rules))
    return words(found)


def words(found: Verdict) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (row.indicator, row.domain): (row.decision, row.differ) for row in found.tables.itertuples()
    }


def counts(old: Children, new: Children) -> dict[str, int]:
    cells = count_differing(version(old), RecordPair.from_records(version(old), present(new)))
    return dict(zip(cells["level"], cells["differ"].tolist(), strict=True))


A, B = ([row[0] for row in FIRST if row[1] == level] for level in ("L1", "L2"))
NEWCOMER: Row = ("z1", "L1", {"plain": 0})


@pytest.mark.parametrize(
    ("rows", "differ", "nation", "levels"),
    [
        (FIRST, (0, 0, 0), "equal", "equal"),
        (without(FIRST, *A[:12]), (12, 12, 0), "reissue", "reissue"),
        (without(FIRST, *A[:9], *B[:3]), (12, 9, 3), "reissue", "frozen"),
        (without(FIRST, A[0]), (1, 1, 0), "held", "held"),
        ([*without(FIRST, A[0]), NEWCOMER], (2, 2, 0), "held", "held"),
        (recoded(FIRST, A[0]), (1, 1, 0), "held", "held"),
        (moved(FIRST, A[0]), (0, 1, 1), "held", "held"),
        (without(FIRST, *A[:5], *B[:5]), (10, 5, 5), "reissue", "frozen"),
        (without(FIRST, *A[:9]), (9, 9, 0), "held", "held"),
        # Both groups changed by twelve, although of the nation nobody came or left.
        (moved(FIRST, *A[:12]), (0, 12, 12), "reissue", "reissue"),
        (recoded(FIRST, *A[:9], *B[:9]), (18, 9, 9), "reissue", "frozen"),
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
        "twelve moved",
        "nine answers corrected in each level",
    ],
)
def test_a_table_is_new_where_nobody_or_enough_children_changed(
    rows: list[Row], differ: tuple[int, int, int], nation: str, levels: str
) -> None:
    old, new = children(FIRST), children(rows)
    assert tuple(counts(old, new)[name] for name in ("all", "L1", "L2")) == differ
    decided = judged(old, new)
    assert decided["plain", "total"][0] == nation
    assert decided["plain", "level"][0] == levels


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


def test_a_held_country_publishes_no_new_domain_or_question() -> None:
    later = [(name, level, {**said, "later": 1}) for name, level, said in FIRST]
    decided = judged(children(FIRST), children(without(later, A[0]), areas={}))
    assert {word for word, _ in decided.values()} == {"held"}


def test_a_new_crossing_waits_with_its_parents() -> None:
    """Its levels add up to those of the parent, in a level of which few children changed."""
    decided = judged(children(FIRST), children(without(FIRST, *A[:10], B[0]), areas={}))
    assert decided["plain", "total"][0] == "reissue"
    assert decided["plain", "area"][0] == "new"
    assert decided["plain", "level"][0] == decided["plain", "both"][0] == "frozen"


def test_children_of_unknown_level_are_a_group_too() -> None:
    """Total less levels: of the eleven who left, one had no known level."""
    old = [*FIRST, ("u0", "", {"plain": 1}), ("u1", "", {"plain": 0})]
    gone = children(without(old, *A[:10], "u0"))
    assert counts(children(old), gone) == {"all": 11, "L1": 10, "L2": 0, "": 1}
    found = judged(children(old), gone)
    assert found["plain", "total"] == ("reissue", "10+")
    assert found["plain", "level"] == ("frozen", "1-9")


def test_a_country_is_held_where_counts_would_tell_a_yes() -> None:
    """Twelve fewer say yes, and twelve left: each of them did. All stays, and not one table."""
    grave = [(n, level, {"grave": said["plain"], "plain": 0}) for n, level, said in FIRST]
    yes = [name for name, level, said in grave if said["grave"] and level == "L1"]
    no = [name for name, level, said in grave if not said["grave"] and level == "L1"]
    assert len(yes) > 12

    def words(new: list[Row]) -> set[str]:
        return {word for word, _ in judged(children(grave), children(new)).values()}

    assert words(without(grave, *yes[:12])) == {"held"}
    assert words(without(grave, *yes[:11], no[0])) == {"reissue"}
    assert words(without(grave, *no[:12])) == {"reissue"}
    entered = [(f"z{k}", "L1", {"grave": 1, "plain": 0}) for k in range(12)]
    assert words([*grave, *entered]) == {"held"}
    # As many come as leave: only how many more say yes is told, which here is not all it could be.
    assert words([*without(grave, *no[:5], *yes[:1]), *entered]) == {"reissue"}
    # What is not sensitive holds nothing.
    swapped = [
        (n, level, {"grave": said["plain"], "plain": said["grave"]}) for n, level, said in grave
    ]
    assert {
        word
        for word, _ in judged(children(swapped), children(without(swapped, *yes[:12]))).values()
    } == {"reissue"}


def test_sensitive_indicators_may_ask_for_more() -> None:
    both = [(name, level, {**said, "grave": said["plain"]}) for name, level, said in FIRST]
    found = judged(children(both), children(without(both, *A[:12])), min_change_sensitive=20)
    assert found["plain", "total"][0] == "reissue"
    assert found["grave", "total"] == ("frozen", "10+")


def test_a_tombstone_counts_as_one_who_left() -> None:
    old = version(children(FIRST))
    tokens = set(old.records.loc[A[:12], "child"])
    buried = type(old)(old.name, add_tombstones(old.records, tokens), old.cells, old.levels)
    gone = present(children(without(FIRST, *A[:12])))
    assert words(decide_tables(gone, [buried], codebook(), ReleaseRules())) == words(
        decide_tables(gone, [old], codebook(), ReleaseRules())
    )

    def moved_in_levels(run: CurrentRun) -> dict[str, int]:
        pair = RecordPair.from_records(buried, run)
        counted = pair.count_in_levels("level", pair.find_moved())
        return dict(zip(pair.levels["level"][0], counted.tolist(), strict=True))

    assert moved_in_levels(gone) == {"L1": 12, "L2": 0, "": 0}
    # As long as their rows are in the data, the children count as new ones, too.
    assert moved_in_levels(present(children(FIRST))) == {"L1": 24, "L2": 0, "": 0}


def test_what_the_second_release_took_back_is_seen_against_the_first() -> None:
    """Eleven left, ten of them came back: each step is large, one child is between the ends."""
    second = children(without(FIRST, *A[:11]))
    third = present(children(without(FIRST, A[0])))
    versions = [version(children(FIRST), "2026-1"), version(second, "2026-2")]
    assert words(decide_tables(third, versions[1:], codebook(), ReleaseRules()))[
        "plain", "total"
    ] == (
        "reissue",
        "10+",
    )
    decided = words(decide_tables(third, versions, codebook(), ReleaseRules()))
    assert decided["plain", "total"] == decided["plain", "level"] == ("held", "1-9")


def test_a_release_in_which_all_tables_stayed_stands_between_two_others() -> None:
    """It published nothing anew of the country; what is new is compared with the first one."""
    second = version(children(without(FIRST, A[0])), "2026-2")
    nothing = replace(second, cells=second.cells.iloc[:0])
    versions = [version(children(FIRST), "2026-1"), nothing]
    found = decide_tables(present(children(FIRST)), versions, codebook(), ReleaseRules())
    assert set(words(found).values()) == {("equal", "0")}
    assert found.before["release"].unique().tolist() == ["2026-1"]
    assert found.before["same"].all()
    alone = decide_tables(present(children(FIRST)), [nothing], codebook(), ReleaseRules())
    assert {word for word, _ in words(alone).values()} == {"new"}


@pytest.mark.parametrize(("on_change", "word"), [("hold", "held"), ("batch", "held")])
def test_hold_publishes_all_or_nothing(on_change: str, word: str) -> None:
    """``batch`` is what it was called."""
    nine = judged(children(FIRST), children(without(FIRST, *A[:9], *B[:9])), on_change=on_change)
    assert {decision for decision, _ in nine.values()} == {word}
    enough = without(FIRST, *A[:10], *B[:10])
    assert {
        d for d, _ in judged(children(FIRST), children(enough), on_change=on_change).values()
    } == {"reissue"}


def test_a_follow_up_needs_twice_its_share_of_those_who_moved() -> None:
    """Of the first level 40 of 80 were asked: of 40 who leave, 20 may have been."""
    rows: list[Row] = [
        (
            f"{level}{k}",
            level,
            {"plain": k % 3 == 0, **({"follow_up": k % 4 == 0} if k % 2 else {})},
        )
        for level in ("L1", "L2")
        for k in range(80)
    ]
    old = children(rows)
    for gone, word in ((40, "reissue"), (39, "frozen")):
        # Which of them were asked does not matter: here, nobody who leaves was.
        for kept in (lambda k: k % 2 == 0, lambda k: k % 2 == 1, lambda k: True):
            leaving = [f"L1{k}" for k in range(80) if kept(k)]
            leaving = [*leaving, *(f"L1{k}" for k in range(80) if f"L1{k}" not in leaving)][:gone]
            decided = judged(old, children(without(rows, *leaving)))
            assert decided["follow_up", "level"][0] == word
            assert decided["plain", "level"][0] == "reissue"


def test_whoever_is_corrected_counts_in_the_question_alone() -> None:
    """Three hundred corrected and one gone: no other question is published anew."""
    many: list[Row] = [
        (f"{level}{k}", level, {"plain": k % 3 == 0, "grave": k % 5 == 0})
        for level in ("L1", "L2")
        for k in range(200)
    ]
    corrected: list[Row] = [
        (n, level, {**said, "plain": 1 - said["plain"]} if at % 4 else said)
        for at, (n, level, said) in enumerate(many)
    ]
    decided = judged(children(many), children(without(corrected, "L10")))
    assert decided["plain", "total"][0] == decided["plain", "level"][0] == "reissue"
    assert decided["grave", "total"][0] == decided["grave", "level"][0] == "frozen"


def test_which_cells_of_earlier_releases_are_of_the_same_children() -> None:
    old = version(children(FIRST), hidden=[("level", "L1")])
    run = present(children(without(FIRST, *A[:12])))
    before = decide_tables(
        run, [old, replace(old, name="2026-2")], codebook(), ReleaseRules()
    ).before
    found = before.set_index(["release", "domain", "level"])
    for name in ("2026-1", "2026-2"):
        own = found.loc[name]
        assert own["same"].to_dict() == {
            ("total", "all"): False, ("level", "L1"): False, ("level", "L2"): True,
        }  # fmt: skip
        assert own["shown"].to_dict()["level", "L1"] == "c"


def test_without_an_earlier_release_nothing_is_known() -> None:
    found = decide_tables(present(children(FIRST)), [], codebook(), ReleaseRules())
    assert len(found.before) == 0
    assert found.earlier_releases.frozen == set()


def test_new_identifiers_are_no_new_children() -> None:
    renamed = [(f"x{name}", level, said) for name, level, said in FIRST]
    with pytest.raises(StudyError, match="most respondents of release 2026-1 are not found again"):
        judged(children(FIRST), children(renamed))


@pytest.mark.parametrize(
    ("corrected", "word"),
    [
        # Ten in each level of both domains: anew. Nine in one of them, or all but nine: retracted.
        ([*A[:10], *B[:10]], "reissue"),
        ([*A[:10], *B[:9]], "retracted"),
        (A[:10], "reissue"),
        ([*A, *B[:10]], "retracted"),
        (A[:3], "retracted"),
    ],
    ids=["enough", "nine", "one level", "all of a level", "three"],
)
def test_an_error_of_code_is_decided_on_once_for_all_groups(
    corrected: list[str], word: str
) -> None:
    both = [(n, level, {"plain": said["plain"], "grave": 0}) for n, level, said in FIRST]
    today = [
        (n, level, {**said, "plain": 1 - said["plain"]} if n in corrected else said)
        for n, level, said in both
    ]
    decided = judged(children(both), children(today), corrected={"plain": "Weeks were counted."})
    assert {decided["plain", domain][0] for domain in ("total", "level")} == {word}
    # Nobody moved, so that all else is as it was, and published anew with new weights.
    assert {decided["grave", domain][0] for domain in ("total", "level")} == {"equal"}


def test_an_error_of_code_is_retracted_where_the_country_is_held() -> None:
    both = [(n, level, {"plain": said["plain"], "grave": 0}) for n, level, said in FIRST]
    decided = judged(
        children(both), children(without(both, A[0])), corrected={"plain": "Weeks were counted."}
    )
    assert {word for (name, _), (word, _) in decided.items() if name == "plain"} == {"retracted"}
    assert {word for (name, _), (word, _) in decided.items() if name == "grave"} == {"held"}


def again(first: Children, second: Children, **second_release: object) -> list[PublishedVersion]:
    """Return two releases, of which the second published anew what is not left out."""
    rest = version(second, "2026-2")
    left_out = second_release.pop("left_out", [])
    keys = zip(rest.cells["indicator"], rest.cells["domain"], strict=True)
    anew = rest.cells[[key not in left_out for key in keys]]
    return [version(first), replace(rest, cells=anew, **second_release)]


FROZEN_LEVELS = [("plain", "level"), ("grave", "level")]
TWO_QUESTIONS: list[Row] = [
    (n, level, {**said, "grave": said["plain"]}) for n, level, said in FIRST
]
# Nine left one level and three the other, so that the second release has new national numbers only.
SECOND = without(TWO_QUESTIONS, *A[:9], *B[:3])


@pytest.mark.parametrize(
    "third",
    [moved(SECOND, A[20], A[21]), recoded(SECOND, A[20]), recoded(SECOND, *A[20:24], *B[20:25])],
    ids=["two children of a frozen domain moved", "one corrected", "nine corrected"],
)
def test_few_changes_since_the_last_release_are_held_whatever_it_published_anew(
    third: list[Row],
) -> None:
    for left_out in (FROZEN_LEVELS, [*FROZEN_LEVELS, ("plain", "total")]):
        versions = again(children(TWO_QUESTIONS), children(SECOND), left_out=left_out)
        found = decide_tables(present(children(third)), versions, codebook(), ReleaseRules())
        assert {word for word, _ in words(found).values()} == {"held"}


def test_few_corrections_of_an_indicator_that_stayed_are_held() -> None:
    """The second release left one question as it was, of which now three answers are others."""
    third = [
        (n, level, {**said, "plain": 1 - said["plain"]} if n in A[20:23] else said)
        for n, level, said in SECOND
    ]
    stayed = [("plain", "total"), *FROZEN_LEVELS]
    versions = again(children(TWO_QUESTIONS), children(SECOND), left_out=stayed)
    found = decide_tables(present(children(third)), versions, codebook(), ReleaseRules())
    assert {word for word, _ in words(found).values()} == {"held"}


def test_a_question_or_a_domain_that_only_one_side_has_changes_no_child() -> None:
    """One child left: that all have a new answer, or a group less, must not hide it."""
    areas = {name: "AB"[at % 2] for at, (name, _, _) in enumerate(FIRST)}
    asked = [(n, level, {**said, "later": 1}) for n, level, said in without(FIRST, A[0])]
    for old, new in (
        (children(FIRST), children(asked, areas=areas)),
        (children(FIRST, areas=areas), children(without(FIRST, A[0]))),
        (children([(n, "", said) for n, _, said in FIRST]), children(without(FIRST, A[0]))),
    ):
        assert {word for word, _ in judged(old, new).values()} == {"held"}


WRONG: list[Row] = [(n, level, {"plain": said["plain"], "grave": 0}) for n, level, said in FIRST]
# The error of code is mended in twelve answers of each level.
MENDED = [
    (n, level, {**said, "plain": 1 - said["plain"]} if n in [*A[-12:], *B[-12:]] else said)
    for n, level, said in WRONG
]
SENTENCE = {"plain": "Weeks were counted."}


RETRACTED = ("retracted", "retracted")


@pytest.mark.parametrize(
    ("gone", "corrected", "left_out", "decision"),
    [
        ([A[0]], SENTENCE, [], ("held", "held")),
        ([*A[:9], *B[:3]], SENTENCE, [], ("reissue", "frozen")),
        # Not so where the second release retracted it, or was of another error, or of none.
        ([A[0]], SENTENCE, [("plain", "total"), ("plain", "level")], RETRACTED),
        ([A[0]], {"plain": "Days were counted."}, [], RETRACTED),
        ([A[0]], {}, [], RETRACTED),
        ([*A[:9], *B[:3]], {}, [], RETRACTED),
    ],
)
def test_what_was_published_without_its_error_is_not_retracted_later(
    gone: list[str],
    corrected: Mapping[str, str],
    left_out: list[tuple[str, str]],
    decision: tuple[str, str],
) -> None:
    versions = again(children(WRONG), children(MENDED), corrected=corrected, left_out=left_out)
    third = present(children(without(MENDED, *gone)))
    found = words(decide_tables(third, versions, codebook(), ReleaseRules(corrected=SENTENCE)))
    assert (found["plain", "total"][0], found["plain", "level"][0]) == decision


def test_a_country_is_held_where_all_its_indicators_are_retracted() -> None:
    found = decide_tables(
        present(children(without(FIRST, A[0]))),
        [version(children(FIRST))],
        codebook(),
        ReleaseRules(corrected=SENTENCE),
    )
    assert {word for word, _ in words(found).values()} == {"retracted"}
    assert found.is_held


def test_what_counts_a_retracted_indicator_has_its_sentence() -> None:
    any_of = [
        {"id": name, "module": "m", "label": name, "any_of": list(parts)}
        for name, parts in (("either", ("plain", "grave")), ("whichever", ("either", "later")))
    ]
    composites = Codebook.model_validate(
        {**CODEBOOK, "indicators": [*CODEBOOK["indicators"], *any_of]}
    )
    sentences = {"plain": "Weeks were counted.", "grave": "Missing was no.", "later": "None."}
    gone = ["plain", "either", "whichever", "follow_up"]
    assert describe_corrections(gone, sentences, composites) == {
        "plain": "Weeks were counted.",
        "either": "Weeks were counted. Missing was no.",
        "whichever": "Weeks were counted. Missing was no. None.",
    }
    assert describe_corrections(["either"], {"plain": "Same.", "grave": "Same."}, composites) == {
        "either": "Same."
    }
