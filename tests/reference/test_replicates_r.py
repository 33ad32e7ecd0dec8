"""Replicate standard errors equal those of R's package `survey`: see `designs/replicates.R`.

R's own Hadamard matrices and random draws differ from ours, so the weights that R made are supplied
here; the jackknife has no choice in it and is compared as it is. Tolerance: 1e-11 relative.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.estimates.quantiles import estimate_quantiles
from designbased.replication.replicate_design import ReplicateDesign
from designbased.replication.replicates import balanced_replicates, jackknife, supplied_replicates

FOLDER = Path(__file__).parent / "designs"
TOLERANCE = 1e-11
KEYS = ["indicator", "domain", "level"]
R = pd.read_csv(FOLDER / "replicates_r.csv", dtype={"level": str})
MULTIPLIERS = pd.read_csv(FOLDER / "multipliers.csv")
PAIRS = pd.read_csv(FOLDER / "pairs.csv").assign(total="all")
CENTRES = ["mean", "mse"]


def reference(case: str) -> pd.DataFrame:
    rows = R[(R["case"] == case) & R["indicator"].notna()]
    return rows.pivot(index=KEYS, columns="quantity", values="value").add_prefix("r_")


def whole(case: str, quantity: str) -> float:
    rows = R[(R["case"] == case) & (R["quantity"] == quantity) & R["indicator"].isna()]
    return float(rows["value"].item())


def check(design: ReplicateDesign, frame: pd.DataFrame, names: list[str], case: str) -> None:
    theirs = reference(case)
    domains = frame[list(theirs.index.unique("domain"))].astype("category")
    for statistic, prefix in (("mean", ""), ("total", "total_")):
        table = estimate(design, frame[names], domains, dict.fromkeys(names, statistic))
        both = theirs.join(table.set_index(KEYS), how="outer")
        assert len(both) == len(table) == len(theirs)
        columns = ["r_total" if statistic == "total" else "r_estimate", f"r_{prefix}se"]
        np.testing.assert_allclose(both[["estimate", "se"]], both[columns], rtol=TOLERANCE)


def r_weights(kind: str, mse: bool) -> ReplicateDesign:
    """The replicate weights that R made for the pairs."""
    rows = MULTIPLIERS[MULTIPLIERS["case"] == kind]
    by_psu = rows.pivot(index=["stratum", "psu"], columns="replicate", values="multiplier")
    factors = by_psu.loc[list(zip(PAIRS["stratum"], PAIRS["psu"], strict=True))].to_numpy()
    names = [f"r{number}" for number in by_psu.columns]
    replicates = pd.DataFrame(factors * PAIRS[["weight"]].to_numpy(), columns=names)
    return supplied_replicates(
        pd.concat([PAIRS, replicates], axis=1),
        "weight",
        names,
        scale=whole(f"{kind} mean", "scale"),
        rscales=rows.drop_duplicates("replicate")["rscale"].tolist(),
        mse=mse,
    )


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("kind", list(MULTIPLIERS["case"].unique()))
def test_weights_made_by_r(kind: str, centre: str) -> None:
    design = r_weights(kind, centre == "mse")
    check(design, PAIRS, ["yes", "rare", "hours"], f"{kind} {centre}")
    assert design.df == whole(f"{kind} {centre}", "df")


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize(
    ("kind", "columns"),
    [("JKn", {}), ("JKn fpc", {"fpc": "psus"}), ("JK1", {"stratum": None, "psu": "cluster"})],
)
def test_jackknife(kind: str, columns: dict, centre: str) -> None:
    frame = PAIRS.assign(cluster=PAIRS["stratum"] * 10 + PAIRS["psu"])
    design = jackknife(SurveyDesign.from_frame(frame, **columns), mse=centre == "mse")
    check(design, frame, ["yes", "rare", "hours"], f"{kind} {centre}")
    assert design.df == whole(f"{kind} {centre}", "df")


@pytest.mark.parametrize(("kind", "rho"), [("BRR", 0.0), ("Fay", 0.3)])
def test_balanced_replicates_of_totals_do_not_depend_on_the_hadamard_matrix(
    kind: str, rho: float
) -> None:
    design = balanced_replicates(SurveyDesign.from_frame(PAIRS), rho)
    theirs = reference(f"{kind} mean")
    names = ["yes", "rare", "hours"]
    domains = PAIRS[["total", "sex", "age"]].astype("category")
    table = estimate(design, PAIRS[names], domains, dict.fromkeys(names, "total"))
    both = theirs.join(table.set_index(KEYS))
    np.testing.assert_allclose(both["se"], both["r_total_se"], rtol=TOLERANCE)


QUANTILES = pd.read_csv(FOLDER / "replicate_quantiles_r.csv", dtype={"level": str})


def r_design(kind: str) -> ReplicateDesign:
    if kind in set(MULTIPLIERS["case"]) and not kind.startswith("JK"):
        return r_weights(kind, mse=False)
    columns = {"JKn": {}, "JKn fpc": {"fpc": "psus"}, "JK1": {"stratum": None, "psu": "cluster"}}
    frame = PAIRS.assign(cluster=PAIRS["stratum"] * 10 + PAIRS["psu"])
    return jackknife(SurveyDesign.from_frame(frame, **columns[kind]))


@pytest.mark.parametrize("case", list(QUANTILES["case"].unique()))
def test_quantiles(case: str) -> None:
    kind, _, interval = case.rpartition(" ")
    table = estimate_quantiles(
        r_design(kind),
        PAIRS[["hours"]],
        PAIRS[["total", "sex", "age"]].astype("category"),
        [0.1, 0.25, 0.5, 0.9],
        interval,
        df_rule="full",
    )
    rows = QUANTILES[QUANTILES["case"] == case]
    keys = ["domain", "level", "extra"]
    theirs = rows.pivot(index=keys, columns="quantity", values="value").add_prefix("r_")
    both = theirs.join(table.rename(columns={"probability": "extra"}).set_index(keys))
    assert len(both) == len(theirs) == len(table)
    np.testing.assert_allclose(
        both[["estimate", "ci_low", "ci_high", "se"]],
        both[["r_quantile", "r_ci.2.5", "r_ci.97.5", "r_se"]],
        rtol=TOLERANCE,
    )


# File, weight, prefix of the replicates, outcomes, scale and the factor of each replicate.
FILES = {
    "nhanes2brr": ("nhanes2brr", "finalwgt", "brr_", ["height", "weight"], 1 / 32, 1.0),
    "nhanes2jk": ("nhanes2jk", "finalwgt", "jkw_", ["height", "weight"], 1.0, 0.5),
    "nmihs": ("nmihs", "finalwgt", "bsrw", ["birth_weight"], 1 / 49, 1.0),
}


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("case", list(FILES))
def test_public_use_files(case: str, centre: str) -> None:
    from samplics import datasets

    name, weight, prefix, outcomes, scale, factor = FILES[case]
    frame = getattr(datasets, f"load_{name}")()["data"]
    above = frame[outcomes[0]] > frame[outcomes[0]].median()
    frame = frame.assign(total="all", half=np.where(above, "upper", "lower"))
    names = [column for column in frame.columns if column.startswith(prefix)]
    design = supplied_replicates(
        frame, weight, names, scale, [factor] * len(names), mse=centre == "mse"
    )
    check(design, frame, outcomes, f"{case} {centre}")
    assert design.df == whole(f"{case} {centre}", "df")
