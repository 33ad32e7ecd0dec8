"""Of whom an estimate speaks: a reader of any table or figure must know the base of its shares."""

from pathlib import Path

import pytest
from figure_study import CODEBOOK as SMALL
from figure_study import estimates, setting

from disrupting_harm.report.figures.country_figures import draw_figures_of_country
from disrupting_harm.report.language.estimate_base import describe_base, describe_bases
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.codebook.definitions import Indicator

CODEBOOK = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")
WORDS = build_english(respondents="children")
WIDER = "children affected by any technology-facilitated sexual exploitation or abuse"


def told(module: str) -> tuple[str, list[str]]:
    members = [entry for entry in CODEBOOK.indicators if entry.module == module]
    return describe_bases(
        WORDS, CODEBOOK, members, lambda entry: entry.figure_label, "all children"
    )


def test_every_indicator_that_was_not_put_to_all_names_its_base() -> None:
    assert [entry.id for entry in CODEBOOK.indicators if entry.universe and not entry.base] == []


def test_the_most_common_base_comes_first_and_the_others_are_named() -> None:
    most, others = told("followups")
    assert most == WIDER
    assert len(others) == 1
    assert others[0].startswith("Not told: unsure where to go, Not told: embarrassed, ")
    assert others[0].endswith("serious enough: of children who told nobody about the last time.")
    assert told("clear_examples") == ("", [])
    # Two of all children, two of the older ones.
    assert told("other_experiences") == (
        "",
        [
            "Received money or gifts for images, 15-17 and Received money or gifts to meet, 15-17: "
            "of children aged 15-17."
        ],
    )


def test_a_share_of_what_caregivers_said_is_one_of_children() -> None:
    assert told("caregivers") == ("children whose caregiver answered", [])


def test_a_base_without_words_is_those_to_whom_the_question_applies() -> None:
    silent = CODEBOOK.indicator("told_nobody").model_copy(update={"base": ""})
    assert describe_base(WORDS, CODEBOOK, silent) == "those to whom the question applies"


def test_a_base_needs_the_universe_that_it_names() -> None:
    known = {"id": "x", "module": "m", "label": "X", "numerator": [{"item": "a", "among": ["yes"]}]}
    with pytest.raises(ValueError, match="a 'base' needs the 'universe' that it names"):
        Indicator.model_validate({**known, "base": "some"})


def test_a_label_in_a_sentence_names_its_base() -> None:
    labels = Labels(CODEBOOK, WORDS.with_markup(MARKDOWN))
    assert labels.with_base("told_nobody") == f"Told nobody, of {WIDER}"
    assert labels.with_base("uses_daily") == "Use the internet daily"


def test_the_subtitle_of_a_figure_has_it(tmp_path) -> None:
    own = SMALL.model_dump(mode="json")
    condition = {"item": own["indicators"][0]["numerator"][0]["item"], "among": ["yes"]}
    for entry in own["indicators"]:
        if entry["numerator"]:
            entry |= {"universe": [condition], "base": "children who were asked twice"}
    records = draw_figures_of_country(
        "KEN", estimates(), Evidence(), Codebook.model_validate(own), setting("Kenya", WORDS),
        tmp_path,
    )  # fmt: skip
    subtitles = [record.subtitle for record in records if record.kind == "module" and record.files]
    assert subtitles
    for subtitle in subtitles:
        assert subtitle.startswith("Share of children who were asked twice, Kenya")
