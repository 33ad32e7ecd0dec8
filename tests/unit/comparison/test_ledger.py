"""The comparability ledger and the file of judgements behind it."""

from pathlib import Path

import pandas as pd
import pytest

from disrupting_harm.comparison.judgements import FILE_COLUMNS, read_comparability
from disrupting_harm.comparison.ledger import NOT_AVAILABLE, comparability_ledger, select_comparable
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import load_study
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.io import check_table

CONFIG = Path(__file__).parents[3] / "config"
HEADER = ",".join(FILE_COLUMNS)
CODES = ["KEN", "NAM", "UGA", "ZAF"]
CODEBOOK = Codebook.model_validate(
    {
        "items": [{"id": "a", "type": "yes_no"}],
        "domains": [{"id": "total", "label": "Total"}],
        "modules": [{"id": "m", "label": "M"}],
        "series": [{"id": name, "label": name} for name in ("report_composite", "wider_composite")],
        "indicators": [
            {"id": name, "module": "m", "label": f"Label of {name}", "recall": "past_year",
             "numerator": [{"item": "a", "among": ["yes"]}], "series": series}
            for name, series in
            [("x", None), ("y", None), ("narrow", "report_composite"), ("wide", "wider_composite")]
        ],
    }
)  # fmt: skip


def country(code, **facts):
    given = {"age_range": "12-17", "mode": "face to face", "wave": "1", "coverage": 0.95,
             "fieldwork": "2020", **facts}  # fmt: skip
    return Country(country=code, **given)


def countries(**changed):
    return {code: country(code, **changed.get(code, {})) for code in CODES}


def lines(tmp_path: Path, *rows: str):
    path = tmp_path / "comparability.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return read_comparability(path, CODES, ["x", "y"])


def made(rows, judgements=(), indicators=("x",), rates=None):
    rates = {code: {"rr2": 0.6125} for code in CODES} if rates is None else rates
    return comparability_ledger(rows, CODEBOOK, indicators, rates, judgements, "observed")


def verdicts(table, indicator="x"):
    return table[table["indicator"] == indicator].set_index("country")["comparable"].to_dict()


def reason(table, code, indicator="x"):
    rows = table[(table["indicator"] == indicator) & (table["country"] == code)]
    return rows["reason"].item()


def test_one_row_per_indicator_and_country():
    table = made(countries(), indicators=["y", "x"])
    check_table(table, restricted_contract("comparison/comparability"), "ledger")
    assert table["indicator"].tolist() == ["y"] * 4 + ["x"] * 4
    assert table["country"].tolist() == CODES * 2
    assert set(table["comparable"]) == {"yes"}
    assert set(table["reason"]) == {""}
    row = table.iloc[0]
    assert row["definition"] == "Label of y"
    assert row["recall"] == "past_year"
    assert row[["response_rate", "coverage", "data_kind"]].tolist() == ["0.613", "0.95", "observed"]


def test_another_age_range_sets_a_country_apart():
    table = made(countries(ZAF={"age_range": "9-17"}))
    assert verdicts(table) == {"KEN": "yes", "NAM": "yes", "UGA": "yes", "ZAF": "no"}
    assert reason(table, "ZAF") == "age range: 9-17, elsewhere 12-17"


def test_another_mode_or_wave_is_a_caution():
    table = made(countries(UGA={"mode": "telephone", "wave": "2"}))
    assert set(table["comparable"]) == {"yes"}
    assert reason(table, "UGA") == "mode: telephone, elsewhere face to face; wave: 2, elsewhere 1"


def test_missing_facts_are_named_and_do_not_set_apart():
    blank = {"age_range": None, "coverage": None, "fieldwork": None}
    rates = {"KEN": {"rr2": 0.5}, "NAM": None, "UGA": {"rr2": None}}
    table = made(countries(NAM=blank), rates=rates)
    assert set(table["comparable"]) == {"yes"}
    assert reason(table, "NAM") == (
        "not available: age range, response rate, coverage, fieldwork"
    )  # fmt: skip
    assert reason(table, "KEN") == ""
    assert reason(table, "UGA") == reason(table, "ZAF") == "not available: response rate"
    assert table.set_index("country").loc["NAM", "age_range"] == NOT_AVAILABLE


def test_a_tie_asks_for_a_line(tmp_path):
    two = countries(ZAF={"age_range": "9-17"}, UGA={"age_range": "9-17"})
    with pytest.raises(StudyError, match="age range '12-17' and '9-17'") as error:
        made(two)
    assert "'age_range'" in error.value.remedy
    judged = lines(tmp_path, "ZAF,*,age_range,,no,younger children,report", )  # fmt: skip
    assert verdicts(made(two, judged)) == {"KEN": "yes", "NAM": "yes", "UGA": "no", "ZAF": "no"}


def test_a_line_for_one_indicator_counts_more_than_a_line_for_all(tmp_path):
    judged = lines(
        tmp_path,
        "KEN,*,recall,lifetime,no,asked about life,annex",
        "KEN,y,recall,past_year,yes,asked about the past year,annex",
    )
    table = made(countries(), judged, ["x", "y"])
    assert (verdicts(table)["KEN"], verdicts(table, "y")["KEN"]) == ("no", "yes")
    assert reason(table, "KEN") == "recall: asked about life"
    assert reason(table, "KEN", "y") == "recall: asked about the past year"
    assert table.set_index(["country", "indicator"])["recall"]["KEN", "x"] == "lifetime"


def test_a_country_set_apart_does_not_vote(tmp_path):
    # Without ZAF's age range, 12-17 is the most common; with it there would be a tie.
    two = {code: row for code, row in countries(ZAF={"age_range": "9-17"}).items() if code != "NAM"}
    two["UGA"] = country("UGA", age_range=None)
    judged = lines(tmp_path, "ZAF,*,survey,,no,another survey,report")
    table = made(two, judged)
    assert verdicts(table) == {"KEN": "yes", "UGA": "yes", "ZAF": "no"}
    assert reason(table, "ZAF") == "another survey; age range: 9-17, elsewhere 12-17"
    # The source has a column of its own: it is cited by number, not repeated in each caption.
    assert table.set_index("country")["source"].to_dict() == {"KEN": "", "UGA": "", "ZAF": "report"}


def test_a_judgement_that_a_difference_does_not_matter(tmp_path):
    judged = lines(tmp_path, "UGA,x,age_range,12-18,yes,eighteen-year-olds are very few,")
    table = made(countries(), judged)
    assert verdicts(table)["UGA"] == "yes"
    assert reason(table, "UGA") == "age range: eighteen-year-olds are very few"


def test_one_country():
    assert verdicts(made({"KEN": country("KEN")})) == {"KEN": "yes"}


def test_only_comparable_rows_stay():
    table = made(countries(ZAF={"age_range": "9-17"}))
    rows = pd.DataFrame({"country": ["ZAF", "KEN"], "indicator": ["x", "x"], "n": [1, 2]}, [7, 9])
    assert select_comparable(rows, table).index.tolist() == [9]
    with pytest.raises(StudyError, match="no row for KEN and y"):
        select_comparable(rows.assign(indicator=["x", "y"]), table)
    assert select_comparable(rows.iloc[:0], table).columns.tolist() == ["country", "indicator", "n"]


@pytest.mark.parametrize(
    ("row", "where", "found"),
    [
        ("KEM,*,survey,,no,r,s", "row 2, column 'country'", "'KEM'"),
        ("KEN,z,survey,,no,r,s", "row 2, column 'indicator'", "'z'"),
        ("KEN,x,age,,no,r,s", "row 2, column 'attribute'", "'age'"),
        ("KEN,x,survey,,No,r,s", "row 2, column 'comparable'", "'No'"),
        ("KEN,x,survey,,,r,s", "row 2, column 'comparable'", "''"),
        ("KEN,x,survey,,no,,s", "row 2, column 'reason'", "empty"),
        ("KEN,x,survey,,no,r,", "row 2, column 'source'", "empty"),
        ("KEN,x,survey,,no,r", "row 2", "6 cells"),
        ("KEN,x,survey,,no,r,s,t", "row 2", "8 cells"),
        ("KEN,x,survey,,no,r,s\nKEN,x,survey,,yes,r,s", "row 3", "stands twice"),
        ('KEN,x,survey,,no,"r"r,s', "line 2", "expected after"),
    ],
)
def test_the_file_is_read_strictly(tmp_path, row, where, found):
    with pytest.raises(StudyError) as error:
        lines(tmp_path, row)
    assert error.value.where.endswith(where)
    assert found in error.value.found


@pytest.mark.parametrize("text", ["", "country,indicator\n", HEADER.replace("value", "Value")])
def test_other_columns_are_refused(tmp_path, text):
    path = tmp_path / "comparability.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"row 1|comparability\.csv: it (is empty|has headings)"):
        read_comparability(path, CODES, ["x"])


def test_the_default_study_sets_south_africa_apart():
    study = load_study(CONFIG / "config.yaml")
    names = [entry.id for entry in study.codebook.indicators]
    judged = read_comparability(CONFIG / "comparability.csv", study.codes, names)
    headline = [entry.id for entry in study.codebook.indicators if entry.headline]
    table = comparability_ledger(study.countries, study.codebook, headline, {}, judged, "simulated")
    assert set(table.loc[table["comparable"] == "no", "country"]) == {"ZAF"}
    assert len(table) == len(headline) * len(study.codes)
    assert "another survey" in table.loc[table["country"] == "ZAF", "reason"].iloc[0]


def composite_book():
    parts = [
        {"id": name, "module": "m", "label": f"Part {name}",
         "numerator": [{"item": "a", "among": ["yes"]}]}
        for name in ("p", "q")
    ]  # fmt: skip
    whole = {"id": "x", "module": "m", "label": "Any", "any_of": ["p", "q"]}
    return Codebook.model_validate(
        {
            "items": [{"id": "a", "type": "yes_no"}],
            "domains": [{"id": "total", "label": "Total"}],
            "modules": [{"id": "m", "label": "M"}],
            "indicators": [*parts, {**whole, "partly_missing": "known_parts"}],
        }
    )


def test_what_was_not_asked_cannot_be_compared_and_decides_nothing_for_others():
    # Two of four countries with another recall period would leave no usual one.
    rows = countries(KEN={"age_range": "9-17"}, NAM={"age_range": "9-17"})
    unasked = {"KEN": ["x"]}
    table = comparability_ledger(rows, CODEBOOK, ["x"], {}, (), "observed", unasked)
    assert verdicts(table) == {"KEN": "no", "NAM": "no", "UGA": "yes", "ZAF": "yes"}
    kenya = table.set_index("country").loc["KEN"]
    assert kenya["reason"] == "not asked in this survey"
    assert kenya["definition"] == "not asked"
    assert kenya["age_range"] == "9-17"


def test_a_composite_without_one_of_its_parts_has_another_definition():
    table = comparability_ledger(
        countries(), composite_book(), ["x"], {}, (), "observed", {"KEN": ["q"]}
    )
    assert verdicts(table) == {"KEN": "no", "NAM": "yes", "UGA": "yes", "ZAF": "yes"}
    kenya = table.set_index("country").loc["KEN"]
    assert kenya["definition"] == "Any; without 'Part q'"
    assert "definition: Any; without 'Part q', elsewhere Any" in kenya["reason"]
