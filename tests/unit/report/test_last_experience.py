"""Questions about the last time: order, parts, one axis, notes, and what is not drawn."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from drawing_reader import read_drawn_marks, read_drawn_texts, read_words
from figure_study import CODEBOOK, cell, setting, table

from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.drawing.widths import COLUMN
from disrupting_harm.report.figures.estimate_chart import add_row_addresses, draw_chart
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.figures.finding_titles import TitleFinder
from disrupting_harm.report.figures.last_experience import plan_last_experience
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.study.codebook.codebook import Codebook

ASKED_OF = [{"item": "answer", "among": ["yes"]}]
SHOWN = {"known": "60", "stranger": "40", "family": "c", "peer": "35", "friend": "< 10",
         "nobody": "25"}  # fmt: skip


def answer(name: str, item: str, among: list[str]) -> dict[str, object]:
    return {
        "id": name, "module": "harm", "label": f"Label of {name}", "recall": "last_time",
        "universe": ASKED_OF, "base": "children with any experience",
        "numerator": [{"item": item, "among": among}],
    }  # fmt: skip


def last_time_book() -> Codebook:
    book = CODEBOOK.model_dump(mode="json")
    book["items"] += [
        {"id": "offender", "type": "choice", "values": ["family", "peer", "stranger"]},
        {"id": "told_friend", "type": "yes_no", "tick_of": "told"},
        {"id": "told_nobody", "type": "yes_no", "tick_of": "told"},
    ]
    book["questions"] = [
        {"id": "offender", "label": "Who did it"},
        {"id": "told", "label": "Whom told"},
    ]
    book["indicators"] += [
        answer("family", "offender", ["family"]),
        answer("known", "offender", ["family", "peer"]),
        answer("stranger", "offender", ["stranger"]),
        answer("peer", "offender", ["peer"]),
        answer("friend", "told_friend", ["yes"]),
        answer("nobody", "told_nobody", ["yes"]),
    ]
    return Codebook.model_validate(book)


def draw(folder: Path, changes=None, cut=None, names=None, book=None) -> list[FigureRecord]:
    shown = {name: SHOWN[name] for name in names or SHOWN} | (changes or {})
    cells = table([cell(name, shown=text) for name, text in shown.items()])
    context = setting("Kenya") if cut is None else replace(setting("Kenya"), cut=cut)
    totals = add_row_addresses(cells, partial(addresses_of_rows, "estimates"))
    plans = plan_last_experience(
        totals, book or last_time_book(), context, TitleFinder(context.translator)
    )
    return [draw_chart(plan, context, folder) for plan in plans]


def test_each_question_has_a_panel_and_parts_stand_below_their_whole(tmp_path):
    (record,) = draw(tmp_path)
    written = read_words(tmp_path / "last-time.svg")
    order = ["Label of known", "– Label of peer", "– Label of family", "Label of stranger",
             "Label of nobody", "Label of friend"]  # fmt: skip
    assert [text for text in written if text in order] == order
    assert {"60%\u00a0(58–62)", "under 10%", "not shown: privacy"} <= set(written)
    assert "Several answers could be given to: “Whom told”." in " ".join(written)
    assert "Who did it”" not in " ".join(written)
    assert "which children gave an answer here and an answer there" in record.caption
    assert record.subtitle.startswith("Share of children with any experience, Kenya, the last time")
    assert (record.cut, record.module) == ("wide", "online")
    assert "– " not in record.alt + record.alt_short, "the sign of a part is for the picture"
    marks = pd.read_csv(tmp_path / "last-time.csv")
    assert list(marks["row"]) == [label.removeprefix("– ") for label in order]
    assert list(marks["panel"]) == ["Who did it"] * 4 + ["Whom told"] * 2


def test_panels_stand_beside_each_other_on_paper_and_below_in_a_narrow_cut(tmp_path):
    places = []
    for name, cut in (("wide", None), ("narrow", COLUMN)):
        draw(tmp_path / name, cut=cut)
        texts = {text.words: text for text in read_drawn_texts(tmp_path / name / "last-time.svg")}
        places.append((texts["Who did it"], texts["Whom told"]))
    (first, second), (upper, lower) = places
    assert (first.y, upper.x) == (second.y, lower.x)
    assert first.x < second.x
    assert upper.y < lower.y


def test_estimates_of_all_panels_stand_on_axes_with_the_same_end(tmp_path):
    draw(tmp_path)
    marks = read_drawn_marks(tmp_path / "last-time.svg")
    guides = sorted({mark.x for mark in marks if mark.kind == "tick"})
    assert len(guides) == 2 * 5  # 0, 20, ... 80 per cent
    shares = {}
    for left, right in ((guides[0], guides[4]), (guides[5], guides[9])):
        for dot in marks:
            if dot.shape == "circle" and left <= dot.x <= right:
                name = dot.address.split("/")[1]
                shares[name] = 80 * (dot.x - left) / (right - left)
    assert shares == pytest.approx(
        {"known": 60, "peer": 35, "stranger": 40, "nobody": 25}, abs=0.01
    )
    assert [text.words for text in read_drawn_texts(tmp_path / "last-time.svg")].count("80%") == 2


def test_of_one_question_alone_there_is_no_figure(tmp_path):
    assert not draw(tmp_path, names=("known", "stranger"))
    assert not draw(tmp_path, names=("known", "stranger"), book=CODEBOOK)


def test_where_all_answers_are_hidden_the_reason_is_told(tmp_path):
    (record,) = draw(tmp_path, dict.fromkeys(SHOWN, "c"))
    assert record.absent == "No estimate of this figure can be published."
    assert not list(tmp_path.iterdir())


def beside_book(module: str = "online") -> Codebook:
    book = last_time_book().model_dump(mode="json")
    book["items"] += [
        {"id": "channel", "type": "choice", "values": ["game", "other"]},
    ]
    book["questions"][1]["beside"] = module
    book["questions"].insert(0, {"id": "channel", "label": "Where"})
    book["indicators"] += [
        answer("game", "channel", ["game"]),
        answer("other", "channel", ["other"]),
    ]
    return Codebook.model_validate(book)


def test_a_question_stands_beside_a_module_in_a_figure_of_its_own(tmp_path):
    shares = {"game": "12", "other": "88", "plays": "55", "learns": "70"}
    names = {**SHOWN, **shares}
    cells = table([cell(name, shown=text) for name, text in names.items()])
    totals = add_row_addresses(cells, partial(addresses_of_rows, "estimates"))
    plans = plan_last_experience(
        totals, beside_book(), setting("Kenya"), TitleFinder(build_english())
    )
    first, told = (draw_chart(plan, setting("Kenya"), tmp_path) for plan in plans)
    assert (first.id, told.id) == ("last-time", "question-told")
    assert first.title == "Where: Label of other, 88%; Who did it: Label of known, 60%"
    assert told.title == "Label of nobody, 25%; Plays, 55%"
    # The panels are of different children: the note names those of each.
    assert told.subtitle.startswith("Share of the children named below, Kenya; lines")
    drawn = " ".join(read_words(tmp_path / "question-told.svg"))
    assert "Whom told: share of children with any experience, the last time." in drawn
    assert "Online: share of internet-using children aged 12-17." in drawn
    marks = pd.read_csv(tmp_path / "question-told.csv")
    assert list(marks["panel"]) == ["Whom told"] * 2 + ["Online"] * 2


def test_a_module_that_a_question_stands_beside_is_known():
    with pytest.raises(ValueError, match="question 'told': there is no module 'nowhere'"):
        beside_book("nowhere")
