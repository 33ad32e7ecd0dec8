"""What the templates of paper find by asking few heights is what all heights would say."""

import json
import random
from pathlib import Path

import pytest
import typst

STYLES = Path(__file__).parents[3] / "workflow/templates/styles"
PAGE, BEGUN, LEAST = 250, 60, 90  # of a page, of what begins on it, of what goes on: millimetres


def asked(tmp_path: Path, styles: str, question: str) -> object:
    """Return what a question of a document says, for whose styles some files are read."""
    text = "\n".join((STYLES / name).read_text("utf-8") for name in styles.split())
    document = tmp_path / "asked.typ"
    document.write_text(f"#let tall = false\n#let page-top = 25mm\n{text}\n{question}", "utf-8")
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
    sizes = [11.6, 11.2, 10.8, 10.4, 10, 9.5]
    room = (297 - 24 - 20 - 20) / 25.4 * 72
    expected = next((size for size in sizes if ems * size <= room), sizes[-1])
    assert asked(tmp_path, "columns.typ brief.typ", sheets) == expected
