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
# What our command gives a note besides its author's words, and Quarto looks up.
_OF_RESULTS = ("watermark", "status", "date", "date-shown")


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
    return own | _marks(manifest, text)


def looked_up(front: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a note that Quarto renders by itself takes from the front of the filled note."""
    return {key: front[key] for key in _OF_RESULTS if key in front}


def front_of_results(manifest: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """Return what any document of these results takes, in one language, where there is no note."""
    date = str(manifest["configuration"]["study"]["date"])
    shown = {"date": date, "date-shown": _date_shown(date, text.words)}
    return shown | _marks(manifest, text)


def _marks(manifest: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """Return what each page says of the data and of the translation."""
    simulated = bool(manifest["simulated"])
    marks = {"watermark": text("Simulated data: not for citation")} if simulated else {}
    untranslated = tuple(sorted(text.words.untranslated))
    status = Status(text.words.draft, untranslated, False, simulated).sentence(text)
    return marks | ({"status": without_addresses(status)} if status else {})


def _date_shown(date: str, words: Words) -> str:
    try:
        return words.date(datetime.date.fromisoformat(date))
    except ValueError:
        return date
