"""A preview gives the stage of a document all that it takes, as its rule does."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from disrupting_harm.runs.preview import DOCUMENTS, collect_arguments
from disrupting_harm.stages.brief import write_country_briefs
from disrupting_harm.stages.report import write_country_reports
from disrupting_harm.study.study import load_study

CONFIG = Path(__file__).parents[3] / "config" / "config.yaml"
STAGES = {"report": write_country_reports, "brief": write_country_briefs}


@pytest.mark.parametrize(("document", "stage"), STAGES.items())
def test_a_stage_gets_all_that_it_takes(document: str, stage: Callable[..., None]) -> None:
    assert STAGES.keys() == DOCUMENTS.keys()
    study = load_study(CONFIG)
    area = study.countries["KEN"]
    arguments = collect_arguments(study, area, document, "en", ["html"], Path("preview"))
    # What has a default is given, too: a document without it differs from that of the run.
    assert arguments.keys() == inspect.signature(stage).parameters.keys()
    assert [row["country"] for row in arguments["countries"]] == study.codes
    assert arguments["settings"]["report"]["formats"] == ["html"]
    assert arguments["only_languages"] == ["en"]
    if document == "brief":  # names of all countries stand in it
        assert arguments["countries"][study.codes.index("KEN")] == area.model_dump(mode="json")
