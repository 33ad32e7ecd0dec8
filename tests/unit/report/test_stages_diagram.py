"""The diagram of the analysis: each stage once, in the band of what its rule writes."""

import re

import pytest

from disrupting_harm.report.drawing.stages_diagram import HEADINGS, classify_stage, draw_stages

STAGES = {
    "weight_all": ["results/restricted/weights/{country}/weights.parquet"],
    "publish": ["results/restricted/release/{country}.parquet", "results/public/estimates.csv"],
    "report": ["results/public/reports/{country}/renderer.json"],
    "site": ["results/public/index.html"],
}


@pytest.mark.parametrize(
    ("stage", "band"),
    [("weight_all", "restricted"), ("publish", "tables"), ("report", "documents")],
)
def test_a_stage_stands_in_the_band_of_what_it_writes(stage: str, band: str) -> None:
    assert classify_stage(STAGES[stage]) == band


def test_every_stage_stands_once_and_a_band_without_any_is_left_out() -> None:
    drawing = draw_stages(STAGES)
    assert drawing == draw_stages(STAGES)
    boxes = len(re.findall(r'stroke="#87949C"', drawing))
    assert boxes == len(STAGES)
    without = draw_stages({name: STAGES[name] for name in ("publish", "site")})
    arrows = [len(re.findall(r'stroke-width="1.2"', svg)) for svg in (drawing, without)]
    assert arrows == [len(HEADINGS) - 1, len(HEADINGS) - 2]
