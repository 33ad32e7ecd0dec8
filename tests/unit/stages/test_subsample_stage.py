"""Indicators of a subsample are estimated with its weight, all others with the weight of all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_study import codebook, mapping

from designbased import Composite, SurveyDesign, estimate
from disrupting_harm.core.errors import StudyError
from disrupting_harm.stages.estimate import estimate_country
from disrupting_harm.stages.export_statistics import export_statistics
from disrupting_harm.stages.prepare import write_prepared
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table, write_table

KEYS = ["indicator", "domain", "level"]
NUMBERS = ["n", "population", "estimate", "se", "ci_low", "ci_high", "deff", "df"]


def own_weight() -> Codebook:
    content = codebook().definitions()
    content["indicators"][1]["weight"] = "module"
    content["indicators"].insert(
        2,
        {"id": "both", "module": "use", "label": "both", "weight": "module", "any_of": ["daily"]},
    )
    return Codebook.model_validate(content)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The raw file of 240 children, half of them in the subsample, and the estimates."""
    folder: Path = tmp_path_factory.mktemp("subsample")
    rng = np.random.default_rng(5)
    n = 240
    psu = np.arange(n) // 12
    raw = pd.DataFrame(
        {
            "id": [f"c{row}" for row in range(n)],
            "stratum": psu % 4,
            "psu": psu,
            "w": rng.integers(500_000, 4_000_000, n),
            "result": 1,
            "q1": rng.integers(1, 3, n),
            "q2": rng.integers(12, 18, n),
            "q3": rng.choice([0, 1, 9], n, p=[0.2, 0.7, 0.1]),
            "q4": rng.choice([1, 2, 9], n),
            "q5": rng.integers(0, 12, n),
        }
    )
    raw["own"] = np.where(rng.random(n) < 0.5, 2 * raw["w"] + rng.integers(0, 900_000, n), 0)
    raw.to_csv(folder / "raw.csv", index=False)
    prepared = prepare_country(
        "KEN",
        folder / "raw.csv",
        mapping(weights={"module": "own"}, weight_divisor=1_000_000),
        own_weight(),
        simulated=True,
        source="column",
    )
    write_prepared(prepared, folder)
    one = pd.Series(1.0, index=prepared.answers.index)
    write_table(
        folder / "weights.parquet",
        pd.DataFrame(
            {
                "child_id": prepared.answers["child_id"],
                "base_weight": prepared.sample["weight"],
                "nonresponse_factor": one,
                "trimmed": False,
                "trim_factor": one,
                "calibration_factor": one,
                "weight": prepared.sample["weight"],
            }
        ),
        restricted_contract("country/weights"),
        True,
    )
    estimate_country(
        country="KEN",
        sample=str(folder / "sample.parquet"),
        indicators=str(folder / "indicators.parquet"),
        parts=str(folder / "parts.parquet"),
        weights=str(folder / "weights.parquet"),
        item_answers=str(folder / "item_answers.csv"),
        codebook=own_weight().definitions(),
        estimation={
            "interval": "korn_graubard",
            "confidence": 0.95,
            "lonely_psu": "fail",
            "calibrated_errors": False,
        },
        margins=(),
        reliability="nchs2017",
        simulated=True,
        output=str(folder / "estimates.parquet"),
    )
    return raw, read_table(folder / "estimates.parquet", restricted_contract("country/estimates"))


def test_each_indicator_has_its_weight(found: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    raw, table = found
    assert table["indicator"].unique().tolist() == ["online", "daily", "both", "hours"]
    online = raw["q3"].map({1: 1.0, 0: 0.0})
    # Whether a child is in the universe of the follow-up is known of those who said yes.
    daily = raw["q4"].map({1: 1.0, 2: 0.0}).where(raw["q3"] == 1)
    sex = pd.Categorical.from_codes(raw["q1"] - 1, ["boy", "girl"])
    domains = pd.DataFrame({"total": pd.Categorical(["all"] * len(raw)), "sex": sex})
    asked = ((raw["q3"] == 1) & (raw["own"] > 0)).to_numpy()
    for weight, name, answers in (("w", "online", online), ("own", "daily", daily)):
        divided = raw.assign(weight=raw[weight] / 1_000_000)
        design = SurveyDesign.from_frame(divided, weight="weight", stratum="stratum", psu="psu")
        outcome = answers.where(raw[weight] > 0).to_frame(name)
        expected = estimate(design, outcome, domains).set_index(KEYS)[NUMBERS]
        ours = table.set_index(KEYS).loc[expected.index, NUMBERS]
        pd.testing.assert_frame_equal(ours, expected, check_dtype=False, rtol=1e-12)
        if name == "daily":
            open_too = Composite(outcome.to_numpy(), asked)
            imputed = estimate(design, outcome, domains, composites={name: open_too})
            composite = table[table["indicator"] == "both"].set_index(KEYS[1:])
            theirs = imputed.set_index(KEYS[1:])[NUMBERS]
            pd.testing.assert_frame_equal(
                composite.loc[theirs.index, NUMBERS], theirs, check_dtype=False, rtol=1e-12
            )


def test_statistics_are_not_exported_with_it(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="the weight 'module' of a subsample"):
        export_statistics(
            country="KEN", config=None, codebook=own_weight(), target=tmp_path / "new"
        )
