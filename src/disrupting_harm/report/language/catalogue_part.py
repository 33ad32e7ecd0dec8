"""The messages of a catalogue that a stage may print.

The comments ``#:`` of a catalogue name the files where a message stands. A stage prints no messages
but those of the modules that it imports, of the templates that it fills, and words of the study,
which may stand anywhere: an edit of any other message does not concern it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from disrupting_harm.provenance.imports import digest

REPORT = Path("disrupting_harm") / "report"
_PLACES = re.compile(r"^#:(.*)$", re.MULTILINE)
_OBSOLETE = re.compile(r"^#~", re.MULTILINE)
# What a translator or the extraction remarks, and the former English text.
_COMMENTS = re.compile(r"^#(?![:,]).*\n", re.MULTILINE)
# In templates of Markdown, which name others from the folder of all templates.
_INCLUDE = re.compile(r'<% include "([^"]+)" %>')


def report_modules(files: Iterable[Path], source: Path) -> list[str]:
    """Return those of ``files`` that lie in this package, as comments of catalogues name them.

    Args:
        files: modules of the library.
        source: the folder that holds the library.
    """
    package = source / REPORT
    return sorted(path.relative_to(package).as_posix() for path in files if package in path.parents)


def list_included_templates(name: str, templates: Path) -> set[str]:
    """Return the name of a template of Markdown and of all that it includes, directly or not."""
    names_found: set[str] = set()
    waiting = {name}
    while waiting:
        names_found.add(template_name := waiting.pop())
        template = (templates / template_name).read_text(encoding="utf-8")
        waiting |= set(_INCLUDE.findall(template)) - names_found
    return names_found


def select_messages(catalogue: str, places: Collection[str]) -> str:
    """Return a catalogue without the messages that cannot be printed; its head stays.

    Args:
        catalogue: the text of a ``.po`` file, as ``translate update`` writes it: an empty line
            between messages.
        places: modules (:func:`report_modules`) and templates that messages are printed from.
    """
    return "\n\n".join(
        message
        for message in _split_messages(catalogue)
        if _is_printed(_list_places(message), places)
    )


def digests_by_places(catalogue: str) -> dict[tuple[str, ...], str]:
    """Return a digest of all messages that name the same places, by these places.

    Comments for translators are no part of it: no document prints them.
    """
    messages_by_places: dict[tuple[str, ...], list[str]] = {}
    for message in _split_messages(catalogue):
        printed_part = _COMMENTS.sub("", message)
        messages_by_places.setdefault(_list_places(message), []).append(printed_part)
    return {
        places: digest("\n\n".join(messages)) for places, messages in messages_by_places.items()
    }


def digest_of_part(digests: Mapping[tuple[str, ...], str], places: Collection[str]) -> str:
    """Return a digest that changes with any message that may be printed from some places.

    Args:
        digests: of a catalogue, by :func:`digests_by_places`.
        places: as for :func:`select_messages`.
    """
    return digest(
        "".join(
            message_digest
            for message_places, message_digest in digests.items()
            if _is_printed(message_places, places)
        )
    )


def _split_messages(catalogue: str) -> list[str]:
    """Return head and messages; obsolete ones are printed nowhere."""
    return [message for message in catalogue.split("\n\n") if not _OBSOLETE.search(message)]


def _list_places(message: str) -> tuple[str, ...]:
    return tuple(" ".join(_PLACES.findall(message)).split())


def _is_printed(message_places: Collection[str], places: Collection[str]) -> bool:
    # Words of a study may stand anywhere; so may a message that names no place.
    return not message_places or any(
        message_place in places or not message_place.endswith((".py", ".j2"))
        for message_place in message_places
    )
