"""Each language has all texts that a brief of the default study prints.

Judge from outside: catalogues are read by polib, texts from the lists of a finished run.
"""

import json
from pathlib import Path

import polib
import pytest
from checkout import Checkout
from repository import PROJECT

CATALOGUES = sorted(PROJECT.glob("workflow/templates/locale/*/LC_MESSAGES/report.po"))


def list_texts(results: Path) -> set[str]:
    """Return the messages that English briefs of countries print."""
    lists = sorted(results.glob("restricted/texts/briefs/[A-Z]*/en/brief.json"))
    return {text for path in lists for text in json.loads(path.read_text("utf-8"))["texts"]}


def list_translated(catalogue: Path) -> set[str]:
    entries = polib.pofile(str(catalogue)).translated_entries()
    # Between context and text as in compiled catalogues of gettext.
    return {"\4".join(filter(None, (entry.msgctxt, entry.msgid))) for entry in entries}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES])
def test_a_brief_in_no_language_has_a_sentence_in_english(small: Checkout, catalogue: Path) -> None:
    texts = list_texts(small.folder / "results")
    assert len(texts) > 120
    assert texts - list_translated(catalogue) == set()


def test_a_brief_in_swahili_says_that_nothing_is_in_english(public: Path) -> None:
    status = json.loads((public / "briefs/KEN/sw/status.json").read_text("utf-8"))
    assert status["untranslated"] == []
    assert status["draft_translation"]
    assert not (public / "reports/KEN/sw").exists()
