"""The configuration for a survey on violence: its file is read, its printed table is known."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from repository import PROJECT

from disrupting_harm.audit.printed_figures import read_printed_figures
from disrupting_harm.runs.study_checks import check_study
from disrupting_harm.study.study import load_study

EXAMPLE = PROJECT / "config" / "examples" / "vacs"
FILES = ("config.yaml", "countries.csv", "mapping.yaml", "indicators.yaml", "published.csv")
INVENTED = np.random.default_rng(2019)


def write_file(path: Path, children: int = 60) -> None:
    """Write invented answers with the survey's columns, as Stata keeps them."""
    stratum = np.arange(children) % 3
    older = INVENTED.integers(1, 3, children)
    columns = {
        "strata": stratum,
        "cluster": 10 * stratum + np.arange(children) // 3 % 4,
        "sampleweight": INVENTED.uniform(100, 900, children),
        "sex": INVENTED.integers(1, 3, children),
        "agegrp": older,
    }
    for number in (1, 2, 3, 4):
        answers = INVENTED.choice([1.0, 2.0, 98.0, 99.0], children, p=[0.1, 0.8, 0.05, 0.05])
        columns[f"sv{number}_only18"] = np.where(older == 2, answers, np.nan)
    pd.DataFrame(columns).to_stata(path, write_index=False)


def test_a_file_with_the_columns_of_the_survey_is_read(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "vacs"
    shutil.copytree(EXAMPLE, folder)
    write_file(folder / load_study(folder / "config.yaml").countries["MOZ"].raw)
    assert check_study(folder / "config.yaml") == 0
    assert "60 interviews in 12 PSUs and 3 strata, 6 columns of answers" in capsys.readouterr().out


def test_the_printed_table_is_of_its_indicators_and_groups() -> None:
    codebook = load_study(EXAMPLE / "config.yaml").codebook
    printed = read_printed_figures(EXAMPLE / "published.csv")
    assert {cell.key[1] for cell in printed} == {one.id for one in codebook.indicators}
    assert {cell.key[2:] for cell in printed} == {("sex", "female")}
    lines = [(EXAMPLE / name).read_text().count("\n") for name in FILES]
    assert sum(lines) <= 100
