"""The same numbers from polars, Arrow, nullable, Arrow-backed and categorical frames."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from designbased import (
    SurveyDesign,
    association_test,
    calibration_auxiliaries,
    compare_dyads,
    difference_tests,
    estimate,
    estimate_contrasts,
    estimate_parquet,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    joint_estimates,
    mean_tests,
    predict,
    rake,
    stacked_design,
    supplied_replicates,
    worst_case_bounds,
)
from designbased.errors import InputError

rng = np.random.default_rng(5)
N = 200
FRAME = pd.DataFrame(
    {
        "stratum": np.repeat(["north", "south"], N // 2),
        "psu": np.repeat(np.arange(20), N // 20),
        "wave": np.tile([2021, 2024], N // 2),
        "weight": rng.lognormal(2, 0.4, N),
        "yes": (rng.random(N) < 0.4).astype(float),
        "later": (rng.random(N) < 0.5).astype(float),
        "hours": rng.gamma(2, 1, N).round(2),
        "visits": rng.poisson(3, N),
        "sex": rng.choice(["boy", "girl"], N),
        "age": rng.choice(["12-13", "14-15", "16-17"], N),
    }
)
FRAME.loc[::9, "yes"] = np.nan
FRAME.loc[::7, "sex"] = None
for r in range(6):
    FRAME[f"r{r}"] = FRAME["weight"] * rng.uniform(0.5, 1.5, N)
TRUTHS = FRAME.assign(yes=(FRAME["yes"] == 1).astype("boolean").mask(FRAME["yes"].isna()))


class Capsule:
    """A frame of a library that nobody has heard of."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._table = pa.Table.from_pandas(frame, preserve_index=False)
        self.columns = self._table.column_names

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)

    def __getitem__(self, names: Any) -> Any:
        chosen = self._table.select(names) if isinstance(names, list) else self._table[names]
        return Capsule(chosen.to_pandas()) if isinstance(names, list) else pl.Series(names, chosen)


IDENTIFIERS = ["stratum", "psu", "sex", "age"]
KINDS: dict[str, Callable[[], Any]] = {
    "polars": lambda: pl.from_pandas(FRAME),
    "polars truths": lambda: pl.from_pandas(TRUTHS),
    "Arrow": lambda: Arrow(pa.Table.from_pandas(FRAME, preserve_index=False)),
    "capsule": lambda: Capsule(FRAME),
    "nullable": lambda: FRAME.convert_dtypes(),
    "nullable truths": lambda: TRUTHS.convert_dtypes(),
    "Arrow-backed": lambda: FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "categorical": lambda: FRAME.astype(dict.fromkeys(IDENTIFIERS, "category")),
    "polars categorical": lambda: pl.from_pandas(FRAME).with_columns(
        pl.col("sex").cast(pl.Categorical), pl.col("age").cast(pl.Enum(["12-13", "14-15", "16-17"]))
    ),
}


class Arrow:
    """Choose columns of an Arrow table as of other frames."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __getitem__(self, names: Any) -> Any:
        return self.table.select(names) if isinstance(names, list) else self.table[names]


def whole(frame: Any) -> Any:
    return frame.table if isinstance(frame, Arrow) else frame


CALLS: dict[str, Callable[[SurveyDesign, Any], Any]] = {
    "estimate": lambda d, f: estimate(d, f[["yes", "later"]], f[["sex", "age"]]),
    "one column": lambda d, f: estimate(d, f[["yes"]], by=["sex", "age"], domains=whole(f)),
    "means": lambda d, f: estimate(d, f[["hours", "visits"]], f[["age"]], MEANS),
    "ratios": lambda d, f: estimate_ratios(d, f[["hours"]], f[["hours"]], f[["sex"]]),
    "quantiles": lambda d, f: estimate_quantiles(d, f[["hours", "visits"]], f[["age"]]),
    "contrasts": lambda d, f: estimate_contrasts(d, f[["yes"]], f[["age"]], OLDEST),
    "joint": lambda d, f: joint_estimates(d, f[["yes"]], f[["sex"]]).matrix,
    "bounds": lambda d, f: worst_case_bounds(d, f[["yes"]], ASKED, f[["age"]]),
    "t test": lambda d, f: difference_tests(d, f[["hours"]], f["sex"]),
    "mean test": lambda d, f: mean_tests(d, f[["visits"]]),
    "association": lambda d, f: vars(association_test(d, f["age"], f["sex"]))["p_value"],
    "dyads": lambda d, f: compare_dyads(d, f["yes"], f["later"]),
    "model": lambda d, f: fit_model(d, whole(f), "yes ~ sex + age + visits", "logistic").table(),
    "predict": lambda d, f: predict(
        fit_model(d, whole(f), "hours ~ age + visits", "linear"), whole(f)
    ),
    "replicates": lambda d, f: estimate(replicated(f), f[["yes"]], f[["sex"]]),
    "model of replicates": lambda d, f: fit_model(
        replicated(f), whole(f), "later ~ age", "logistic"
    ).table(),
    "waves": lambda d, f: estimate(
        stacked_design(whole(f), recurring="independent"), f[["yes"]], f[["age"]]
    ),
    "raking": lambda d, f: rake(d.weight, whole(f), TARGETS),
    "auxiliaries": lambda d, f: (
        calibration_auxiliaries(whole(f), TARGETS, d.weight, {"visits": 5_000.0}).values
    ),
}
ASKED = pd.DataFrame({"yes": np.ones(N, dtype=bool)})
MEANS = {"hours": "mean", "visits": "total"}
OLDEST = {"oldest - youngest": {("age", "16-17"): 1.0, ("age", "12-13"): -1.0}}
TARGETS = {"age": {"12-13": 600.0, "14-15": 500.0, "16-17": 400.0}}


def replicated(frame: Any) -> Any:
    return supplied_replicates(whole(frame), "weight", [f"r{r}" for r in range(6)], 1 / 6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", CALLS)
def test_every_kind_of_frame_gives_the_same_numbers(call: str, kind: str) -> None:
    expected = CALLS[call](SurveyDesign.from_frame(FRAME), FRAME)
    frame = KINDS[kind]()
    found = CALLS[call](SurveyDesign.from_frame(whole(frame)), frame)
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected, rtol=1e-12, check_column_type=False)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-12)


HUGE = {
    "uint64": np.array([2**64 - 1, 2**64 - 2, 2**53 + 1, 2**53], dtype="uint64"),
    "Int64": pd.array([2**62 + 1, 2**62, 2**53 + 1, 2**53], dtype="Int64"),
    "UInt64": pd.array([2**64 - 1, 2**64 - 2, 2**53 + 1, 2**53], dtype="UInt64"),
    "int64[pyarrow]": pd.array([2**62 + 1, 2**62, 2**53 + 1, 2**53], dtype="int64[pyarrow]"),
    "objects": np.array([10**30 + 1, 10**30, 2**53 + 1, 2**53], dtype=object),
    "digits": np.array(["9" * 40 + "1", "9" * 40 + "2", "1", "01"]),
}


@pytest.mark.parametrize("kind", HUGE)
def test_identifiers_of_any_size_stay_apart(kind: str) -> None:
    frame = pd.DataFrame({"psu": HUGE[kind], "weight": 1.0}).take([0, 1, 2, 3, 0, 1, 2, 3])
    design = SurveyDesign.from_frame(frame.reset_index(drop=True), stratum=None)
    assert design.n_psus == 4
    assert set(design.psu_labels) == set(HUGE[kind].tolist())
    np.testing.assert_array_equal(design.psu[:4], design.psu[4:])


def test_large_identifiers_of_other_libraries_stay_apart(tmp_path: Path) -> None:
    huge = [2**64 - 1, 2**64 - 2, 2**53 + 1, 2**53] * 3
    frame = pl.DataFrame(
        {
            "psu": pl.Series(huge, dtype=pl.UInt64),
            "weight": pl.Series([1.5, 2.0, 1.0, 1.0] * 3).cast(pl.Decimal(6, 2)),
            "yes": pl.Series([1, 0, 1, None] * 3, dtype=pl.Int8),
        }
    )
    design = SurveyDesign.from_frame(frame, stratum=None)
    assert design.psu_labels == tuple(sorted(set(huge)))
    assert design.weight.tolist() == [1.5, 2.0, 1.0, 1.0] * 3
    frame.with_columns(pl.col("weight").cast(pl.Float64)).write_parquet(tmp_path / "survey.parquet")
    from_file = estimate_parquet(tmp_path / "survey.parquet", ["yes"], stratum=None)
    expected = estimate(design, frame[["yes"]])
    pd.testing.assert_frame_equal(from_file, expected, rtol=1e-12)


def test_a_foreign_frame_of_other_rows_is_refused() -> None:
    design = SurveyDesign.from_frame(pl.from_pandas(FRAME))
    with pytest.raises(InputError, match="199 rows for a design of 200 rows"):
        estimate(design, pl.from_pandas(FRAME[["yes"]])[1:])
    # Rows of polars have no labels; those of a design that has take them by position.
    labelled = SurveyDesign.from_frame(FRAME.set_index(np.arange(N)[::-1]))
    found = estimate(labelled, pl.from_pandas(FRAME[["yes"]]))
    pd.testing.assert_frame_equal(found, estimate(design, FRAME[["yes"]]))
