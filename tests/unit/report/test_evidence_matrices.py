"""Law and policy and capacity: marks as the tables say, counts that the marks bear out."""

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evidence_results import TABLES, rows, write_evidence
from figure_study import setting
from matrix_marks import assert_apart, read_marks

from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.policy_items import AREA_OF_ITEM, ITEM_LABELS, POLICY_ITEMS
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.matrix import ItemList, Matrix
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import CUTS, WIDE, Cut
from disrupting_harm.report.figures import figure_files
from disrupting_harm.report.figures.evidence.country_evidence import draw_country_evidence
from disrupting_harm.report.figures.evidence.law_and_policy import draw_policy
from disrupting_harm.report.figures.evidence.regional_evidence import draw_regional_evidence
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.countries import Country

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "workflow" / "templates" / "locale"
COUNTRIES = [Country(country=code, region="Asia") for code in ("KHM", "THA", "VNM")]
SIX = [
    ("leadership", "in_place", "reported"),
    ("research", "partly", "reported"),
    ("legislation", "not_in_place", "reported"),
    ("judiciary", "not_known", "reported"),
    ("remedies", "", "not_applicable"),
    ("workforce", "", "not_recorded"),
]
SHAPES = {
    "in_place": "full", "partly": "half", "not_in_place": "empty", "not_known": "question",
    "not_applicable": "box", "not_recorded": "dash", "refused": "dash",
}  # fmt: skip
Drawn = dict[str, tuple[Matrix | ItemList, Frame]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Declared figures by their id, in place of their files."""
    caught: Drawn = {}
    write = figure_files.write_figure_record

    def catch(identity: Any, chart: Any, frame: Frame, *rest: Any, **more: Any) -> FigureRecord:
        caught[identity.id] = chart, frame
        return write(identity, chart, frame, *rest, **more)

    monkeypatch.setattr(figure_files, "write_figure_record", catch)
    return caught


def draw_again(drawn: Drawn, name: str, cut: Cut) -> Canvas:
    chart, frame = drawn[name]
    return chart.draw(replace(frame, cut=cut))


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts_of(answers: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [
        {"area": AREA_OF_ITEM[item], "item": item, "answer": answer, "status": status}
        for item, answer, status in answers
    ]


def policy(folder: Path, answers: list[tuple[str, str, str]], translator=None) -> FigureRecord:
    evidence = Evidence(rows({"policy": facts_of(answers)}, country="KEN"))
    return draw_policy(evidence.rows("policy"), "KEN", setting("Kenya", translator), folder)


def regional(folder: Path, tables: dict[str, Any]) -> list[FigureRecord]:
    write_evidence(folder / "public", tables)
    context = replace(setting("by country"), cut=WIDE)
    return draw_regional_evidence(folder / "public", COUNTRIES, context, folder / "out")


def test_law_and_policy_have_six_marks_each_with_its_words(drawn, tmp_path):
    record = policy(tmp_path, SIX)
    for cut in CUTS:
        canvas = draw_again(drawn, "policy", cut)
        seen = {address.split("/")[3]: mark.kind for address, mark in read_marks(canvas).items()}
        assert seen == {item: SHAPES[answer or status] for item, answer, status in SIX}
        written = [text.text for text in canvas.texts]
        assert written.count("?") == 2  # in the key, too
        words = ("in place", "partly in place", "not in place", "not known", "not recorded")
        assert {*words, "does not apply"} <= {*written}
    title = "National response: 1 of 6 parts in place, 1 partly, 1 not, Kenya"
    assert record.alt.startswith(f"Matrix of items by area: {title}. In place: 1; ")
    assert "not known: 1; not recorded: 1; does not apply: 1." in record.alt
    assert "Not in place: A comprehensive law on this abuse." in record.alt
    assert record.phone == "policy-phone.svg"


def test_a_dash_has_all_the_reasons_that_it_stands_for(drawn, tmp_path):
    record = policy(tmp_path, [*SIX, ("education", "", "refused")])
    canvas = draw_again(drawn, "policy", WIDE)
    assert "not recorded; not given" in [text.text for text in canvas.texts]
    assert "not recorded: 1; does not apply: 1; not given: 1." in record.alt


def test_a_country_without_a_review_has_no_figure_of_it(tmp_path):
    others = Evidence(rows({"policy": facts_of(SIX)}, country="UGA")).rows("policy")
    assert draw_policy([], "KEN", setting("Kenya"), tmp_path) is None
    assert draw_policy(others, "KEN", setting("Kenya"), tmp_path) is None


def test_each_item_says_in_how_many_other_countries_it_is_in_place(drawn, tmp_path):
    """Counted anew from the rows: of the countries of which it is known, as the actions count."""
    answers = {
        country: [(item, *SIX[(at + shift) % 6][1:]) for at, (item, *_) in enumerate(SIX)]
        for shift, country in enumerate(("KEN", "UGA", "ZAF", "RWA"))
    }
    all_rows = [
        row
        for country, of_country in answers.items()
        for row in rows({"policy": facts_of(of_country)}, country=country)["policy"]
    ]
    draw_policy(all_rows, "KEN", setting("Kenya"), tmp_path)
    chart, frame = drawn["policy"]
    found = {item.label: item.count for section in chart.sections for item in section.items}
    counts = {}
    for item, *_ in SIX:
        told = [
            answer
            for country in ("UGA", "ZAF", "RWA")
            for name, answer, _ in answers[country]
            if name == item and answer in ("in_place", "partly", "not_in_place")
        ]
        counts[item] = f"{told.count('in_place')} of {len(told)}" if told else ""
        words = ITEM_LABELS[item]
        assert found[words[:1].upper() + words[1:]] == counts[item]
    assert len({*counts.values()}) > 2
    for cut in CUTS:
        canvas = draw_again(drawn, "policy", cut)
        assert_apart(canvas)
        drawn_counts = [t.text for t in canvas.texts if re.fullmatch(r"\d of \d", t.text)]
        assert sorted(drawn_counts) == sorted(filter(None, counts.values()))
    assert any("In grey: in how many of the other countries" in note for note in frame.notes)
    # One country alone has nobody beside it.
    policy(tmp_path, SIX)
    chart, frame = drawn["policy"]
    assert {item.count for section in chart.sections for item in section.items} == {""}
    assert not frame.notes


@pytest.mark.parametrize("language", ["en", "km", "vi", "id", "th", "pt"])
def test_no_item_of_law_and_policy_reaches_into_the_next(drawn, tmp_path, language):
    answers = list(SHAPES)
    every = [
        (item, answers[at % 4], "reported") if at % 6 < 4 else (item, "", answers[at % 6])
        for at, item in enumerate(POLICY_ITEMS)
    ]
    policy(tmp_path, every, load_translator(language, LOCALE))
    for cut in CUTS:
        canvas = draw_again(drawn, "policy", cut)
        assert_apart(canvas)
        assert len(read_marks(canvas)) == len(POLICY_ITEMS)


def test_countries_and_items_have_the_mark_of_their_answer_and_a_count_of_discs(drawn, tmp_path):
    tables = {
        "policy": [
            fact | {"country": country}
            for shift, country in enumerate(("KHM", "THA", "VNM"))
            for fact in facts_of(
                [(item, *SIX[(at + shift) % 6][1:]) for at, item in enumerate(POLICY_ITEMS)]
            )
        ]
    }
    (record,) = regional(tmp_path, tables)
    answers = {
        (fact["country"], fact["item"]): fact["answer"] or fact["status"]
        for fact in tables["policy"]
    }
    chart, _ = drawn["evidence-policy"]
    assert isinstance(chart, Matrix)
    for cut in CUTS:
        canvas = draw_again(drawn, "evidence-policy", cut)
        assert_apart(canvas)
        seen = read_marks(canvas)
        found = {(at.split("/")[0], at.split("/")[3]): mark for at, mark in seen.items()}
        assert {key: mark.kind for key, mark in found.items()} == {
            key: SHAPES[answer] for key, answer in answers.items()
        }
        # The count beside a label, or at the end of its row, is that of its full discs.
        counts = [text for text in canvas.texts if re.fullmatch(r"\d+ of 3", text.text)]
        for item in POLICY_ITEMS:
            places = [found[row.country, item] for row in COUNTRIES]
            full = sum(place.kind == "full" for place in places)
            y = places[0].y + (0 if cut.narrow else 2)
            nearest = max((text for text in counts if text.y < y), key=lambda text: text.y)
            assert nearest.text == f"{full} of 3", (cut.name, item)
        assert len(counts) == len(POLICY_ITEMS)
    assert "Review of 21 items of the Model National Response, by country" in record.subtitle
    assert "Countries in which it is in place, of 3: " in record.alt
    assert "on paper does not say that it works" in record.caption


def test_the_table_of_marks_is_the_public_table(tmp_path):
    (record,) = regional(tmp_path, {"policy": TABLES["policy"]})
    marks = read_table(tmp_path / "out" / record.csv)
    assert [(mark["panel"], mark["look"], mark["shown"]) for mark in marks] == [
        ("Cambodia", "full", "in place"),
        ("Cambodia", "half", "partly in place"),
        ("Cambodia", "empty", "not in place"),
        ("Cambodia", "dash", "not recorded"),
    ]
    assert {mark["data_kind"] for mark in marks} == {"simulated"}


def test_the_grid_of_capacity_has_a_number_or_a_dash_in_each_cell(drawn, tmp_path):
    (record,) = regional(tmp_path, {"capacity_profile": TABLES["capacity_profile"]})
    for cut in CUTS:
        canvas = draw_again(drawn, "evidence-capacity", cut)
        assert_apart(canvas)
        marks = {at.split("/")[-1]: mark for at, mark in read_marks(canvas).items()}
        assert {area: mark.kind for area, mark in marks.items()} == {
            "training": "box", "icse": "box", "wellbeing": "dash", "international": "box",
        }  # fmt: skip
        for area, number in (("training", "1/3"), ("icse", "2/2"), ("international", "0/2")):
            (text,) = (text for text in canvas.texts if text.text == number)
            assert abs(text.y - marks[area].y) < 2
            assert text.x + text.width / 2 == pytest.approx(marks[area].x, abs=0.02)
    # The larger the share of points that are absent, the darker.
    svg = draw_again(drawn, "evidence-capacity", WIDE).render_svg("")
    fills = re.findall(r'fill="([^"]*)" data-n="KHM/capacity_profile/(\w+)"', svg)
    dark = {area: sum(bytes.fromhex(fill[1:])) for fill, area in fills}
    assert dark["icse"] < dark["training"] < dark["international"]
    assert "Wellbeing: not asked" in record.alt


def score_items(folder: Path, scores: dict[str, str], translator=None, **more) -> FigureRecord:
    """Draw items by score; an item without one was not asked about."""
    facts = [
        {"area": "unit", "item": item, "item_label": f"The item {item}", "score": score,
         "status": "reported" if score else "not_recorded"} | more
        for item, score in scores.items()
    ]  # fmt: skip
    evidence = Evidence(rows({"capacity": facts}, country="KEN"))
    (record,) = draw_country_evidence(evidence, "KEN", setting("Kenya", translator), folder)
    return record


SCORES = {
    "staff": "1.0",
    "hours": "0.0",
    "women": "3.0",
    "rooms": "",
    "laws": "0.0",
    "tools": "2.0",
}


def test_items_stand_below_their_score_with_as_many_full_steps(drawn, tmp_path):
    record = score_items(tmp_path, SCORES)
    for cut in CUTS:
        canvas = draw_again(drawn, "capacity", cut)
        assert_apart(canvas)
        seen = {at.split("/")[-2]: mark for at, mark in read_marks(canvas).items()}
        assert {item: (mark.kind, mark.full) for item, mark in seen.items()} == {
            item: ("3 steps", float(score)) if score else ("dash", 0)
            for item, score in SCORES.items()
        }
        # A heading of several words may need two lines.
        starts = ["0 ·", "1 ·", "2 ·", "3 ·", "No "]
        headings = sorted((t.y, t.text) for t in canvas.texts if t.bold and t.text[:3] in starts)
        assert [words[:3] for _, words in headings] == starts
        # Each item stands between the heading of its score and the next one.
        ends = [*(y for y, _ in headings[1:]), canvas.height]
        for (top, heading), end in zip(headings, ends, strict=True):
            items = {
                text.text.removeprefix("The item ")
                for text in canvas.texts
                if text.text.startswith("The item") and top - 1 <= text.y < end - 1
            }
            score = heading[0] if heading[0].isdigit() else ""
            assert items == {item for item, own in SCORES.items() if own[:1] == score}
    assert "0 · absent: 2 of 6; 1 · beginning: 1 of 6; " in record.alt
    assert "No score: 1 of 6. 0 · absent: The item hours; The item laws." in record.alt
    assert record.alt_short.endswith("No score: 1 of 6. Simulated data.")
    marks = read_table(tmp_path / record.csv)
    assert {mark["row"].removeprefix("The item "): mark["value"] for mark in marks} == SCORES


def test_a_score_between_two_and_several_assessments_are_told(drawn, tmp_path):
    score_items(tmp_path, {"staff": "1.5"})
    chart, _ = drawn["capacity"]
    assert isinstance(chart, ItemList)
    assert chart.sections[0].heading == "1.5"
    facts = [
        {"item": "staff", "item_label": "Staff", "date": date, "agency": "Police"}
        for date in ("2020", "2021")
    ]
    evidence = Evidence(rows({"capacity": facts}, country="KEN"))
    draw_country_evidence(evidence, "KEN", setting("Kenya"), tmp_path)
    labels = {item.label for section in drawn["capacity"][0].sections for item in section.items}
    assert labels == {"Staff; Police 2020", "Staff; Police 2021"}


@pytest.mark.parametrize("language", ["en", "km", "vi", "id", "th", "pt"])
def test_every_item_of_the_needs_analysis_has_room_in_every_cut(drawn, tmp_path, language):
    areas = load_capacity_areas(ROOT / "config" / "evidence" / "capacity.yaml").areas
    facts = [
        {"area": area.id, "item": item, "item_label": words, "score": f"{at % 4}.0"}
        for area in areas
        for at, (item, words) in enumerate(area.items.items())
    ]
    evidence = Evidence(rows({"capacity": facts}, country="KEN"))
    translator = load_translator(language, LOCALE)
    draw_country_evidence(evidence, "KEN", setting("Kenya", translator), tmp_path)
    for cut in CUTS:
        assert_apart(draw_again(drawn, "capacity", cut))
