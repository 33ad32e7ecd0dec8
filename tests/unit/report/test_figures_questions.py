"""The figure of questions with several options: joint intervals, hidden options in their place."""

import copy

import pandas as pd
import pytest
from figure_study import cell, setting, table, texts
from matplotlib.collections import PathCollection

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.figures.drawing import print_formats
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import NO_INDICATOR

TOLD = ("told_friend", "told_nobody")
ANSWERS = {"who_family": "family", "who_stranger": "stranger"}
BOOK = {
    "items": [
        {"id": "who", "type": "choice", "values": ["family", "stranger", "other"]},
        *({"id": name, "type": "yes_no", "tick_of": "told"} for name in TOLD),
    ],
    "domains": [{"id": "total", "label": "All"}],
    "modules": [{"id": "m", "label": "M"}],
    "questions": [{"id": "told", "label": "Whom told"}, {"id": "who", "label": "Who did it"}],
    "indicators": [
        {"id": name, "module": "m", "label": f"Label of {name}", "recall": "last_time",
         "numerator": [{"item": item, "among": [answer]}]}
        for name, item, answer in (
            *((name, "who", answer) for name, answer in ANSWERS.items()),
            *((name, name, "yes") for name in TOLD),
        )
    ],
}  # fmt: skip


def options(**shown: str) -> pd.DataFrame:
    """The public table of both questions."""
    rows = []
    for name, text in ({"who_family": "41.0", "who_stranger": "c", "told_friend": "60.0",
                        "told_nobody": "20.1"} | shown).items():  # fmt: skip
        rows.append(cell(name, shown=text) | {"question": name.partition("_")[0]})
    rest = cell("other_answers", shown="c", status=NO_INDICATOR) | {"question": "who"}
    return table([*rows, rest]).rename(columns={"indicator": "option"}).assign(may_be_first=True)


@pytest.fixture
def draw(monkeypatch, tmp_path):
    def run(own: pd.DataFrame, book: dict = BOOK):
        caught = {}
        monkeypatch.setattr(
            print_formats,
            "write_figure",
            lambda figure, _, name, *rest: caught.update({name: figure}) or (f"{name}.svg",),
        )
        about, codes = setting("Kenya"), Codebook.model_validate(book)
        records = draw_figures_of_country(
            "KEN", None, Evidence(), codes, about, tmp_path, options=own
        )
        return caught.get("options"), {record.id: record for record in records}.get("options")

    return run


def test_each_question_has_a_section_in_the_order_of_the_codebook(draw, tmp_path):
    figure, record = draw(options())
    written = texts(figure)
    places = [written.index(text) for text in ("Whom told", "Label of told_nobody", "Who did it")]
    assert places == sorted(places)
    assert "not shown: privacy" in written
    assert not any("other_answers" in text for text in written)
    marks = [c for axes in figure.axes for c in axes.collections if isinstance(c, PathCollection)]
    assert sorted(x for mark in marks for x, _ in mark.get_offsets()) == [20.1, 41.0, 60.0]
    said = " ".join(written)
    assert "hold together for each question (95 per cent)" in record.subtitle
    assert "hold together for all answers of a question: they are wider" in record.caption
    assert "Several answers could be given to: “Whom told”." in said
    assert "Who did it”" not in said
    assert "Who did it: Label of who_family 41% (" in record.alt
    data = pd.read_csv(tmp_path / "options.csv")
    assert list(data["option"]) == [*TOLD, *ANSWERS]


def test_without_words_or_without_options_there_is_no_figure(draw):
    silent = copy.deepcopy(BOOK)
    silent["questions"] = []
    assert draw(options(), silent) == (None, None)
    assert draw(options().iloc[:0]) == (None, None)


def test_what_an_earlier_release_printed_has_no_place(draw):
    own = options()
    own.loc[own["option"] == "told_friend", ["ci_low", "ci_high"]] = None
    figure, _ = draw(own)
    assert "Whom told" not in texts(figure)
    assert "stay as an earlier release has them" in " ".join(texts(figure))
    assert "Several answers could be given" not in " ".join(texts(figure))


def test_a_number_of_a_hidden_option_stops_the_figure(draw):
    own = options()
    own.loc[own["option"] == "who_stranger", "estimate"] = 0.1
    with pytest.raises(StudyError, match="who_stranger, total, all: a hidden cell"):
        draw(own)


def test_words_are_of_questions_that_there_are():
    wrong = copy.deepcopy(BOOK)
    wrong["questions"][0]["id"] = "whom"
    with pytest.raises(ValueError, match="question 'whom': there is no choice item"):
        Codebook.model_validate(wrong)
