"""No text of a public CSV file is a spreadsheet's formula, and none is lost."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import PROJECT

from disrupting_harm.core.files import (
    is_public,
    neutralise_formula,
    read_rows,
    restore_formula,
    write_csv,
)

FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@now", "\tx", "\r=1", "=cmd|' /C calc'!A0", "-", "\n=1"]
TEXTS = ["20.1", "< 5", "*", "-0.25", "+14", "-1e-05", "", "'quoted'", "a=b", "−3.2", "it's"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralise_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert neutralise_formula(text) == text


@given(st.text(alphabet="'=+-@\t\r\n1a.e "))
def test_every_text_comes_back_and_is_no_formula(text: str) -> None:
    written = neutralise_formula(text)
    assert restore_formula(written) == text
    try:
        float(written)
    except ValueError:
        assert written[:1] not in tuple("=+-@\t\r\n")


def test_a_public_table_is_safe_and_read_as_it_was(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "label": [*FORMULAS, *TEXTS],
            "difference": np.linspace(-0.5, 0.5, len(FORMULAS) + len(TEXTS)),
            "kind": pd.Categorical(["=x", "y"] * 10),
            "mixed": ["=1", None] * 10,
        }
    )
    path = tmp_path / "public" / "comparison" / "table.csv"
    write_csv(path, frame)
    with path.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    assert [row["label"] for row in raw] == [*(f"'{text}" for text in FORMULAS), *TEXTS]
    assert [float(row["difference"]) for row in raw] == pytest.approx(frame["difference"].tolist())
    assert {row["kind"] for row in raw} == {"'=x", "y"}
    assert {row["mixed"] for row in raw} == {"'=1", ""}
    assert [row["label"] for row in read_rows(path)[1]] == frame["label"].tolist()


def test_restricted_tables_are_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "restricted" / "simulated" / "sample.csv"
    write_csv(path, pd.DataFrame({"code": ["-1", "=1"]}))
    assert path.read_text(encoding="utf-8") == "code\n-1\n=1\n"


def test_the_innermost_folder_says_what_is_public() -> None:
    assert is_public(Path("/srv/restricted/project/results/public/estimates.csv"))
    assert not is_public(Path("/home/public/project/results/restricted/a/b.csv"))
    assert not is_public(Path("estimates.csv"))


def test_csv_files_are_written_in_one_place() -> None:
    source = PROJECT / "src" / "disrupting_harm"
    writers = re.compile(r"\.to_csv\(|csv\.(?:Dict)?[wW]riter\(")
    found = {path.name for path in source.rglob("*.py")
             if writers.search(path.read_text(encoding="utf-8"))}  # fmt: skip
    assert found == {"files.py"}
