"""CyberTipline reports: the published figures, rates, shares, changes and breaks."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from evidence_frames import KENYA, counts, facts, public

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.definition import Context
from disrupting_harm.evidence.measures.cybertips import (
    NOT_PREVALENCE,
    tabulate_cybertip_changes,
    tabulate_cybertips,
)
from disrupting_harm.evidence.reading.facts import read_evidence
from disrupting_harm.evidence.reading.grid_files import read_sources
from disrupting_harm.evidence.tables import TABLES

CONTEXT = Context(
    countries=(KENYA,),
    order=("s", "t"),
    areas=None,
    labels={},
    forms=None,
    estimates=None,
    population="",
    simulated=False,
)
EVIDENCE = Path(__file__).parents[3] / "config" / "evidence"
CODES = [
    *("ETH", "IDN", "KEN", "KHM", "MOZ", "MYS", "NAM", "PHL", "RWA", "THA", "TZA", "UGA", "VNM"),
    "ZAF",
]


def table(*frames: pd.DataFrame, countries=(KENYA,), order=("s", "t")) -> pd.DataFrame:
    found = tabulate_cybertips(pd.concat(frames, ignore_index=True), countries, order)
    return public("cybertips", found)


def changes(*frames: pd.DataFrame, countries=(KENYA,), order=("s", "t")) -> pd.DataFrame:
    found = tabulate_cybertip_changes(pd.concat(frames, ignore_index=True), countries, order)
    return public("cybertip_changes", found)


def read_published() -> tuple[pd.DataFrame, list[dict[str, str]], list[str]]:
    sources = read_sources(EVIDENCE / "sources.csv")
    told = read_evidence("cybertips", EVIDENCE / "cybertip_reports.csv", sources, CODES)
    return told, [{"country": code} for code in CODES], list(sources)


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    told, countries, order = read_published()
    return table(told, countries=countries, order=order)


def test_published_figures(published):
    assert published["country"].unique().tolist() == CODES
    keys = ["country", "year", "class"]
    assert not published.duplicated(keys).any()
    reports = published.set_index(keys)["reports"]
    assert len(reports) == 14 * 7
    whole = published[published["class"] == "unsplit"]
    assert whole.groupby("year")["reports"].sum().to_dict() == {
        2019: 2_735_400,
        2020: 4_119_991,
        2021: 7_117_132,
        2022: 6_507_802,
        2023: 6_183_078,
    }
    # Kenya's figure of 2020 is in the press, too; the others are the largest and the smallest.
    assert reports["KEN", 2020, "unsplit"] == 14_434
    assert reports["PHL", 2021, "unsplit"] == 3_188_793
    assert reports["NAM", 2020, "unsplit"] == 789
    assert reports["KEN", 2024, "referral"] == 20_695
    assert set(published["data_kind"]) == {"published"}


def test_of_two_figures_that_of_the_first_source_is_used(published):
    philippines = published[(published["country"] == "PHL") & (published["year"] == 2019)]
    assert philippines["reports"].tolist() == [801_272]
    first, second = (
        counts("cybertips", [number], 2019, source_id=source)
        for number, source in ((418_422, "t"), (801_272, "s"))
    )
    assert table(first, second)["reports"].tolist() == [801_272]
    assert table(first, second, order=("t", "s"))["reports"].tolist() == [418_422]
    # A source that gives no number does not come first.
    none = counts("cybertips", [None], 2019, source_id="s")
    assert table(none, first)["reports"].tolist() == [418_422]


def test_2024_begins_a_new_series(published):
    last = published[published["year"] == 2024]
    assert last["change_percent"].isna().all()
    assert last["series_break"].all()
    assert not published.loc[published["year"] < 2024, "series_break"].any()
    # Whatever the file says: who counts all reports in 2024 counts bundles.
    whole = table(counts("cybertips", [100, 110, 121], 2023))
    assert whole["series_break"].tolist() == [False, True, False]
    assert whole["change_percent"].isna().tolist() == [True, True, False]
    assert whole["change_percent"].tolist()[2] == 10.0


def test_shares_of_the_world_are_of_the_same_year_class_and_body(published):
    share = published.set_index(["country", "year", "class"])["share_world_percent"]
    assert share["KEN", 2023, "unsplit"] == round(100 * 46_030 / 36_210_368, 4)
    # The world's total of 2024 is not split.
    assert share.xs(2024, level="year").isna().all()
    world = counts("cybertips", [1000], 2020, country="WLD", counted_by="another body")
    assert table(counts("cybertips", [10], 2020), world)["share_world_percent"].isna().all()


def test_change():
    found = table(counts("cybertips", [12788, 14434], 2019), counts("cybertips", [20000], 2022))
    assert found["year"].tolist() == [2019, 2020, 2022]
    change = found["change_percent"]
    assert change[1] == 12.9
    # No year before, and a gap.
    assert change.isna().tolist() == [True, False, True]


def test_the_row_says_that_the_reports_are_not_about_these_children():
    found = table(counts("cybertips", [10, None], 2019))
    assert "not children alone" in found["note"][0]
    assert found["note"][1] == ""
    assert not {name for name in found if "children" in name or "denominator" in name}


def test_changes_of_the_published_figures_stop_before_2024():
    """R: x[-1] / x[-5] of the counts of 2019 to 2023; Kenya's 2.12 is 14,434 to 30,554 reports."""
    told, countries, order = read_published()
    found = changes(told, countries=countries, order=order).set_index("country")
    assert found.index.tolist() == CODES
    assert set(found["class"]) == {"unsplit"}
    assert set(zip(found["first_year"], found["last_year"], found["changes"], strict=True)) == {
        (2019, 2023, 4)
    }
    ratios = found[["ratio_low", "ratio_median", "ratio_high"]]
    assert ratios.loc["KEN"].tolist() == [1.13, 1.23, 2.12]
    assert ratios.loc["ETH"].tolist() == [0.39, 1.0, 1.63]
    assert ratios.loc["ZAF"].tolist() == [0.48, 1.37, 2.79]


def test_changes_are_of_years_that_follow_each_other():
    gap = changes(counts("cybertips", [100, 50], 2015), counts("cybertips", [400, 600, 600], 2018))
    row = gap.iloc[0]
    assert (row["first_year"], row["last_year"], row["changes"]) == (2015, 2020, 3)
    assert row[["ratio_low", "ratio_median", "ratio_high"]].tolist() == [0.5, 1.0, 1.5]
    # None across a break, from zero, or between years of which one has no number.
    for lonely in (
        counts("cybertips", [100, 200], 2023),
        counts("cybertips", [0, 200], 2019),
        counts("cybertips", [100, None, 200], 2019),
    ):
        none = changes(lonely)
        assert none.empty
        assert none.empty
    other = counts("cybertips", [300], 2020, counted="something else")
    assert changes(counts("cybertips", [100], 2019), other).empty


def test_no_change_across_a_break_from_zero_or_between_things_counted():
    found = table(
        counts("cybertips", [0, 10], 2018),
        counts("cybertips", [20, 30], 2020, counted="referrals"),
        counts("cybertips", [60], 2022, counted="referrals", source_id="t"),
    )
    assert found["change_percent"].isna().tolist() == [True, True, True, False, True]
    assert found["change_percent"].tolist()[3] == 50.0
    assert found["series_break"].tolist() == [False, False, True, False, True]


def test_a_year_without_a_number_keeps_its_status():
    found = table(counts("cybertips", [5, None, 0], 2018))
    assert found["status"].tolist() == ["reported", "not_recorded", "zero_reported"]
    assert found["reports"].isna().tolist() == [False, True, False]
    assert found["note"][1] == ""


def test_countries_outside_the_run_are_left_out():
    uganda = counts("cybertips", [6575], 2020, country="UGA")
    assert table(uganda, counts("cybertips", [14434], 2020))["country"].tolist() == ["KEN"]
    assert table(uganda).empty
    assert table(facts("cybertips")).empty


def test_says_what_it_is_not():
    assert "no measure of prevalence" in NOT_PREVALENCE


def halves(**changes: str) -> list[pd.DataFrame]:
    rows = [
        {"country": "KEN", "year": 2024, "class": "referral", "reports": reports} | changes | part
        for reports, part in ((700, {"period": "h1"}), (900, {"period": "h2"}))
    ]
    return [facts("cybertips", row) for row in rows]


def test_half_years_and_types_stand_apart_and_are_never_added_up():
    year = facts(
        "cybertips", {"country": "KEN", "year": 2024, "class": "referral", "reports": 1500}
    )
    typed = halves(incident_type="online_enticement", series_id="platform", as_of="2025-10-01")
    told = pd.concat([*halves(), year, *typed], ignore_index=True)
    made = TABLES["cybertips"].make(told, CONTEXT)
    whole, parts = public("cybertips", made["cybertips"]), made["cybertip_parts"]
    assert whole["reports"].tolist() == [1500]
    parts = public("cybertip_parts", parts)
    assert parts["period"].tolist() == ["h1", "h1", "h2", "h2"]
    assert parts["reports"].tolist() == [700, 700, 900, 900]
    assert parts["series_id"].tolist() == ["", "platform", "", "platform"]
    assert "change_percent" not in parts.columns
    # Without a row of the year there is none of it.
    none = TABLES["cybertips"].make(pd.concat(halves(), ignore_index=True), CONTEXT)
    assert none["cybertips"].empty
    assert none["cybertip_changes"].empty


def test_a_file_without_the_newer_columns_tells_of_whole_years_and_all_types(tmp_path):
    older = ["country", "year", "class", "reports", "status", "source_id", "counted", "counted_by"]
    rows = pd.read_csv(EVIDENCE / "cybertip_reports.csv", dtype=str, keep_default_na=False)
    whole = rows[rows["incident_type"] == ""]
    whole[older].to_csv(tmp_path / "reports.csv", index=False)
    told = read_evidence(
        "cybertips", tmp_path / "reports.csv", read_sources(EVIDENCE / "sources.csv"), CODES
    )
    assert len(told) == len(whole)
    assert set(told["period"]) == {"year"}
    assert set(told["incident_type"]) == {"all"}
    assert set(told["series_id"]) == set(told["as_of"]) == {""}


def test_a_bound_stands_beside_a_suppressed_count_alone(tmp_path):
    """A "<50" of the source stays a bound: its cell of a number is empty wherever it goes."""
    told, countries, _ = read_published()
    hidden = told[told["below"].notna()]
    assert set(hidden["status"]) == {"suppressed"}
    assert hidden["reports"].isna().all()
    made = TABLES["cybertips"].make(told, dataclasses.replace(CONTEXT, countries=countries))
    parts = public("cybertip_parts", made["cybertip_parts"])
    assert (parts["reports"].isna() == parts["below"].notna()).all()
    assert parts.loc[parts["below"].notna(), "below"].unique().tolist() == [50]
    rows = pd.read_csv(EVIDENCE / "cybertip_reports.csv", dtype=str, keep_default_na=False)
    rows.loc[rows["below"] == "50", ["reports", "status"]] = ["50", "reported"]
    rows.to_csv(tmp_path / "reports.csv", index=False)
    with pytest.raises(StudyError, match="50 beside the status 'reported'"):
        read_evidence(
            "cybertips", tmp_path / "reports.csv", read_sources(EVIDENCE / "sources.csv"), CODES
        )


def test_no_change_is_told_from_one_series_to_another():
    first, second = (
        facts("cybertips", {"year": year, "reports": 100, "series_id": series})
        for year, series in ((2019, "annual"), (2020, "platform"))
    )
    assert table(first, second)["change_percent"].isna().all()
    assert table(first, second)["series_break"].tolist() == [False, True]
