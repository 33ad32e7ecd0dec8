"""The differences of two runs as one page for a browser, which needs no file beside it."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import for_owner_alone, is_public, write_text
from disrupting_harm.report.web.templates import (
    create_page_environment,
    format_content_policy,
    hash_for_policy,
)
from disrupting_harm.runs.differences.comparison import SECTIONS, RunDifferences, find_section
from disrupting_harm.runs.differences.tables import MAIN_NUMBER, VERDICT, Change

TEMPLATES = Path("differences")
# Lines of a section; more would make the page slow, and nobody reads them.
MOST_ENTRIES = 1000
NOTES = {
    MAIN_NUMBER: "Rows with a number that a report or a brief prints: all of their cells that "
    "changed. Those that most documents print come first.",
    VERDICT: "What tests, orders of countries and the rules of publication say, and each yes or "
    "no of a table.",
}
_WORDS = re.compile(r"(\s+)")
# Whether a part of a text is another one in the other run, and the part.
Parts = list[tuple[bool, str]]


@dataclass(frozen=True)
class Entry:
    """A line of the page."""

    change: Change
    place: str
    what: str
    before: Parts
    after: Parts


def write_page(runs: RunDifferences, path: Path, templates: Path) -> None:
    """Write the page for its owner alone.

    Args:
        path: of the page, outside of public results.
        templates: the folder of templates.

    Raises:
        StudyError: it would lie among public results.
    """
    if is_public(path.absolute()):
        finding = "it lies in public results; two runs together tell more than each of them"
        raise StudyError(str(path), finding, "Name a file elsewhere")
    with for_owner_alone():
        write_text(path, format_page(runs, templates))


def format_page(runs: RunDifferences, templates: Path) -> str:
    """Return the page; ``templates`` is the folder of templates."""
    style = "".join(
        (templates / sheet).read_text(encoding="utf-8")
        for sheet in ("site/site.css", TEMPLATES / "page.css")
    )
    entries = _list_entries(runs)
    return (
        create_page_environment(templates / TEMPLATES)
        .get_template("page.html.j2")
        .render(
            title="What changed between two runs",
            runs=runs,
            counts=[
                (name.replace("_", " "), count) for name, count in runs.count().items() if count
            ],
            sections=[
                {
                    "title": title,
                    "note": NOTES.get(name, ""),
                    "count": len(entries[name]),
                    "entries": entries[name][:MOST_ENTRIES],
                    "remaining": max(len(entries[name]) - MOST_ENTRIES, 0),
                }
                for name, title in SECTIONS.items()
                if entries[name]
            ],
            style=style,
            policy=format_content_policy(style=f"'{hash_for_policy(style)}'"),
        )
    )


def _list_entries(runs: RunDifferences) -> Mapping[str, list[Entry]]:
    """Return the lines of each section: one for each cell, sentence, text of a figure, or file."""
    entries: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
    for row in runs.rows:
        entries[find_section(row)] += [
            _make_entry(row.change, row.address, cell.column, cell.before, cell.after)
            for cell in row.cells
        ]
    entries["file"] = [
        _make_entry(file.change, file.file, f"{file.parts:,} rows or sentences", None, None)
        for file in runs.files
    ]
    entries["sentence"] = [
        _make_entry(item.change, item.document, item.change, item.before, item.after)
        for item in runs.sentences
    ]
    entries["figure"] = [
        _make_entry(figure.change, f"{figure.file}, {figure.figure}", name, *pair)
        for figure in runs.figures
        for name, pair in figure.texts.items()
    ]
    return entries


def _make_entry(
    change: Change, place: str, what: str, before: str | None, after: str | None
) -> Entry:
    if before is None and after is None:
        signs = {"gone": ("there", "not there"), "added": ("not there", "there")}
        before, after = signs.get(change, ("", ""))
    if before is None or after is None:
        return Entry(change, place, what, [(False, before or "")], [(False, after or "")])
    parts = list(_mark_words(before, after))
    return Entry(
        change,
        place,
        what,
        [(is_other, was) for is_other, was, _ in parts if was],
        [(is_other, now) for is_other, _, now in parts if now],
    )


def _mark_words(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """Yield parts of both texts in their order, and whether they differ."""
    old, new = _WORDS.split(before), _WORDS.split(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield tag != "equal", "".join(old[start:end]), "".join(new[new_start:new_end])
