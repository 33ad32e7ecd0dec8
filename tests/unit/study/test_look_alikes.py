"""Codes that look the same are one code or refused, whatever program spelt them.

The judge is pandas: how many clusters it counts where the column is read as numbers, or composed.
"""

import unicodedata
from itertools import product
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from bad_configuration import FILES

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.spelling import (
    LOOKS_LIKE_ITSELF,
    compose_text,
    find_look_alike,
    look_of,
)
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country
from disrupting_harm.study.study import load_study

SAME = [
    ("0", "0.0"), ("1", "01"), ("1", "+1"), ("a", "A"), ("\u00e9", "e\u0301"), ("a1", "\uff411"),
    ("a 1", "a\u00a01"), ("a1", "a\u200b1"), ("a-1", "a\u20131"), ("12", "\u0e51\u0e52"),
    ("stra\u00dfe", "STRASSE"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "other"), SAME)
def test_codes_that_look_the_same(code, other):
    assert look_of(code) == look_of(other)
    assert find_look_alike(["b", code, "c", other]) == (code, other)


def test_codes_that_look_different():
    codes = ["0", "00a", "1", "11", "1.5", "15", "e", "\u00e9", "a-1", "a1", "a 1", "-1", "n/a", ""]
    assert find_look_alike(codes) is None


def prepared(
    folder: Path, psus: list[str], strata: list[str] | None = None, **study
) -> PreparedCountry:
    """Prepare a survey with one child in each of the rows, of the column of PSUs given."""
    rows = len(psus)
    frame = pd.DataFrame(
        {"id": study.get("ids") or [f"c{n}" for n in range(rows)]}
        | {"stratum": strata or ["s"] * rows, "psu": psus, "w": ["1"] * rows}
        | {"result": ["1"] * rows, "q1": ["1", "2"] * (rows // 2), "q2": ["13"] * rows}
        | {"q3": ["1"] * rows},
        dtype=str,
    )
    for name, text in FILES.items():
        text = text.replace("psu_unique: true\nfpc: psus\n", study.get("unique", ""))
        (folder / name).write_text(text.replace("sample.csv", study.get("file", "sample.csv")))
    path = folder / study.get("file", "sample.csv")
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        pyreadstat.write_sav(frame, str(path))
    read = load_study(folder / "config.yaml")
    return prepare_country(
        "KEN", path, read.mappings["KEN"], read.codebook, simulated=False, source="column"
    )


def test_numbers_in_two_forms_are_refused_and_no_second_set_of_clusters(tmp_path):
    codes = [f"{n}" for n in range(15)] + [f"{n}.0" for n in range(15)]
    # The judge: to every program that reads numbers, these are 15 clusters.
    assert pd.Series(codes).astype(float).nunique() == 15
    with pytest.raises(StudyError) as caught:
        prepared(tmp_path, codes)
    assert str(caught.value).startswith(f"{tmp_path / 'sample.csv'}, column 'psu': codes that")
    assert "in data rows 1, 16." in str(caught.value)


@pytest.mark.parametrize("file", ["sample.csv", "sample.parquet", "sample.sav"])
def test_an_accent_in_two_forms_is_one_code(tmp_path, file):
    names = [f"v\u00e9{n}" for n in range(8)]
    spelt = names + [unicodedata.normalize("NFD", name) for name in names]
    sample = prepared(tmp_path, spelt, file=file).sample
    assert pd.Series(spelt).str.normalize("NFC").nunique() == 8
    assert sample["psu"].nunique() == 8
    assert sample["psu"].astype(str).tolist() == names + names


def test_strata_and_children_that_look_the_same_are_refused(tmp_path):
    with pytest.raises(StudyError, match=r"column 'stratum': codes .* in data rows 1, 3\."):
        prepared(tmp_path, list("abcd"), ["North", "North", "north", "north"])
    with pytest.raises(StudyError, match=r"column 'id': codes .* in data rows 2, 4\."):
        prepared(tmp_path, list("abab"), ids=["1", "2", "3", "2.0"])


def test_clusters_of_two_strata_may_look_alike_unless_they_are_unique_in_the_file(tmp_path):
    strata = ["n", "n", "s", "s"]
    assert prepared(tmp_path, ["1", "2", "01", "02"], strata).sample["psu"].nunique() == 4
    with pytest.raises(StudyError, match=r"column 'psu': codes .* in data rows 1, 3\."):
        prepared(tmp_path, ["1", "2", "01", "02"], strata, unique="psu_unique: true\n")


def test_a_message_repeats_no_code(tmp_path):
    with pytest.raises(StudyError) as caught:
        prepared(tmp_path, ["Nest Street", "b", "NEST STREET", "b"])
    assert "nest" not in str(caught.value).casefold()


def test_escapes_of_yaml_are_composed(tmp_path):
    from disrupting_harm.study.configuration.section import parse_yaml

    assert parse_yaml('a: "e\\u0301"', "x") == {"a": compose_text("e\u0301")} == {"a": "\u00e9"}
    with pytest.raises(StudyError, match="stands twice"):
        parse_yaml('{"e\\u0301": 1, "\u00e9": 2}', "x")


def test_texts_that_are_not_looked_at_one_by_one_look_like_themselves():
    letters = "01.+-aA'_ \u00e9\u212a\uff11\u200b"
    texts = ["".join(text) for length in (1, 2, 3, 4) for text in product(letters, repeat=length)]
    lower = pd.Index(texts, dtype="str").str.lower()
    is_plain = lower.str.fullmatch(LOOKS_LIKE_ITSELF)
    plain = [(text, low) for text, low, own in zip(texts, lower, is_plain, strict=True) if own]
    assert {"0", "10", "a-01", "0-1", "a.1"} <= {text for text, _ in plain}
    assert [low for _, low in plain] == [look_of(text) for text, _ in plain]
