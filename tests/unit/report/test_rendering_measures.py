"""What the templates of paper find by asking few heights is what all heights would say."""

import json
import random
from pathlib import Path

import pytest
import typst

STYLES = Path(__file__).parents[3] / "workflow/templates/styles"
PAGE, BEGUN, LEAST = 250, 50, 90  # of a page, of what begins on it, of what goes on: millimetres


def asked(tmp_path: Path, styles: str, question: str) -> object:
    """Return what a question of a document says, for whose styles some files are read."""
    text = "\n".join((STYLES / name).read_text("utf-8") for name in styles.split())
    document = tmp_path / "asked.typ"
    settings = (
        "#let tall = false\n#let margin-column = true\n#let marks = (:)\n#let page-top = 25mm\n"
        "#let from-right = false\n#let at-start(what) = (left: what)\n"
        "#let at-end(what) = (right: what)\n#let onward = 1\n#let ordered(number) = number\n"
        '#let brief-document = false\n#let families = ("Noto Sans",)\n'
    )
    document.write_text(f"{settings}{text}\n{question}", "utf-8")
    return json.loads(typst.query(str(document), "<answer>", field="value", one=True))


def two_columns(heights: list[int]) -> int:
    """Return the least height of two columns, and below it nothing else."""
    return min(
        max(sum(heights[:count]), sum(heights[count:])) for count in range(1, len(heights) + 1)
    )


def parts(heights: list[int], room: int) -> list[int]:
    """Return how many units each page holds, all counts tried."""
    if two_columns(heights) <= room:
        return [len(heights)]
    if room < BEGUN:
        return parts(heights, PAGE)
    counts = range(1, len(heights))
    fitting = [count for count in counts if two_columns(heights[:count]) <= room]
    begins = [count for count in fitting if two_columns(heights[:count]) >= BEGUN]
    enough = [count for count in begins if two_columns(heights[count:]) >= LEAST]
    count = (enough[-1:] or begins[:1] or fitting[-1:] or [1])[0]
    return [count, *parts(heights[count:], PAGE)]


def test_columns_are_those_of_all_counts_of_units(tmp_path):
    chance = random.Random(20261201)
    cases = [
        (
            [chance.choice([5, 12, 24, 40, 90]) for _ in range(chance.randint(1, 40))],
            chance.choice([BEGUN - 1, BEGUN, 100, 170, PAGE]),
        )
        for _ in range(150)
    ]
    question = f"""
#let unit(high) = block(height: high * 1mm, above: 0pt, below: 0pt)
#context [#metadata(json(bytes({json.dumps(json.dumps(cases))})).map(case => {{
  let units = case.at(0).map(unit)
  let parts = parts-of(units, 80mm, case.at(1) * 1mm, {PAGE}mm, {LEAST}mm)
  (first-column(units, 80mm), parts.map(part => part.len()))
}})) <answer>]"""
    answers = asked(tmp_path, "columns.typ", question)
    for (heights, room), (first, counts) in zip(cases, answers, strict=True):
        by_count = {
            count: max(sum(heights[:count]), sum(heights[count:]))
            for count in range(1, len(heights) + 1)
        }
        assert first == min(by_count, key=lambda count: by_count[count]), heights
        assert counts == parts(heights, room), (heights, room)
    assert any(len(counts) > 2 for _, counts in answers)


@pytest.mark.parametrize("ems", [50, 57, 59, 61, 64, 67, 75])
def test_letters_of_a_brief_are_the_largest_that_leave_room(tmp_path, ems):
    sheets = f"""
#set page(paper: "a4", margin: (x: 20mm, top: 24mm, bottom: 20mm))
#brief-sheet(block(height: {ems}em))
#pagebreak()
#brief-sheet(block(height: 40em))
#context [#metadata(brief-size.final() / 1pt) <answer>]"""
    sizes = [11.2, 10.8, 10.4, 10, 9.7, 9.5]
    room = (297 - 24 - 20 - 20) / 25.4 * 72
    expected = next((size for size in sizes if ems * size <= room), sizes[-1])
    assert asked(tmp_path, "columns.typ brief.typ", sheets) == expected


def test_a_finding_is_measured_as_high_as_it_stands_on_its_page(tmp_path):
    chance = random.Random(20261202)
    heights = [[chance.choice([0, 4, 15, 40]) for _ in range(3)] for _ in range(60)]
    question = f"""
#let part(high) = block(height: high * 1mm, above: 1mm, below: 3mm)[Words.]
#let drawing = figure([Drawing], kind: "quarto-float-fig", supplement: [Figure], caption: [Words.])
#let cases = json(bytes({json.dumps(json.dumps(heights))})).map(((head, notes, body)) => {{
  report-beside(head: if head > 0 {{ part(head) }}, part(notes), part(body) + drawing)
}})
#let mark = block(above: 0pt, below: 0pt, height: 0pt)[#metadata(none) <mark>]
#show: report
#for case in cases {{
  pagebreak()
  mark
  block(above: 0pt, below: 0pt, case)
  mark
}}
#context {{
  let places = query(<mark>).map(each => each.location().position().y)
  let answer = cases.zip(places.chunks(2)).map(((case, (start, end))) => (
    (end - start).mm(), measure(case, width: 126.5mm).height.mm()
  ))
  [#metadata(answer) <answer>]
}}"""
    answers = asked(tmp_path, "typst-template.typ columns.typ components.typ", question)
    assert len(answers) == len(heights)
    for stands, measured in answers:
        assert measured == pytest.approx(stands, abs=1e-6)
    # Notes are longer than the text beside them, and shorter; with a heading and without.
    assert len({round(stands) for stands, _ in answers}) > 12
