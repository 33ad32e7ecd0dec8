"""The messages of a catalogue that figures may print.

The comments ``#:`` of a catalogue name the files where a message stands. Figures read all messages
but those that stand only in templates, or in modules that no figure is drawn with: an edit of one
of these needs no figure to be drawn again.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

REPORT = Path("disrupting_harm") / "report"


def report_modules(files: Iterable[Path], source: Path) -> list[str]:
    """Return those of ``files`` that lie in this package, as comments of catalogues name them.

    Args:
        files: modules of the library.
        source: the folder that holds the library.
    """
    package = source / REPORT
    return sorted(path.relative_to(package).as_posix() for path in files if package in path.parents)


def part_of(catalogue: str, modules: Collection[str]) -> str:
    """Return a catalogue without the messages that figures cannot print; its head stays.

    Args:
        catalogue: the text of a ``.po`` file, as ``translate update`` writes it: an empty line
            between messages.
        modules: the modules that figures are drawn with, see :func:`report_modules`.
    """
    entries = catalogue.split("\n\n")
    return "\n\n".join(entry for entry in entries if _may_stand_in_figures(entry, modules))


def _may_stand_in_figures(entry: str, modules: Collection[str]) -> bool:
    lines = [line.removeprefix("#:") for line in entry.splitlines() if line.startswith("#:")]
    places = " ".join(lines).split()
    # Words of a study may stand anywhere; so may a message that names no place.
    return not places or any(
        place in modules or not place.endswith((".py", ".j2")) for place in places
    )
