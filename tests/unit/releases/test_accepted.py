"""What accepted releases say of a country: the last one's cells, and what each published anew."""

from pathlib import Path

import pandas as pd
from release_cells import codebook_of, from_counts, released
from releases_of_children import COUNTRY, KEY, children
from test_history import accept

from disrupting_harm.releases.accepted_release import AGGREGATES, load_accepted
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.history import read_accepted_releases, records_file, table_file
from disrupting_harm.releases.records import make_records, write_records
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.tables.io import write_table
from disrupting_harm.tables.rules import in_shape

WHY = "Weeks were counted."
COUNTS = [("x", "total", "all", 400, 100), ("y", "total", "all", 400, 200)]
# Which release published each indicator last, by release.
PUBLISHED = {
    "first": {"x": "first", "y": "first"},
    "second": {"x": "first", "y": "second"},
    "third": {"x": "first", "y": "second"},
}


def keep(results: Path) -> pd.DataFrame:
    """Write three releases; the third one published nothing of the country anew."""
    cells = released(from_counts(COUNTS, COUNTRY), Publication())
    after = None
    for name, by_indicator in PUBLISHED.items():
        accept(results, name, after, corrected={"y": WHY} if name == "second" else {})
        table = in_shape(cells.assign(release=cells["indicator"].map(by_indicator)), CELLS)
        write_table(table_file(results, name, COUNTRY, AGGREGATES), table, CELLS, simulated=False)
        interviewed = children([(f"{name}-{at}", "L1", {"x": 1, "y": 0}) for at in range(3)])
        write_records(records_file(results, name, COUNTRY), make_records(interviewed, KEY))
        after = name
    return cells


def test_the_last_release_and_what_each_published_anew(tmp_path: Path) -> None:
    codebook = codebook_of(keep(tmp_path))
    found = load_accepted(tmp_path, read_accepted_releases(tmp_path), COUNTRY, codebook, KEY, {})
    assert found is not None
    assert found.name == "third"
    assert dict(zip(found.cells["indicator"], found.cells["release"], strict=True)) == {
        "x": "first",
        "y": "second",
    }
    anew = {version.name: version.cells["indicator"].tolist() for version in found.versions}
    assert anew == {"first": ["x", "y"], "second": ["y"]}
    first, second = found.versions
    assert (first.corrected, second.corrected) == ({}, {"y": WHY})
    assert not set(first.records["child"]) & set(second.records["child"])


def test_a_country_that_no_release_has_is_new(tmp_path: Path) -> None:
    codebook = codebook_of(keep(tmp_path))
    assert (
        load_accepted(tmp_path, read_accepted_releases(tmp_path), "UGA", codebook, KEY, {}) is None
    )
