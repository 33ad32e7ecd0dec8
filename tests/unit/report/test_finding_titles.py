"""Titles of figures: a study's forms that the numbers bear, else the ends of what is drawn."""

from functools import partial

import pandas as pd
import pytest
from figure_study import cell, table

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures.estimate_chart import add_row_addresses
from disrupting_harm.report.figures.finding_titles import (
    TitleFinder,
    title_ends,
    title_first_answers,
    title_groups,
)
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.title_definition import FigureTitle
from disrupting_harm.report.language.addressed_text import split_addresses
from disrupting_harm.report.language.translator import ADDRESSED, build_english

ENGLISH = build_english()
HIDDEN = Row("Hidden", "not shown: privacy", marks=(Mark(sign="privacy"),))


def share(label: str, percent: float) -> Row:
    mark = Mark(percent, percent - 2, percent + 2)
    return Row(label, f"{percent:.0f}%", f"({percent - 2:.0f}–{percent + 2:.0f})", (mark,))


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([share("a", 32), share("b", 69), share("c", 40)], "Access: from 32% to 69%"),
        ([share("a", 32), share("b", 69), HIDDEN], "Access"),  # it may be the least
        ([share("a", 32.1), share("b", 32.4)], "Access"),
        ([share("a", 32)], "Access"),
        ([], "Access"),
    ],
)
def test_the_ends_are_named_where_all_are_known(rows: list[Row], title: str) -> None:
    assert title_ends(ENGLISH, "Access", rows) == title


def test_of_groups_those_shown_are_named() -> None:
    rows = [share("girls", 19), HIDDEN, share("boys", 15)]
    assert title_groups(ENGLISH, "Any", rows, "plain") == "Any: from 15% to 19% in the groups shown"
    assert title_groups(ENGLISH, "Any", [HIDDEN, share("boys", 15)], "plain") == "plain"


def test_first_answers_are_named_with_their_questions_or_without() -> None:
    sections = [Section("Where", (share("game", 50),)), Section("Who", (share("known", 63),))]
    assert title_first_answers(ENGLISH, sections, "plain", named=True) == (
        "Where: game, 50%; Who: known, 63%"
    )
    assert title_first_answers(ENGLISH, sections, "plain", named=False) == "game, 50%; known, 63%"
    hidden = [sections[0], Section("Who", (HIDDEN,))]
    assert title_first_answers(ENGLISH, hidden, "plain", named=True) == "plain"
    assert title_first_answers(ENGLISH, sections[:1], "plain", named=True) == "plain"


FORMS = {
    "module-online": [
        {"text": "More play ({plays}) than learn ({learns})", "above": {"plays": ["learns"]}},
        {"text": "Most play ({plays})", "most": ["plays"]},
        {"text": "{plays} play; {girls} of girls learn",
         "shares": {"girls": ["learns", "sex", "girl"]}},
        {"text": "{plays} play"},
    ],
    "by-group-learns": [{"text": "In the groups shown, {low} to {high} learn"}],
    "options": [{"text": "Most often {plays} told a friend", "first": {"told": "friend"}}],
}  # fmt: skip
Place = tuple[str, str, str]
PLAYS: Place = ("plays", "total", "all")
LEARNS: Place = ("learns", "total", "all")
GIRLS: Place = ("learns", "sex", "girl")


def find_title(
    figure: str,
    shown: dict[Place, str],
    groups: tuple[Row, ...] = (),
    options: pd.DataFrame | None = None,
) -> str:
    cells = table([cell(*place, shown=text) for place, text in shown.items()])
    located = add_row_addresses(cells, partial(addresses_of_rows, "estimates"))
    titles = Findings.model_validate({"figures": FORMS}).figures
    translator = ENGLISH.with_markup(ADDRESSED)
    return TitleFinder(translator, titles, located, options).find(figure, groups)


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        # Intervals are two points on each side: those of 60 and 55 lie apart, of 60 and 56 touch.
        ({PLAYS: "60", LEARNS: "55"}, "More play (60%) than learn (55%)"),
        ({PLAYS: "60", LEARNS: "56"}, "Most play (60%)"),
        ({PLAYS: "60", LEARNS: "c"}, "Most play (60%)"),
        ({PLAYS: "52", LEARNS: "50"}, "52% play"),  # its lower limit is 50
        ({PLAYS: "52", GIRLS: "20"}, "52% play; 20% of girls learn"),
        ({PLAYS: "52", GIRLS: "< 10"}, "52% play"),
        ({PLAYS: "*", LEARNS: "20"}, ""),
        ({PLAYS: "< 10", LEARNS: "20"}, ""),
    ],
)
def test_the_first_form_that_the_numbers_bear_is_printed(
    shown: dict[Place, str], title: str
) -> None:
    printed, numbers = split_addresses(find_title("module-online", shown))
    assert printed == title
    assert [number.address for number in numbers] == [
        f"KEN/{place[0]}/whole" if place[1] == "total" else f"KEN/{place[0]}/sex:girl/whole"
        for place in shown
        if f"{shown[place]}%" in title
    ]


def test_an_answer_is_the_first_only_where_it_alone_may_be() -> None:
    answers = {"question": ["told"] * 3, "option": ["friend", "nobody", "police"]}
    for first, status, title in (
        ([True, False, False], "present", "Most often 40% told a friend"),
        ([True, True, False], "present", ""),
        ([False, True, False], "present", ""),
        ([True, False, False], "suppress_disclosure", ""),
    ):
        options = pd.DataFrame({**answers, "may_be_first": first, "status": status})
        assert split_addresses(find_title("options", {PLAYS: "40"}, (), options))[0] == title
    assert find_title("options", {PLAYS: "40"}) == ""


def test_the_ends_of_groups_fill_a_form() -> None:
    groups = (share("girls", 19), HIDDEN, share("boys", 15))
    title = "In the groups shown, 15% to 19% learn"
    assert find_title("by-group-learns", {PLAYS: "40"}, groups) == title
    assert find_title("by-group-learns", {PLAYS: "40"}, groups[:2]) == ""


def test_a_claim_without_a_condition_is_refused() -> None:
    for text in ("Most play ({plays})", "{plays} play, more than learn", "Few often play"):
        with pytest.raises(ValueError, match="names no condition"):
            FigureTitle.model_validate({"text": text})
