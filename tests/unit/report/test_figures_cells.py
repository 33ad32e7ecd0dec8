"""Reading the public tables that figures are drawn from."""

import pandas as pd
import pytest
from figure_study import estimates

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures.alt_text import Setting, interval_alt, sign_keys
from disrupting_harm.report.figures.cells import refuse_unsafe, to_row
from disrupting_harm.report.figures.plan import no_estimate
from disrupting_harm.report.figures.rows import Section
from disrupting_harm.report.words import Words

ENGLISH = Words("en", {})
UNASKED = {"shown": "not asked", "status": "not_asked"}


def rows(*cells):
    """Rows of cells from (label, what differs from a hidden one)."""
    hidden = {"shown": "c", "status": "suppress_disclosure"}
    table = pd.DataFrame([{"label": label, **hidden, **changes} for label, changes in cells])
    return [to_row(cell, ENGLISH) for cell in table.itertuples()]


def test_what_was_not_asked_has_words_of_its_own():
    both = rows(("Hidden", {}), ("Absent", UNASKED))
    assert [row.shown for row in both] == ["c", "not asked"]
    assert [bool(row.meaning) for row in both] == [True, False]
    setting = Setting(ENGLISH, "Kenya", False, 0.95, "children", None)
    text = interval_alt(setting, "Title", [Section("", tuple(both))])
    assert "not shown: Hidden (c); not asked: Absent." in text.replace("Not shown", "not shown")


def test_no_sign_is_explained_for_what_was_not_asked():
    # The words of another language may begin like a sign.
    vietnamese = Words("vi", {"not asked": "ch\u01b0a h\u1ecfi"})
    cell = next(pd.DataFrame([{"label": "x", **UNASKED}]).itertuples())
    assert sign_keys(vietnamese, [to_row(cell, vietnamese)]) == []


def test_a_figure_without_a_question_is_not_called_unpublishable():
    assert no_estimate(ENGLISH, rows(("A", UNASKED))).startswith("The survey did not ask")
    mixed = rows(("A", UNASKED), ("B", {}))
    assert no_estimate(ENGLISH, mixed).startswith("No estimate of this figure can be published")


def test_what_was_not_asked_may_carry_no_number():
    table = estimates({("plays", "all"): "c"}).assign(status="not_asked")
    with pytest.raises(StudyError, match="a hidden cell carries a number"):
        refuse_unsafe(table, "table")
