"""What people said is told with how many were asked: in sentences, or by marks in a table."""

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from disrupting_harm.report.findings.evidence.services import Justice, describe_workers
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.rows import PublicRow

TEXT = build_english().with_markup(MARKDOWN)
SAID = {"trained": "{workers} workers had been trained.", "cases": "{workers} workers had cases."}


def yes(item: str, n: int, count: object = "", band: str = "") -> list[PublicRow]:
    row = {"item": item, "answer": "yes", "n": str(n), "count": str(count), "band": band}
    return [PublicRow(row), PublicRow(row | {"answer": "no", "count": "1"})]


def test_workers_have_a_sentence_for_each_item_in_the_order_of_the_file() -> None:
    rows = [*yes("cases", 48, 25, "some"), *yes("trained", 50, band="few_or_none")]
    assert describe_workers(TEXT, rows, SAID) == [
        "Fewer than a third of 50 workers had been trained.",
        "25 of 48 workers had cases.",
    ]
    others = [*yes("trained", 50, 0), *yes("cases", 48, band="most_or_all")]
    assert describe_workers(TEXT, others, SAID) == [
        "0 of 50 workers had been trained.",
        "More than two thirds of 48 workers had cases.",
    ]
    between = describe_workers(TEXT, yes("cases", 48, band="some"), SAID)
    assert between == ["Between a third and two thirds of 48 workers had cases."]


def test_what_is_hidden_or_was_not_asked_is_no_sentence() -> None:
    assert describe_workers(TEXT, yes("cases", 5), SAID) == []


def interview(theme: str, role: str, band: str, interviews: str = "10") -> PublicRow:
    return PublicRow(
        country="KEN", theme=theme, role=role, role_label=role, theme_label=theme, band=band,
        interviews=interviews, status="suppressed", mentioned="", data_kind="published",
    )  # fmt: skip


def test_a_theme_names_each_group_most_of_whom_had_it() -> None:
    rows = [
        interview("Legal aid", "Caregivers", "most_or_all"),
        interview("Delays", "Caregivers", "most_or_all"),
        interview("Delays", "NGO staff", "most_or_all", "12"),
        interview("Delays", "Officials", "some"),
        interview("Legal aid", "Officials", "few_or_none"),
        interview("Unmarked", "Officials", "few_or_none"),
        interview("Unmarked", "NGO staff", "", "12"),
    ]
    justice = Justice(TEXT, rows)
    assert justice.has_frequent
    (table,) = BeautifulSoup(
        MarkdownIt("gfm-like", {"linkify": False}).render(justice.list_frequent()), "html.parser"
    ).find_all("table")
    lines = [[cell.get_text() for cell in line.find_all(["th", "td"])] for line in table("tr")]
    assert lines == [
        ["Theme", "In more than two thirds, with", "In less than a third, with"],
        ["Legal aid", "Caregivers", "Officials"],
        ["Delays", "Caregivers; NGO staff", "–"],
    ]
    groups = justice.list_interviewed()
    assert groups == "Interviewed: Caregivers (10); NGO staff (12); Officials (10)."
    assert not Justice(TEXT, rows[4:]).has_frequent


@pytest.mark.parametrize(
    ("label", "within"), [("Caregivers", "caregivers"), ("NGO staff", "NGO staff"), ("", "")]
)
def test_a_label_inside_a_sentence_begins_small(label: str, within: str) -> None:
    assert format_inside_sentence(label) == within
