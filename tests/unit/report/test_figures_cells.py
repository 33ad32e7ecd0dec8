"""Reading the public tables that figures are drawn from."""

import pandas as pd
import pytest
from figure_study import estimates

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.rows import Section
from disrupting_harm.report.figures.alt_text import FigureContext, describe_intervals
from disrupting_harm.report.figures.estimate_chart import (
    build_row,
    check_hidden_rows,
    explain_no_estimate,
)
from disrupting_harm.report.language.translator import PLAIN, Translator, build_english

ENGLISH = build_english()
UNASKED = {"shown": "not asked", "status": "not_asked"}


def rows(*cells):
    """Rows of cells from (label, what differs from a hidden one)."""
    hidden = {"shown": "c", "status": "suppress_disclosure", "address": "KEN/asked"}
    table = pd.DataFrame([{"label": label, **hidden, **changes} for label, changes in cells])
    return [build_row(cell, ENGLISH) for cell in table.itertuples()]


def test_what_was_not_asked_has_words_of_its_own():
    both = rows(("Hidden", {}), ("Absent", UNASKED))
    assert [row.printed_text for row in both] == ["not shown: privacy", "not asked"]
    assert [row.sign for row in both] == ["privacy", "unasked"]
    setting = FigureContext(ENGLISH, "Kenya", False, 0.95, "children", None)
    text, _ = describe_intervals(setting, "Title", [Section("", tuple(both))])
    assert "Hidden: not shown: privacy; Absent: not asked." in text


def test_a_word_for_what_was_not_asked_is_no_sign():
    # The words of another language may begin like a sign.
    vietnamese = Translator("vi", {"not asked": "ch\u01b0a h\u1ecfi"}, PLAIN)
    cell = next(pd.DataFrame([{"label": "x", "address": "KEN/asked", **UNASKED}]).itertuples())
    assert build_row(cell, vietnamese).sign == "unasked"


@pytest.mark.parametrize(
    ("sign", "meaning", "limits"),
    [
        ("c", "privacy", (None, None)),
        ("*", "uncertain", (None, None)),
        ("< 10", "bound", (0, 10)),
        ("> 95", "bound", (95, 100)),
    ],
)
def test_each_sign_has_its_reason(sign, meaning, limits):
    (row,) = rows(("Hidden", {"shown": sign}))
    (mark,) = row.marks
    assert (mark.sign, (mark.low, mark.high), mark.value) == (meaning, limits, None)


def test_a_figure_without_a_question_is_not_called_unpublishable():
    assert explain_no_estimate(ENGLISH, rows(("A", UNASKED))).startswith("The survey did not ask")
    mixed = rows(("A", UNASKED), ("B", {}))
    assert explain_no_estimate(ENGLISH, mixed).startswith(
        "No estimate of this figure can be published"
    )


def test_what_was_not_asked_may_carry_no_number():
    table = estimates({("plays", "all"): "c"}).assign(status="not_asked")
    with pytest.raises(StudyError, match="a hidden cell carries a number"):
        check_hidden_rows(table, "table")
