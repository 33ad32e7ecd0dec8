"""A helpline is told of in one place: who names it, how old that is, and that nobody confirmed it.

The judge works out ages from the shipped table with the csv module and the calendar of dateutil.
"""

import csv
import re
from pathlib import Path

import pytest
from dateutil.parser import parse
from dateutil.relativedelta import relativedelta

from disrupting_harm.report.documents.databook.law_sheets import list_law_columns
from disrupting_harm.report.findings.evidence.helpline import Helpline, is_old
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.rows import PublicRow

SHIPPED = Path(__file__).parents[3] / "config" / "evidence" / "service_register.csv"
TEXT = build_english().with_markup(MARKDOWN)
REVIEW = PublicRow(country="KEN", item="child_helpline", answer="not_known", data_kind="simulated")


def read_shipped() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grade(row: dict[str, str]) -> object:
    """Return what the data book's column on confidence says of a service."""
    columns = {
        column.heading: cells for column, cells in list_law_columns(TEXT)["service_register"]
    }
    return columns["Confidence"](PublicRow(row))


def test_no_number_and_no_answer_to_an_age_stands_in_a_data_book() -> None:
    columns = list_law_columns(TEXT)
    cells = [cell for _, cell in columns["service_register"]]
    for row in read_shipped():
        assert not row["contact"] or row["contact"] not in [cell(PublicRow(row)) for cell in cells]
    answer = {column.heading: cell for column, cell in columns["legislation"]}["Answer"]
    of_age = PublicRow(topic="age_of_child", answer="yes", age="18", scope="")
    assert answer(of_age) is None
    assert answer(PublicRow({**of_age, "age": ""})) == "Yes"


def test_no_shipped_number_of_an_old_source_is_graded_high() -> None:
    rows = [row for row in read_shipped() if row["as_of"] != "undated"]
    # What says a year alone holds to its last day.
    last_day = {4: {"month": 12, "day": 31}, 7: {"day": 31}, 10: {}}
    expected = {
        row["name"]: parse(row["as_of"]) + relativedelta(years=3, **last_day[len(row["as_of"])])
        < parse(row["checked"])
        for row in rows
    }
    assert {row["name"]: is_old(PublicRow(row)) for row in rows} == expected
    assert {True, False} == set(expected.values())
    for row in rows:
        assert (grade(row) == "old: confirm") == expected[row["name"]], row["name"]
    assert {grade(row) for row in read_shipped() if row["as_of"] == "undated"} == {
        "undated: confirm"
    }


@pytest.mark.parametrize(
    ("as_of", "old"),
    [("2023-11-30", True), ("2023-12-01", False), ("2023-11", True), ("2023-12", False),
     ("2022", True), ("2023", False), ("undated", False)],
)  # fmt: skip
def test_a_source_is_old_after_three_years(as_of: str, old: bool) -> None:
    assert is_old(PublicRow(as_of=as_of, checked="2026-12-01")) is old


def test_a_report_names_a_helpline_with_its_age_and_never_its_number() -> None:
    rows = [PublicRow(row) for row in read_shipped() if row["country"] in ("KEN", "MOZ", "NAM")]
    helpline = Helpline(TEXT, rows, [REVIEW])
    printed = " ".join(helpline.describe())
    assert "Child Helpline (2008-06, old: confirm)" in printed
    assert "Linha Fala Criança (undated: confirm)" in printed
    assert "The national review (simulated) says: “not known”" in printed
    assert "IWF" not in printed  # no child can call it
    assert not re.search(r"\b116\b", printed)
    assert helpline.format_heading() == "Several sources name a helpline; nobody confirmed it"


@pytest.mark.parametrize("row", [row for row in read_shipped() if row["kind"] == "helpline"])
def test_a_single_source_is_called_one_with_its_year(row: dict[str, str]) -> None:
    heading = Helpline(TEXT, [PublicRow(row)], []).format_heading()
    year = None if row["as_of"] == "undated" else parse(row["as_of"]).year
    when = f"of {year}" if year else "without a date"
    assert heading == f"One source {when} names a helpline"


def test_a_review_alone_is_told_and_nothing_at_all_is_silent() -> None:
    alone = Helpline(TEXT, [], [REVIEW])
    assert alone.format_heading() == "Helpline: no source that names it was found yet"
    assert "Named" not in " ".join(alone.describe())
    unanswered = PublicRow(country="KEN", item="child_helpline", answer="")
    assert not Helpline(TEXT, [], [unanswered])
