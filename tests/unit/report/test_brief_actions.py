"""What a brief says of the actions to start with: "behind" of a test, and of nothing else."""

import dataclasses
from typing import Any

import pytest
from evidence_results import public_rows

from disrupting_harm.report.documents.brief.brief_actions import describe_brief_actions
from disrupting_harm.report.documents.brief.country_comparison import (
    ComparisonOfCountry,
    describe_place,
)
from disrupting_harm.report.findings.actions import (
    IN_BRIEF,
    Action,
    Actions,
    choose_brief_actions,
)
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, Translator, build_english

KENYA = Markdown("Kenya")
AVERAGE = "the average of other countries."
TESTED = f"Tested gaps (bold) show Kenya clearly behind {AVERAGE}"
CHANCE = "Gaps are taken before rounding; “at least” allows for chance in all comparisons at once."
WIDESPREAD = "what more than half of other countries have."
CHOSEN = "“Also needed” follows what children said: the largest gap to other countries first."


@pytest.fixture
def translator() -> Translator[Markdown]:
    return build_english(respondents="children").with_markup(MARKDOWN)


def action(name: str, kind: str, group: str, needed_in: int = 1) -> Action:
    gap = "**9 points fewer here, at least 2**" if (kind, group) == SURVEYED else ""
    return Action(
        name, kind, group, Markdown("1"), Markdown(f"Do {name}"), *[Markdown("")] * 2,
        here=Markdown("Here"), others=Markdown("others"),
        gap=Markdown("no clear gap" if kind == "survey" else ""),
        gap_in_points=Markdown(gap), has_least=bool(gap), worse_by=0.0, needed_in=needed_in,
        cells=(), compared=True, simulated=False, limits="",
    )  # fmt: skip


SURVEYED = ("survey", "start_here")
TEST, SCORE = action("a", *SURVEYED), action("b", "review", "start_here")
ASKED = action("c", "survey", "also_needed", 9)
RARE, COUNTED = action("d", "review", "also_needed", 2), action("e", "count", "also_needed", 1)


def say(translator: Translator[Markdown], *actions: Action) -> list[str]:
    """Return what stands below the boxes, and the headings and numbers of the boxes."""
    start, also = (
        tuple(each for each in actions if each.group == group)
        for group in ("start_here", "also_needed")
    )
    said = describe_brief_actions(Actions(start, also), translator, KENYA, "KEN", simulated=True)
    assert said is not None
    return [said.introduction, *(f"{box.heading}: {box.numbers}" for box in said.actions)]


@pytest.mark.parametrize(
    ("actions", "behind"),
    [
        (
            (TEST, TEST, TEST),
            f"Here Kenya is clearly behind {AVERAGE} {CHANCE}",
        ),
        ((TEST, SCORE, SCORE), f"{TESTED} {CHANCE} Then comes {WIDESPREAD}"),
        ((TEST, ASKED), f"{TESTED} {CHANCE} {CHOSEN}"),
        (
            (SCORE, SCORE),
            f"Here Kenya is not clearly behind {AVERAGE} First comes {WIDESPREAD}",
        ),
        (
            (SCORE, ASKED),
            "Here Kenya is not clearly behind the average of other countries. "
            f"First comes {WIDESPREAD} {CHOSEN}",
        ),
        ((TEST, RARE), f"{TESTED} {CHANCE}"),
        (
            (ASKED, ASKED),
            "Here Kenya is not clearly behind the average of other countries. "
            "The largest gap to other countries stands first.",
        ),
        ((RARE,), "Here Kenya is not clearly behind the average of other countries."),
    ],
)
def test_behind_is_said_of_tested_gaps_alone(
    translator: Translator[Markdown], actions: tuple[Action, ...], behind: str
) -> None:
    introduction, *boxes = say(translator, *actions)
    assert introduction == behind
    # What most others have was counted: its box says so, and that of a gap does not.
    assert [box.endswith("Not tested.") for box in boxes] == [each is SCORE for each in actions]
    assert all(("**" in box) is (each is TEST) for box, each in zip(boxes, actions, strict=True))


def test_a_reader_learns_how_many_actions_are_needed_in_all(
    translator: Translator[Markdown],
) -> None:
    three, *_ = say(translator, TEST, TEST, TEST)
    four, *boxes = say(translator, TEST, TEST, TEST, ASKED)
    assert len(boxes) == IN_BRIEF
    assert four == (
        f'{three} Kenya needs [4]{{n="count(compare/needs/country:KEN)"}} actions in all, these '
        "among them: see the report, “What to do, who does it, and why”."
    )


def test_room_is_filled_by_what_the_survey_asks_for() -> None:
    actions = Actions((TEST,), (COUNTED, RARE, ASKED, action("f", "survey", "also_needed", 3)))
    assert [each.id for each in choose_brief_actions(actions)] == ["a", "f", "c"]
    assert [each.id for each in choose_brief_actions(actions, 5)] == ["a", "f", "c", "e", "d"]


def test_one_action_follows_the_survey_also_where_others_come_first() -> None:
    reviews = tuple(action(each, "review", "start_here", 9) for each in "rstu")
    assert [each.id for each in choose_brief_actions(Actions(reviews, (COUNTED, ASKED)))] == [
        *("r", "s", ASKED.id),
    ]  # fmt: skip
    assert [each.id for each in choose_brief_actions(Actions(reviews, (COUNTED,)))] == [*"rst"]


def pair(other: str, difference: str, clear: str) -> dict[str, str]:
    return {
        "indicator": "x", "country_a": "KEN", "country_b": other, "difference": difference,
        "clear": clear,
    }  # fmt: skip


def test_each_country_that_is_not_compared_has_its_reason(
    translator: Translator[Markdown],
) -> None:
    names = {"KEN": "Kenya", "PHL": "the Philippines", "THA": "Thailand", "UGA": "Uganda"}
    hidden = {"VNM": ("< 5", "suppress_disclosure"), "ZAF": ("18", "present"),
              "ETH": ("", "not_asked"), "RWA": ("", "suppress_reliability")}  # fmt: skip
    names |= {"VNM": "Viet Nam", "ZAF": "South Africa", "ETH": "Ethiopia", "RWA": "Rwanda"}
    tables: dict[str, list[dict[str, Any]]] = {
        "pairwise": [pair("PHL", "-0.1", "True"), pair("THA", "0.1", "True"),
                     pair("UGA", "0.01", "False")],
        "prevalence": [
            {"indicator": "x", "country": code, "shown": shown, "status": status}
            for code, (shown, status) in hidden.items()
        ],
        "comparability": [
            {"indicator": "x", "country": "ZAF", "comparable": "no", "reason": "another survey"}
        ],
    }  # fmt: skip
    place = describe_place(
        translator, ComparisonOfCountry(None, None, others=public_rows(tables)), "x", "KEN", names
    )
    assert remove_addresses(place) == (
        "The share is clearly higher than in 1 of 3 other countries. "
        "The share is clearly lower than in 1 of 3 other countries. "
        "No clear difference from Uganda. "
        "Not compared: Ethiopia (not asked), Rwanda (not published), "
        "South Africa (asked otherwise) and Viet Nam (only a bound)."
    )


def test_a_simulated_review_is_called_so_beside_real_law(translator: Translator[Markdown]) -> None:
    simulated = dataclasses.replace(SCORE, here=Markdown("Not in place"), simulated=True)
    _, box = say(translator, simulated)
    assert box.startswith("Do b: Simulated review: not in place. Other countries: others")
