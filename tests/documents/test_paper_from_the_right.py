"""Paper of a script from the right: pages are filled, nothing falls off them or is torn."""

from pathlib import Path

import pages as look
import pytest
import texts
import torn
from checkout import Checkout
from right_to_left import CODE

DOCUMENTS = ("briefs/NAM", "reports/NAM")


@pytest.mark.parametrize("folder", DOCUMENTS)
def test_pages_are_filled_and_whole(right_to_left: Checkout, folder: str) -> None:
    public = right_to_left.folder / "results" / "public"
    document = public / folder / CODE / Path(folder).parts[0].removesuffix("s")
    paper = document.with_suffix(".pdf")
    pages = look.read_pages(paper)
    assert len(pages) == 2 if "brief" in folder else len(pages) > 10
    chapters = look.chapter_pages(paper)
    # A report ends where its text ends.
    held = pages if "brief" in folder else pages[:-1]
    assert look.poorly_filled(held, chapters) == []
    assert look.in_the_foot(pages) == []
    assert look.beyond_the_margin(pages) == []
    assert look.split_sentences(pages, texts.drawn(document)) == []
    assert look.headings_at_the_foot(pages, look.headings(paper)) == []
    assert look.orphan_rows(paper) == []
    assert torn.titles_at_the_foot(paper, pages) == []
    assert torn.torn_paragraphs(paper, pages) == []
