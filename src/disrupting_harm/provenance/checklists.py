"""STROBE and GATHER of a run: which items it answers, and where; which wait for an author.

An item counts as filled only where every file and section that it names is there, and every fact
that it asks for is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.files import read_text, write_json, write_text
from disrupting_harm.evidence.sources import OPEN, SIMULATION, Source

ITEMS = Path(__file__).with_name("checklists.yaml")
# The manifest is written last, and lists these files.
LATER = ("manifest.json",)
# Folders with one entry for each country.
PER_COUNTRY = ("briefs", "countries", "databooks", "reports")
# Facts that the countries file holds, and what is said where it does not.
OF_COUNTRIES = {
    "fieldwork": "when the survey was made is not known of {countries}",
    "mode": "how the questions were put is not known of {countries}",
}
FILLED, AUTHOR, NOT_THERE = "filled", "author: to be written", "not there"


@dataclass(frozen=True)
class Answer:
    """What a run answers to an item.

    Attributes:
        item: its number in the checklist.
        about: what it asks for.
        state: filled, for an author, or not there.
        links: public files, with the section of a document behind '#'; all of them are there.
        remark: what an author has to write, or what is missing.
    """

    item: int
    about: str
    state: str
    links: tuple[str, ...]
    remark: str


def missing_facts(
    study: Mapping[str, Any], countries: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the facts that items ask for and that nobody told, each with what is missing.

    Args:
        study: the study in its configuration.
        countries: rows of the countries file.
    """
    missing = {}
    for fact, message in OF_COUNTRIES.items():
        if lacking := [str(row["country"]) for row in countries if not row.get(fact)]:
            missing[fact] = message.format(countries=", ".join(lacking))
    if not study.get("code"):
        missing["code"] = "the study names no place where the code can be had"
    return missing


def write_checklists(
    public: Path, countries: Sequence[str], missing: Mapping[str, str], page: Path, data: Path
) -> None:
    """Write what a run answers, as a page and as data.

    Args:
        public: its public results.
        countries: its countries.
        missing: facts that nobody told, of :func:`missing_facts`.
        page: the Markdown file, in ``public``.
        data: the JSON file.
    """
    lists = yaml.safe_load(read_text(ITEMS))
    told = {
        name: [_answer(public, countries, missing, entry) for entry in checklist["items"]]
        for name, checklist in lists.items()
    }
    write_text(page, "".join(_page(lists, told)))
    write_json(data, {name: [vars(answer) for answer in told[name]] for name in told})


def _answer(
    public: Path, countries: Sequence[str], untold: Mapping[str, str], entry: dict[str, Any]
) -> Answer:
    links: list[str] = []
    for named in entry.get("where", ()):
        # A name that stands for nothing is missing itself.
        links += [*_links(public, countries, named)] or [named]
    there = tuple(link for link in links if _is_there(public, link))
    missing = [link for link in links if link not in there]
    state, remark = FILLED, ""
    if "author" in entry:
        state, remark = AUTHOR, entry["author"]
    elif "not_there" in entry:
        state, remark = NOT_THERE, entry["not_there"]
    elif missing:
        state, remark = NOT_THERE, f"this run has no {', '.join(missing)}"
    elif unknown := [untold[fact] for fact in entry.get("needs", ()) if fact in untold]:
        state, remark = NOT_THERE, "; ".join(unknown)
    return Answer(entry["item"], entry["about"], state, there, remark)


def _links(public: Path, countries: Sequence[str], named: str) -> Iterator[str]:
    """Yield what a name stands for: of each country, or of each document of each country."""
    if "{report}" in named:
        for country in countries:
            for source in sorted((public / "reports" / country).glob("*/report.qmd")):
                page = source.with_suffix(".html")
                document = page if page.is_file() else source
                yield named.replace("{report}", document.relative_to(public).as_posix())
    elif "{country}" in named:
        yield from (named.replace("{country}", country) for country in countries)
    else:
        yield named


def _is_there(public: Path, link: str) -> bool:
    name, _, section = link.partition("#")
    if name in LATER:
        return True
    if not section:
        return (public / name).exists()
    source = (public / name).with_suffix(".qmd")
    return source.is_file() and f"#{section}" in read_text(source)


def _page(lists: dict[str, Any], told: dict[str, list[Answer]]) -> Iterator[str]:
    yield "# Checklists of reporting\n\nWhat this run answers and where; the words are ours.\n"
    for name, checklist in lists.items():
        yield f"\n## {name}\n\n{checklist['title']}: <{checklist['see']}>\n\n"
        yield "| item | asks for | state | where |\n|--:|---|---|---|\n"
        for answer in told[name]:
            where = "; ".join(part for part in (answer.remark, *_shown(answer.links)) if part)
            yield f"| {answer.item} | {answer.about} | {answer.state} | {where} |\n"


def _shown(links: Sequence[str]) -> Iterator[str]:
    """Yield links; those to the same place of several countries together, each by its country."""
    groups: dict[str, list[str]] = {}
    for link in links:
        folder, *rest = link.split("/")
        if folder in PER_COUNTRY:
            own, place = rest[:-1] or rest, rest[-1] if rest[1:] else folder
            groups.setdefault(place, []).append(f"[{' '.join(own)}]({link})")
        else:
            groups.setdefault(f"[{link}]({link})", [])
    yield from (f"{place}: {', '.join(of)}" if of else place for place, of in groups.items())


# Terms of use in the description of the data: of the study's own tables, and of its sources.


NONE_GIVEN = (
    "No licence is given for the study's own tables, figures and texts: ask {who} before you use "
    "them elsewhere."
)
OF_SOURCES = "What others counted has the terms of its source: see 'sources'."


def terms_of_use(study: Mapping[str, Any], sources: Iterable[Source]) -> dict[str, Any]:
    """Return the properties of a data package that say what it is and how it may be used.

    A study without a licence gets none; the terms then say whom to ask. Of the sources those that
    everyone may see are named, each with its own licence if it has one.

    Args:
        study: the study in its configuration.
        sources: of the evidence.
    """
    date, licence = str(study["date"]), study.get("licence")
    who = [str(name) for name in study.get("organisations") or ()]
    listed = [_source(source) for source in sources if _is_told(source)]
    said = (
        f"The study's own tables, figures and texts: {licence}."
        if licence
        else NONE_GIVEN.format(who=" or ".join(who) or "its publisher")
    )
    return {
        "version": date,
        "created": f"{date}T00:00:00Z",
        "contributors": [{"title": name, "role": "author"} for name in who],
        **({"licenses": [_licence(str(licence))]} if licence else {}),
        "terms": f"{said} {OF_SOURCES}" if listed else said,
        **({"sources": listed} if listed else {}),
    }


def _is_told(source: Source) -> bool:
    return source.restriction == OPEN and source.type != SIMULATION


def _licence(licence: str) -> dict[str, str]:
    is_address = licence.startswith(("https://", "http://"))
    return {"path": licence} if is_address else {"name": licence}


def _source(source: Source) -> dict[str, str]:
    """Return a source as a data package names it; what is not given is left out."""
    given = {
        "title": source.citation,
        "path": source.url,
        "accessed": source.accessed,
        "licence": source.licence or "no licence is named: ask the organisation",
    }
    return {name: value for name, value in given.items() if value}
