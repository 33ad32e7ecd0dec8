"""Where a number that somebody reads on paper comes from: its addresses, and where it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, read_rows
from disrupting_harm.core.paths import format_command
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.report.checks.documents import list_documents
from disrupting_harm.report.language.markdown import CITED, read_words, unescape
from disrupting_harm.study.study import load_study

_HEADING = re.compile(r"^#{2,3} (.*?)\s*(?:\{[^}]*\})?$", re.MULTILINE)
# Signs that a reader may leave out.
_SIGNS = re.compile(r"[%\s\u00a0\u202f]")
# Letters of the sentence that are shown at each side of the number.
_AROUND = 60
_ESTIMATES = "estimates.csv"


@dataclass(frozen=True)
class PrintedNumber:
    """A number as it is printed: its address, its file, and what stands around it there."""

    address: str
    place: str
    words: str


def find_places(printed: str, config: Path, area: str) -> dict[str, list[PrintedNumber]]:
    """Return each address that a number of documents and tables may come from, with its places.

    Args:
        printed: the number as a document has it, with or without "%".
        area: code of a country; empty: all.

    Raises:
        StudyError: if nothing published prints it.
    """
    public = load_study(config).config.results / PUBLIC
    places: dict[str, list[PrintedNumber]] = {}
    for number in find_numbers(printed, public, area):
        places.setdefault(number.address, []).append(number)
    if not places:
        within = f" in what is published on {area}" if area else ""
        remedy = (
            "Write it as it is printed, e.g. 17, 17.1 or 860,000. A document of another run has "
            "other numbers: explain the address that stands beside them in its numbers.json"
        )
        raise StudyError(f"number '{printed}'", f"it stands nowhere{within}", remedy)
    return places


def print_places(places: Mapping[str, Sequence[PrintedNumber]]) -> None:
    """Print what :func:`find_places` returns."""
    for address, numbers in places.items():
        print(address)
        for number in numbers:
            print(f"  {number.place}: {number.words}")
    print(f"How the first was made: {format_command('explain', next(iter(places)))}")


def find_numbers(printed: str, public: Path, area: str = "") -> Iterator[PrintedNumber]:
    """Yield the places of a number in documents, then in the table of all estimates."""
    wanted = _SIGNS.sub("", printed)
    for document in list_documents(public):
        text = document.read_text(encoding="utf-8")
        name = document.relative_to(public).as_posix()
        for match in CITED.finditer(text):
            if _SIGNS.sub("", unescape(match[1])) == wanted and _is_of(match[2], area):
                line = text[: match.start()].count("\n") + 1
                place = f"{name}, line {line}"
                yield PrintedNumber(match[2], place, _describe_place(text, match))
    for line, row in enumerate(read_rows(public / _ESTIMATES)[1], start=2):
        if row["shown"] == wanted and area in ("", row["country"]):
            level = address_part(row["level"])
            group = "" if row["domain"] == "total" else f"/{row['domain']}:{level}"
            address = f"{row['country']}/{row['indicator']}{group}/estimate"
            limits = f"{row['shown']}, n {row['n']}"
            yield PrintedNumber(address, f"{_ESTIMATES}, line {line}", limits)


def _is_of(address: str, area: str) -> bool:
    return not area or area in re.split(r"[/(),]", address)


def _describe_place(text: str, match: re.Match[str]) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    headings = _HEADING.findall(text, 0, start)
    before, after = (
        read_words(part)
        for part in (text[start : match.start()], text[match.end() : text.find("\n", match.end())])
    )
    words = f"{before[-_AROUND:]}[{match[1]}]{after[:_AROUND]}".strip()
    return f"“{read_words(headings[-1])}”: {words}" if headings else words
