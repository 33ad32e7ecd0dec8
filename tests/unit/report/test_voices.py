"""What people said is told in whole sentences that say of how many they speak."""

import pytest

from disrupting_harm.report.findings.evidence.evidence_findings import describe_interviews
from disrupting_harm.report.findings.evidence.services import describe_workers
from disrupting_harm.report.language.labels import format_inside_sentence
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.rows import PublicRow

TEXT = build_english().with_markup(MARKDOWN)
SAID = {"trained": "{workers} workers had been trained.", "cases": "{workers} workers had cases."}
THEMES = {
    "delays": "In more than two thirds of {n} interviews, {role} said that procedures take long.",
    "aid": "In more than two thirds of {n} interviews, {role} talked about legal aid.",
}


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


def interview(theme: str, role: str, band: str) -> PublicRow:
    return PublicRow(theme=theme, role=role, band=band, interviews="10")


def test_a_theme_is_told_with_each_group_most_of_whom_had_it() -> None:
    rows = [
        interview("aid", "Caregivers", "most_or_all"),
        interview("delays", "Caregivers", "most_or_all"),
        interview("delays", "NGO staff", "most_or_all"),
        interview("delays", "Officials", "some"),
        interview("unnamed", "Officials", "most_or_all"),
    ]
    start = "In more than two thirds of 10 interviews,"
    assert describe_interviews(TEXT, rows, THEMES) == [
        f"{start} caregivers said that procedures take long.",
        f"{start} NGO staff said that procedures take long.",
        f"{start} caregivers talked about legal aid.",
    ]
    assert describe_interviews(TEXT, rows[-2:], THEMES) == []


@pytest.mark.parametrize(
    ("label", "within"), [("Caregivers", "caregivers"), ("NGO staff", "NGO staff"), ("", "")]
)
def test_a_label_inside_a_sentence_begins_small(label: str, within: str) -> None:
    assert format_inside_sentence(label) == within
