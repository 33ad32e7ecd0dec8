"""Where a text of a review stands, and what its placeholders become."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typst
from openpyxl import load_workbook
from preconditions import needs

from disrupting_harm.report.translations.placeholder_values import (
    list_placeholder_values,
    read_texts_of_language,
)
from disrupting_harm.report.translations.review_texts import DocumentToRead, TextToRead, add_pages
from disrupting_harm.report.translations.review_workbook import build_workbook


@pytest.mark.parametrize(
    ("translation", "printed", "values"),
    [
        ("{share} sabem", ["37% sabem", "40% sabem", "37% sabem"], {"share": ["37%", "40%"]}),
        ("{a} e {b}.", ["raparigas e rapazes."], {"a": ["raparigas"], "b": ["rapazes"]}),
        # In other words than the text's it tells nothing.
        ("Em {country}", ["em Moçambique"], {}),
        ("{x} | {x} e {y}", ["1 e 2"], {"x": ["1"], "y": ["2"]}),
        ("{x} ou {x}", ["1 ou 1", "1 ou 2"], {"x": ["1"]}),
        ("{x}?", ["1?", "2?", "3?", "4?"], {"x": ["1", "2", "3"]}),
        ("Empresas", ["Empresas"], {}),
        ("São **{x}**.", ["São **9** ou **10**."], {"x": ["9 ou 10"]}),
        ("{x}.", [f"{'palavra ' * 20}."], {"x": [f"{'palavra ' * 12}…"]}),
    ],
)
def test_a_placeholder_becomes_what_documents_print_in_its_place(
    translation: str, printed: list[str], values: dict[str, list[str]]
) -> None:
    assert list_placeholder_values(translation, printed) == values


def test_texts_are_read_from_all_documents_of_the_language_and_of_no_other(tmp_path: Path) -> None:
    printed = {
        "briefs/MOZ/pt/brief": {"{x} of {y}": "1 de 2", "Police": "Polícia"},
        "reports/MOZ/pt/report": {"{x} of {y}": "3 de 4", "Police": "Polícia"},
        "explorer/pt": {"{x} of {y}": "5 de 6"},
        "briefs/MOZ/en/brief": {"{x} of {y}": "1 of 2"},
    }
    for name, texts in printed.items():
        path = tmp_path / "restricted" / "texts" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"translation": None, "texts": texts}))
    assert read_texts_of_language(tmp_path, "pt") == {
        "{x} of {y}": ["1 de 2", "5 de 6", "3 de 4"],
        "Police": ["Polícia"],
    }


@pytest.fixture
def document() -> DocumentToRead:
    texts = ("37% sabem como denunciar", "Uma **linha**\nde apoio", "Lido em voz alta", "Sim")
    return DocumentToRead(
        "pt",
        "briefs/MOZ/pt/brief",
        tuple(
            TextToRead(str(number) * 12, text, text, text, "not yet")
            for number, text in enumerate(texts)
        ),
        (),
    )


@needs("no Poppler")
def test_a_text_has_the_pages_on_which_a_reader_sees_it(
    document: DocumentToRead, tmp_path: Path
) -> None:
    pdf = tmp_path / "brief.pdf"
    source = (
        "37% sabem\\ como de- \\ nunciar #pagebreak() Uma *linha* de apoio. "
        "#pagebreak() UMA LINHA DE APOIO Uma linha de apoios. Sim"
    )
    pdf.write_bytes(typst.compile(source.encode()))
    placed = add_pages(document, pdf)
    assert [text.pages for text in placed.texts] == [(1,), (2,), (), ()]
    path = tmp_path / "made.xlsx"
    path.write_bytes(build_workbook(placed))
    sheet = load_workbook(path)["Texts"]
    pages = next(cell.column_letter for cell in sheet[1] if cell.value == "Page")
    assert [cell.value for cell in sheet[pages][1:]] == ["1", "2", "–", "–"]
    assert not sheet.column_dimensions[pages].hidden


def test_without_a_pdf_no_page_is_named_and_values_stand_a_line_each(
    document: DocumentToRead, tmp_path: Path
) -> None:
    first = replace(document.texts[0], values={"share": ["37%", "40%"], "x": ["a"]})
    path = tmp_path / "made.xlsx"
    path.write_bytes(build_workbook(replace(document, texts=(first, *document.texts[1:]))))
    sheet = load_workbook(path)["Texts"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[columns["Page"]].hidden
    values = sheet[columns["In place of {words}, for example"]]
    assert values[1].value == "{share}: 37%; 40%\n{x}: a"
    assert not values[2].value
