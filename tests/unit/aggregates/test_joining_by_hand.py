"""Statistics that another program wrote: what follows from them, and every fault with its place."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statistics_by_hand import (
    CELLS,
    CODEBOOK,
    COUNTRY,
    FACTS,
    RULES,
    YES,
    cell,
    hidden,
    write_by_hand,
)

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.aggregates.agreement import shared_rules
from disrupting_harm.aggregates.partner_definitions import definition_hashes
from disrupting_harm.aggregates.reading import read_partner_statistics
from disrupting_harm.comparison.differences.within_country import estimate_gaps
from disrupting_harm.core.errors import StudyError
from disrupting_harm.stages.import_statistics import OUTPUTS, import_statistics
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import read_table

NUMBERS = (16, 16, 0.5, 0.1, 0.3, 0.7, 2)
NATIONAL = (COUNTRY, "x", "total", "all", *NUMBERS, "", "50", "", "", "present", "")


def read(folder: Path, codebook: Codebook = CODEBOOK, rules: dict = RULES):
    return read_partner_statistics(folder, COUNTRY, codebook, rules, simulated=False)


def imported(folder: Path, target: Path) -> Path:
    ending = {"table": "csv", "quality": "json", "disclosure": "json"}
    import_statistics(
        country=COUNTRY, folder=str(folder), codebook=CODEBOOK.definitions(), rules=RULES,
        gaps=("sex",), publication={}, simulated=False,
        outputs={name: str(target / f"{name}.{ending.get(name, 'parquet')}") for name in OUTPUTS},
    )  # fmt: skip
    return target


def test_the_example_gives_the_gap_that_its_children_give(tmp_path: Path) -> None:
    found = imported(write_by_hand(tmp_path / "sent"), tmp_path / "made")
    gap = read_table(found / "gaps.parquet", restricted_contract("contrasts/gaps")).iloc[0]
    assert (gap["level_a"], gap["level_b"]) == ("girl", "boy")
    assert (gap["difference"], gap["se"], gap["df"]) == (0.375, 0.125, 2)
    rows = [
        {"stratum": psu // 2, "psu": psu, "weight": 1.0, "sex": sex, "x": float(child < yes[psu])}
        for sex, yes in YES.items()
        for psu in range(4)
        for child in range(2)
    ]
    frame = pd.DataFrame(rows)
    frame = frame.astype({"stratum": str, "psu": str})
    design = SurveyDesign.from_frame(frame, weight="weight", stratum="stratum", psu="psu")
    sex = pd.DataFrame({"sex": pd.Categorical(frame["sex"], categories=["boy", "girl"])})
    from_children = estimate_gaps(design, frame[["x"]], sex).iloc[0]
    for name in ("se", "df", "ci_low", "ci_high", "log_ratio", "log_ratio_se", "n_a", "n_b"):
        assert gap[name] == pytest.approx(from_children[name], rel=1e-12), name


def test_levels_that_vary_alike_have_no_error(tmp_path: Path) -> None:
    cells = [NATIONAL, cell("sex", "boy", (1, 1, 0, 1)), cell("sex", "girl", (2, 2, 1, 2))]
    folder = write_by_hand(tmp_path / "sent", cells, [("x", "sex", "girl", "boy", 1 / 64, 2)])
    gap = read_table(
        imported(folder, tmp_path / "made") / "gaps.parquet", restricted_contract("contrasts/gaps")
    ).iloc[0]
    assert gap["se"] == 0
    assert np.isnan(gap["ci_low"])


def test_what_was_not_sent_is_an_empty_table_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = imported(write_by_hand(tmp_path / "sent"), tmp_path / "made")
    assert "not sent, so not compared: standardised.csv, bounds.csv, ratios.csv" in (
        capsys.readouterr().out
    )
    assert pd.read_parquet(made / "bounds.parquet").empty
    public = pd.read_csv(made / "table.csv", dtype=str)
    assert public["estimate"].tolist() == ["0.56", "0.38", "0.75"]
    assert json.loads((made / "quality.json").read_text())["psus"] == FACTS["psus"]
    assert json.loads((made / "disclosure.json").read_text()) == {}


def test_indicators_of_other_studies_are_left(tmp_path: Path) -> None:
    hashes = definition_hashes(CODEBOOK)["indicators"]
    folder = write_by_hand(tmp_path / "sent", indicators={**hashes, "more": "0" * 64})
    assert read(folder).unused == ("more",)


OTHER = Codebook.model_validate(
    CODEBOOK.model_dump()
    | {"indicators": [CODEBOOK.indicators[0].model_dump() | {"dont_know": "no"}]}
)
RELABELLED = Codebook.model_validate(
    CODEBOOK.model_dump() | {"indicators": [CODEBOOK.indicators[0].model_dump() | {"label": "Y"}]}
)


def test_a_definition_is_known_by_what_it_counts_and_not_by_its_words(tmp_path: Path) -> None:
    folder = write_by_hand(tmp_path / "sent")
    read(folder, RELABELLED)
    with pytest.raises(StudyError, match=r"key 'indicators': defined in another way .*: x"):
        read(folder, OTHER)


BOUNDS = (
    *("country", "indicator", "n_valid", "valid_share", "estimate"),
    *("lower", "upper", "ci_low", "ci_high"),
)
STANDARDISED = (
    *("country", "indicator", "n", "crude", "estimate", "se", "ci_low", "ci_high", "df"),
    *("reliability", "note", "verdict"),
)
BOY, GIRL = cell("sex", "boy", YES["boy"]), cell("sex", "girl", YES["girl"])
FAULTS = {
    "another country": ({"country": "UGA"}, r"the statistics are of UGA, not of KEN"),
    "simulated": ({"simulated": True}, r"the statistics are simulated, the study is observed"),
    "other rules": (
        {"rules": RULES | {"interval": "logit", "review": "show"}},
        r"key 'rules': other rules than this study's: interval, review",
    ),
    "another format": ({"format": 1}, r"statistics.json, key 'format'"),
    "no definitions": ({"indicators": {}}, r"key 'indicators': without x"),
    "a strange file": ({"files": {"notes.txt": "0" * 64}}, r"'notes.txt' is no file of"),
    "a number of a hidden cell": (
        {"cells": [NATIONAL, BOY, (*hidden("sex", "girl")[:4], 8, *hidden("sex", "girl")[5:])]},
        r"cells.csv: .*a cell that is hidden has numbers",
    ),
    "a shown cell without its error": (
        {"cells": [NATIONAL, BOY, (*GIRL[:7], "", *GIRL[8:])]},
        r"cells.csv: .*a cell that is shown lacks a number",
    ),
    "a covariance with a hidden cell": (
        {"cells": [NATIONAL, BOY, hidden("sex", "girl")]},
        r"covariances.csv, row 2, column 'level_a': a cell that cells.csv does not show",
    ),
    "a word for a number": (
        {"cells": [NATIONAL, BOY, (*GIRL[:6], "many", *GIRL[7:])]},
        r"cells.csv, column 'estimate': row 4 holds no number",
    ),
    "a level that is none": (
        {"cells": [NATIONAL, BOY, GIRL, hidden("sex", "other")]},
        r"cells.csv, row 5, column 'level': domain 'sex' has no such level",
    ),
    "a cell twice": ({"cells": [NATIONAL, BOY, GIRL, GIRL]}, r"stand twice"),
    "no national cell": ({"cells": [BOY, GIRL]}, r"cells.csv: no national row of x"),
    "rows of another country": (
        {"cells": [("UGA", *NATIONAL[1:]), BOY, GIRL]}, r"cells.csv, row 2, column 'country'",
    ),
    "a covariance that is too large": (
        {"covariances": [("x", "sex", "girl", "boy", 0.0222, 2)]},
        r"covariances.csv, row 2, column 'covariance': it is larger than the two standard errors",
    ),
    "levels in another order": (
        {"covariances": [("x", "sex", "boy", "girl", 0.015625, 2)]},
        r"covariances.csv, row 2, column 'level_a': the level stands before 'level_b'",
    ),
    "bounds of another estimate": (
        {"more": [("bounds.csv", BOUNDS, [(COUNTRY, "x", 16, 0.9, 0.57, *[0.5, 0.6] * 2)])]},
        r"bounds.csv, row 2, column 'estimate': it is not the national estimate of cells.csv",
    ),
    "part of a child": (
        {"more": [("bounds.csv", BOUNDS, [(COUNTRY, "x", 15.5, 0.9, 0.5625, *[0.5, 0.6] * 2)])]},
        r"bounds.csv, column 'n_valid': row 2 holds no whole number",
    ),
    "an impossible error": (
        {"cells": [NATIONAL, BOY, (*GIRL[:7], -0.1, *GIRL[8:])]}, r"cells.csv, column 'se'.*row 4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_named_with_its_place(tmp_path: Path, fault: str) -> None:
    changes, message = FAULTS[fault]
    with pytest.raises(StudyError, match=message):
        read(write_by_hand(tmp_path / "sent", **changes))


def test_standardised_estimates_follow_from_cells_and_covariances(tmp_path: Path) -> None:
    """A third of the standard are boys: 1/3 · 3/8 + 2/3 · 6/8 = 5/8."""
    standard = {"domain": "sex", "shares": {"boy": 1 / 3, "girl": 2 / 3}}
    rules = RULES | {"standard": standard}
    se = (1 / 64 / 9 + 4 / 32 / 9 + 2 * 2 / 64 / 9) ** 0.5

    def sent(name: str, estimate: float, error: float) -> Path:
        numbers = (16, 0.5625, estimate, error, 0.3, 0.9, 2)
        rows = [(COUNTRY, "x", *numbers, "present", "", "present")]
        more = [("standardised.csv", STANDARDISED, rows)]
        return write_by_hand(tmp_path / name, more=more, rules=rules)

    read(sent("right", 0.625, se), rules=rules)
    for name, estimate, error in (("estimate", 0.626, se), ("se", 0.625, se / 2)):
        place = rf"standardised\.csv, row 2, column '{name}': it does not follow from cells\.csv"
        with pytest.raises(StudyError, match=place):
            read(sent(name, estimate, error), rules=rules)


def test_files_that_are_missing_or_changed(tmp_path: Path) -> None:
    folder = write_by_hand(tmp_path / "sent")
    text = (folder / "covariances.csv").read_text()
    (folder / "covariances.csv").write_text(text.replace("girl", "boy "))
    with pytest.raises(StudyError, match=r"covariances\.csv: it is not the file whose SHA-256"):
        read(folder)
    (folder / "covariances.csv").unlink()
    with pytest.raises(StudyError, match=r"covariances\.csv: there is no such file"):
        read(folder)
    (folder / "statistics.json").write_text("{")
    with pytest.raises(StudyError, match=r"statistics\.json, line 1: it is no JSON"):
        read(folder)


def test_a_missing_fact_on_quality_is_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delitem(FACTS, "psus")
    with pytest.raises(StudyError, match=r"quality\.json, key 'psus': it is missing"):
        read(write_by_hand(tmp_path / "sent"))


def test_the_rules_are_those_of_a_configuration() -> None:
    config = Configuration.model_validate(
        {
            "study": {"id": "a", "title": "A", "date": "2026-11-27", "simulated": False},
            "countries": "countries.csv",
            "codebook": "indicators.yaml",
            "weighting": {"source": "column"},
        }
    )
    assert shared_rules(config) == RULES


SEX_STANDARD = RULES | {"standard": {"domain": "sex", "shares": {"boy": 0.5, "girl": 0.5}}}
PUBLISHED = {"rules": SEX_STANDARD, "digits": "as published"}


def rounded(row):
    """Return a cell with the digits of a published table."""
    estimate, se, low, high = (float(f"{value:.2g}") for value in row[6:10])
    return (*row[:6], estimate, se, low, high, *row[10:])


def write_rounded(folder, covariance=0.016, estimate=0.56, se=0.14):
    """Write the example as published; of the two levels the variance is 5/256, se = 0.1398."""
    row = (COUNTRY, "x", 16, 0.56, estimate, se, 0.1, 0.9, 2, "present", "", "present")
    return write_by_hand(
        folder, [rounded(each) for each in (NATIONAL_OF_PSUS, BOY, GIRL)],
        [("x", "sex", "girl", "boy", covariance, 2)],
        [("standardised.csv", STANDARDISED, [row])], **PUBLISHED,
    )  # fmt: skip


NATIONAL_OF_PSUS = (*NATIONAL[:6], 0.5625, 0.14, 0.1, 0.9, *NATIONAL[10:])


def test_rounded_numbers_need_to_agree_within_their_digits(tmp_path: Path) -> None:
    joining = read(write_rounded(tmp_path / "sent"), rules=SEX_STANDARD)
    assert joining.statement.digits == "as published"
    with pytest.raises(StudyError, match="column 'covariance': it is larger than"):
        read(write_rounded(tmp_path / "a", covariance=0.027), rules=SEX_STANDARD)
    for name, value in (("estimate", 0.59), ("se", 0.17)):
        with pytest.raises(StudyError, match=f"column '{name}': it does not follow"):
            read(write_rounded(tmp_path / name, **{name: value}), rules=SEX_STANDARD)


def test_numbers_with_all_digits_agree_to_the_last(tmp_path: Path) -> None:
    folder = write_rounded(tmp_path / "sent")
    statement = json.loads((folder / "statistics.json").read_text())
    statement["digits"] = "all, for restricted use"
    (folder / "statistics.json").write_text(json.dumps(statement))
    with pytest.raises(StudyError, match="it does not follow"):
        read(folder, rules=SEX_STANDARD)


def test_whole_per_cents_are_taken_as_they_were_rounded_at_home(tmp_path: Path) -> None:
    """37.5 per cent may be 37.496 at home, which is 37; it is never 30."""

    def sent(whole: int) -> Path:
        rows = [(*row, *per_cents) for row, per_cents in (
            (NATIONAL_OF_PSUS, (56, 10, 90)), (BOY, (whole, 0, 91)), (GIRL, (75, 0, 100)),
        )]  # fmt: skip
        return write_by_hand(tmp_path / str(whole), rows, columns=(*CELLS, *WHOLE.values()))

    table = pd.read_csv(imported(sent(37), tmp_path / "made") / "table.csv")
    assert table["whole"].tolist() == [56, 37, 75]
    with pytest.raises(StudyError, match="row 3, column 'whole': it is not column 'estimate' in"):
        read(sent(30))
