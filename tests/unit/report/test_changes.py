"""Sentences on change: each word stands only where the public table bears it."""

import pytest

from disrupting_harm.report.change.changes import Changes
from disrupting_harm.report.change.parts import apart
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook

CODEBOOK = Codebook.model_validate(
    {
        "items": [{"id": "a", "type": "yes_no"}],
        "domains": [{"id": "total", "label": "Total"}],
        "modules": [{"id": "m", "label": "M"}],
        "indicators": [
            {"id": "x", "module": "m", "label": "Told", "numerator": [
                {"item": "a", "among": ["yes"]}
            ]}
        ],
    }
)  # fmt: skip


def row(**changed: str) -> dict[str, str]:
    given = {
        "indicator": "x", "domain": "total", "level": "all", "wave_from": "1", "wave_to": "2",
        "year_from": "2021.0", "year_to": "2026.0", "estimate_from": "0.1", "estimate_to": "0.15",
        "shown_from": "10.0", "shown_to": "15.0", "difference": "0.05", "ci_low": "0.01",
        "ci_high": "0.09", "detectable_fall": "0.04", "detectable_rise": "0.055",
        "fixed_difference": "", "fixed_low": "", "fixed_high": "", "order_turns": "",
        "claim_goes": "", "change": "rose",
        "status": "present",
    }  # fmt: skip
    return given | changed


def said(**changed: str) -> str:
    text = Text(Words("en", {}, "countries"))
    changes = Changes(text, Labels(CODEBOOK, text), [row(**changed)], [], "95", "Source.", "Sex")
    (sentence,) = changes.sentences()
    return sentence


FALL = {"difference": "-0.05", "ci_low": "-0.09", "ci_high": "-0.01", "change": "fell"}
UNCLEAR = {"change": "no clear change"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "It rose by 5.0 percentage points (95 per cent interval 1.0 to 9.0)."),
        (FALL, "It fell by 5.0 percentage points (95 per cent interval 1.0 to 9.0)."),
        (UNCLEAR | {"ci_low": "-0.01"}, "No clear change: anything from −1.0 to +9.0"),
        (UNCLEAR, "would stand out; tested together with the other indicators it is not clear."),
        (UNCLEAR, "a true rise of 5.5 points, or a true fall of 4.0, in four of five cases"),
        (UNCLEAR | {"detectable_fall": ""}, "and any fall less often"),
        ({"status": "caution"}, "Use with caution: an estimate of one of the surveys"),
        ({"status": "break", "change": ""}, "no change is computed"),
        ({"status": "hidden", "change": "", "shown_from": "c"}, "no change can be shown"),
        ({"status": "not_asked", "change": ""}, "not asked in 2021, or not in 2026"),
        (
            {"fixed_difference": "0.04", "fixed_low": "0.0", "fixed_high": "0.08"},
            "With the composition of 2021 by Sex, the difference is +4.0 (0.0\u00a0to\u00a0+8.0).",
        ),
    ],
)
def test_the_sentence_follows_the_row(changed, words):
    assert words in said(**changed)


@pytest.mark.parametrize(
    "changed", [UNCLEAR, {"status": "break", "change": ""}, {"status": "hidden", "change": ""}]
)
def test_without_a_finding_nothing_rose_or_fell(changed):
    assert not {"rose", "fell"} & set(said(**changed).replace(".", " ").split())


def test_composites_of_two_series_stand_apart():
    series = {"a": None, "b": "one", "c": None, "d": "two", "e": "one"}
    assert apart(list(series), series.get) == [["a", "b", "c", "e"], ["d"]]
