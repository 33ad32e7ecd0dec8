"""Tables as files: rounding, text of categories, tables longer than what is written at once."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from disrupting_harm.core import files
from disrupting_harm.core.files import round_significant, write_parquet
from disrupting_harm.tables import io
from disrupting_harm.tables.contracts import INDICATORS
from disrupting_harm.tables.io import read_table


def table(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    words = pd.Index(["yes", "no", "caf\u00e9"], dtype="str")
    return pd.DataFrame(
        {
            "answer": pd.Categorical.from_codes(np.arange(rows) % 4 - 1, words),
            "count": np.arange(rows),
            "share": rng.random(rows),
            "whole": np.where(np.arange(rows) % 5 == 0, np.nan, np.arange(rows) % 3.0),
        }
    )


def test_categories_are_written_as_the_text_that_they_stand_for(tmp_path):
    given = table(50)
    write_parquet(tmp_path / "a.parquet", given)
    write_parquet(tmp_path / "b.parquet", given.astype({"answer": "str"}))
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 10, 11, 35])
def test_a_table_is_the_same_in_however_many_pieces_it_is_written(tmp_path, rows, monkeypatch):
    given = table(rows)
    write_parquet(tmp_path / "whole.parquet", given, {"simulated": "true"})
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 10)
    write_parquet(tmp_path / "pieces.parquet", given, {"simulated": "true"})
    whole, pieces = (pq.read_table(tmp_path / f"{n}.parquet") for n in ("whole", "pieces"))
    assert whole.equals(pieces, check_metadata=True)
    expected = round_significant(given).astype({"answer": "str"})
    pd.testing.assert_frame_equal(pieces.to_pandas(), expected)
    groups = pq.read_metadata(tmp_path / "pieces.parquet").num_row_groups
    assert groups == max(1, -(-rows // 10))


def test_numbers_are_rounded_to_digits_that_count_and_whole_ones_stay():
    given = pd.DataFrame(
        {
            "whole": [3.0, np.nan, -0.0, 99_999_999_999.0],
            "large": [123_456_789_012_345.0, 1.0, 2.0, np.inf],
            "small": [0.000123456789012345, 5.0, -2 / 3, 0.0],
        }
    )
    found = round_significant(given)
    pd.testing.assert_frame_equal(found[["whole"]], given[["whole"]])
    assert np.signbit(found["whole"][2])
    assert found["large"].tolist() == [123_456_789_012_000.0, 1.0, 2.0, np.inf]
    assert found["small"][0] == 0.000123456789012
    assert found["small"].tolist()[2:] == [-0.666666666667, 0.0]
    assert given["small"][2] == -2 / 3


def test_numbers_of_a_large_table_are_read_in_four_bytes_where_they_are_exact(
    tmp_path, monkeypatch
):
    given = pd.DataFrame(
        {
            "child_id": pd.Series([f"c{row}" for row in range(35)], dtype="str"),
            "yes": np.where(np.arange(35) % 5 == 0, np.nan, np.arange(35) % 2.0),
            "hours": np.arange(35) / 10,
        }
    )
    monkeypatch.setattr(files, "ROWS_AT_ONCE", 10)
    write_parquet(tmp_path / "indicators.parquet", given)
    monkeypatch.setattr(io, "ROWS_AT_ONCE", 10)
    found = read_table(tmp_path / "indicators.parquet", INDICATORS, narrow=True)
    assert found.dtypes.astype(str).tolist() == ["str", "float32", "float64"]
    pd.testing.assert_frame_equal(found.astype(given.dtypes), given)
