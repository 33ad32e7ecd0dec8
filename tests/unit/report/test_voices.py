"""What people said is told in whole sentences that say of how many they speak."""

import pytest

from disrupting_harm.report.findings.chapters import describe_interviews, describe_workers
from disrupting_harm.report.language.labels import format_inside_sentence
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.rows import PublicRow

TEXT = build_english().with_markup(MARKDOWN)
SAID = {"trained": "{workers} had been trained", "cases": "{workers} had had cases"}


def yes(n: int, count: object = "", band: str = "") -> list[PublicRow]:
    row = {"answer": "yes", "n": str(n), "count": str(count), "band": band}
    return [PublicRow(row), PublicRow(row | {"answer": "no", "count": "1"})]


def test_workers_with_the_same_base_stand_in_one_sentence() -> None:
    items = {"trained": yes(50, band="few_or_none"), "cases": yes(50, 25, "some")}
    assert describe_workers(TEXT, items, SAID) == [
        "Of 50 frontline workers asked, fewer than a third had been trained and 25 had had cases."
    ]


def test_another_base_is_another_sentence() -> None:
    items = {"trained": yes(50, 0), "cases": yes(48, band="most_or_all")}
    assert describe_workers(TEXT, items, SAID) == [
        "Of 50 frontline workers asked, 0 had been trained.",
        "Of 48 frontline workers asked, more than two thirds had had cases.",
    ]


def test_what_is_hidden_or_was_not_asked_is_no_sentence() -> None:
    assert describe_workers(TEXT, {"cases": yes(5)}, SAID) == []


def interview(theme: str, role: str, band: str) -> PublicRow:
    return PublicRow(theme=theme, role=role, band=band, interviews="10")


def test_a_theme_is_told_with_each_group_that_named_it() -> None:
    rows = [
        interview("legal aid", "Caregivers", "most_or_all"),
        interview("delays", "Caregivers", "most_or_all"),
        interview("delays", "NGO staff", "most_or_all"),
        interview("delays", "Officials", "some"),
    ]
    assert describe_interviews(TEXT, rows) == [
        "“Legal aid” came up in more than two thirds of 10 interviews with caregivers.",
        "“Delays” came up in more than two thirds of the interviews with each of these groups: "
        "caregivers (10) and NGO staff (10).",
    ]
    assert describe_interviews(TEXT, rows[-1:]) == []


@pytest.mark.parametrize(
    ("label", "within"), [("Caregivers", "caregivers"), ("NGO staff", "NGO staff"), ("", "")]
)
def test_a_label_inside_a_sentence_begins_small(label: str, within: str) -> None:
    assert format_inside_sentence(label) == within
