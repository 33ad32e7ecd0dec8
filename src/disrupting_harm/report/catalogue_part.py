"""The messages of a catalogue that a stage may print.

The comments ``#:`` of a catalogue name the files where a message stands. A stage prints no messages
but those of the modules that it imports, of the templates that it fills, and words of the study,
which may stand anywhere: an edit of any other message concerns it not.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

REPORT = Path("disrupting_harm") / "report"
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
    return "\n\n".join(
        entry
        for entry, named in _entries(catalogue)
        # Words of a study may stand anywhere; so may a message that names no place.
        if not named or any(one in places or not one.endswith((".py", ".j2")) for one in named)
    )


@cache
def _entries(catalogue: str) -> list[tuple[str, list[str]]]:
    """Return the messages of a catalogue, each with the places that its comments name."""
    return [(entry, _places(entry)) for entry in catalogue.split("\n\n")]


def _places(entry: str) -> list[str]:
    lines = [line.removeprefix("#:") for line in entry.splitlines() if line.startswith("#:")]
    return " ".join(lines).split()
