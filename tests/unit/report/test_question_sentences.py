"""Sentences on options and on pairs: "most often" only where one option alone may be first."""

from collections.abc import Sequence

import pytest

from disrupting_harm.report.findings.question_sentences import AnswerSentences
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval
from disrupting_harm.study.codebook.codebook import Codebook

NAMES = ("one", "two", "three", "four", "five")
CODEBOOK = Codebook.model_validate(
    {
        "items": [{"id": name, "type": "yes_no"} for name in NAMES],
        "domains": [{"id": "total", "label": "All"}],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {
                "id": name,
                "module": "m",
                "label": f"Told {name}",
                "numerator": [{"item": name, "among": ["yes"]}],
            }
            for name in NAMES
        ],
    }
)


def answers(
    options: Sequence[tuple[str, str, bool]] = (), dyads: Sequence[dict[str, str]] = ()
) -> AnswerSentences:
    rows = tuple(
        {"question": "told", "option": name, "status": status, "may_be_first": str(first)}
        for name, status, first in options
    )
    translator = build_english(respondents="children").with_markup(MARKDOWN)
    every = Cell(
        "two",
        "total",
        "all",
        900,
        0.6,
        0.55,
        0.65,
        "60",
        "present",
        percent=PercentInterval(60, 55, 65),
    )
    cells = {("two", "total", "all"): every}
    results = Results("KEN", cells, {}, options=rows, dyads=tuple(dyads))
    return AnswerSentences(translator, Labels(CODEBOOK, translator), results)


def options(*first: str, hidden: tuple[str, ...] = ()) -> list[tuple[str, str, bool]]:
    status = {name: "suppress_disclosure" if name in hidden else "present" for name in NAMES}
    return [(name, status[name], name in first) for name in NAMES]


def test_one_option_alone_is_the_most_often_named() -> None:
    said = answers(options("two", hidden=("five",))).describe_most_frequent(
        "told", "whom they told"
    )
    assert said == "Asked whom they told, children most often answered “Told two”."


def test_two_or_three_are_named_together() -> None:
    said = answers(options("one", "two")).describe_most_frequent("told", "whom they told")
    assert said == (
        "Asked whom they told, children most often gave one of these answers, and the survey "
        "cannot tell which: “Told one” and “Told two”."
    )


@pytest.mark.parametrize(
    "rows",
    [
        options("one", "two", "three", "four"),
        options("one", "two", hidden=("two",)),
        options(*NAMES[:3])[:3],
        [("one", "present", True), ("other_answers", "no_indicator", True)],
        [],
    ],
)
def test_else_nothing_is_said(rows: list[tuple[str, str, bool]]) -> None:
    assert answers(rows).describe_most_frequent("told", "whom they told") == ""


def pair(kappa: tuple[str, str] = ("0.04", "0.2"), **changes: str) -> list[PublicRow]:
    key = {"child": "one", "caregiver": "two", "status": "present"} | changes
    numbers = (("caregiver_if_child", "0.62", "0.55", "0.68"), ("kappa", "0.1", *kappa))
    names = ("measure", "estimate", "ci_low", "ci_high")
    return [PublicRow(key | dict(zip(names, row, strict=True))) for row in numbers]


ONE = (
    "60% (55–65) of those whose caregiver answered have one who thinks so, too. Among those who "
    "think so themselves it is 62% (55–68), {} than chance explains."
)
NO_LINK = (
    "60% (55–65) of those whose caregiver answered have one who thinks so, too. There is no clear "
    "link between what children and their caregivers think."
)


@pytest.mark.parametrize(
    ("kappa", "told"),
    [
        (("0.01", "0.2"), ONE.format("more")),
        (("0.0", "0.14"), NO_LINK),
        (("-0.07", "0.07"), NO_LINK),
        (("-0.2", "-0.01"), ONE.format("less")),
    ],
)
def test_a_link_of_child_and_caregiver_is_told_only_where_kappa_bears_it(
    kappa: tuple[str, str], told: str
) -> None:
    """Where most caregivers say so, most of any children have one who does: 60% beside 62%."""
    said = answers(dyads=pair(kappa)).describe_caregivers("one")
    assert said.replace("\N{NO-BREAK SPACE}", " ").replace("\u2060", "") == told


def test_a_share_of_caregivers_without_its_comparison_is_not_told() -> None:
    assert answers(dyads=pair(status="suppress_disclosure")).describe_caregivers("one") == ""
    assert answers(dyads=pair()).describe_caregivers("three") == ""
    assert answers(dyads=pair()[:1]).describe_caregivers("one") == ""
    assert answers(dyads=pair(("", ""))).describe_caregivers("one") == ""
