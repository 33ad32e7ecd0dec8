"""Reading the public tables that figures are drawn from."""

import pandas as pd
import pytest
from figure_study import estimates

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures.cells import read_public_table


def test_the_public_table_is_read_as_text_and_numbers(tmp_path):
    path = tmp_path / "estimates.csv"
    estimates({("plays", "all"): "c"}).to_csv(path, index=False)
    read = read_public_table(path)
    assert pd.isna(read["n"][0])
    assert read["n"][1] == 987
    assert read["estimate"][1] == 0.201
    assert read["shown"][1] == "20.1"
    assert read["level"].map(type).eq(str).all()


def test_a_public_table_without_a_column_is_refused(tmp_path):
    path = tmp_path / "estimates.csv"
    estimates().drop(columns="shown").to_csv(path, index=False)
    with pytest.raises(StudyError, match="column 'shown': it is missing"):
        read_public_table(path)
    with pytest.raises(StudyError, match="there is no such file"):
        read_public_table(tmp_path / "none.csv")
