"""Titles of figures name the ends of what is drawn, and nothing where an end may be hidden."""

import pytest

from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures.finding_titles import (
    title_ends,
    title_first_answers,
    title_groups,
)
from disrupting_harm.report.language.translator import build_english

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
