"""What stays as it was published: frozen tables, and hidden cells of the same children."""

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts
from releases_of_children import codebook

from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import release
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.keep import kept_tables, with_kept, without_frozen
from disrupting_harm.study.config import Publication

CELL = ["indicator", "domain", "level"]
COUNTS = [
    ("plain", "total", "all", 200, 90),
    ("plain", "level", "L1", 100, 40),
    ("plain", "level", "L2", 100, 50),
]


def verdict(decisions: dict[tuple[str, str], str], before: pd.DataFrame | None = None) -> Verdict:
    tables = [(*table, word, "1-9") for table, word in decisions.items()]
    known = (
        before if before is not None else pd.DataFrame(columns=[*CELL, "shown", "status", "reason"])
    )
    return Verdict(
        pd.DataFrame(tables, columns=["indicator", "domain", "decision", "differ"]),
        known[[*CELL, "shown", "status", "reason"]],
    )


def decided(cells: list[tuple[str, str, str, int, int]]) -> pd.DataFrame:
    return release(from_counts(cells), Publication())


def released(cells: list[tuple[str, str, str, int, int]], name: str = "2026-1") -> pd.DataFrame:
    return decided(cells).assign(release=name)


def marked(cells: pd.DataFrame, level: str, shown: str, status: str, reason: str) -> pd.DataFrame:
    changed = cells.copy()
    changed.loc[changed["level"] == level, ["shown", "status", "reason"]] = shown, status, reason
    return changed


def by_level(table: pd.DataFrame, column: str) -> dict[str, object]:
    return dict(zip(table["level"], table[column].tolist(), strict=True))


def test_a_frozen_table_is_that_of_the_release_row_by_row() -> None:
    new = [(i, d, lev, n - 1, yes - 1) for i, d, lev, n, yes in COUNTS]
    found = verdict({("plain", "total"): "reissue", ("plain", "level"): "frozen"})
    estimates = from_counts(new)
    free = without_frozen(estimates, found)
    assert free["domain"].tolist() == ["total"]
    old = released(COUNTS)
    table = with_kept(release(free, Publication()), estimates, old, found, codebook())
    assert by_level(table, "n") == {"all": 199, "L1": 100, "L2": 100}
    assert by_level(table, "release") == {"all": "", "L1": "2026-1", "L2": "2026-1"}
    pd.testing.assert_frame_equal(
        table[table["domain"] == "level"].reset_index(drop=True),
        old[old["domain"] == "level"].reset_index(drop=True).astype(table.dtypes),
    )
    assert kept_tables(old, found) == [("plain", "level", "2026-1")]


def test_all_may_be_frozen_or_nothing_released_yet() -> None:
    estimates, old = from_counts(COUNTS), released(COUNTS)
    frozen = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    none = release(without_frozen(estimates, frozen), Publication())
    table = with_kept(none, estimates, old, frozen, codebook())
    assert by_level(table, "shown") == by_level(old, "shown")
    fresh = verdict({("plain", "total"): "new", ("plain", "level"): "new"})
    table = with_kept(decided(COUNTS), estimates, None, fresh, codebook())
    assert set(table["release"]) == {""}


def test_rows_keep_the_order_of_the_codebook() -> None:
    cells = [
        *COUNTS,
        *((f"{i}", d, lev, n, yes) for _, d, lev, n, yes in COUNTS for i in ["later"]),
    ]
    found = verdict(
        {
            ("plain", "total"): "frozen",
            ("plain", "level"): "frozen",
            ("later", "total"): "equal",
            ("later", "level"): "equal",
        }
    )
    estimates = from_counts(cells)
    free = release(without_frozen(estimates, found), Publication())
    table = with_kept(free, estimates, released(cells), found, codebook())
    assert table[CELL].values.tolist() == estimates[CELL].values.tolist()


def test_a_level_or_domain_that_no_release_has_published_is_hidden() -> None:
    estimates = from_counts([*COUNTS, ("plain", "area", "A", 200, 90)])
    found = verdict({("plain", d): "frozen" for d in ("total", "level", "area")})
    none = release(without_frozen(estimates, found), Publication())
    table = with_kept(none, estimates, released(COUNTS[:2]), found, codebook())
    assert by_level(table, "shown") == {"all": "45", "L1": "40", "L2": "c", "A": "c"}
    assert by_level(table, "reason") == {"all": "", "L1": "", "L2": "withheld", "A": "withheld"}
    assert by_level(table, "release") == {"all": "2026-1", "L1": "2026-1", "L2": "", "A": ""}


@pytest.mark.parametrize("hidden", [("c", "suppress_disclosure"), ("*", "suppress_reliability")])
def test_what_was_hidden_of_the_same_children_stays_hidden(hidden: tuple[str, str]) -> None:
    before = marked(released(COUNTS), "L1", *hidden, "some_reason")
    found = verdict({("plain", "total"): "equal", ("plain", "level"): "equal"}, before)
    table = with_kept(decided(COUNTS), from_counts(COUNTS), before, found, codebook())
    assert by_level(table, "shown") == {"all": "45", "L1": hidden[0], "L2": "50"}
    assert by_level(table, "status")["L1"] == hidden[1]
    assert by_level(table, "reason")["L1"] == "some_reason"
    # Of other children a new table is shown as its own numbers allow.
    other = verdict({("plain", "total"): "equal", ("plain", "level"): "reissue"}, before)
    table = with_kept(decided(COUNTS), from_counts(COUNTS), before, other, codebook())
    assert by_level(table, "shown")["L1"] == "40"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (("c", "suppress_disclosure"), ("*", "suppress_reliability"), "c"),
        (("*", "suppress_reliability"), ("c", "suppress_disclosure"), "c"),
        (("c", "suppress_disclosure"), ("< 5", "suppress_disclosure"), "c"),
        (("< 5", "suppress_disclosure"), ("c", "suppress_disclosure"), "c"),
        (("< 5", "suppress_disclosure"), ("< 5", "suppress_disclosure"), "< 5"),
        (("*", "suppress_reliability"), ("*", "suppress_reliability"), "*"),
    ],
)
def test_two_signs_for_one_cell_become_the_one_that_tells_least(
    was: tuple[str, str], now: tuple[str, str], expected: str
) -> None:
    before = marked(released(COUNTS), "L1", *was, "before")
    found = verdict({("plain", "total"): "equal", ("plain", "level"): "equal"}, before)
    present = marked(decided(COUNTS), "L1", *now, "now")
    table = with_kept(present, from_counts(COUNTS), before, found, codebook())
    assert by_level(table, "shown")["L1"] == expected
    status = "suppress_reliability" if expected == "*" else "suppress_disclosure"
    assert by_level(table, "status")["L1"] == status


def test_a_level_that_the_codebook_has_no_more_is_refused() -> None:
    old = released([*COUNTS, ("plain", "level", "L9", 50, 20)])
    found = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    none = release(without_frozen(from_counts(COUNTS), found), Publication())
    with pytest.raises(StudyError, match=r"codebook, domain 'level'.* has the level 'L9'"):
        with_kept(none, from_counts(COUNTS), old, found, codebook())


def test_numbers_come_back_to_the_last_bit() -> None:
    old = released(COUNTS)
    old["estimate"] = np.nextafter(old["estimate"].to_numpy(), 1)
    found = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    none = release(without_frozen(from_counts(COUNTS), found), Publication())
    table = with_kept(none, from_counts(COUNTS), old, found, codebook())
    assert table["estimate"].tolist() == old["estimate"].tolist()
