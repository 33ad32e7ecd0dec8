"""The texts of a document are listed as its reader meets them, each as it stands there."""

from pathlib import Path

from disrupting_harm.core.files import read_json
from disrupting_harm.report.language.printed_texts import (
    list_printed_texts,
    read_printed_texts,
    write_printed_texts,
)
from disrupting_harm.report.language.translator import MARKDOWN, PLAIN, Translator


def test_texts_stand_in_reading_order_and_as_printed() -> None:
    """Not in the order in which a program asks for them, and not as a word of another text."""
    translator = Translator("pt", {"no": "na", "{n} of all.": "De tod@s {n}."}, PLAIN)
    marked_up = translator.with_markup(MARKDOWN)
    last = marked_up("no")
    asked_but_not_printed = marked_up("{n} of all.", n=4)
    first = marked_up("{n} of all.", n=marked_up.number(7))
    marked_up("in other Letters")
    marked_up("asked for and left out")
    marked_up("drawn")
    document = f"# Banana\n\n{first}\n\n{last}\n\nIn other letters\n"
    assert asked_but_not_printed not in document
    assert list(list_printed_texts(translator.asked, document, {"drawn"}).items()) == [
        ("{n} of all.", "De tod@s 7."),
        ("in other Letters", "in other Letters"),
        ("drawn", "drawn"),
        ("no", "na"),
    ]


def test_a_text_that_a_page_fills_later_is_printed() -> None:
    asked = {"{c} of it": ["{c} of it"], "{c} of that": ["{c} of that"]}
    assert list(list_printed_texts(asked, "<p>95 of it</p>")) == ["{c} of it"]


def test_numbers_are_read_without_their_addresses() -> None:
    asked = {"{n} asked": ['[9]{n="KEN/estimates/3"} asked']}
    assert list_printed_texts(asked, '[9]{n="KEN/estimates/3"} asked') == {"{n} asked": "9 asked"}


def test_the_list_of_a_document_lies_outside_the_public_results(tmp_path: Path) -> None:
    document = tmp_path / "results" / "public" / "briefs" / "KEN" / "en" / "brief.qmd"
    write_printed_texts(document, {"b": "1", "a": "2"})
    lists = list(tmp_path.rglob("*.json"))
    assert lists == [tmp_path / "results/restricted/texts/briefs/KEN/en/brief.json"]
    assert list(read_json(lists[0])["texts"].items()) == [("b", "1"), ("a", "2")]
    assert list(read_printed_texts(document.with_suffix(".pdf"))) == ["b", "a"]
    write_printed_texts(tmp_path / "elsewhere.qmd", {"a": "2"})
    assert read_printed_texts(document.with_name("report.qmd")) == {}
