"""The configuration for a Kids Online survey: its file is read once its open columns are named."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from repository import PROJECT

from disrupting_harm.audit.printed_figures import read_printed_figures
from disrupting_harm.runs.study_checks import check_study
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.study.study import load_study

EXAMPLE = PROJECT / "config" / "examples" / "kids_online"
FILES = ("config.yaml", "countries.csv", "mapping.yaml", "indicators.yaml", "published.csv")
# Codes of the file: yes, no, does not know, no answer, not asked as no internet user.
SHARES = {1: 0.1, 0: 0.7, 97: 0.08, 98: 0.02, 99: 0.1}
INVENTED = np.random.default_rng(2024)


def write_file(path: Path, children: int = 80) -> pd.DataFrame:
    """Write invented answers as Cetic.br does, then convert the file as config.yaml says."""
    stratum = np.arange(children) % 4
    columns = {
        "ESTRATO": stratum,
        "UPA": 10 * stratum + np.arange(children) // 4 % 5,
        "PESO": INVENTED.uniform(1000, 9000, children),
        "COD_REGIAO_2": 1 + np.arange(children) % 5,
        "FAIXA_ETARIA": INVENTED.integers(1, 5, children),
        "DESCRI\u00c7\u00c3O": "n\u00e3o lida",
    }
    for name in ("Q_A", "Q_B"):
        columns[name] = INVENTED.choice(list(SHARES), children, p=list(SHARES.values()))
    data = pd.DataFrame(columns)
    source = path.with_suffix(".latin1")
    data.to_csv(source, sep=";", decimal=",", encoding="latin-1", index=False)
    path.write_text(source.read_text(encoding="latin-1").replace(",", "."), encoding="utf-8")
    return data


def copied(tmp_path: Path, *, named: bool) -> Path:
    """Copy the example, with the columns of its questions named as a user does."""
    folder = tmp_path / "kids_online"
    shutil.copytree(EXAMPLE, folder)
    mapping = folder / "mapping.yaml"
    text = mapping.read_text()
    if named:
        text = text.replace("FILL_IN_G23", "Q_A").replace("FILL_IN_G21", "Q_B")
    mapping.write_text(text)
    return folder / "config.yaml"


def test_a_file_with_the_columns_of_the_survey_is_read(tmp_path: Path, capsys) -> None:
    config = copied(tmp_path, named=True)
    data = write_file(config.parent / "kids_online.csv")
    assert check_study(config) == 0
    assert "80 interviews in 20 PSUs and 4 strata, 4 columns of answers" in capsys.readouterr().out
    study = load_study(config)
    prepared = prepare_country(
        "BRA",
        study.raw_file("BRA"),
        study.mappings["BRA"],
        study.codebook,
        simulated=False,
        source="column",
        lonely_psu=study.config.estimation.lonely_psu,
    )
    # As in the printed table, whoever does not know or does not answer is in the base.
    counted = data["Q_A"].map({1: 1.0, 0: 0.0, 97: 0.0, 98: 0.0})
    np.testing.assert_array_equal(prepared.indicators["treated_offensively"], counted)


def test_a_column_left_open_is_named(tmp_path: Path, capsys) -> None:
    config = copied(tmp_path, named=False)
    write_file(config.parent / "kids_online.csv")
    assert check_study(config) == 1
    said = capsys.readouterr().err
    assert "column 'FILL_IN_G23': there is no such column" in said
    assert "name there the column of its answers" in said


def test_the_printed_tables_are_of_its_indicators_and_groups() -> None:
    codebook = load_study(EXAMPLE / "config.yaml").codebook
    printed = {cell.key[1:] for cell in read_printed_figures(EXAMPLE / "published.csv")}
    levels = [(one.id, level) for one in codebook.domains for level in codebook.levels(one.id)]
    assert printed == {(one.id, *level) for one in codebook.indicators for level in levels}
    lines = [(EXAMPLE / name).read_text().count("\n") for name in FILES]
    assert sum(lines) <= 100
