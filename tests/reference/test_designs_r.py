"""Designs and estimators equal R's package `survey`: see `designs/designs.R`.

Tolerance: 1e-11 relative, as R prints 15 digits; in practice the difference is below 1e-13.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.degrees_of_freedom import DfRule
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.counts import design_effect_table, weighted_counts
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.estimates.quantiles import estimate_quantiles
from designbased.estimates.ratios import estimate_ratios
from designbased.inference.contrasts import estimate_contrasts

FOLDER = Path(__file__).parent / "designs"
TOLERANCE = 1e-11
KEYS = ["indicator", "domain", "level"]

R = pd.read_csv(FOLDER / "designs_r.csv", dtype={"level": str, "extra": str})
PEOPLE = pd.read_csv(FOLDER / "stages.csv").assign(total="all")
LONELY = PEOPLE[~(PEOPLE["stratum"].isin(["e", "f"]) & (PEOPLE["psu"] == 2))]
CERTAIN = PEOPLE.assign(
    sure=(PEOPLE["stratum"].isin(["a", "d"]) & (PEOPLE["psu"] == 1)) | (PEOPLE["stratum"] == "e")
)
KINDS = {
    "with_replacement": {},
    "one_stage": {"fpc": "psus"},
    "two_stages": {"fpc": "psus", "later_stages": [("unit", "units")]},
    "three_stages": {"fpc": "psus", "later_stages": [("unit", "units"), (None, "people")]},
}
RULES: list[DfRule] = ["domain_only", "strata_with_domain", "full"]


def sample_of(case: str) -> tuple[pd.DataFrame, SurveyDesign]:
    if case == "certainty PSUs":
        design = SurveyDesign.from_frame(CERTAIN, certainty="sure", lonely_psu="certainty")
        return CERTAIN, design
    rule, _, kind = case.rpartition(" ")
    frame = LONELY if rule else PEOPLE
    return frame, SurveyDesign.from_frame(frame, lonely_psu=rule or "fail", **KINDS[kind])


def domains_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["total", "sex", "age"]].astype("category")


@cache
def reference(case: str) -> pd.DataFrame:
    """R's means, proportions and totals of one case, one row per cell."""
    rows = R[(R["case"] == case) & R["extra"].isna() & R["domain"].isin(["total", "sex", "age"])]
    rows = rows[~rows["quantity"].str.match("ratio|contrast")]
    return rows.pivot(index=KEYS, columns="quantity", values="value").add_prefix("r_")


def assert_equal(ours: object, theirs: object) -> None:
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=TOLERANCE)


CASES = [c for c in R["case"].unique() if c.split()[0] not in ("fpc", "mu284", "hospital")]


@pytest.mark.parametrize("case", CASES)
def test_means_and_proportions(case: str) -> None:
    frame, design = sample_of(case)
    theirs = reference(case)
    for rule in RULES:
        ours = estimate(
            design,
            frame[["yes", "rare", "hours"]],
            domains_of(frame),
            {"yes": "mean", "rare": "mean", "hours": "mean"},
            df_rule=rule,
        ).set_index(KEYS)
        both = theirs.join(ours, how="outer")
        assert len(both) == len(theirs) == len(ours)
        assert_equal(both["df"], both[f"r_df_{rule}"])
        assert_equal(both[["n", "estimate"]], both[["r_n", "r_estimate"]])
        assert_equal(both["se"], both["r_se"])
        if rule == "domain_only":
            assert_equal(both[["ci_low", "ci_high"]], both[["r_mean_low", "r_mean_high"]])
            assert_equal(both["deff"], both["r_deff_replace"])


@pytest.mark.parametrize("case", CASES)
def test_totals_and_counts(case: str) -> None:
    frame, design = sample_of(case)
    counts = weighted_counts(design, frame[["yes", "rare"]], domains_of(frame)).set_index(KEYS)
    hours = estimate(design, frame[["hours"]], domains_of(frame), {"hours": "total"})
    both = reference(case).join(pd.concat([counts, hours.set_index(KEYS)]))
    assert_equal(both[["estimate", "se"]], both[["r_total", "r_total_se"]])
    some = both[both["interval"] == "log_t"]
    assert len(some) == 12
    assert_equal(some[["ci_low", "ci_high"]], some[["r_count_low", "r_count_high"]])


@pytest.mark.parametrize("case", CASES)
def test_design_effects_by_name(case: str) -> None:
    frame, design = sample_of(case)
    table = estimate(design, frame[["yes", "rare", "hours"]], domains_of(frame), {"hours": "mean"})
    both = reference(case).join(design_effect_table(table).set_index(KEYS))
    names = ["deff_replace", "deff_without_replacement"]
    assert_equal(both[names], both[[f"r_{name}" for name in names]])


@pytest.fixture(params=["with_replacement", "two_stages"])
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_ratios(case: str) -> None:
    frame, design = sample_of(case)
    name = "spent per device"
    ours = estimate_ratios(
        design,
        frame[["spent"]].set_axis([name], axis=1),
        frame[["devices"]].set_axis([name], axis=1),
        domains_of(frame),
    )
    rows = R[(R["case"] == case) & (R["indicator"] == name)]
    both = rows.pivot(index=KEYS, columns="quantity", values="value").join(ours.set_index(KEYS))
    assert len(both) == len(ours) == 6
    theirs = ["ratio", "ratio_se", "ratio_low", "ratio_high", "ratio_deff"]
    assert_equal(both[["estimate", "se", "ci_low", "ci_high", "deff"]], both[theirs])


@pytest.mark.parametrize("interval", ["mean", "logit"])
def test_quantiles(case: str, interval: str) -> None:
    frame, design = sample_of(case)
    probabilities = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9]
    ours = estimate_quantiles(
        design, frame[["hours", "spent"]], domains_of(frame), probabilities, interval
    )
    prefix = f"quantile_{interval}_"
    rows = R[(R["case"] == case) & R["quantity"].str.startswith(prefix)]
    rows = rows.assign(probability=rows["extra"].astype(float))
    theirs = rows.pivot(index=[*KEYS, "probability"], columns="quantity", values="value")
    both = theirs.join(ours.set_index([*KEYS, "probability"]))
    assert len(both) == len(ours) == 72
    columns = [prefix + name for name in ("estimate", "low", "high", "se")]
    assert_equal(both[["estimate", "ci_low", "ci_high", "se"]], both[columns])
    # Some limits do not exist on the scale of shares, none on that of log-odds.
    assert both["ci_low"].isna().any() == (interval == "mean")


def test_covariances(case: str) -> None:
    frame, design = sample_of(case)
    joint = joint_estimates(design, frame[["yes"]], domains_of(frame)[["sex", "age"]])
    rows = R[(R["case"] == case) & (R["quantity"] == "covariance")]
    assert len(rows) == 25
    names = (joint.cells["domain"] + ":" + joint.cells["level"]).tolist()
    ours = pd.DataFrame(joint.matrix, names, names)
    found = [
        ours.loc[f"{row.domain}:{row.level}", row.extra] for row in rows.itertuples(index=False)
    ]
    assert_equal(found, rows["value"])


def test_contrasts(case: str) -> None:
    frame, design = sample_of(case)
    levels = ["12-13", "14-15", "16-17"]
    factors = {"16-17 - 12-13": (-1, 0, 1), "14-15 - rest": (-0.5, 1, -0.5)}
    wanted = {
        name: {("age", level): factor for level, factor in zip(levels, row, strict=True)}
        for name, row in factors.items()
    }
    ours = estimate_contrasts(
        design,
        frame[["yes", "hours"]],
        domains_of(frame)[["age"]],
        wanted,
        {"yes": "proportion", "hours": "mean"},
        df_rule="full",
    )
    rows = R[(R["case"] == case) & R["quantity"].str.startswith("contrast_")]
    theirs = rows.pivot(index=["indicator", "level"], columns="quantity", values="value")
    both = theirs.join(ours.set_index(["indicator", "contrast"]).rename_axis(theirs.index.names))
    assert len(both) == len(ours) == 4
    columns = ["estimate", "se", "ci_low", "ci_high", "df", "t", "p"]
    assert_equal(both[columns], both[[f"contrast_{name}" for name in columns]])


SMALL = {
    "fpc wr": ("fpc", "x", {"stratum": "stratid", "psu": "psuid"}),
    "fpc wor": ("fpc", "x", {"stratum": "stratid", "psu": "psuid", "fpc": "Nh"}),
    "mu284": (
        "mu284",
        "y1",
        {"stratum": None, "psu": "id1", "fpc": "n1", "later_stages": [("id2", "n2")]},
    ),
    "hospital": (
        "hospital",
        "births",
        {"weight": "weighta", "stratum": "oblevel", "psu": "hospno", "fpc": "tothosp"},
    ),
}


@pytest.mark.parametrize("case", list(SMALL))
def test_textbook_examples(case: str) -> None:
    name, indicator, columns = SMALL[case]
    frame = pd.read_csv(FOLDER / f"{name}.csv").assign(total="all")
    if name == "mu284":
        # Five of 50 PSUs, and three of the units in each.
        frame["weight"] = frame["n1"] / 5 * frame["n2"] / 3
    design = SurveyDesign.from_frame(frame, **columns)
    domains = frame[["total"]].astype("category")
    theirs = R[R["case"] == case].set_index("quantity")["value"]
    mean = estimate(design, frame[[indicator]], domains, {indicator: "mean"}).iloc[0]
    total = estimate(design, frame[[indicator]], domains, {indicator: "total"}).iloc[0]
    ours = [mean["estimate"], mean["se"], total["estimate"], total["se"], mean["df_design"]]
    wanted = theirs[theirs.index.str.match("estimate|se|total|total_se|df_full")]
    assert_equal(ours, wanted)
