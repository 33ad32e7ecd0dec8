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


def with_includes(name: str, templates: Path) -> set[str]:
    """Return the name of a template of Markdown and of all that it includes, directly or not."""
    found: set[str] = set()
    waiting = {name}
    while waiting:
        found.add(current := waiting.pop())
        text = (templates / current).read_text(encoding="utf-8")
        waiting |= set(_INCLUDE.findall(text)) - found
    return found


def part_of(catalogue: str, places: Collection[str]) -> str:
    """Return a catalogue without the messages that cannot be printed; its head stays.

    Args:
        catalogue: the text of a ``.po`` file, as ``translate update`` writes it: an empty line
            between messages.
        places: modules (:func:`report_modules`) and templates that messages are printed from.
    """
    entries = catalogue.split("\n\n")
    return "\n\n".join(entry for entry in entries if _is_printed(_named_in(entry), places))


def digests_by_places(catalogue: str) -> dict[tuple[str, ...], str]:
    """Return a digest of all messages that name the same places, by these places."""
    entries: dict[tuple[str, ...], list[str]] = {}
    for entry in catalogue.split("\n\n"):
        entries.setdefault(_named_in(entry), []).append(entry)
    return {named: digest("\n\n".join(texts)) for named, texts in entries.items()}


def digest_of_part(digests: Mapping[tuple[str, ...], str], places: Collection[str]) -> str:
    """Return a digest that changes with any message that may be printed from some places.

    Args:
        digests: of a catalogue, by :func:`digests_by_places`.
        places: as for :func:`part_of`.
    """
    return digest("".join(one for named, one in digests.items() if _is_printed(named, places)))


def _named_in(entry: str) -> tuple[str, ...]:
    return tuple(" ".join(_PLACES.findall(entry)).split())


def _is_printed(named: Collection[str], places: Collection[str]) -> bool:
    # Words of a study may stand anywhere; so may a message that names no place.
    return not named or any(one in places or not one.endswith((".py", ".j2")) for one in named)
