"""Sentences on options and on pairs: "most often" only where one option alone may be first."""

from collections.abc import Sequence

import pytest

from disrupting_harm.report.answers import Answers
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.results import Results
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook

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
) -> Answers:
    rows = tuple(
        {"question": "told", "option": name, "status": status, "may_be_first": str(first)}
        for name, status, first in options
    )
    text = Text(Words("en", {}))
    results = Results("KEN", {}, {}, options=rows, dyads=tuple(dyads))
    return Answers(text, Labels(CODEBOOK, text), results)


def options(*first: str, hidden: tuple[str, ...] = ()) -> list[tuple[str, str, bool]]:
    status = {name: "suppress_disclosure" if name in hidden else "present" for name in NAMES}
    return [(name, status[name], name in first) for name in NAMES]


def test_one_option_alone_is_the_most_often_named() -> None:
    said = answers(options("two", hidden=("five",))).most_often("told", "whom they told")
    assert said == "Asked whom they told, children most often answered “Told two”."


def test_two_or_three_are_named_together() -> None:
    said = answers(options("one", "two")).most_often("told", "whom they told")
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
    assert answers(rows).most_often("told", "whom they told") == ""


def pair(**changes: str) -> list[dict[str, str]]:
    key = {"child": "one", "caregiver": "two", "status": "present"} | changes
    return [
        {**key, "measure": name, "estimate": p, "ci_low": "0.55", "ci_high": "0.68"}
        for name, p in (("caregiver_if_child", "0.62"), ("agree", "0.87"))
    ]


def test_awareness_comes_first_and_nobody_denied() -> None:
    said = answers(dyads=pair()).caregivers("one")
    share = "62%\N{NO-BREAK SPACE}(55–\u206068)"
    assert said == f"Of the children who say so, {share} have a caregiver who says so, too."


def test_a_hidden_pair_is_not_spoken_of() -> None:
    assert answers(dyads=pair(status="suppress_disclosure")).caregivers("one") == ""
    assert answers(dyads=pair()).caregivers("three") == ""
