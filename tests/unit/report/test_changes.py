"""Sentences on change: each word stands only where the public table bears it."""

import re
from itertools import product

import pytest

from disrupting_harm.report.findings.change.sentences import Changes
from disrupting_harm.report.findings.change.waves import split_by_series
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.study.codebook.codebook import Codebook

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


def row(before: int, after: int, difference: float, change: str, **more: str) -> dict[str, str]:
    """A row of the public table on two of the waves 1 to 4, of 2017, 2019, 2021 and 2024."""
    years = {1: "2017.0", 2: "2019.0", 3: "2021.0", 4: "2024.0"}
    half = abs(difference) / 2 if change in ("rose", "fell") else abs(difference) + 0.01
    given = {
        "country": "KEN", "indicator": "x", "domain": "total", "level": "all",
        "wave_from": str(before), "wave_to": str(after),
        "year_from": years[before], "year_to": years[after], "estimate_from": "0.1",
        "estimate_to": "0.15", "shown_from": "10.0", "shown_to": "15.0",
        "difference": str(difference), "ci_low": str(difference - half),
        "ci_high": str(difference + half), "detectable_fall": "0.04", "detectable_rise": "0.055",
        "fixed_difference": "", "fixed_low": "", "fixed_high": "", "order_turns": "",
        "claim_goes": "", "change": change, "status": "present", "alpha_share": "0.25",
    }  # fmt: skip
    return given | more


def said(*rows: dict[str, str]) -> str:
    translator = build_english("countries").with_markup(MARKDOWN)
    changes = Changes(translator, Labels(CODEBOOK, translator), rows, "Source.", "Sex")
    (sentence,) = changes.sentences()
    return remove_addresses(sentence).replace("\u00a0", " ")


NONE = "no clear change"
BREAK = {"status": "break", "alpha_share": "0.0", "ci_low": "", "ci_high": ""}
HIDDEN = {"status": "hidden", "ci_low": "", "ci_high": ""}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        # Two surveys: what is said of their pair.
        ([row(1, 2, 0.05, "rose")], "It rose from 2017 to 2019 by 5.0 percentage points (interval "
         "2.5 to 7.5)."),
        ([row(1, 2, -0.05, "fell")], "It fell from 2017 to 2019 by 5.0 percentage points (interval "
         "2.5 to 7.5)."),
        ([row(1, 2, 0.01, NONE)], "No clear change from 2017 to 2019: anything from −1.0 to +3.0"),
        ([row(1, 2, 0.01, NONE)], "a true rise of 5.5 points, or a true fall of 4.0, in four of"),
        ([row(1, 2, 0.01, NONE, detectable_fall="")], "and any fall less often"),
        ([row(1, 2, 0.05, "rose", status="caution")], "Use with caution: an estimate of one of"),
        ([row(1, 2, 0, "", **BREAK)], "No change is computed between 2017 and 2019, because"),
        ([row(1, 2, 0, "", **HIDDEN)], "No change can be shown between 2017 and 2019"),
        ([row(1, 2, 0, "", **BREAK | {"status": "not_asked"})], "Not asked in two of these"),
        (
            [row(1, 2, 0.05, "rose", fixed_difference="0.04", fixed_low="0.0", fixed_high="0.08")],
            "With the composition of 2017 by Sex, the difference is +4.0 (0.0 to +8.0).",
        ),
        # None of three.
        (
            [row(1, 2, 0.01, NONE), row(2, 3, 0.01, NONE), row(1, 3, 0.02, NONE)],
            "No clear change between any two of the surveys compared. From 2017 to 2021, anything "
            "from −1.0 to +5.0 percentage points would fit.",
        ),
        # First to last, with its clear step.
        (
            [row(1, 2, 0.01, NONE), row(2, 3, 0.06, "rose"), row(1, 3, 0.07, "rose")],
            "It rose from 2017 to 2021 by 7.0 percentage points (interval 3.5 to 10.5). It rose "
            "between 2019 and 2021 by 6.0 percentage points (interval 3.0 to 9.0).",
        ),
        # First to last, with a step the other way.
        (
            [row(1, 2, 0.12, "rose"), row(2, 3, -0.04, "fell"), row(1, 3, 0.08, "rose")],
            "It fell between 2019 and 2021 by 4.0 percentage points",
        ),
        # Steps only.
        (
            [row(1, 2, 0.08, "rose"), row(2, 3, -0.08, "fell"), row(1, 3, 0.0, NONE)],
            "It rose between 2017 and 2019 by 8.0 percentage points (interval 4.0 to 12.0). It "
            "fell between 2019 and 2021 by 8.0 percentage points (interval 4.0 to 12.0). No clear "
            "change from 2017 to 2021: anything from −1.0 to +1.0",
        ),
        # A wave that did not ask is passed over.
        (
            [row(1, 2, 0, "", **BREAK | {"status": "not_asked"}), row(1, 3, 0.05, "rose")],
            "10.0 per cent in 2017 and 15.0 per cent in 2021. It rose from 2017 to 2021",
        ),
        # A break between two surveys that asked, and between them one that did not.
        (
            [row(1, 2, 0, "", **BREAK | {"status": "not_asked"}),
             row(2, 3, 0, "", **BREAK | {"status": "not_asked"}), row(1, 3, 0, "", **BREAK)],
            "Told: No change is computed between 2017 and 2021, because what was asked",
        ),
        # A break: each segment by itself.
        (
            [row(1, 2, 0.05, "rose"), row(2, 3, 0, "", **BREAK), row(3, 4, -0.05, "fell")],
            "It fell from 2021 to 2024 by 5.0 percentage points (interval 2.5 to 7.5). No change "
            "is computed between 2019 and 2021, because what was asked",
        ),
    ],
)  # fmt: skip
def test_the_sentence_follows_the_clear_rows(rows, words):
    found = said(*rows)
    assert words in found
    assert not re.search(r"steady|linear|bend|trend", found)


@pytest.mark.parametrize("changes", [*product(["rose", "fell", NONE], repeat=3)])
def test_a_word_stands_for_a_clear_row_and_each_clear_row_for_a_word(changes):
    """Of two steps and the first and last wave, in every combination of verdicts."""
    sizes = {"rose": 0.05, "fell": -0.05, NONE: 0.01}
    pairs = ((1, 2), (2, 3), (1, 3))
    found = said(
        *(row(*pair, sizes[word], word) for pair, word in zip(pairs, changes, strict=True))
    )
    years = {(1, 2): "2017 and 2019", (2, 3): "2019 and 2021", (1, 3): "2017 to 2021"}
    for pair, word in zip(pairs, changes, strict=True):
        between = "from" if pair == (1, 3) else "between"
        for verb in ("rose", "fell"):
            assert (f"t {verb} {between} {years[pair]}" in found) == (verb == word)
    assert ("o clear change" in found) == (changes[2] == NONE)


def test_composites_of_two_series_stand_apart():
    series = {"a": None, "b": "one", "c": None, "d": "two", "e": "one"}
    assert split_by_series(list(series), series.get) == [["a", "b", "c", "e"], ["d"]]
