"""CyberTipline reports: the published figures, rates, changes and faulty rows."""

from pathlib import Path

import pytest

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.cybertips import COLUMNS, NOT_PREVALENCE, cybertip_table

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "config" / "evidence" / "cybertips.csv"
HEADER = "country,year,reports,counted,source"
KENYA = {
    "country": "KEN",
    "children": 7_539_254,
    "children_source": "a census",
    "internet_use_rate": 0.67,
    "internet_use_source": "a survey",
}


def table(tmp_path, *rows, header=HEADER, countries=(KENYA,)):
    path = tmp_path / "cybertips.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return cybertip_table(path, countries)


def test_published_figures():
    codes = [
        "ETH",
        "IDN",
        "KEN",
        "KHM",
        "MOZ",
        "MYS",
        "NAM",
        "PHL",
        "RWA",
        "THA",
        "TZA",
        "UGA",
        "VNM",
        "ZAF",
    ]
    found = cybertip_table(PUBLISHED, [{"country": code} for code in codes])
    assert found.columns.tolist() == COLUMNS
    assert found["country"].unique().tolist() == codes
    reports = found.set_index(["country", "year"])["reports"]
    assert len(reports) == 14 * 5
    assert reports.groupby("year").sum().to_dict() == {
        2019: 2_735_400,
        2020: 4_119_991,
        2021: 7_117_132,
        2022: 6_507_802,
        2023: 6_183_078,
    }
    # Kenya's figure of 2020 is in the press, too; the others are the largest and the smallest.
    assert reports["KEN", 2020] == 14_434
    assert reports["PHL", 2021] == 3_188_793
    assert reports["NAM", 2020] == 789
    assert set(found["data_kind"]) == {"published"}


def test_rate_and_change(tmp_path):
    found = table(tmp_path, "KEN,2020,14434,all,s", "KEN,2019,12788,all,s", "KEN,2022,20000,all,s")
    assert found["year"].tolist() == [2019, 2020, 2022]
    assert found["internet_using_children"].tolist() == [5_051_300] * 3
    assert found["rate_per_1000"].tolist() == [2.53, 2.86, 3.96]
    change = found["change_percent"]
    assert change[1] == 12.9
    # No year before, and a gap.
    assert change.isna().tolist() == [True, False, True]


def test_no_change_across_a_break_from_zero_or_between_things_counted(tmp_path):
    rows = ["KEN,2019,0,all,s,", "KEN,2020,10,all,s,", "KEN,2021,20,all,s,yes"]
    rows += ["KEN,2022,30,referrals,s,no", "KEN,2023,45,referrals,s,"]
    found = table(tmp_path, *rows, header=f"{HEADER},series_break")
    assert found["change_percent"].isna().tolist() == [True, True, True, True, False]
    assert found["change_percent"].tolist()[-1] == 50.0


@pytest.mark.parametrize(
    "change",
    [
        {"children": None},
        {"internet_use_rate": None},
        {"children_source": None},
        {"internet_use_source": "invented for the simulation"},
    ],
)
def test_without_a_published_denominator_there_is_no_rate(tmp_path, change):
    found = table(tmp_path, "KEN,2020,14434,all,s", countries=[{**KENYA, **change}])
    assert found[["internet_using_children", "rate_per_1000"]].isna().all(axis=None)
    assert found["reports"].tolist() == [14434]


def test_countries_outside_the_run_are_left_out(tmp_path):
    found = table(tmp_path, "UGA,2020,6575,all,s", "KEN,2020,14434,all,s")
    assert found["country"].tolist() == ["KEN"]
    assert table(tmp_path, "UGA,2020,6575,all,s").columns.tolist() == COLUMNS


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("KEN,2020,1,all,s\nKEN,2020,2,all,s", "row 3: KEN 2020 stands twice"),
        ('KEN,2020,"14,434",all,s', "row 2, column 'reports': '14,434' is no whole number"),
        ("KEN,2020,1.5,all,s", "row 2, column 'reports'"),
        ("KEN,2020,-1,all,s", "row 2, column 'reports'"),
        ("KEN,2020,,all,s", "row 2, column 'reports'"),
        ("KEN,,1,all,s", "row 2, column 'year'"),
        ("XKX0,2020,1,all,s", "row 2, column 'country': 'XKX0' is no"),
        ("KEN,2020,1,all,", "row 2, column 'source': it is empty"),
        ("KEN,2020,1,,s", "row 2, column 'counted': it is empty"),
    ],
)
def test_faulty_rows_are_named(tmp_path, row, message):
    with pytest.raises(StudyError, match=message):
        table(tmp_path, row)


def test_faulty_files_are_named(tmp_path):
    with pytest.raises(StudyError, match="column 'source': it is missing"):
        table(tmp_path, "KEN,2020,1,all", header="country,year,reports,counted")
    with pytest.raises(StudyError, match="neither yes nor no"):
        table(tmp_path, "KEN,2020,1,all,s,x", header=f"{HEADER},series_break")
    with pytest.raises(StudyError, match="there is no such file"):
        cybertip_table(tmp_path / "none.csv", [KENYA])


def test_says_what_it_is_not():
    assert "no measure of prevalence" in NOT_PREVALENCE
