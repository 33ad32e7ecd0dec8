"""Records hold tokens alone, alike where the answers are."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from releases_of_children import KEY, children
from small_study import codebook, prepare, write_raw

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.history import Key
from disrupting_harm.releases.records import (
    add_tombstones,
    child_token,
    make_records,
    read_records,
    select_children,
    write_records,
)

ROWS = [
    ("a1", "L1", {"plain": 1, "later": 0}),
    ("a2", "L2", {"plain": 0, "later": np.nan}),
    ("a3", "", {"plain": np.nan, "later": np.nan}),
]


def test_a_record_has_a_row_for_every_child_whatever_it_answered() -> None:
    record = make_records(children(ROWS), KEY)
    assert list(record) == ["child", "w", "d:total", "d:level", "i:plain", "i:later"]
    assert sorted(record.index) == ["a1", "a2", "a3"]
    assert record.loc["a3", ["i:plain", "i:later"]].tolist() == ["", ""]
    assert record["child"].is_monotonic_increasing
    assert record.loc["a2", "i:later"] == ""
    lengths = record.map(len)
    assert set(lengths["child"]) == {16}
    assert set(lengths["w"]) == {8}
    assert set(lengths.loc[["a1", "a2"], "i:plain"]) == {8}
    # Nothing but hexadecimal digits.
    assert record.map(lambda text: bool(re.fullmatch("[0-9a-f]*", text))).all(axis=None)


def test_tokens_tell_children_levels_and_answers_apart() -> None:
    record = make_records(children([(f"c{k}", "L1", {"plain": 1}) for k in range(500)]), KEY)
    # All have the same answer and weight, and no two the same token.
    assert record["child"].is_unique
    assert record["i:plain"].is_unique
    assert record["w"].is_unique
    assert record["d:level"].nunique() == 1
    other = make_records(children([("c1", "L2", {"plain": 0})]), KEY).loc["c1"]
    assert other["child"] == record.loc["c1", "child"]
    assert [name for name in other.index if other[name] != record.loc["c1", name]] == [
        "d:level",
        "i:plain",
    ]
    again = make_records(children([("c1", "L1", {"plain": 1})]), Key(bytes(32))).loc["c1"]
    assert not set(again) & set(record.loc["c1"])


def test_a_known_token() -> None:
    """HMAC-SHA256 as RFC 2104 has it, over the words joined by the unit separator.

    printf 'child\\037KEN\\037a1' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
    """
    assert child_token(KEY, "KEN", "a1") == "00e35dc23fdb5d76"


def test_a_file_of_records_is_its_owners_and_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "restricted" / "releases" / "r" / "KEN.records.parquet"
    named = [(f"child-{name}", f"level-{level}", said) for name, level, said in ROWS]
    record = make_records(children(named), KEY)
    write_records(target, record)
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.parent.stat().st_mode & 0o777 == 0o700
    pd.testing.assert_frame_equal(read_records(target), record.reset_index(drop=True))
    assert not [text for text in (b"child-a", b"level-L") if text in target.read_bytes()]


def test_a_record_that_is_missing_says_what_it_is_for(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"r\.parquet: there is no such file, and without it"):
        read_records(tmp_path / "r.parquet")


def test_a_tombstone_keeps_its_levels_and_nothing_else() -> None:
    """Which questions a child answered tells it from most others: a tombstone answered all."""
    record = make_records(children(ROWS), KEY)
    token = record.loc["a2", "child"]
    buried = add_tombstones(record, {token})
    assert token not in set(buried["child"])
    assert buried["child"].is_monotonic_increasing
    new = buried[~buried["child"].isin(record["child"])].iloc[0]
    old = record.loc["a2"]
    assert new["d:level"] == old["d:level"]
    assert old["i:later"] == ""
    assert {len(new[name]) for name in ("w", "i:plain", "i:later")} == {8}
    assert new["i:plain"] != old["i:plain"]
    assert new["w"] != old["w"]
    # The other child's row is as it was.
    kept = buried[buried["child"] == record.loc["a1", "child"]].iloc[0]
    assert kept.tolist() == record.loc["a1"].tolist()
    # Two tombstones of one child have nothing in common.
    twice = add_tombstones(record, {token})
    assert set(twice["child"]) & set(buried["child"]) == set(record.loc[["a1", "a3"], "child"])


def test_children_come_from_the_prepared_tables(tmp_path: Path) -> None:
    prepared = prepare(write_raw(tmp_path))
    weights = prepared.indicators[["child_id"]].assign(base_weight=2.5)
    found = select_children(
        "KEN", prepared.sample, prepared.indicators, prepared.parts, weights, codebook()
    )
    assert found.id.tolist() == prepared.indicators["child_id"].tolist()
    assert found.levels.loc["c1"].to_dict() == {
        "total": "all", "sex": "boy", "age_band": "12-14", "sex_age": "boy|12-14",
    }  # fmt: skip
    assert found.levels.loc["c7", "age_band"] == ""
    assert found.answers.loc["c1"].to_dict() == {"online": "1", "daily": "1", "hours": "2.5"}
    # Outside the universe, refused and lost are no answers.
    assert found.answers.loc["c3"].to_dict() == {"online": "0", "daily": "", "hours": ""}
    assert found.yes.loc["c1"].to_dict() == {"online": True, "daily": True, "hours": False}
    short = weights.iloc[1:]
    with pytest.raises(StudyError, match="are of different respondents"):
        select_children(
            "KEN", prepared.sample, prepared.indicators, prepared.parts, short, codebook()
        )
