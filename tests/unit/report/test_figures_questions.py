"""The figure of questions with several options: joint intervals, hidden options in their place."""

import copy

import pandas as pd
import pytest
from drawing_reader import read_words
from figure_study import cell, setting, table

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.country_figures import draw_figures_of_country
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
def draw(tmp_path):
    def run(options: pd.DataFrame, book: dict = BOOK):
        records = draw_figures_of_country(
            "KEN", None, Evidence(), Codebook.model_validate(book), setting("Kenya"), tmp_path,
            options=options,
        )  # fmt: skip
        if not records:
            return None, None
        (record,) = records
        return read_words(tmp_path / "options.svg"), record

    return run


def test_each_question_has_a_section_in_the_order_of_the_codebook(draw, tmp_path):
    written, record = draw(options())
    places = [written.index(text) for text in ("Whom told", "Label of told_nobody", "Who did it")]
    assert places == sorted(places)
    assert "not shown: privacy" in written
    assert not any("other_answers" in text for text in written)
    data = pd.read_csv(tmp_path / "options.csv")
    assert list(data["value"].dropna()) == [60.0, 20.1, 41.0]
    assert [address.split("/")[-1] for address in data["address"]] == [*TOLD, *ANSWERS]
    said = " ".join(written)
    assert "hold together for each question (95 per cent)" in record.subtitle
    assert "hold together for all answers of a question: they are wider" in record.caption
    assert "Several answers could be given to: “Whom told”." in said
    assert "Who did it”" not in said
    assert "Who did it: Label of who_family 41% (" in record.alt


def test_without_words_or_without_options_there_is_no_figure(draw):
    silent = copy.deepcopy(BOOK)
    silent["questions"] = []
    assert draw(options(), silent) == (None, None)
    assert draw(options().iloc[:0]) == (None, None)


def test_what_an_earlier_release_printed_has_no_place(draw):
    own = options()
    own.loc[own["option"] == "told_friend", ["ci_low", "ci_high"]] = None
    written, _ = draw(own)
    assert "Whom told" not in written
    assert "stay as an earlier release has them" in " ".join(written)
    assert "Several answers could be given" not in " ".join(written)


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
