"""The stage of questions, file in, file out."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from linked_survey import LINKED

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from disrupting_harm.provenance.r_code.recompute import ANSWERS_FILE, PAIRS, write_question_lines
from disrupting_harm.provenance.r_code.recompute import OPTIONS as QUESTIONS
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER
from disrupting_harm.publication.question_groups import REST
from disrupting_harm.releases.gate import Verdict
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.stages.questions import question_country
from disrupting_harm.study.codebook.codebook import SUBSAMPLE, Codebook
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import (
    INDICATORS,
    SAMPLE,
    public_contract,
    restricted_contract,
)
from disrupting_harm.tables.io import read_table, write_table

ROOT = Path(__file__).parents[3]
N = 900
ESTIMATION = {
    "interval": "korn_graubard",
    "confidence": 0.95,
    "lonely_psu": "fail",
    "calibrated_errors": False,
}


def codebook() -> Codebook:
    """The linked survey, whose caregivers were asked the first question as well."""
    content = LINKED.model_dump(mode="json")
    content["items"].append(
        {"id": "care", "type": "yes_no", "respondent": "caregiver", "same_as": "one"}
    )
    numerator = [{"item": "care", "among": ["yes"]}]
    content["indicators"].append(
        {"id": "care", "module": "m", "label": "care", "numerator": numerator}
    )
    return Codebook.model_validate(content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers of 900 children, of whom half were asked who it was."""
    made, rng = tmp_path_factory.mktemp("questions"), np.random.default_rng(4)
    child = {"child_id": [f"c{at}" for at in range(N)]}
    weight = rng.lognormal(0, 0.3, N)
    sample = pd.DataFrame(
        {
            "country": "KEN", **child, "simulated": True,
            "stratum": [f"s{at % 3}" for at in range(N)], "psu": [f"p{at % 45}" for at in range(N)],
            "weight": weight, "total": "all", "sex": "girl", "age": "old",
            "sex_age": "girl|old", "region": "A",
        }
    )  # fmt: skip
    who = rng.choice(3, N, p=[0.6, 0.25, 0.15])
    asked = rng.random(N) < 0.5
    columns: dict[str, np.ndarray] = {name: rng.random(N) < 0.4 for name in ("one", "two", "care")}
    columns |= {"any": asked, "told": rng.random(N) < 0.3}
    columns |= {"known": who < 2, "family": who == 0, "stranger": who == 2}
    answers = pd.DataFrame({entry.id: columns[entry.id] * 1.0 for entry in codebook().indicators})
    answers.loc[~asked, ["known", "family", "stranger", "told"]] = np.nan
    factors = {
        "base_weight": weight, "nonresponse_factor": 1.0, "trimmed": False, "trim_factor": 1.0,
        "calibration_factor": 1.0, "weight": weight,
    }  # fmt: skip
    indicators = pd.DataFrame(child).join(answers)
    for name, table, contract in (
        ("sample", sample, SAMPLE),
        ("indicators", indicators, INDICATORS),
        ("weights", pd.DataFrame({**child, **factors}), restricted_contract("country/weights")),
    ):
        write_table(made / f"{name}.parquet", table, contract, True)
    own = estimate(SurveyDesign.from_frame(sample), answers)
    decided = own.drop(columns="df_design").assign(
        country="KEN", reliability="present", reason="", n_printed=own["n"], shown="x",
        population_printed=own["population"], bound_low=np.nan, bound_high=np.nan, status="present",
    )  # fmt: skip
    columns = [
        name
        for name in list(restricted_contract("country/release").columns)[:-1]
        if name in decided
    ]
    write_table(
        made / "release.parquet", decided[columns], restricted_contract("country/release"), True
    )
    return made


def run(
    folder: Path, decision: str = "", before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Run the stage; return its files by name.

    Where a release is updated the gate decides so on all national tables, and ``before`` are the
    public tables of the release.
    """
    gate = []
    if decision:
        outcome = GateFiles(folder / "decisions.csv", folder / "before.parquet")
        tables = pd.DataFrame(
            {
                "indicator": [entry.id for entry in codebook().indicators], "domain": "total",
                "decision": decision, "by_moves": decision == "frozen", "follow_up": False,
                "differ": "10+", "held": "few" if decision == "held" else "",
            }
        )  # fmt: skip
        outcome.write_verdict("KEN", Verdict(tables, NO_EARLIER.cells), True)
        gate = [str(outcome.decisions), str(outcome.before)]
    inputs = ("sample", "indicators", "weights", "release")
    outputs = {name: str(folder / f"{name}.parquet") for name in ("options", "order", "dyads")}
    outputs |= {name: str(folder / f"{name}.csv") for name in ("public_options", "public_dyads")}
    question_country(
        country="KEN",
        **{name: str(folder / f"{name}.parquet") for name in inputs},
        codebook=codebook().definitions(),
        estimation=ESTIMATION,
        margins=(),
        publication=Publication().model_dump(mode="json"),
        gate=gate,
        accepted=before,
        simulated=True,
        outputs=outputs,
    )
    return outputs


def test_restricted_tables_have_all_options_and_pairs(folder: Path) -> None:
    made = run(folder)
    options = read_table(made["options"], restricted_contract("country/options"))
    assert list(options["option"]) == ["family", "stranger", REST]
    assert options["estimate"].sum() == pytest.approx(1)
    assert options["n"].nunique() == 1
    assert 400 < options["n"].iloc[0] < 500
    assert len(read_table(made["order"], restricted_contract("country/order"))) == 3
    pairs = read_table(made["dyads"], restricted_contract("country/dyads"))
    assert set(pairs["child"]) == {"one"}
    assert set(pairs["caregiver"]) == {"care"}
    assert pairs["measure"].iloc[0] == "caregiver_if_child"


def test_public_tables(folder: Path) -> None:
    made = run(folder)
    options = read_table(made["public_options"], public_contract("country/options"))
    pairs = read_table(made["public_dyads"], public_contract("country/dyads"))
    first = options.set_index("option")["may_be_first"]
    assert list(first[first].index) == ["family"]
    assert options["estimate"].isna().sum() == 1
    assert "n_yes" not in pairs
    assert set(pairs["n"]) == {900}
    assert pairs["estimate"].notna().all()


@pytest.fixture(scope="module")
def last(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The public tables of a release, whose numbers are others."""
    made, kept = run(folder), tmp_path_factory.mktemp("last")
    files = {}
    for name, contract in (
        ("public_options", public_contract("country/options")),
        ("public_dyads", public_contract("country/dyads")),
    ):
        table = read_table(made[name], contract)
        files[name] = str(kept / f"{name}.csv")
        write_table(files[name], table.assign(estimate=table["estimate"] / 2), contract, True)
    return files


def test_a_pair_that_changed_is_not_printed(folder: Path, last: dict[str, str]) -> None:
    """Old and new numbers together were not tried."""
    pairs = read_table(
        run(folder, "reissue", last)["public_dyads"], public_contract("country/dyads")
    )
    assert pairs["estimate"].isna().all()
    assert set(pairs["status"]) == {"suppress_disclosure"}


@pytest.mark.parametrize("decision", ["frozen", "held"])
def test_questions_and_pairs_stay_with_their_national_tables(
    folder: Path, last: dict[str, str], decision: str
) -> None:
    made = run(folder, decision, last)
    for name, path in last.items():
        assert Path(made[name]).read_bytes() == Path(path).read_bytes()
    # Of a country that is held nothing is computed either.
    for name, contract in (
        ("options", restricted_contract("country/options")),
        ("order", restricted_contract("country/order")),
        ("dyads", restricted_contract("country/dyads")),
    ):
        assert read_table(made[name], contract).empty == (decision == "held")


def test_a_pair_of_the_same_children_stays(folder: Path, last: dict[str, str]) -> None:
    made = run(folder, "equal", last)
    assert Path(made["public_dyads"]).read_bytes() == Path(last["public_dyads"]).read_bytes()
    new = read_table(made["public_options"], public_contract("country/options"))[
        "estimate"
    ].dropna()
    old = read_table(last["public_options"], public_contract("country/options"))[
        "estimate"
    ].dropna()
    assert new.tolist() == pytest.approx((2 * old).tolist(), abs=0.011)


def test_lines_of_r_read_the_weights_that_the_stage_takes(folder: Path, tmp_path: Path) -> None:
    """Also where the first indicator of the codebook is of a subsample with weights of its own."""
    made = run(folder)
    first, *others = codebook().indicators
    weighted = (first.model_copy(update={"weight": "few"}), *others)
    definitions = codebook().model_copy(update={"indicators": weighted})
    study = replace(load_study(ROOT / "config" / "config.yaml"), codebook=definitions)
    prepared, weights = (tmp_path / name / "KEN" for name in ("prepared", "weights"))
    for place, name in ((prepared, "indicators"), (weights, "weights")):
        place.mkdir(parents=True)
        shutil.copy(folder / f"{name}.parquet", place)
    sample = read_table(folder / "sample.parquet", SAMPLE)
    sample[f"{SUBSAMPLE}few"] = np.arange(N) / N
    write_table(prepared / "sample.parquet", sample, SAMPLE, True)

    def read(table: str, row: dict[str, str]) -> pd.DataFrame:
        write_question_lines(table, {**row, "country": "KEN"}, 3, study, tmp_path, tmp_path / "r")
        return pd.read_csv(tmp_path / "r" / ANSWERS_FILE)

    for option in read_table(made["options"], restricted_contract("country/options")).itertuples():
        given = read(QUESTIONS, {"question": option.question, "option": option.option}).dropna()
        assert len(given) == option.n
        share = np.average(given["answer"], weights=given["weight"])
        assert share == pytest.approx(option.estimate, rel=1e-12)
    pairs = read_table(made["dyads"], restricted_contract("country/dyads")).set_index("measure")[
        "estimate"
    ]
    both = read(PAIRS, {"child": "one", "caregiver": "care", "measure": "agree"})
    alike = np.average(both["child"] == both["caregiver"], weights=both["weight"])
    assert alike == pytest.approx(pairs["agree"], rel=1e-12)
