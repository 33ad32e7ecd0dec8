"""Text of finished PDF files in scripts that Typst draws by clusters, as four readers find it."""

from pathlib import Path

import pytest
from checkout import Checkout
from pdf_readers import READERS, pieces_of_page, share_found, words_of_figures

FOUND = 0.99  # of the page's running text; a reader may drop a hyphen at the end of a line
LANGUAGES = ("km", "th", "vi")


@pytest.fixture(
    scope="module", params=["small", pytest.param("other_languages", marks=pytest.mark.slow)]
)
def documents(request: pytest.FixtureRequest) -> list[Path]:
    """Reports and briefs in these languages, without their endings."""
    study: Checkout = request.getfixturevalue(request.param)
    public = study.folder / "results" / "public"
    pages = sorted(page for page in public.rglob("*.html") if page.stem in ("report", "brief"))
    found = [page.with_suffix("") for page in pages if page.parent.name in LANGUAGES]
    assert {each.name for each in found} == {"report", "brief"}
    return found


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_the_text_of_the_page(documents: list[Path], reader: str) -> None:
    shares = {
        "/".join(document.parts[-4:]): share_found(
            pieces_of_page(document.with_suffix(".html")),
            READERS[reader](document.with_suffix(".pdf")),
        )
        for document in documents
    }
    assert {name: share for name, share in shares.items() if share < FOUND} == {}


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_the_words_of_figures(documents: list[Path], reader: str) -> None:
    for document in documents:
        words = words_of_figures(document.with_suffix(".qmd"))
        assert words, document
        share = share_found(words, READERS[reader](document.with_suffix(".pdf")))
        assert share >= FOUND, document
