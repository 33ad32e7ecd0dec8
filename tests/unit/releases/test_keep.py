"""What stays as it was published: frozen tables."""

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts
from releases_of_children import codebook

from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER
from disrupting_harm.publication.release import decide_release, public_table
from disrupting_harm.releases.frozen_tables import (
    keep_frozen_tables,
    keep_held_estimates,
    mark_retracted,
)
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.study.configuration.publication_config import Publication

CELL = ["indicator", "domain", "level"]
COUNTS = [
    ("plain", "total", "all", 200, 90),
    ("plain", "level", "L1", 100, 40),
    ("plain", "level", "L2", 100, 50),
]


def verdict(decisions: dict[tuple[str, str], str]) -> Verdict:
    tables = [(*table, word) for table, word in decisions.items()]
    return Verdict(
        pd.DataFrame(tables, columns=["indicator", "domain", "decision"]), NO_EARLIER.cells
    )


def decided(
    cells: list[tuple[str, str, str, int, int]], found: Verdict | None = None
) -> pd.DataFrame:
    earlier = found.earlier_releases if found else NO_EARLIER
    return decide_release(from_counts(cells), Publication(), codebook(), earlier=earlier)


def released(cells: list[tuple[str, str, str, int, int]], name: str = "2026-1") -> pd.DataFrame:
    return decided(cells).assign(release=name)


def by_level(table: pd.DataFrame, column: str) -> dict[str, object]:
    return dict(zip(table["level"], table[column].tolist(), strict=True))


def test_a_frozen_table_is_that_of_the_release_row_by_row() -> None:
    new = [(i, d, lev, n - 1, yes - 1) for i, d, lev, n, yes in COUNTS]
    found = verdict({("plain", "total"): "reissue", ("plain", "level"): "frozen"})
    free = decided(new, found)
    assert by_level(free, "reason") == {"all": "", "L1": "withheld", "L2": "withheld"}
    old = released(COUNTS)
    table = keep_frozen_tables(free, old, found, codebook())
    assert by_level(table, "n") == {"all": 199, "L1": 100, "L2": 100}
    assert by_level(table, "release") == {"all": "", "L1": "2026-1", "L2": "2026-1"}
    pd.testing.assert_frame_equal(
        table[table["domain"] == "level"].reset_index(drop=True),
        old[old["domain"] == "level"].reset_index(drop=True).astype(table.dtypes),
    )


def test_all_may_be_frozen_or_nothing_released_yet() -> None:
    old = released(COUNTS)
    frozen = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    table = keep_frozen_tables(decided(COUNTS, frozen), old, frozen, codebook())
    assert by_level(table, "shown") == by_level(old, "shown")
    fresh = verdict({("plain", "total"): "new", ("plain", "level"): "new"})
    table = keep_frozen_tables(decided(COUNTS), None, fresh, codebook())
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
    table = keep_frozen_tables(decided(cells, found), released(cells), found, codebook())
    assert table[CELL].values.tolist() == from_counts(cells)[CELL].values.tolist()


def test_a_level_or_domain_that_no_release_has_published_is_hidden() -> None:
    cells = [*COUNTS, ("plain", "area", "A", 200, 90)]
    found = verdict({("plain", d): "frozen" for d in ("total", "level", "area")})
    table = keep_frozen_tables(decided(cells, found), released(COUNTS[:2]), found, codebook())
    assert by_level(table, "shown") == {"all": "45", "L1": "40", "L2": "c", "A": "c"}
    assert by_level(table, "reason") == {"all": "", "L1": "", "L2": "withheld", "A": "withheld"}
    assert by_level(table, "release") == {"all": "2026-1", "L1": "2026-1", "L2": "", "A": ""}


def test_a_level_that_the_codebook_has_no_more_is_refused() -> None:
    old = released([*COUNTS, ("plain", "level", "L9", 50, 20)])
    found = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    with pytest.raises(StudyError, match=r"codebook, domain 'level'.* has the level 'L9'"):
        keep_frozen_tables(decided(COUNTS, found), old, found, codebook())


def test_numbers_come_back_to_the_last_bit() -> None:
    old = released(COUNTS)
    old["estimate"] = np.nextafter(old["estimate"].to_numpy(), 1)
    found = verdict({("plain", "total"): "frozen", ("plain", "level"): "frozen"})
    table = keep_frozen_tables(decided(COUNTS, found), old, found, codebook())
    assert table["estimate"].tolist() == old["estimate"].tolist()


def test_a_held_country_has_the_estimates_of_its_release_and_no_others() -> None:
    old = released(COUNTS)
    tables = pd.DataFrame(
        [("plain", "total"), ("plain", "level"), ("plain", "area"), ("later", "level")],
        columns=["indicator", "domain"],
    )
    kept = keep_held_estimates(old, tables, codebook())
    assert kept[CELL].to_numpy().tolist() == [
        *old[CELL].to_numpy().tolist(),
        ["plain", "area", "A"],
        ["plain", "area", "B"],
        ["later", "level", "L1"],
        ["later", "level", "L2"],
    ]
    published = kept[kept["n"] > 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        published[["n", "n_yes", "estimate"]], old[["n", "n_yes", "estimate"]], check_dtype=False
    )
    unseen = kept[kept["n"] == 0]
    assert unseen[["n_yes", "population", "estimate", "se"]].isna().all(axis=None)


def test_of_what_is_retracted_no_number_is_left() -> None:
    found = verdict({("plain", "total"): "retracted", ("plain", "level"): "retracted"})
    table = mark_retracted(
        keep_frozen_tables(decided(COUNTS, found), released(COUNTS), found, codebook()),
        found.tables,
    )
    assert set(table["shown"]) == {"r"}
    assert set(table["reason"]) == {"retracted"}
    assert table[["n_yes", "estimate", "se", "population_printed"]].isna().all(axis=None)
    public = public_table(table, Publication().rounding)
    assert public[["n", "population", "estimate", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(public["reason"]) == {"retracted"}
