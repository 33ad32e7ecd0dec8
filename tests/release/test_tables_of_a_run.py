"""Every table of a finished run is as the files of tables say, read without the library."""

from pathlib import Path

import pytest
from checkout import Checkout
from written_tables import check_results, columns_of, faults_of_csv, read_tables


def test_every_table_of_a_run_is_as_its_file_says(small: Checkout) -> None:
    seen, faults = check_results(small.folder / "results")
    assert faults == []
    # All but those of studies with waves, with updates or with statistics of others.
    absent = {"decisions of the gate", "changes between waves", "ledger of waves"}
    absent |= {"trends over waves", "covariances of levels", "moved addresses"}
    assert {table["title"] for table in read_tables()} - seen <= absent
    assert len(seen) > 41


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("simulated", "invented", "breaks enum"),
        ("indicator,country_a,", "indicator,country,", "the columns are"),
        (",0.", ",x0.", "breaks number"),
    ],
)
def test_a_wrong_cell_is_found(
    small: Checkout, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    table = next(each for each in read_tables() if each["title"] == "pairwise differences")
    text = (small.folder / "results/public/comparison/pairwise.csv").read_text(encoding="utf-8")
    path = tmp_path / "public" / "pairwise.csv"
    path.parent.mkdir()
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = list(faults_of_csv(path, columns_of(table, public=True), table["primaryKey"]))
    assert len(faults) == 1
    assert fault in faults[0]
