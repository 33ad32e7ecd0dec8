"""What a reader who counts children works back: by hand, and of finished studies."""

from pathlib import Path

import pandas as pd
import yaml
from bounds import Rules, wrong_bounds
from checkout import SMALL, Checkout
from linked import countries_of, releases_of, told_counts
from released import CONFIDENTIAL, UNRELIABLE

YES = ["yes"]
SHOWN = "present"
TOTAL, BOYS, GIRLS = ("total", "all"), ("sex", "boy"), ("sex", "girl")
BOOK = {
    "items": [{"id": "happened", "type": "yes_no", "yes_when": "any"}],
    "domains": [{"id": "total"}, {"id": "sex"}, {"id": "region"}],
    "indicators": [
        *({"id": part, "numerator": [{"item": part, "among": YES}]} for part in ("one", "two")),
        {"id": "any", "any_of": ["one", "two"]},
        {
            "id": "told",
            "universe": [{"item": "happened", "among": YES}],
            "numerator": [{"item": "told", "among": YES}],
        },
    ],
}


def release(*cells: tuple) -> pd.DataFrame:
    """Return a release from (indicator, group, n, n_yes, status or bound from above)."""
    names = ("indicator", "group", "n", "n_yes", "mark")
    table = pd.DataFrame(cells, columns=names)
    bound = pd.to_numeric(table["mark"], errors="coerce")
    return table.assign(
        domain=[domain for domain, _ in table["group"]],
        level=[level for _, level in table["group"]],
        status=table["mark"].where(bound.isna(), CONFIDENTIAL),
        bound_low=bound * 0,
        bound_high=bound,
    )


def told(*releases: pd.DataFrame) -> list[str]:
    return [str(count) for count in told_counts(releases, BOOK)]


def test_what_is_left_of_a_total() -> None:
    cells = [("one", TOTAL, 600, 52, SHOWN), ("one", BOYS, 300, 7, 0.05)]
    assert told(release(*cells, ("one", GIRLS, 300, 45, SHOWN))) == [
        "one/sex/boy: 7.0 to 7.0 of 300"
    ]
    assert told(release(*cells, ("one", GIRLS, 300, 45, CONFIDENTIAL))) == []
    # At most 45 girls said yes, so that seven boys did at least; at most 15 by their own bound.
    assert told(release(*cells, ("one", GIRLS, 300, 45, 0.15))) == [
        "one/sex/boy: 7.0 to 15.0 of 300"
    ]


def test_a_part_of_what_any_of_two_says() -> None:
    cells = [
        *(("any", group, 500, yes, SHOWN) for group, yes in ((BOYS, 34), (GIRLS, 25))),
        *(("one", group, 500, yes, SHOWN) for group, yes in ((BOYS, 27), (GIRLS, 17))),
        *(("two", group, 500, yes, CONFIDENTIAL) for group, yes in ((BOYS, 8), (GIRLS, 15))),
        *((name, TOTAL, 1000, yes, SHOWN) for name, yes in (("any", 59), ("one", 44), ("two", 23))),
    ]
    # Two is 7 at least among boys and 8 among girls, 23 in all.
    assert told(release(*cells)) == ["two/sex/boy: 7.0 to 15.0 of 500"]


def test_how_many_are_in_no_group_is_known_of_each_domain_by_itself() -> None:
    """Everyone is a boy or a girl, and twenty live in no region that is known."""
    cells = [
        ("any", TOTAL, 400, 90, SHOWN),
        ("any", BOYS, 200, 45, SHOWN),
        ("any", GIRLS, 200, 45, SHOWN),
        ("any", ("region", "A"), 380, 80, SHOWN),
        ("told", TOTAL, 50, 34, SHOWN),
        ("told", BOYS, 26, 15, SHOWN),
        ("told", GIRLS, 24, 19, CONFIDENTIAL),
    ]
    assert told(release(*cells)) == ["told/sex/girl: 19.0 to 19.0 of 24"]
    unknown = [cell for cell in cells if cell[1] not in (BOYS, GIRLS) or cell[0] == "told"]
    # Nothing tells how many are neither, and so may have said yes.
    assert told(release(*unknown)) == []
    # But for an earlier release.
    assert told(release(*unknown), release(*cells[:3])) == ["told/sex/girl: 19.0 to 19.0 of 24"]


def test_a_follow_up_is_one_where_its_question_is_not_printed() -> None:
    """How many were asked is not known then, and they are no more than all children."""
    cells = [
        ("told", TOTAL, 50, 34, SHOWN),
        ("told", BOYS, 26, 15, SHOWN),
        ("told", GIRLS, 24, 19, CONFIDENTIAL),
    ]
    assert told(release(*cells)) == []
    assert told(release(*cells[2:])) == []
    # Below 30 per cent of however many; of 32 at most, as no more girls or children answered.
    girls = release(("told", GIRLS, 32, 8, 0.3))
    assert told(girls) == []
    for all_of_them in (GIRLS, TOTAL):
        another = release(("one", all_of_them, 32, 11, SHOWN))
        assert told(girls, another) == ["told/sex/girl: 0.0 to 9.6 of 32"]


def test_a_star_says_ten_and_ten_of_however_many() -> None:
    cells = [
        ("any", TOTAL, 300, 128, SHOWN),
        ("any", BOYS, 28, 23, CONFIDENTIAL),
        ("any", GIRLS, 272, 105, CONFIDENTIAL),
        ("told", TOTAL, 126, 60, SHOWN),
        ("told", BOYS, 22, 11, UNRELIABLE),
        ("told", GIRLS, 104, 49, CONFIDENTIAL),
    ]
    assert told(release(*cells)) == ["any/sex/boy: 20.0 to 28.0 of 28"]
    cells[4] = ("told", BOYS, 22, 11, CONFIDENTIAL)
    assert told(release(*cells)) == []


def test_two_releases_of_the_same_children() -> None:
    hidden = [("one", BOYS, 200, 4, CONFIDENTIAL), ("one", GIRLS, 200, 30, CONFIDENTIAL)]
    first = release(("one", TOTAL, 400, 34, SHOWN), *hidden)
    assert told(first) == []
    same = release(("one", GIRLS, 200, 30, SHOWN))
    assert told(first, same) == ["one/sex/boy: 4.0 to 4.0 of 200"]
    # Of other children the second says nothing of the first.
    assert told(first, release(("one", GIRLS, 201, 31, SHOWN))) == []


def test_no_hidden_count_of_a_finished_study_is_told(small: Checkout) -> None:
    restricted = small.folder / "results" / "restricted"
    book = yaml.safe_load((small.folder / "config" / "indicators.yaml").read_text("utf-8"))
    assert countries_of(restricted) == sorted(SMALL)
    for country in SMALL:
        tables = releases_of(restricted, country)
        assert len(tables) == 1
        told = told_counts(tables, book, Rules.of({}))
        assert [str(count) for count in told] == [], country
        # A cover that is shown after all tells what it covers.
        (table,) = tables
        covers = table["reason"].str.contains("complementary") & table["indicator"].ne(
            "told_police"
        )
        opened = table.assign(status=table["status"].mask(covers, SHOWN))
        assert told_counts([opened], book)


def test_bounds_of_a_finished_study_hold_for_its_simulated_population(small: Checkout) -> None:
    restricted, cell = small.folder / "results" / "restricted", ["indicator", "domain", "level"]
    for country in SMALL:
        (table,) = releases_of(restricted, country)
        assert wrong_bounds(table, Rules.of({})) == []
        truth = pd.read_parquet(restricted / "simulated" / country / "truth.parquet")
        bounded = table[table["bound_high"].notna()].merge(truth[[*cell, "truth"]], on=cell)
        assert len(bounded) > 50
        beyond = (bounded["truth"] >= bounded["bound_high"]) & (bounded["bound_high"] < 1)
        beyond |= (bounded["truth"] <= bounded["bound_low"]) & (bounded["bound_low"] > 0)
        # Each bound is wrong of one sample in forty at most.
        assert beyond.mean() <= 0.025
        few = bounded[["n_yes"]].assign(no=bounded["n"] - bounded["n_yes"]).min(axis=1) < 10
        assert not (beyond & few).any()


def test_a_bound_that_is_finer_than_its_group_allows_is_named(small: Checkout) -> None:
    (table,) = releases_of(small.folder / "results" / "restricted", SMALL[0])
    finer = table.assign(bound_high=table["bound_high"].mask(table["bound_high"].eq(0.1), 0.05))
    assert any("is too fine" in fault for fault in wrong_bounds(finer, Rules.of({})))


def test_each_release_is_read_once(tmp_path: Path) -> None:
    cells = release(("one", TOTAL, 400, 34, SHOWN), ("two", TOTAL, 400, 50, SHOWN))
    for name, words in {"releases/a": ["a", "a"], "release": ["a", ""]}.items():
        (tmp_path / name).mkdir(parents=True)
        file = "KEN.aggregates.parquet" if name != "release" else "KEN.parquet"
        kept = cells.drop(columns=["group", "mark"]).assign(release=words)
        kept.to_parquet(tmp_path / name / file)
    first, last = releases_of(tmp_path, "KEN")
    assert first["indicator"].tolist() == ["one", "two"]
    # The table that stayed is of the first release alone.
    assert last["indicator"].tolist() == ["two"]
