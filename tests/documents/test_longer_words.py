"""A report and a brief whose words are a third longer, as those of the next language may be."""

import csv
import re
from pathlib import Path

import pages as look
import pytest
import texts
from babel.messages.pofile import read_po, write_po
from checkout import Checkout

# Documents of its own.
pytestmark = pytest.mark.slow
LONGER = 1.35
COUNTRY, LANGUAGE = "KEN", "id"  # has no report in it, and so none of its words either
# What is filled in, and addresses.
_HELD = re.compile(r"(\{[^}]*\}|https?:\S+|\]\([^)]*\))")
_DOUBLED = re.compile("[aeiouysfAEIOUYSF]")


def longer(message: str) -> str:
    """Return a text whose words are longer, with the same places to fill in."""
    parts = _HELD.split(message)
    return "".join(
        part if at % 2 else _DOUBLED.sub(lambda letter: letter[0] + letter[0].lower(), part)
        for at, part in enumerate(parts)
    )


def lengthen(catalogue: Path) -> float:
    """Translate all messages into longer English; return how much longer they are."""
    with catalogue.open("rb") as file:
        messages = read_po(file, locale=LANGUAGE)
    before = after = 0
    for message in messages:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        words = tuple(longer(text) for text in english)
        message.string = words if isinstance(message.id, tuple) else words[0]
        before += len(english[0])
        after += len(words[0])
    with catalogue.open("wb") as file:
        write_po(file, messages, width=0)
    return after / before


@pytest.fixture(scope="module")
def stretched(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public results of a study with a report and a brief in longer words."""
    study = small.copy_to(tmp_path_factory.mktemp("stretched") / "study")
    folder = study.folder
    catalogue = folder / "workflow" / "templates" / "locale" / LANGUAGE
    assert lengthen(catalogue / "LC_MESSAGES" / "report.po") > LONGER
    countries = folder / "config" / "countries.csv"
    with countries.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["country"] == COUNTRY:
            row["languages"] = LANGUAGE
    with countries.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    # The documents in longer words take the place of those that the run of the copy has.
    (folder / "results" / "public" / "manifest.json").unlink()
    study.edit("config/config.yaml", "formats: [html, pdf, docx]", "formats: [html, pdf]")
    made = [f"results/public/{kind}/{COUNTRY}/renderer.json" for kind in ("reports", "briefs")]
    done = study.run(*made)
    assert done.returncode == 0, done.stderr
    return folder / "results" / "public"


@pytest.mark.parametrize("kind", ["report", "brief"])
def test_longer_words_have_room(stretched: Path, kind: str) -> None:
    """Nothing overflows, overlaps, is cut off, or stands on a page that is nearly empty."""
    document = stretched / f"{kind}s" / COUNTRY / LANGUAGE / kind
    paper = document.with_suffix(".pdf")
    pages = look.read_pages(paper)
    text = look.body_text(pages)
    assert longer("children") in text
    assert kind == "report" or len(pages) == 2
    assert look.in_the_foot(pages) == []
    assert look.beyond_the_margin(pages) == []
    assert look.overlapping(pages) == []
    assert look.split_sentences(pages, texts.drawn(document)) == []
    assert look.headings_at_the_foot(pages, look.headings(paper)) == []
    assert look.orphan_rows(paper) == []
    assert texts.left_over(text) == []
    # Every page but the last holds as much as the end of a chapter does.
    assert look.poorly_filled(pages[:-1], {page.number + 1 for page in pages}) == []


@pytest.mark.parametrize("kind", ["report", "brief"])
def test_no_word_is_cut_off(stretched: Path, kind: str) -> None:
    """The paper has every letter that the page has."""
    document = stretched / f"{kind}s" / COUNTRY / LANGUAGE / kind
    lost, _ = look.lost_and_added(
        texts.page_text(document), look.body_text(look.read_pages(document.with_suffix(".pdf")))
    )
    assert lost < 0.01
