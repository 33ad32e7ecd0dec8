"""Slips of arithmetic, statuses, and faults that only one table can have."""

import pytest
from evidence_files import SOURCES, csv_file, fault, saved, workbook
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.fact_status import STATUSES, find_status_fault
from disrupting_harm.evidence.reading.arithmetic_checks import find_percentage_fault
from disrupting_harm.evidence.reading.facts import check_evidence, read_evidence
from disrupting_harm.evidence.reading.printed_percentages import check_percentages
from disrupting_harm.evidence.tables import TABLES


def one_row(folder, name, row):
    """Write a table of one row that comes from the police."""
    shared = {"status": "reported", "source_id": "police", "counted": "a", "counted_by": "b"}
    path = folder / f"{name}.csv"
    lines = [
        TABLES[name].column_names,
        [str((shared | row)[column]) for column in TABLES[name].column_names],
    ]
    path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    return path


def sexes(**counts):
    return [{"victim_sex": sex, "offences": count} for sex, count in counts.items()]


def test_hotlines_count_reports_and_helplines_contacts(tmp_path):
    row = {"country": "KEN", "year": 2019, "organisation": "A", "contacts": 5}
    for kind, measure, right in (
        ("hotline", "reports_received", True),
        ("helpline", "contacts_ocsea", True),
        ("hotline", "contacts_total", False),
        ("helpline", "removed", False),
    ):
        path = one_row(tmp_path, "hotlines", row | {"kind": kind, "measure": measure})
        faults = check_evidence("hotlines", path, SOURCES).faults
        assert [found.found for found in faults] == (
            [] if right else [f"a {kind} with the measure '{measure}'"]
        )


def test_scopes_of_companies_figures(tmp_path):
    row = {"platform": "P", "year": 2019, "metric": "pieces", "amount": 5}
    for scope in ("global", "KEN", "NORTH"):
        path = one_row(tmp_path, "transparency", row | {"scope": scope})
        assert not check_evidence("transparency", path, SOURCES, ["NORTH"]).faults
    found = fault(one_row(tmp_path, "transparency", row | {"scope": "Africa"}), "transparency")
    assert found.remedy == "Write 'global' or a country's code"


def test_no_theme_comes_up_in_more_interviews_than_there_were(tmp_path):
    row = {"country": "KEN", "role": "caregivers", "theme": "t", "interviews": 10}
    path = one_row(tmp_path, "justice", row | {"mentioned": 10})
    assert not check_evidence("justice", path, SOURCES).faults
    found = fault(one_row(tmp_path, "justice", row | {"mentioned": 11}), "justice")
    assert found.found == "mentioned in 11 of 10 interviews"


def test_search_terms_and_names_are_kept_out(tmp_path):
    search = {"country": "KEN", "term_group": "some words", "year": 2019, "month": 1}
    asked = {"country": "KEN", "respondent": "A. Person", "item": "trained", "answer": "yes"}
    for name, row, column, secret in (
        ("search_interest", search | {"index_value": 5}, "term_group", "some words"),
        ("frontline", asked, "respondent", "A. Person"),
    ):
        found = fault(one_row(tmp_path, name, row), name)
        assert found.found == "a text that is no opaque name"
        assert secret not in str(found)
        path = one_row(tmp_path, name, row | {column: "g01"})
        assert not check_evidence(name, path, SOURCES).faults


def test_parts_are_checked_against_their_total(tmp_path):
    right = csv_file(tmp_path, "offences", *sexes(all=40, girl=33, boy=5, not_recorded=2))
    assert not check_evidence("offences", right, SOURCES).faults
    book, _ = workbook("offences", *sexes(all=40, girl=33, boy=5, not_recorded=1))
    found = fault(saved(tmp_path, book))
    assert found.where.endswith("offences!M2")
    assert "the total is 40, but its parts by victim_sex add up to 39" in found.found
    for cell in ("offences!M3", "offences!M4", "offences!M5"):
        assert cell in found.found


def test_a_single_part_may_be_told(tmp_path):
    path = csv_file(tmp_path, "offences", *sexes(all=40, girl=33))
    assert not check_evidence("offences", path, SOURCES).faults
    assert "add up to 41" in fault(csv_file(tmp_path, "offences", *sexes(all=40, girl=41))).found


def test_parts_without_a_number_leave_room(tmp_path):
    hidden = {"victim_sex": "boy", "offences": "", "status": "suppressed"}
    path = csv_file(tmp_path, "offences", *sexes(all=40, girl=33), hidden)
    assert not check_evidence("offences", path, SOURCES).faults
    path = csv_file(tmp_path, "offences", *sexes(all=40, girl=41), hidden)
    assert "add up to 41" in fault(path).found


def test_ages_that_overlap_are_not_added(tmp_path):
    ages = [
        {"victim_age_band": band, "offences": count}
        for band, count in (("all", 40), ("0-17", 40), ("12-17", 30))
    ]
    assert not check_evidence("offences", csv_file(tmp_path, "offences", *ages), SOURCES).faults
    ages[1]["victim_age_band"] = "0-11"
    assert "add up to 70" in fault(csv_file(tmp_path, "offences", *ages)).found


def test_classes_of_reports_against_a_printed_total(tmp_path):
    classes = [
        {"class": name, "reports": count}
        for name, count in (("referral", 20_695), ("informational", 6_771), ("unsplit", 27_466))
    ]
    right = csv_file(tmp_path, "cybertips", *classes)
    assert not check_evidence("cybertips", right, SOURCES).faults
    classes[2]["reports"] = 27_465
    found = fault(csv_file(tmp_path, "cybertips", *classes), "cybertips")
    assert found.where.endswith("row 4, column 'reports'")
    assert "add up to 27466" in found.found


def test_items_of_capacity_stand_in_their_area(tmp_path):
    path = csv_file(tmp_path, "capacity", {})
    assert len(read_evidence("capacity", path, SOURCES, (), {"unit_exists": "unit"})) == 1
    with pytest.raises(StudyError, match="Write its area, 'staff'"):
        read_evidence("capacity", path, SOURCES, (), {"unit_exists": "staff"})
    with pytest.raises(StudyError, match="Did you mean 'unit_exist'"):
        read_evidence("capacity", path, SOURCES, (), {"unit_exist": "unit"})


def test_a_score_of_zero_is_reported(tmp_path):
    path = csv_file(tmp_path, "capacity", {"score": 0})
    assert read_evidence("capacity", path, SOURCES)["score"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("count", "base", "percent", "slip"),
    [
        (19, 85, 37, "19 of 85 is 22.4 %, not 37 %"),
        (19, 85, 22.4, None),
        (19, 85, 22.3, "19 of 85 is 22.35 %, not 22.3 %"),
        (19, 85, 23, "19 of 85 is 22.4 %, not 23 %"),
        (175, 994, 18, None),
        (175, 994, 17.6, None),
        (175, 994, 17.5, "175 of 994 is 17.61 %, not 17.5 %"),
        (48, 49, 98, None),
        (35, 50, 70, None),
        (1, 200, 0, None),
        (1, 200, 1, None),
        (0, 10, 0, None),
        (11, 10, 110, "11 of 10 is no part of its base"),
        (0, 0, 0, "the base is 0"),
    ],
)
def test_percentages(count, base, percent, slip):
    assert find_percentage_fault(count, base, percent) == slip


def test_a_percentage_printed_with_a_final_zero():
    assert find_percentage_fault(1, 3, 33.0) is None
    assert find_percentage_fault(1, 3, 33.0, decimals=1) == "1 of 3 is 33.33 %, not 33 %"


@given(st.integers(1, 5000), st.data())
def test_rounded_percentages_are_never_faults(base, data):
    count = data.draw(st.integers(0, base))
    decimals = data.draw(st.integers(0, 2))
    assert find_percentage_fault(count, base, round(100 * count / base, decimals), decimals) is None


def test_statuses():
    for status in STATUSES:
        fits = {"reported": 3, "zero_reported": 0}.get(status)
        assert find_status_fault(status, fits, zero_is_reported=False) is None
        for wrong in {None, 0, 3} - {fits}:
            assert find_status_fault(status, wrong, zero_is_reported=False) is not None


def test_a_file_of_printed_figures_shows_its_slips(tmp_path, capsys):
    """The slip of a published page: 37 per cent, 19 out of 85, which is 22.4 per cent."""
    file = tmp_path / "figures.csv"
    file.write_text(
        "where,count,base,percent\npage 1,175,994,18\npage 1,19,85,37 %\n"
        "page 2,1,3,33.0\npage 2,n/a,3,33\npage 3,5,,1\npage 4,1,8,12.5\n",
        encoding="utf-8",
    )
    assert main(["evidence", "percentages", str(file)]) == 1
    shown = capsys.readouterr().out
    assert "6 percentages read, 4 faults" in shown
    assert "row 3, column 'percent': 19 of 85 is 22.4 %, not 37 %" in shown
    assert "row 4, column 'percent': 1 of 3 is 33.33 %, not 33 %" in shown
    assert "row 5, column 'count'" in shown
    assert "row 6, column 'base': it is empty" in shown


def test_a_file_without_a_base_is_refused(tmp_path):
    file = tmp_path / "figures.csv"
    file.write_text("count,percent\n19,37\n", encoding="utf-8")
    with pytest.raises(StudyError, match="column 'base': it is missing"):
        check_percentages(file)


def test_figures_that_agree_pass(tmp_path):
    file = tmp_path / "figures.csv"
    file.write_text("count,base,percent\n175,994,17.6\n19,85,22\n", encoding="utf-8")
    assert main(["evidence", "percentages", str(file)]) == 0
