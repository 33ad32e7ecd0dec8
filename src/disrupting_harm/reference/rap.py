"""How far the repository is a reproducible analytical pipeline: computed from its files.

https://nhsdigital.github.io/rap-community-of-practice/introduction_to_RAP/levels_of_RAP/
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.files import read_text, write_json, write_text

CRITERIA = Path(__file__).with_name("rap.yaml")
SHOWN, MISSING, PERSON = "shown", "RED: not shown", "for a person to say"
HEAD = """\
# Reproducible analytical pipeline

Computed from the files of the repository by `make docs`; do not edit by hand. Levels are those of
the [NHS community of practice](https://nhsdigital.github.io/rap-community-of-practice/); the words
are ours. What no file can show is for a person to say. A level is reached once all its items, and
those of the levels below, are shown.

"""


@dataclass(frozen=True)
class Item:
    """One item of a level.

    Attributes:
        level: baseline, silver or gold.
        about: what is asked for.
        state: shown, not shown, or for a person to say.
        evidence: files that show it, or what a person has to say.
    """

    level: str
    about: str
    state: str
    evidence: tuple[str, ...]


def write_rap(root: Path, page: Path) -> None:
    """Write the page of all items, and the same as JSON beside it.

    Args:
        root: the repository.
        page: the Markdown file, in a folder of the repository.
    """
    items = read_items(root)
    write_text(page, "".join(_page(items)))
    told = {"level": level_of(items), "items": [asdict(item) for item in items]}
    write_json(page.with_suffix(".json"), told)


def read_items(root: Path) -> list[Item]:
    """Return all items with what the repository shows today."""
    criteria = yaml.safe_load(read_text(CRITERIA))
    return [_item(root, level, entry) for level, entries in criteria.items() for entry in entries]


def level_of(items: list[Item]) -> str:
    """Return the highest level all of whose items, and of those below it, are shown; or "none"."""
    reached = "none"
    for level in dict.fromkeys(item.level for item in items):
        if any(item.state != SHOWN for item in items if item.level == level):
            break
        reached = level
    return reached


def _item(root: Path, level: str, entry: dict[str, Any]) -> Item:
    if "person" in entry:
        confirmed = entry.get("confirmed")
        state = SHOWN if confirmed else PERSON
        return Item(level, entry["about"], state, (confirmed or entry["person"],))
    pattern = re.compile(entry.get("has", ""), re.MULTILINE)
    there = sorted(root.glob(entry["files"]))
    shown = sum(pattern.search(read_text(path)) is not None for path in there)
    named = [entry["files"], *(each for each in entry.get("see", ()) if (root / each).exists())]
    return Item(
        level, entry["about"], SHOWN if shown >= entry.get("least", 1) else MISSING, tuple(named)
    )


def _page(items: list[Item]) -> Iterator[str]:
    yield HEAD
    yield f"Level reached: **{level_of(items)}**.\n\n"
    for state, said in ((MISSING, "Red"), (PERSON, "For a person to say")):
        found = [item.about for item in items if item.state == state]
        if found:
            yield f"{said}: {'; '.join(found)}.\n\n"
    for level in dict.fromkeys(item.level for item in items):
        yield f"## {level.capitalize()}\n\n| asked for | state | evidence |\n|---|---|---|\n"
        for item in items:
            if item.level == level:
                state = f"**{item.state}**" if item.state == MISSING else item.state
                links = ", ".join(map(_link, item.evidence))
                yield f"| {item.about} | {state} | {links} |\n"
        yield "\n"


def _link(evidence: str) -> str:
    """Return a link to a file or folder; a pattern of files as it is."""
    if "*" in evidence:
        return f"`{evidence}`"
    return evidence if " " in evidence else f"[{evidence}](../{evidence})"
