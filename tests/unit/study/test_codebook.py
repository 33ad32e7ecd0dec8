import copy
from pathlib import Path

import pytest
from small_study import CODEBOOK, codebook

from disrupting_harm.aggregates.partner_definitions import definition_hashes
from disrupting_harm.study.codebook.codebook import Codebook, load_codebook


def test_a_change_of_wording_changes_no_definition():
    reworded = copy.deepcopy(CODEBOOK)
    reworded["items"][2]["question"] = "Have you ever been online?"
    reworded["items"][3]["value_labels"] = {"daily": "Every day"}
    reworded["domains"][1] |= {"label": "Boys and girls", "levels_label": {"boy": "Boys"}}
    reworded["modules"][0]["label"] = "Going online"
    reworded["indicators"][0] |= {"label": "Uses it", "short": "Uses", "note": "Ever."}
    assert Codebook.model_validate(reworded).definitions() == codebook().definitions()


def test_a_change_of_meaning_changes_the_definitions():
    changed = copy.deepcopy(CODEBOOK)
    changed["indicators"][0]["dont_know"] = "no"
    assert Codebook.model_validate(changed).definitions() != codebook().definitions()


def test_definitions_are_a_codebook_with_names_for_labels():
    definitions = codebook().definitions()
    again = Codebook.model_validate(definitions)
    assert again.definitions() == definitions
    assert again.indicator("online").label == "online"
    assert again.indicators[0].numerator == codebook().indicators[0].numerator


def test_a_level_may_be_called_like_a_word():
    book = copy.deepcopy(CODEBOOK)
    book["domains"][2]["bands"] = {"short": [12, 14], "note": [15, 17]}
    again = Codebook.model_validate(Codebook.model_validate(book).definitions())
    assert again.levels("age_band") == ("short", "note")


def test_silence_is_of_proportions_alone():
    book = copy.deepcopy(CODEBOOK)
    mean = next(entry for entry in book["indicators"] if entry.get("statistic") == "mean")
    mean["silence"] = True
    with pytest.raises(ValueError, match=rf"'{mean['id']}': only a proportion can have 'silence'"):
        Codebook.model_validate(book)


def test_silence_is_marked_for_experiences_and_not_for_knowledge_or_telling():
    book = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")
    assert book.headlines_with_silence() == [
        "clear_examples", "asked_to_talk_about_sex", "asked_for_images", "any_tf_csea",
    ]  # fmt: skip
    marked = {entry.module for entry in book.indicators if entry.silence}
    assert not marked & {"followups", "knowledge_of_help", "attitudes", "internet_access"}


def test_silence_does_not_change_what_an_indicator_counts():
    book = copy.deepcopy(CODEBOOK)
    book["indicators"][0]["silence"] = True
    assert definition_hashes(Codebook.model_validate(book)) == definition_hashes(codebook())
