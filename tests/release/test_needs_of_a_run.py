"""What each country needs, worked out once more beside the table of a finished study."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest
from checkout import Checkout, make_checkout
from finished import once
from needs_by_hand import choose_for_briefs, find_faults, read

TABLE = Path("comparison") / "needs.csv"


@pytest.fixture(scope="module")
def ranked(shared: Path) -> Checkout:
    """The default study of all its countries as far as the table of needs; to be left as it is."""

    def make(folder: Path) -> None:
        done = make_checkout(folder).run(f"results/public/{TABLE}")
        assert done.returncode == 0, done.stderr

    return Checkout(once(shared, "ranked", make))


@pytest.mark.slow
def test_groups_order_gaps_and_limits_follow_from_public_files(ranked: Checkout) -> None:
    public = ranked.folder / "results" / "public"
    rows = read(public / TABLE)
    tested = [row for row in rows if row["gap"]]
    assert len(tested) > 60
    assert {row["group"] for row in tested} == {"start_here", "also_needed", "ahead"}
    assert not find_faults(public, ranked.folder / "config")
    # A limit and its verdict say the same.
    for row in tested:
        leaves_out_zero = float(row["gap_low"]) > 0 or float(row["gap_high"]) < 0
        assert leaves_out_zero == (row["clear"] == "True"), row


@pytest.mark.slow
def test_no_action_is_in_over_half_of_briefs_unless_it_is_to_start_with(ranked: Checkout) -> None:
    chosen = choose_for_briefs(ranked.folder / "results" / "public")
    assert len(chosen) == 14
    assert all(len(actions) == 3 for actions in chosen.values())
    only_also_needed = Counter(
        row["action"]
        for actions in chosen.values()
        for row in actions
        if row["group"] != "start_here"
    )
    assert max(only_also_needed.values(), default=0) <= len(chosen) / 2
    assert len({tuple(row["action"] for row in actions) for actions in chosen.values()}) >= 13


@pytest.mark.slow
def test_the_table_is_made_of_public_files_alone(ranked: Checkout, tmp_path: Path) -> None:
    """Nothing that is hidden can be in it: without the restricted folder it is the same."""
    checkout = make_checkout(tmp_path / "checkout")
    public = checkout.folder / "results" / "public"
    shutil.copytree(ranked.folder / "results" / "public", public)
    table = public / TABLE
    before = table.read_bytes()
    table.unlink()
    done = checkout.run("--allowed-rules", "needs", "--", f"results/public/{TABLE}")
    assert done.returncode == 0, done.stderr
    assert table.read_bytes() == before
    assert not list((checkout.folder / "results" / "restricted").rglob("*.parquet"))


def test_in_a_study_of_two_countries_nothing_is_clearly_behind(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    rows = read(public / TABLE)
    assert {row["kind"] for row in rows} == {"survey", "review", "count"}
    assert not [row for row in rows if row["gap"] or row["mean_low"]]
    assert {row["group"] for row in rows} == {"also_needed"}
    assert not find_faults(public, small.folder / "config")


def test_a_changed_cell_is_found(small: Checkout, tmp_path: Path) -> None:
    public = small.folder / "results" / "public"
    for folder in ("countries", "evidence"):
        shutil.copytree(public / folder, tmp_path / folder)
    rows = read(public / TABLE)
    (tmp_path / TABLE).parent.mkdir()
    for column, value in (("group", "ahead"), ("position", "9"), ("needed_in", "7")):
        with (tmp_path / TABLE).open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            table.writerows([rows[0] | {column: value}, *rows[1:]])
        assert len(find_faults(tmp_path, small.folder / "config")) == 1, column
