from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.replication.replicates import jackknife, rescaling_bootstrap
from designbased.streaming import estimates
from designbased.streaming.estimates import estimate_parquet, index_values, read_proportions

DOMAINS = {"region": ["north", "south", "islands"], "age": [12, 13, 14]}
STATISTICS = {"hours": "mean", "spent": "total"}


def sample(seed: int, n: int = 400, whole_weights: bool = False) -> pd.DataFrame:
    """A survey with missing answers, PSU names that repeat and PSUs absent from domains."""
    rng = np.random.default_rng(seed)
    psu = rng.integers(0, 24, n)
    # Every PSU has a row.
    psu[:24] = np.arange(24)
    frame = pd.DataFrame({"stratum": np.array(["a", "b", "c"])[psu % 3], "psu": psu // 3})
    frame["weight"] = rng.lognormal(0, 0.7, n) * (rng.random(n) > 0.05)
    if whole_weights:
        frame["weight"] = (frame["weight"] * 1000).round().astype(int)
    frame["yes"] = pd.array(rng.random(n) < 0.3, dtype="boolean")
    frame["rare"] = pd.array((rng.random(n) < 0.03).astype(int), dtype="Int8")
    frame["hours"] = rng.normal(1000, 2, n)
    frame["spent"] = rng.normal(5, 3, n)
    for name in ("yes", "rare", "hours", "spent"):
        frame.loc[rng.random(n) < 0.1, name] = pd.NA if name in ("yes", "rare") else np.nan
    region = np.where(psu < 8, "north", np.where(psu < 20, "south", None))
    frame["region"] = pd.Categorical(region, DOMAINS["region"])
    frame["age"] = pd.array(rng.integers(12, 15, n), dtype="Int16")
    frame.loc[rng.random(n) < 0.1, "age"] = pd.NA
    frame["psus"] = 90
    return frame


def in_memory(frame: pd.DataFrame, **options) -> pd.DataFrame:
    domains = pd.DataFrame(
        {name: pd.Categorical(frame[name], levels) for name, levels in DOMAINS.items()}
    )
    design = SurveyDesign.from_frame(frame, **options)
    return estimate(design, frame[["yes", "rare", "hours", "spent"]], domains, STATISTICS)


def streamed(paths: list[Path], **options) -> pd.DataFrame:
    indicators = ["yes", "rare", "hours", "spent"]
    return estimate_parquet(paths, indicators, DOMAINS, statistics=STATISTICS, **options)


def write(frame: pd.DataFrame, folder: Path, parts: int = 1) -> list[Path]:
    paths = []
    for part in range(parts):
        paths.append(folder / f"part{part}.parquet")
        frame.iloc[part::parts].to_parquet(paths[-1], row_group_size=50)
    return paths


@given(seed=st.integers(0, 10_000), parts=st.integers(1, 4), rows=st.integers(7, 200))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_same_table_as_in_memory(
    seed: int, parts: int, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "ROWS_READ", rows)
    frame = sample(seed)
    found = streamed(write(frame, tmp_path, parts))
    pd.testing.assert_frame_equal(found, in_memory(frame), rtol=1e-11, atol=1e-13)


def test_fpc_and_lonely_psus_follow_the_same_rules(tmp_path: Path) -> None:
    frame = sample(3)
    frame.loc[frame["psu"] == 7, "stratum"] = "alone" + frame["stratum"]
    options = {"fpc": "psus", "lonely_psu": "collapse"}
    found = streamed(write(frame, tmp_path), **options)
    pd.testing.assert_frame_equal(found, in_memory(frame, **options), rtol=1e-11, atol=1e-13)


def test_little_memory_changes_nothing(tmp_path: Path) -> None:
    paths = write(sample(4), tmp_path)
    pd.testing.assert_frame_equal(streamed(paths), streamed(paths, memory=1), rtol=1e-13, atol=0)


def test_whole_weights_give_the_same_bits_in_any_order(tmp_path: Path) -> None:
    frame = sample(5, whole_weights=True)
    proportions = ["yes", "rare"]
    first = estimate_parquet(write(frame, tmp_path), proportions, DOMAINS)
    shuffled = frame.sample(frac=1, random_state=1)
    again = estimate_parquet(write(shuffled, tmp_path, parts=3), proportions, DOMAINS)
    pd.testing.assert_frame_equal(first, again, rtol=0, atol=0)


def test_levels_found_in_the_data_are_sorted(tmp_path: Path) -> None:
    found = estimate_parquet(write(sample(6), tmp_path), ["yes"], ["region", "age"])
    assert found["domain"].tolist() == ["region"] * 2 + ["age"] * 3
    assert found["level"].tolist() == ["north", "south", "12", "13", "14"]


def test_without_domains_the_whole_population_is_estimated(tmp_path: Path) -> None:
    frame = sample(7).drop(columns="stratum").assign(psu=np.arange(400) % 24)
    found = estimate_parquet(write(frame, tmp_path), ["yes"], stratum=None)
    expected = estimate(SurveyDesign.from_frame(frame, stratum=None), frame[["yes"]])
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12)


def refusal(paths: list[Path], *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        estimate_parquet(paths, *arguments, **options)
    return str(caught.value)


def test_refusals_name_what_is_at_fault(tmp_path: Path) -> None:
    frame = sample(8)
    paths = write(frame, tmp_path)
    assert "column 'no'" in refusal(paths, ["no"])
    assert "column 'stratum'" in refusal(paths, ["stratum"])
    assert "'hours'" in refusal(paths, ["hours"])
    assert "'islands'" in refusal(paths, ["yes"], {"region": ["north", "islands"]})
    assert "no file" in refusal([], ["yes"])
    assert "there is no such file" in refusal([tmp_path / "none.parquet"], ["yes"])
    (tmp_path / "text.parquet").write_text("text")
    assert "not a Parquet file" in refusal([tmp_path / "text.parquet"], ["yes"])
    empty = write(frame.iloc[:0], tmp_path)
    assert "no rows" in refusal(empty, ["yes"])


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("weight", -1.0, "a negative or infinite weight in data row 301"),
        ("weight", np.inf, "a negative or infinite weight in data row 301"),
        ("weight", np.nan, "a missing value in data row 301"),
        ("psu", None, "a missing value in data row 301"),
        ("spent", np.inf, "an infinite answer in data row 301"),
    ],
)
def test_refusals_name_the_row(
    column: str, value: float, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "ROWS_READ", 64)
    frame = sample(9)
    frame[column] = frame[column].astype("Float64" if column == "psu" else float)
    frame.loc[300, column] = value
    message = refusal(write(frame, tmp_path), ["spent"], statistics={"spent": "total"})
    assert f"column '{column}'" in message
    assert found in message


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    """Arrow would read it as missing answers."""
    first, second = write(sample(10), tmp_path, parts=2)
    table = pq.read_table(second).drop_columns(["yes"])
    pq.write_table(table, second)
    assert f"{second}, column 'yes'" in refusal([first, second], ["yes"])


def test_a_second_population_count_in_a_stratum_is_refused(tmp_path: Path) -> None:
    frame = sample(11)
    frame.loc[0, "psus"] = 91
    assert "more than one value" in refusal(write(frame, tmp_path), ["yes"], fpc="psus")


def test_strings_of_any_kind_name_strata(tmp_path: Path) -> None:
    frame = sample(12)
    table = pa.Table.from_pandas(frame)
    column = table.schema.get_field_index("stratum")
    coded = table.set_column(column, "stratum", table["stratum"].dictionary_encode())
    pq.write_table(coded, tmp_path / "coded.parquet")
    found = streamed([tmp_path / "coded.parquet"])
    pd.testing.assert_frame_equal(found, in_memory(frame), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("missing", [True, False])
def test_proportions_in_large_psus_are_those_in_memory(tmp_path, missing):
    """Rows of a PSU that are in the same levels are added up first: other order, same sums."""
    frame = sample(8, n=6_000, whole_weights=True)
    frame["no"] = pd.array(np.arange(6_000) % 5 == 0, dtype="boolean")
    names = ["yes", "rare", "no"]
    if not missing:
        frame = frame.fillna({"yes": False, "rare": 0})
    design = SurveyDesign.from_frame(frame)
    domains = pd.DataFrame({key: pd.Categorical(frame[key], v) for key, v in DOMAINS.items()})
    expected = estimate(design, frame[names], domains)
    found = estimate_parquet(write(frame, tmp_path), names, DOMAINS)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12, atol=0)
    shuffled = frame.sample(frac=1, random_state=3)
    again = estimate_parquet(write(shuffled, tmp_path, 3), names, DOMAINS)
    pd.testing.assert_frame_equal(again, found, check_exact=True)


def test_a_number_in_a_column_of_yes_and_no_is_named_with_its_row(tmp_path):
    frame = sample(9)
    frame["rare"] = pd.array(np.arange(len(frame)) % 2, dtype="Int8")
    frame.loc[frame.index[57], "rare"] = 3
    with pytest.raises(InputError, match=r"'rare'.* other than 0 and 1 in data row 58"):
        estimate_parquet(write(frame, tmp_path), ["rare"], DOMAINS)


@pytest.mark.parametrize(
    "make", [jackknife, lambda design: rescaling_bootstrap(design, 40, seed=3, mse=True)]
)
def test_replicates_are_those_in_memory(make, tmp_path):
    frame = sample(13)
    names = ["yes", "rare", "hours", "spent"]
    domains = pd.DataFrame({key: pd.Categorical(frame[key], v) for key, v in DOMAINS.items()})
    replicated = make(SurveyDesign.from_frame(frame))
    expected = estimate(replicated, frame[names], domains, STATISTICS)
    paths = write(frame, tmp_path, parts=2)
    found = streamed(paths, replicates=make)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-11, atol=1e-13)
    piecewise = streamed(paths, replicates=make, memory=1)
    pd.testing.assert_frame_equal(piecewise, found, rtol=1e-12, atol=0)


def test_replicates_of_another_design_are_refused(tmp_path):
    frame = sample(14)
    other = jackknife(SurveyDesign.from_frame(frame))
    message = refusal(write(frame, tmp_path), ["yes"], replicates=lambda _: other)
    assert "replicates of another design" in message


def test_what_lies_under_a_null_is_no_answer():
    """Arrow keeps a number in the place of a null, and slices share their memory."""
    bitmap = pa.py_buffer(np.packbits([1, 1, 0, 1, 0, 1, 1, 1], bitorder="little"))
    numbers = pa.py_buffer(np.array([9, 1, 7, 0, 1, 1, 0, 9], dtype=np.uint8))
    whole = pa.Array.from_buffers(pa.uint8(), 8, [bitmap, numbers])
    batch = pa.record_batch({"yes": whole[1:7], "no": pa.array([0, 1, 0, 1, 0, 1])})
    found = read_proportions(batch, ["yes", "no"], {})
    assert found.values.T.tolist() == [[1, 0, 0, 0, 1, 0], [0, 1, 0, 1, 0, 1]]
    assert found.valid.T.tolist() == [[1, 0, 1, 0, 1, 1], [1] * 6]
    assert read_proportions(pa.record_batch({"yes": whole}), ["yes"], {}) is None


@pytest.mark.parametrize("numbers", [[5, 7, 5, -3], [5, 10**18, 5, -3], [5, None, 5, -3]])
def test_numbers_are_found_among_values(numbers):
    column = pa.array(numbers * 3, pa.int64())
    known = pd.Index([-3, 5])
    expected = [{5: 1, -3: 0}.get(number, -1) for number in numbers * 3]
    assert index_values(column, known).tolist() == expected


def test_replicates_that_differ_inside_psus_need_the_rows(tmp_path):
    def halve(design: SurveyDesign):
        made = jackknife(design)
        return replace(made, base=made.base / 2)

    with pytest.raises(InputError, match="Load the rows and use estimate"):
        streamed(write(sample(15), tmp_path), replicates=halve)
