"""Stages with a study's choice of calibrated standard errors and of trimming by estimated error."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from pydantic import ValidationError
from simulated_study import children, small, study

from designbased.estimates.stabilised_intervals import STABILISED
from disrupting_harm.core.errors import StudyError
from disrupting_harm.simulation.study import simulate_study
from disrupting_harm.stages.audit import audit
from disrupting_harm.stages.estimate import estimate_country
from disrupting_harm.stages.prepare import prepare
from disrupting_harm.stages.weight import weight_country
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.weighting_config import Calibration, Trimming
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table

COUNTRY = "KEN"
MARGINS = ("sex", "area")
KEYS = ["indicator", "domain", "level"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    made = simulate_study(
        COUNTRY,
        small(),
        study().codebook,
        study().mappings[COUNTRY],
        children(COUNTRY),
        1.0,
        MARGINS,
        3,
    )
    made.sample.to_csv(folder / "raw.csv", index=False)
    made.margins.to_csv(folder / "margins.csv", index=False)
    prepare(
        country=COUNTRY,
        raw=str(folder / "raw.csv"),
        margins=str(folder / "margins.csv"),
        margin_names=MARGINS,
        mapping=study().mappings[COUNTRY].model_dump(mode="json"),
        codebook=study().codebook.model_dump(mode="json"),
        simulated=True,
        source="selection",
        lonely_psu="centre",
        calibrated_errors=False,
        folder=str(folder),
    )
    weigh(folder)
    return folder


def weighting_settings(**trimming) -> dict:
    settings = study().config.weighting.model_dump(mode="json")
    settings |= {"margins": MARGINS, "trimming": trimming or None}
    settings["nonresponse"] |= {"classes": ("area",)}
    return settings


def weigh(folder: Path, **trimming) -> dict:
    settings = weighting_settings(**trimming)
    weight_country(
        sample=str(folder / "sample.parquet"),
        margins=str(folder / "margins.csv"),
        indicators=str(folder / "indicators.parquet"),
        weighting=settings,
        key_indicators=headline(),
        **{
            f"{name}_output": str(folder / f"{name}.out")
            for name in ("weights", "units", "diagnostics", "margins", "steps", "collapses")
        },
    )
    return json.loads((folder / "diagnostics.out").read_text())


def headline() -> list[str]:
    entries = study().codebook.indicators
    return [e.id for e in entries if e.headline and e.statistic == "proportion"]


def estimated(folder: Path, calibrated: bool, interval: str = "korn_graubard") -> pd.DataFrame:
    output = folder / f"estimates_{calibrated}.parquet"
    estimate_country(
        country=COUNTRY,
        sample=str(folder / "sample.parquet"),
        indicators=str(folder / "indicators.parquet"),
        parts=str(folder / "parts.parquet"),
        weights=str(folder / "weights.out"),
        item_answers=str(folder / "item_answers.csv"),
        codebook=study().codebook.model_dump(mode="json"),
        estimation={
            "interval": interval,
            "confidence": 0.95,
            "lonely_psu": "centre",
            "calibrated_errors": calibrated,
        },
        margins=MARGINS,
        reliability="nchs2017",
        simulated=True,
        output=str(output),
    )
    return pd.read_parquet(output)


def audited(
    folder: Path,
    estimates: str,
    calibrated_errors: bool,
    weights: str = "weights.out",
    weighting: dict | None = None,
) -> pd.DataFrame:
    audit(
        countries=[COUNTRY],
        samples=[str(folder / "sample.parquet")],
        indicators=[str(folder / "indicators.parquet")],
        parts=[str(folder / "parts.parquet")],
        units=[str(folder / "units.out")],
        weights=[str(folder / weights)],
        margins=[str(folder / "margins.csv")],
        estimates=[str(folder / estimates)],
        codebook=study().codebook.model_dump(mode="json"),
        weighting=weighting or weighting_settings(),
        estimation={
            "interval": "korn_graubard",
            "confidence": 0.95,
            "lonely_psu": "certainty",
            "calibrated_errors": calibrated_errors,
        },
        weights_output=str(folder / "audit_weights.csv"),
        table_output=str(folder / "audit.csv"),
        summary_output=str(folder / "audit.json"),
    )
    return pd.read_csv(folder / "audit.csv")


@pytest.mark.parametrize("calibrated_errors", [False, True])
def test_calibrated_errors_are_refused_for_margins_that_are_estimates(
    prepared: Path, tmp_path: Path, calibrated_errors: bool
) -> None:
    margins = pd.read_csv(prepared / "margins.csv")
    basis = margins["margin"].map({"area": "estimated"})
    margins.assign(basis=basis).to_csv(tmp_path / "margins.csv", index=False)
    given = {
        "country": COUNTRY,
        "raw": str(prepared / "raw.csv"),
        "margins": str(tmp_path / "margins.csv"),
        "margin_names": MARGINS,
        "mapping": study().mappings[COUNTRY].model_dump(mode="json"),
        "codebook": study().codebook.model_dump(mode="json"),
        "simulated": True,
        "source": "selection",
        "lonely_psu": "centre",
        "calibrated_errors": calibrated_errors,
        "folder": str(tmp_path / "out"),
    }
    if not calibrated_errors:
        prepare(**given)
        assert (tmp_path / "out" / "parts.parquet").is_file()
        return
    with pytest.raises(StudyError, match=r"'basis', margin 'area'.*calibrated_errors' to false"):
        prepare(**given)
    assert not (tmp_path / "out").exists()


def test_calibrated_errors_change_errors_alone(prepared: Path) -> None:
    plain, calibrated = estimated(prepared, False), estimated(prepared, True)
    same = [*KEYS, "n", "n_yes", "population", "estimate", "df", "interval"]
    pd.testing.assert_frame_equal(plain[same], calibrated[same], check_exact=True)
    ratio = (calibrated["se"] / plain["se"])[plain["se"] > 0]
    assert 0.9 < ratio.median() < 1
    assert (ratio < 0.99).sum() > 50


def test_stabilised_limits_follow_from_the_table_itself(prepared: Path) -> None:
    """By the formula of the engine's module, written out here with SciPy alone."""
    plain, table = estimated(prepared, False), estimated(prepared, False, STABILISED)
    own = table["interval"] == STABILISED
    assert set(table.loc[~own, "interval"]) == {"wald_t"}
    assert table.loc[~own, ["deff_expected", "psus_fewer"]].isna().all(axis=None)
    t = table[own & table["se"].gt(0) & table["df"].gt(0)]
    prior = (t["psus_fewer"] * t["deff"] + 8 * t["deff_expected"]) / (t["psus_fewer"] + 8)
    ratio = scipy.stats.t.ppf(0.975, t["n"] - 1) / scipy.stats.t.ppf(0.975, t["df"])
    n = np.minimum(t["n"], t["n"] / np.maximum(t["deff"], prior) * ratio**2)
    yes = n * t["estimate"]
    low = scipy.stats.beta.ppf(0.025, yes, n - yes + 1)
    high = scipy.stats.beta.ppf(0.975, yes + 1, n - yes)
    np.testing.assert_allclose(t["ci_low"], low, rtol=1e-9)
    np.testing.assert_allclose(t["ci_high"], high, rtol=1e-9)
    wider = (t["ci_high"] - t["ci_low"]) / (plain["ci_high"] - plain["ci_low"])[t.index]
    assert wider.min() > 1 - 1e-9
    assert wider.median() > 1.01
    numbers = ["n", "estimate", "se", "deff", "df"]
    pd.testing.assert_frame_equal(plain[numbers], table[numbers], check_exact=True)


def test_the_audit_compares_errors_of_one_kind(prepared: Path) -> None:
    estimated(prepared, False)
    estimated(prepared, True)
    for calibrated in (False, True):
        differences = audited(prepared, f"estimates_{calibrated}.parquet", calibrated)
        assert differences.filter(like="_difference").max().max() < 1e-9
    assert (
        "before calibration" in json.loads((prepared / "audit.json").read_text())["third_estimator"]
    )
    with pytest.raises(StudyError, match="second computation, by samplics, differs"):
        audited(prepared, "estimates_True.parquet", False)


def test_the_audit_still_finds_wrong_estimates(prepared: Path) -> None:
    table = estimated(prepared, True)
    wrong = table["indicator"].isin(headline()) & (table["domain"] == "total")
    table.loc[wrong, "estimate"] *= 1 + 1e-6
    table.to_parquet(prepared / "wrong.parquet")
    with pytest.raises(StudyError, match="second computation, by samplics, differs"):
        audited(prepared, "wrong.parquet", True)


@pytest.mark.parametrize("value", ["df", "ci_low", "ci_high"])
def test_the_audit_finds_wrong_limits_by_svy(prepared: Path, value: str) -> None:
    table = estimated(prepared, False).astype({"df": float})
    cells = table["indicator"].isin(headline()) & (table["se"] > 0) & (table["ci_low"] > 0)
    table.loc[cells[cells].index[5], value] *= 1 + 1e-6
    table.to_parquet(prepared / "wrong.parquet")
    with pytest.raises(StudyError, match=r"second computation, by svy, differs by 1.0e-06"):
        audited(prepared, "wrong.parquet", False)


def test_the_audit_recomputes_non_response_and_raking(prepared: Path) -> None:
    estimated(prepared, False)
    audited(prepared, "estimates_False.parquet", False)
    found = pd.read_csv(prepared / "audit_weights.csv").set_index("step")
    assert list(found.index) == ["nonresponse", "raking"]
    assert (found["largest_difference"] < 1e-11).all()
    assert found["not_recomputed"].isna().all()
    table = read_table(prepared / "weights.out", restricted_contract("country/weights"))
    for column, step in (("nonresponse_factor", "nonresponse"), ("weight", "raking")):
        wrong = table.copy()
        wrong.loc[7, column] *= 1 + 1e-7
        write_table(
            str(prepared / "wrong.out"), wrong, restricted_contract("country/weights"), True
        )
        with pytest.raises(StudyError, match=f"country {COUNTRY}, {step}: the second computation"):
            audited(prepared, "estimates_False.parquet", False, "wrong.out")


def test_capped_weights_are_raked_again_and_other_methods_say_why_not(prepared: Path) -> None:
    capping = {"method": "fixed", "cap": 60_000.0, "only_above_deff": 1.0}
    assert weigh(prepared, **capping)["trimming"]["trimmed"] > 0
    estimated(prepared, False)
    audited(prepared, "estimates_False.parquet", False, weighting=weighting_settings(**capping))
    found = pd.read_csv(prepared / "audit_weights.csv").set_index("step")
    assert found.loc["raking", "largest_difference"] < 1e-9
    linear = weighting_settings(**capping) | {"calibration": {"method": "linear", "bounds": None}}
    audited(prepared, "estimates_False.parquet", False, weighting=linear)
    found = pd.read_csv(prepared / "audit_weights.csv").set_index("step")
    assert "another method" in found.loc["raking", "not_recomputed"]
    assert np.isnan(found.loc["raking", "largest_difference"])
    weigh(prepared)


def test_the_audit_recomputes_composites_with_imputed_answers(prepared: Path) -> None:
    table = estimated(prepared, False)
    own = (table["indicator"] == "any_tf_csea") & (table["domain"] == "sex")
    assert own.sum() == 2
    table.loc[own, "se"] *= 1 + 1e-6
    table.to_parquet(prepared / "wrong.parquet")
    with pytest.raises(StudyError, match="indicator 'any_tf_csea'"):
        audited(prepared, "wrong.parquet", False)


def test_trimming_by_estimated_error_reads_the_indicators(prepared: Path) -> None:
    before = (prepared / "weights.out").read_bytes()
    trimming = weigh(prepared, method="mse", only_above_deff=1.0)["trimming"]
    curve = pd.DataFrame(trimming["mse_curve"])
    assert trimming["key_indicators"] == headline()
    assert curve["mean_relative_mse"].min() <= 1
    assert np.isfinite(curve["mean_relative_mse"]).all()
    weigh(prepared)
    assert (prepared / "weights.out").read_bytes() == before


@pytest.mark.parametrize(
    ("model", "values", "words"),
    [
        (Trimming, {"method": "fixed"}, "'cap' goes with"),
        (Trimming, {"cap": 5.0}, "'cap' goes with"),
        (Trimming, {"contribution": 1.0}, "greater than 1"),
        (Calibration, {"method": "logit"}, "needs 'bounds'"),
        (Calibration, {"bounds": (0.5, 0.9)}, "0 <= first < 1 < second"),
        (Calibration, {"bounds": (-1.0, 2.0)}, "0 <= first < 1 < second"),
    ],
)
def test_settings_that_do_not_go_together(model, values, words) -> None:
    with pytest.raises(ValidationError, match=words):
        model(**values)


def test_calibrated_errors_need_margins() -> None:
    content = study().config.model_dump(mode="json")
    content["estimation"]["calibrated_errors"] = True
    assert Configuration.model_validate(content).estimation.calibrated_errors
    content["weighting"]["margins"] = []
    with pytest.raises(ValidationError, match=r"needs 'weighting\.margins'"):
        Configuration.model_validate(content)
