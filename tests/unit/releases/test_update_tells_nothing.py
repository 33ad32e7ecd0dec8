"""Decisions of the gate tell nothing of answers: held against updates that differ in answers alone.

The updates are made here, and of the gate only its decisions are read. Each judge is tried on gates
that decide otherwise, as earlier ones did, and has to find it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from facts_of_quality import facts_of
from releases_of_children import Children, children, codebook, present, version

from disrupting_harm.releases.cell_differences import PublishedVersion, RecordPair, count_differing
from disrupting_harm.releases.frozen_quality import keep_frozen_answers, keep_frozen_quality
from disrupting_harm.releases.gate import Verdict, decide_tables
from disrupting_harm.study.configuration.publication_config import ReleaseRules

N = 400
GATE = Callable[..., Verdict]
Decisions = dict[tuple[str, str], str]


def survey(seed: int) -> Children:
    """Children in two domains; a question that some leave open, and one that few are asked."""
    random = np.random.default_rng(seed)
    rows, areas = [], {}
    for at in range(N):
        answers = {"plain": int(random.random() < 0.5), "later": int(random.random() < 0.3)}
        if random.random() < 0.85:
            answers["grave"] = int(random.random() < 0.4)
        if answers["plain"]:
            answers["follow_up"] = int(random.random() < 0.5)
        rows.append((f"c{at}", random.choice(["L1", "L2", ""], p=[0.5, 0.46, 0.04]), answers))
        areas[f"c{at}"] = str(random.choice(["A", "B"]))
    return children(rows, areas=areas)


def of(survey: Children, names: Sequence[str]) -> Children:
    """Return some of the children."""
    return replace(
        survey,
        id=survey.id[names], weight=survey.weight[names], levels=survey.levels.loc[names],
        answers=survey.answers.loc[names], yes=survey.yes.loc[names],
    )  # fmt: skip


def without(survey: Children, leaving: Sequence[str]) -> Children:
    return of(survey, [name for name in survey.id.index if name not in set(leaving)])


@cache
def released(seed: int) -> tuple[Children, PublishedVersion]:
    """Return the children of a survey and what a release of them published."""
    whole = survey(seed)
    return whole, version(whole)


def decide(gate: GATE, before: PublishedVersion, after: Children) -> Decisions:
    tables = gate(present(after), [before], codebook(), ReleaseRules()).tables
    keys = zip(tables["indicator"], tables["domain"], strict=True)
    return dict(zip(keys, tables["decision"], strict=True))


def groups(survey: Children) -> "pd.Series[str]":
    return survey.levels["level"] + "|" + survey.levels["area"]


def single_withdrawals_decide_alike(gate: GATE) -> None:
    """Whoever leaves alone, and whoever of a group leaves with the same thirty others."""
    whole, before = released(1)
    random = np.random.default_rng(2)
    names = whole.id.index[random.permutation(N)].tolist()
    alone = [decide(gate, before, without(whole, [name])) for name in names[:25]]
    assert len({frozenset(each.items()) for each in alone}) == 1
    others, rest = names[:30], names[30:70]
    of_group: dict[str, set[frozenset[object]]] = {}
    for name in rest:
        found = decide(gate, before, without(whole, [*others, name]))
        of_group.setdefault(groups(whole)[name], set()).add(frozenset(found.items()))
    assert len(of_group) > 3
    assert {len(tables) for tables in of_group.values()} == {1}


def sets_of_equal_groups_decide_alike(gate: GATE) -> None:
    """Twelve to a hundred leave, and as many others of the same groups who answered otherwise."""
    reissued = 0
    for seed in range(24):
        random = np.random.default_rng([3, seed])
        whole, before = released(seed)
        size = int(random.choice([12, 20, 50, 100]))
        order = whole.id.index[random.permutation(N)]
        # Of every other pair one set said yes to the sensitive question, as far as there are such.
        if seed % 2:
            yes = whole.yes.loc[order, "grave"].to_numpy()
            order = order[np.argsort(~yes, kind="stable")]
        first = order[:size].tolist()
        second: list[str] = []
        for group, count in groups(whole)[first].value_counts().items():
            others = [n for n in order[::-1] if groups(whole)[n] == group and n not in set(first)]
            second += others[:count]
        if len(second) < size:
            continue
        tables = [decide(gate, before, without(whole, leaving)) for leaving in (first, second)]
        # That the counts would tell a yes may hold the country, as a whole and nothing less.
        free = [each for each in tables if set(each.values()) != {"held"}]
        assert all(each == free[0] for each in free)
        reissued += len(free) == 2 and "reissue" in free[0].values()
    assert reissued > 8


def corrections_free_no_other_question(gate: GATE) -> None:
    """Three hundred answers to one question are corrected, and one child leaves."""
    whole, before = released(4)
    answers = whole.answers.copy()
    corrected = answers.index[:300]
    flipped = answers.loc[corrected, "later"].map({"0": "1", "1": "0"})
    answers.loc[corrected, "later"] = flipped
    today = replace(whole, answers=answers, yes=whole.yes.assign(later=answers["later"] == "1"))
    found = decide(gate, before, without(today, ["c399"]))
    assert found["later", "total"] == "reissue"
    anew = {table for table, word in found.items() if word != "frozen"}
    assert {name for name, _ in anew} == {"later"}


def quality_stays_with_what_it_tells(keep: Callable[..., dict[str, object]]) -> None:
    """Of two updates, all the same but for who is in frozen groups, quality tells the same."""

    def facts(share: float) -> dict[str, object]:
        counts = round(1000 * share)
        margins = pd.DataFrame(
            [
                (domain, category, 1.0, before, 1.0)
                for domain in ("sex", "area")
                for category, before in (("a", share), ("b", 1 - share))
            ],
            columns=["margin", "category", "target", "before", "after"],
        )
        sampled = facts_of(margins=margins, strata=counts, psus=counts)
        return {**sampled, "drawn": counts, "interviewed": counts}

    def tables(*frozen: str) -> pd.DataFrame:
        return pd.DataFrame(
            [
                ("daily", domain, "frozen" if domain in frozen else "reissue", domain in frozen)
                for domain in ("total", "sex", "area")
            ],
            columns=["indicator", "domain", "decision", "by_moves"],
        ).assign(follow_up=False)

    cells = pd.DataFrame({"indicator": "daily", "domain": ["total", "sex", "area"]})
    cells = cells.assign(release=["2026-1"] * 3)
    dates = {"2026-1": "2026-11-24"}
    for frozen in (("total", "sex", "area"), ("sex",)):
        kept = [keep(facts(new), facts(0.5), tables(*frozen), cells, dates) for new in (0.1, 0.9)]
        sex = [[row for row in each["margins"] if row["margin"] == "sex"] for each in kept]
        assert sex[0] == sex[1]
        assert [row["margin"] for row in kept[0]["margins"]] == ["sex", "sex", "area", "area"]
        if "total" in frozen:
            assert kept[0] == kept[1]


JUDGES = {
    judge.__name__: judge
    for judge in (
        single_withdrawals_decide_alike,
        sets_of_equal_groups_decide_alike,
        corrections_free_no_other_question,
    )
}


@pytest.mark.parametrize("judge", JUDGES)
def test_the_gate_tells_nothing_of_answers(judge: str) -> None:
    JUDGES[judge](decide_tables)


def test_quality_tells_nothing_of_who_is_in_frozen_groups() -> None:
    quality_stays_with_what_it_tells(keep_frozen_quality)


def frozen_where_all_said_yes(run: object, versions: object, *rest: object) -> Verdict:
    """A rule that the gate once had: a table stays where all who left said yes."""
    found = decide_tables(run, versions, *rest)
    changes = count_differing(versions[0], RecordPair.from_records(versions[0], run))
    published = versions[0].cells.set_index(["indicator", "domain", "level"])["n_yes"]
    keys = pd.MultiIndex.from_frame(changes[["indicator", "domain", "level"]])
    left_yes = published.reindex(keys).to_numpy() - changes["yes_stayed"].to_numpy()
    all_yes = (changes["left"] > 0) & (left_yes == changes["left"])
    hit = set(changes.loc[all_yes, ["indicator", "domain"]].itertuples(index=False, name=None))
    tables = found.tables.copy()
    tables["decision"] = [
        "frozen" if (row.indicator, row.domain) in hit else row.decision
        for row in tables.itertuples()
    ]
    # It held no country.
    tables.loc[tables["decision"] == "held", "decision"] = "reissue"
    return replace(found, tables=tables)


def counted_where_answered(run: object, versions: object, *rest: object) -> Verdict:
    """A table stays where few of those differ who had answered there."""
    found = decide_tables(run, versions, *rest)
    changes = count_differing(versions[0], RecordPair.from_records(versions[0], run))
    few = changes[changes["differ"].between(1, 9)]
    hit = set(few[["indicator", "domain"]].itertuples(index=False, name=None))
    words = [
        "frozen" if (row.indicator, row.domain) in hit else "reissue"
        for row in found.tables.itertuples()
    ]
    return replace(found, tables=found.tables.assign(decision=words))


@pytest.mark.parametrize(
    ("judge", "gate"),
    [
        ("single_withdrawals_decide_alike", counted_where_answered),
        ("sets_of_equal_groups_decide_alike", counted_where_answered),
        ("sets_of_equal_groups_decide_alike", frozen_where_all_said_yes),
    ],
)
def test_a_judge_finds_a_gate_that_looks_at_answers(judge: str, gate: GATE) -> None:
    with pytest.raises(AssertionError):
        JUDGES[judge](gate)


def test_a_judge_finds_a_gate_in_which_corrections_count_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_one = RecordPair.find_corrected

    def in_any(pair: RecordPair, _: str) -> np.ndarray:
        return np.logical_or.reduce([in_one(pair, name) for name in pair.yes])

    monkeypatch.setattr(RecordPair, "find_corrected", in_any)
    with pytest.raises(AssertionError):
        corrections_free_no_other_question(decide_tables)


def test_a_judge_finds_quality_that_is_told_anew() -> None:
    with pytest.raises(AssertionError):
        quality_stays_with_what_it_tells(lambda facts, *_: facts)


@pytest.mark.parametrize("word", ["frozen", "held", "retracted"])
def test_item_nonresponse_tells_nothing_where_no_new_national_table_is_published(word: str) -> None:
    """Of a child who left it would tell whether it had answered."""
    columns = ["n_universe", "n_valid", "n_dont_know", "n_prefer_not_to_say", "n_lost"]
    before = pd.DataFrame([("a", 100, 80, 20, 0, 0), ("b", 100, 70, 30, 0, 0)])
    before.columns = pd.Index(["indicator", *columns])
    tables = pd.DataFrame([("a", "total", word), ("b", "total", "reissue")])
    tables.columns = pd.Index(["indicator", "domain", "decision"])
    for answered in (True, False):
        today = before.copy()
        today["n_universe"] -= 1
        today["n_valid" if answered else "n_dont_know"] -= 1
        counts = keep_frozen_answers(today, before, tables).set_index("indicator")
        assert counts.loc["a"].equals(before.set_index("indicator").loc["a"])
        assert counts.loc["b"].equals(today.set_index("indicator").loc["b"])
