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

CRITERIA_FILE = Path(__file__).with_name("rap.yaml")
SHOWN, MISSING, FOR_A_PERSON = "shown", "RED: not shown", "for a person to say"
PAGE_HEAD = """\
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
        page: the Markdown file, in a folder of the repository ``root``.
    """
    items = read_items(root)
    write_text(page, "".join(_format_page(items)))
    content = {"level": find_level(items), "items": [asdict(item) for item in items]}
    write_json(page.with_suffix(".json"), content)


def read_items(root: Path) -> list[Item]:
    """Return all items with what the repository shows today."""
    criteria = yaml.safe_load(read_text(CRITERIA_FILE))
    return [
        _judge_item(root, level, criterion)
        for level, criteria_of_level in criteria.items()
        for criterion in criteria_of_level
    ]


def find_level(items: list[Item]) -> str:
    """Return the highest level all of whose items, and of those below it, are shown; or "none"."""
    reached = "none"
    for level in dict.fromkeys(item.level for item in items):
        if any(item.state != SHOWN for item in items if item.level == level):
            break
        reached = level
    return reached


def _judge_item(root: Path, level: str, criterion: dict[str, Any]) -> Item:
    if "person" in criterion:
        confirmed = criterion.get("confirmed")
        state = SHOWN if confirmed else FOR_A_PERSON
        return Item(level, criterion["about"], state, (confirmed or criterion["person"],))
    pattern = re.compile(criterion.get("has", ""), re.MULTILINE)
    paths = sorted(root.glob(criterion["files"]))
    match_count = sum(pattern.search(read_text(path)) is not None for path in paths)
    evidence = [
        criterion["files"],
        *(path for path in criterion.get("see", ()) if (root / path).exists()),
    ]
    return Item(
        level,
        criterion["about"],
        SHOWN if match_count >= criterion.get("least", 1) else MISSING,
        tuple(evidence),
    )


def _format_page(items: list[Item]) -> Iterator[str]:
    yield PAGE_HEAD
    yield f"Level reached: **{find_level(items)}**.\n\n"
    for state, label in ((MISSING, "Red"), (FOR_A_PERSON, "For a person to say")):
        open_items = [item.about for item in items if item.state == state]
        if open_items:
            yield f"{label}: {'; '.join(open_items)}.\n\n"
    for level in dict.fromkeys(item.level for item in items):
        yield f"## {level.capitalize()}\n\n| asked for | state | evidence |\n|---|---|---|\n"
        for item in items:
            if item.level == level:
                state = f"**{item.state}**" if item.state == MISSING else item.state
                links = ", ".join(map(_format_link, item.evidence))
                yield f"| {item.about} | {state} | {links} |\n"
        yield "\n"


def _format_link(evidence: str) -> str:
    """Return a link to a file or folder; a pattern of files as it is."""
    if "*" in evidence:
        return f"`{evidence}`"
    return evidence if " " in evidence else f"[{evidence}](../{evidence})"
