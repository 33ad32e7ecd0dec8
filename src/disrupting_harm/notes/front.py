"""The front matter of a filled note: the author's, and what an author need not write."""

import datetime
from collections.abc import Mapping
from typing import Any

from disrupting_harm.notes.note import OWN_KEYS, Note
from disrupting_harm.report.markdown import without_addresses
from disrupting_harm.report.note_numbers import ALLOWED_IN_NOTE
from disrupting_harm.report.status import Status
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words

_FILES = ("bibliography", "csl")


def front_matter(note: Note, manifest: Mapping[str, Any], text: Text, up: str) -> dict[str, Any]:
    """Return the front matter of a filled note.

    Where data are simulated every page says so: no key of the author's takes that away.

    Args:
        note: the note.
        manifest: of its results.
        text: the note's language, after all its texts were asked for.
        up: the note's folder as seen from the filled note.
    """
    own = {key: value for key, value in note.own.items() if key not in OWN_KEYS}
    for key in _FILES:
        if key in own:
            names = own[key] if isinstance(own[key], list) else [own[key]]
            own[key] = [f"{up}{name}" for name in names]
    own.setdefault("date", manifest["configuration"]["study"]["date"])
    own.setdefault("date-shown", _date_shown(str(own["date"]), text.words))
    # A note is short: it has contents and numbered headings where its author asks for them.
    own.setdefault("toc", False)
    settings = own.get("report")
    own["report"] = {"number-sections": False, "contents": False} | (
        settings if isinstance(settings, dict) else {}
    )
    own[ALLOWED_IN_NOTE] = note.allowed
    simulated = bool(manifest["simulated"])
    if simulated:
        own["watermark"] = text("Simulated data: not for citation")
    untranslated = tuple(sorted(text.words.untranslated))
    status = Status(text.words.draft, untranslated, False, simulated).sentence(text)
    return own | ({"status": without_addresses(status)} if status else {})


def _date_shown(date: str, words: Words) -> str:
    try:
        return words.date(datetime.date.fromisoformat(date))
    except ValueError:
        return date
