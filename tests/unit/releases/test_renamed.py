"""What was renamed is compared with what it was; a name that nobody explains is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from releases_of_children import CODEBOOK, COUNTRY, KEY, children, codebook, present, version

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accepted_release import build_version
from disrupting_harm.releases.cell_differences import PublishedVersion
from disrupting_harm.releases.gate import decide_tables
from disrupting_harm.releases.records import Children, CurrentNames
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import ReleaseRules, Rename

# 400 children; a third says yes to "plain", a fifth to "grave".
ANSWERS = [
    (f"c{at}", "L1" if at % 2 else "L2", {"plain": int(at % 3 == 0), "grave": int(at % 5 == 0)})
    for at in range(400)
]


def rules(**moved: str | None) -> ReleaseRules:
    """Return the rules of a run; a name of then and its name now."""
    named = {then.replace("__", ":"): Rename(to=now, why="so") for then, now in moved.items()}
    return ReleaseRules(after="2026-1", moved=named)


def with_another(*domains: str) -> Codebook:
    """Return a codebook with these domains and another one, ``new``, of three levels."""
    item = {"id": "new", "type": "choice", "values": ["L1", "L2", "B"], "respondent": "sample"}
    kept = [entry for entry in CODEBOOK["domains"] if entry["id"] in domains]
    other = {"id": "new", "label": "New", "item": "new"}
    content = {**CODEBOOK, "items": [*CODEBOOK["items"], item], "domains": [*kept, other]}
    return Codebook.model_validate(content)


def called(of: Children, indicators: Mapping[str, str], levels: Mapping[str, str]) -> Children:
    """Return the same children under other names."""
    return Children(
        of.country,
        of.id,
        of.weight,
        of.levels.replace({"level": dict(levels)}),
        of.answers.rename(columns=dict(indicators)),
        of.yes.rename(columns=dict(indicators)),
    )


def released(of: Children, said: ReleaseRules, name: str = "2026-1") -> PublishedVersion:
    """Return what a release of these children is read as today."""
    was = version(of, name)
    names = CurrentNames(said.moved, codebook())
    return build_version(name, COUNTRY, was.records, was.cells, names, codebook(), KEY)


def decided(
    today: Sequence[tuple[str, str, Mapping[str, int]]],
    versions: Sequence[PublishedVersion],
    said: ReleaseRules,
) -> dict[tuple[str, str], tuple[str, str]]:
    tables = decide_tables(present(children(today)), versions, codebook(), said).tables
    return {(row.indicator, row.domain): (row.decision, row.differ) for row in tables.itertuples()}


NUMBERED = list(enumerate(ANSWERS))
THEN = called(children(ANSWERS), {"grave": "severe"}, {})
GROUPED = called(children(ANSWERS), {}, {"L1": "first"})


def test_what_is_renamed_and_of_the_same_children_is_equal() -> None:
    said = rules(severe="grave")
    found = decided(ANSWERS, [released(THEN, said)], said)
    assert set(found.values()) == {("equal", "0")}


@pytest.mark.parametrize("gone", [1, 9])
def test_one_child_less_cannot_be_told_through_a_new_name(gone: int) -> None:
    said = rules(severe="grave")
    found = decided(ANSWERS[gone:], [released(THEN, said)], said)
    assert {word for word, _ in found.values()} == {"held"}
    assert found["grave", "total"] == ("held", "1-9")


def test_a_group_that_is_renamed_is_the_same_group() -> None:
    said = rules(level__first="level:L1")
    was = released(GROUPED, said)
    assert set(was.cells["level"]) == {"all", "L1", "L2"}
    assert set(decided(ANSWERS, [was], said).values()) == {("equal", "0")}
    # Of three children more than one of the two groups has lost one.
    fewer = decided(ANSWERS[1:], [was], said)
    assert fewer["plain", "level"] == ("held", "1-9")


def test_few_of_a_renamed_group_that_stayed_are_held() -> None:
    """The second release left the groups as they were; two children have moved since."""
    said = rules(level__first="level:L1")
    whole = version(called(children(ANSWERS[24:]), {}, {"L1": "first"}), "2026-2")
    stayed = whole.cells["release"].mask(whole.cells["domain"] == "level", "2026-1")
    cells = whole.cells.assign(release=stayed)
    names = CurrentNames(said.moved, codebook())
    second = build_version("2026-2", COUNTRY, whole.records, cells, names, codebook(), KEY)
    assert set(second.cells["domain"]) == {"total"}
    today = [
        (name, "L2" if at in (1, 3) else level, answers)
        for at, (name, level, answers) in enumerate(ANSWERS[24:])
    ]
    found = decided(today, [released(GROUPED, said), second], said)
    assert {word for word, _ in found.values()} == {"held"}


def test_names_are_followed_over_several_releases() -> None:
    said = rules(first_name="severe", severe="grave")
    first = released(called(children(ANSWERS), {"grave": "first_name"}, {}), said, "2026-1")
    second = released(called(children(ANSWERS[20:]), {"grave": "severe"}, {}), said, "2026-2")
    # Against the second release nobody differs but one, against the first one more than ten.
    found = decided(ANSWERS[21:], [first, second], said)
    assert found["grave", "total"] == ("held", "1-9")


@pytest.mark.parametrize("said", [rules(), rules(severe=None)])
def test_a_name_that_nobody_explains_is_refused(said: ReleaseRules) -> None:
    with pytest.raises(StudyError) as caught:
        decided(ANSWERS[3:], [released(THEN, said)], said)
    assert caught.value.where == "codebook, indicator 'grave'"
    assert "most of its answers are those of 'severe' of release 2026-1" in caught.value.found
    assert "'severe: {to: grave, why: ...}' below publication.release.moved" in caught.value.remedy


def test_a_group_that_nobody_explains_is_refused() -> None:
    found = "group 'level:L1': most of its children are those of 'level:first'"
    with pytest.raises(StudyError, match=found):
        decided(ANSWERS[3:], [released(GROUPED, rules())], rules())


@pytest.mark.parametrize(("was", "name"), [(THEN, "grave"), (GROUPED, "level:L1")])
def test_many_less_do_not_hide_one_of_another_group(was: Children, name: str) -> None:
    """Twelve children fewer, of whom one alone is of the second group."""
    fewer = [row for at, row in enumerate(ANSWERS) if at not in {*range(1, 22, 2), 40}]
    assert len(fewer) == len(ANSWERS) - 12
    with pytest.raises(StudyError, match=f"'{name}': most of its"):
        decided(fewer, [released(was, rules())], rules())
    # Where it is said where the name went, the gate finds the one child.
    said = rules(severe="grave", level__first="level:L1")
    found = decided(fewer, [released(was, said)], said)
    assert found["grave", "total"] == ("reissue", "10+")
    assert found["grave", "level"] == ("frozen", "1-9")


def test_numbers_are_the_same_where_most_children_have_the_same() -> None:
    """A mean has no yes; of 400 children 199 or 201 have the number that they had."""
    for alike, refused in ((199, False), (201, True)):
        today = children(
            [(n, level, {"plain": at + 2 + 900 * (at >= alike)}) for at, (n, level, _) in NUMBERED]
        )
        then = children([(n, level, {"plain": at + 2}) for at, (n, level, _) in NUMBERED])
        was = released(called(then, {"plain": "old"}, {}), rules())
        was.cells["n_yes"] = np.nan
        if refused:
            with pytest.raises(StudyError, match="'plain': most of its answers are those of 'old'"):
                decide_tables(present(today), [was], codebook(), rules())
        else:
            tables = decide_tables(present(today), [was], codebook(), rules()).tables
            assert set(tables["decision"]) == {"new"}


def test_what_an_earlier_release_had_is_not_new() -> None:
    """The second release published one indicator anew; it is gone, and others are as they were."""
    first = released(children(ANSWERS), rules(), "2026-1")
    both = [(n, level, {**said, "twin": said["plain"]}) for n, level, said in ANSWERS]
    second = released(children(both), rules(), "2026-2")
    anew = replace(second, cells=second.cells[second.cells["indicator"] == "twin"])
    assert set(decided(ANSWERS, [first, anew], rules()).values()) == {("equal", "0")}


def test_the_new_name_is_the_one_with_most_of_the_answers() -> None:
    today = [
        (n, lv, {"plain": s["grave"] or n == "c1", "grave": s["grave"]}) for n, lv, s in ANSWERS
    ]
    was = called(children([(n, lv, {"severe": s["grave"]}) for n, lv, s in ANSWERS]), {}, {})
    with pytest.raises(StudyError, match="indicator 'grave'"):
        decided(today, [released(was, rules())], rules())


def test_another_question_is_new() -> None:
    other = [
        (name, level, {**said, "grave": int(at % 7 == 0)})
        for at, (name, level, said) in enumerate(ANSWERS)
    ]
    found = decided(other, [released(THEN, rules())], rules())
    assert found["grave", "total"] == ("new", "0")
    assert found["plain", "total"] == ("equal", "0")


def test_rare_answers_of_different_children_are_no_new_name() -> None:
    """Nearly all answers are alike, as nearly all are no; nobody said yes to both."""
    rare = [(n, level, {**s, "grave": int(n in ("c1", "c2", "c3"))}) for n, level, s in ANSWERS]
    then = [(n, level, {**s, "grave": int(n in ("c7", "c8", "c9"))}) for n, level, s in ANSWERS]
    was = released(called(children(then), {"grave": "severe"}, {}), rules())
    assert decided(rare, [was], rules())["grave", "total"] == ("new", "0")


def test_two_old_names_cannot_become_one() -> None:
    both = [(n, level, {**said, "later": 0}) for n, level, said in ANSWERS]
    of = called(children(both), {"grave": "one", "later": "two"}, {})
    with pytest.raises(StudyError, match=r"of release 2026-1 have the same name now"):
        released(of, rules(one="grave", two="grave"))


def test_names_that_change_places_are_followed_where_both_are_said() -> None:
    said = rules(plain="grave", grave="plain")
    then = called(children(ANSWERS), {"plain": "grave", "grave": "plain"}, {})
    found = decided(ANSWERS, [released(then, said)], said)
    assert set(found.values()) == {("equal", "0")}


def test_a_name_that_the_record_has_already_is_refused() -> None:
    """The release has answers to 'grave' of which it published nothing anew."""
    both = [(n, level, {**said, "severe": said["grave"]}) for n, level, said in ANSWERS]
    was = version(children(both))
    cells = was.cells[was.cells["indicator"] != "grave"]
    names = CurrentNames(rules(severe="grave").moved, codebook())
    with pytest.raises(StudyError) as caught:
        build_version("2026-1", COUNTRY, was.records, cells, names, codebook(), KEY)
    assert caught.value.where == "configuration, key 'publication.release.moved'"
    assert caught.value.found.startswith("indicator 'severe' of release 2026-1 is 'grave' now")
    assert "a name that no release has" in caught.value.remedy


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            rules(level__L1="area:A", level__L2="new:L2"),
            "'level:L1' and 'level:L2' of release 2026-1 are of one domain, and would be of two",
        ),
        (rules(level__L1="area:A"), "'level:L1' and 'level:L2' of release 2026-1 are of one"),
    ],
    ids=["two others", "one stays"],
)
def test_a_domain_cannot_become_two(said: ReleaseRules, found: str) -> None:
    today = with_another("total", "level", "area")
    was = version(children(ANSWERS))
    names = CurrentNames(said.moved, today)
    with pytest.raises(StudyError, match=found) as caught:
        build_version("2026-1", COUNTRY, was.records, was.cells, names, today, KEY)
    assert "one domain for all levels" in caught.value.remedy


def test_two_domains_cannot_become_one() -> None:
    was = version(children(ANSWERS, areas={}))
    today = with_another("total")
    names = CurrentNames(
        rules(level__L1="new:L1", level__L2="new:L2", area__A="new:B").moved, today
    )
    with pytest.raises(StudyError, match="domain 'level' of release 2026-1 is 'new' now, and"):
        build_version("2026-1", COUNTRY, was.records, was.cells, names, today, KEY)


def test_a_domain_of_which_one_level_is_said_is_followed_in_the_others() -> None:
    """The column of then stays: the other level, under the new domain, is found by its children."""
    today = with_another("total")
    said = rules(level__L1="new:L1")
    names = CurrentNames(said.moved, today)
    was = version(children(ANSWERS))
    was = build_version("2026-1", COUNTRY, was.records, was.cells, names, today, KEY)
    of = children(ANSWERS)
    of = replace(of, levels=of.levels.rename(columns={"level": "new"}))
    with pytest.raises(StudyError, match="'new:L2': most of its children are those of 'level:L2'"):
        decide_tables(present(of), [was], today, said)


def test_comparisons_inside_a_country_follow_their_groups() -> None:
    names = CurrentNames(rules(level__first="level:L1", severe="grave").moved, codebook())
    gaps = pd.DataFrame(
        {"indicator": ["severe"], "domain": ["level"], "level_a": ["first"], "level_b": ["L2"]}
    )
    ratios = pd.DataFrame(
        {"indicator": ["plain"], "term": ["level"], "level": ["L2"], "reference": ["first"]}
    )
    bounds = pd.DataFrame({"indicator": ["severe"], "lower": [np.nan]})
    assert names.to_current_names(gaps, "gaps").iloc[0].tolist() == ["grave", "level", "L1", "L2"]
    assert names.to_current_names(ratios, "ratios").iloc[0].tolist() == [
        "plain",
        "level",
        "L2",
        "L1",
    ]
    assert names.to_current_names(bounds, "bounds")["indicator"].tolist() == ["grave"]
    assert names.group("both", "first|A") == ("both", "L1|A")
