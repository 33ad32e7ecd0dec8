"""Codes of classifications: none is guessed, others than the known ones are refused."""

import copy
from pathlib import Path

import pytest
from small_study import CODEBOOK, codebook

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.datapackage import describe_data_package
from disrupting_harm.reference.evidence_tables import write_indicators
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook
from disrupting_harm.study.codebook.definitions import NO_CODE, Codes

ROOT = Path(__file__).parents[3]
STUDY = ROOT / "config" / "indicators.yaml"


def with_codes(codes: dict[str, str]) -> Codebook:
    book = copy.deepcopy(CODEBOOK)
    book["indicators"][0]["codes"] = codes
    return Codebook.model_validate(book)


def test_an_indicator_without_codes_has_none_agreed():
    assert codebook().indicators[0].codes == Codes()
    assert set(Codes().format_codes().values()) == {NO_CODE}


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ({"icvac": "303"}, "'301' or '302'"),
        ({"sdg": "16.2.9", "sdg_relation": "equal"}, "'16.2.3'"),
        ({"sdg": "16.2.3"}, "go together"),
        ({"sdg_relation": "related"}, "go together"),
        ({"childlight": "grooming"}, "'solicitation'"),
        ({"iccs": "0301"}, "column 'iccs' of the table of recorded offences"),
        ({"icd": "T74"}, "Extra inputs are not permitted"),
    ],
)
def test_codes_out_of_the_lists_are_refused(codes, said):
    with pytest.raises(ValueError, match="codes") as refused:
        with_codes(codes)
    assert said in str(refused.value)


def test_the_error_names_the_file_and_the_indicator(tmp_path):
    text = STUDY.read_text(encoding="utf-8").replace('sdg: "16.2.3"', 'sdg: "16.2.4"')
    path = tmp_path / "indicators.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"indicators\.yaml.*codes") as refused:
        load_codebook(path)
    assert "16.2.3" in str(refused.value)


def test_a_code_is_no_part_of_the_definition():
    coded = with_codes({"sdg": "16.2.3", "sdg_relation": "related"})
    assert coded.definitions() == codebook().definitions()


def test_what_the_study_asks_of_children_is_related_to_the_sdg_and_not_equal():
    coded = [entry for entry in load_codebook(STUDY).indicators if entry.codes != Codes()]
    assert {entry.id: entry.codes.format_codes()["sdg"] for entry in coded} == {
        "sexual_violence_in_person": "16.2.3 (related)"
    }


def test_the_data_package_tells_the_codes_of_every_indicator(tmp_path):
    book = with_codes({"childlight": "extortion"})
    study = {"id": "s", "title": "S", "simulated": False}
    told = describe_data_package(tmp_path, [], study, codebook=book)["indicators"]
    assert [entry["name"] for entry in told] == [entry.id for entry in book.indicators]
    assert told[0]["codes"] == {"icvac": NO_CODE, "sdg": NO_CODE, "childlight": "extortion"}
    assert set(told[1]["codes"].values()) == {NO_CODE}


def test_the_page_of_indicators_is_that_of_the_codebook(tmp_path):
    write_indicators(load_codebook(STUDY), tmp_path / "indicators.md")
    written = (tmp_path / "indicators.md").read_text(encoding="utf-8")
    assert written == (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8"), "make docs"
