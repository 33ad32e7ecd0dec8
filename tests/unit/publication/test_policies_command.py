"""The command that says what each standard would publish of a country."""

from pathlib import Path

import pandas as pd
import pytest

from disrupting_harm.__main__ import main
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import write_table

ROOT = Path(__file__).parents[3]
CELL = {
    "country": "KEN",
    "domain": "total",
    "level": "all",
    "n_yes": 10.0,
    "population": 2.5e6,
    "deff": 1.3,
    "n_eff": 200.0,
    "df": 60.0,
    "reliability": "present",
    "reason": "",
}
CELLS = [
    {"indicator": "online", "n": 400, "estimate": 0.1, "se": 0.02, "interval": "logit"},
    {"indicator": "rare", "n": 40, "estimate": 0.05, "se": 0.04, "interval": "logit"},
    {"indicator": "hours", "n": 400, "estimate": 3.0, "se": 0.1, "interval": "wald_t"},
]


@pytest.fixture
def estimates(tmp_path: Path) -> Path:
    path = tmp_path / "restricted" / "estimates" / "KEN.parquet"
    table = pd.DataFrame([{**CELL, **cell} for cell in CELLS])
    table["ci_low"], table["ci_high"] = table["estimate"] - 0.01, table["estimate"] + 0.01
    columns = [name for name in restricted_contract("country/estimates").columns if name in table]
    write_table(path, table[columns], restricted_contract("country/estimates"), True)
    return path


def verdicts(estimates: Path, tmp_path: Path) -> pd.DataFrame:
    output = tmp_path / "policies.csv"
    assert main(["policies", "--estimates", str(estimates), "--output", str(output)]) == 0
    assert output.stat().st_mode & 0o777 == 0o600
    return pd.read_csv(output, keep_default_na=False).set_index("indicator")


def test_prints_counts_and_writes_cells(estimates, tmp_path, capsys) -> None:
    table = verdicts(estimates, tmp_path)
    assert table["nchs2017"].to_dict() == {
        "online": "present",
        "rare": "suppress",
        "hours": "present",
    }
    assert table.loc["rare", "dhs_reason"] == "n_25_to_49"
    assert set(table["eu_silc"]) == {"not_judged"}
    printed = capsys.readouterr().out
    dhs = next(line for line in printed.splitlines() if line.startswith("dhs"))
    assert dhs.split()[-5:] == ["2", "1", "0", "0", "0"]
    assert "(unverified)" in next(line for line in printed.splitlines() if "mics" in line)


def test_takes_the_missing_answers_beside_the_estimates(estimates, tmp_path) -> None:
    counts = pd.DataFrame(
        {
            "indicator": ["online", "rare", "hours"],
            "n_universe": [500, 100, 400],
            "n_valid": [400, 40, 400],
            "n_dont_know": [60, 30, 0],
            "n_prefer_not_to_say": [30, 20, 0],
            "n_lost": [10, 10, 0],
            "n_not_asked": [0, 0, 0],
        }
    )
    beside = estimates.parent.parent / "prepared" / "KEN" / "item_answers.csv"
    write_table(beside, counts, restricted_contract("country/item_answers"), True)
    table = verdicts(estimates, tmp_path)
    assert table["eu_silc"].to_dict() == {
        "online": "caution",
        "rare": "suppress",
        "hours": "present",
    }
    assert table.loc["rare", "eu_silc_reason"] == "item_nonresponse_above_50"


def test_says_which_file_is_missing(tmp_path, capsys) -> None:
    assert main(["policies", "--estimates", str(tmp_path / "KEN.parquet")]) == 1
    assert "KEN.parquet" in capsys.readouterr().err


def test_takes_a_country_of_the_study(estimates, tmp_path, monkeypatch, capsys) -> None:
    assert main(["policies", "--estimates", str(estimates)]) == 0
    of_file = capsys.readouterr().out
    (tmp_path / "results").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["policies", "KEN", "--config", str(ROOT / "config" / "config.yaml")]) == 0
    assert capsys.readouterr().out == of_file


def test_what_was_not_asked_is_judged_by_no_standard(estimates, tmp_path) -> None:
    table = pd.read_parquet(estimates)
    table.loc[table["indicator"] == "rare", ["reliability", "reason"]] = "not_asked"
    write_table(estimates, table, restricted_contract("country/estimates"), True)
    assert set(verdicts(estimates, tmp_path).index) == {"online", "hours"}
