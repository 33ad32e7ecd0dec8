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

CHECKLISTS_FILE = Path(__file__).with_name("checklists.yaml")
# The manifest is written last, and lists these files.
WRITTEN_LATER = ("manifest.json",)
# Folders with one entry for each country.
PER_COUNTRY = ("briefs", "countries", "databooks", "reports")
# Facts that the countries file holds, and what is said where it does not.
COUNTRY_FACTS = {
    "fieldwork": "when the survey was made is not known of {countries}",
    "mode": "how the questions were put is not known of {countries}",
}
FILLED, AUTHOR, NOT_THERE = "filled", "author: to be written", "not there"


@dataclass(frozen=True)
class ItemAnswer:
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


def find_missing_facts(
    study: Mapping[str, Any], countries: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the facts that items ask for and that are not known, each with what is missing.

    Args:
        study: the section ``study`` of the configuration.
        countries: rows of the countries file.
    """
    missing = {}
    for fact, message in COUNTRY_FACTS.items():
        if countries_without := [str(row["country"]) for row in countries if not row.get(fact)]:
            missing[fact] = message.format(countries=", ".join(countries_without))
    if not study.get("code"):
        missing["code"] = "the study names no place where the code can be had"
    return missing


def write_checklists(
    public: Path, countries: Sequence[str], missing: Mapping[str, str], page: Path, data: Path
) -> None:
    """Write what a run answers, as a page and as data.

    Args:
        missing: facts that are not known, of :func:`find_missing_facts`.
        page: the Markdown file, in ``public``.
        data: the JSON file.
    """
    lists = yaml.safe_load(read_text(CHECKLISTS_FILE))
    answers = {
        name: [_answer_item(public, countries, missing, item) for item in checklist["items"]]
        for name, checklist in lists.items()
    }
    write_text(page, "".join(_format_page(lists, answers)))
    write_json(data, {name: [vars(answer) for answer in answers[name]] for name in answers})


def _answer_item(
    public: Path, countries: Sequence[str], missing_facts: Mapping[str, str], item: dict[str, Any]
) -> ItemAnswer:
    links: list[str] = []
    for pattern in item.get("where", ()):
        # A name that stands for nothing is missing itself.
        links += [*_expand_link(public, countries, pattern)] or [pattern]
    existing_links = tuple(link for link in links if _link_exists(public, link))
    missing = [link for link in links if link not in existing_links]
    state, remark = FILLED, ""
    if "author" in item:
        state, remark = AUTHOR, item["author"]
    elif "not_there" in item:
        state, remark = NOT_THERE, item["not_there"]
    elif missing:
        state, remark = NOT_THERE, f"this run has no {', '.join(missing)}"
    elif unknown := [
        missing_facts[fact] for fact in item.get("needs", ()) if fact in missing_facts
    ]:
        state, remark = NOT_THERE, "; ".join(unknown)
    return ItemAnswer(item["item"], item["about"], state, existing_links, remark)


def _expand_link(public: Path, countries: Sequence[str], pattern: str) -> Iterator[str]:
    """Yield what a name stands for: of each country, or of each document of each country."""
    if "{report}" in pattern:
        for country in countries:
            for source in sorted((public / "reports" / country).glob("*/report.qmd")):
                page = source.with_suffix(".html")
                document = page if page.is_file() else source
                yield pattern.replace("{report}", document.relative_to(public).as_posix())
    elif "{country}" in pattern:
        yield from (pattern.replace("{country}", country) for country in countries)
    else:
        yield pattern


def _link_exists(public: Path, link: str) -> bool:
    name, _, section = link.partition("#")
    if name in WRITTEN_LATER:
        return True
    if not section:
        return (public / name).exists()
    source = (public / name).with_suffix(".qmd")
    return source.is_file() and f"#{section}" in read_text(source)


def _format_page(lists: dict[str, Any], answers: dict[str, list[ItemAnswer]]) -> Iterator[str]:
    yield "# Checklists of reporting\n\nWhat this run answers and where; the words are ours.\n"
    for name, checklist in lists.items():
        yield f"\n## {name}\n\n{checklist['title']}: <{checklist['see']}>\n\n"
        yield "| item | asks for | state | where |\n|--:|---|---|---|\n"
        for answer in answers[name]:
            remark_and_links = "; ".join(
                text for text in (answer.remark, *_format_links(answer.links)) if text
            )
            yield f"| {answer.item} | {answer.about} | {answer.state} | {remark_and_links} |\n"


def _format_links(links: Sequence[str]) -> Iterator[str]:
    """Yield links; those to the same place of several countries together, each by its country."""
    groups: dict[str, list[str]] = {}
    for link in links:
        folder, *rest = link.split("/")
        if folder in PER_COUNTRY:
            label_parts, document = rest[:-1] or rest, rest[-1] if rest[1:] else folder
            groups.setdefault(document, []).append(f"[{' '.join(label_parts)}]({link})")
        else:
            groups.setdefault(f"[{link}]({link})", [])
    yield from (
        f"{document}: {', '.join(country_links)}" if country_links else document
        for document, country_links in groups.items()
    )


# Terms of use in the description of the data: of the study's own tables, and of its sources.

NO_LICENCE = (
    "No licence is given for the study's own tables, figures and texts: ask {who} before you use "
    "them elsewhere."
)
SOURCE_TERMS = "What others counted has the terms of its source: see 'sources'."


def describe_terms_of_use(study: Mapping[str, Any], sources: Iterable[Source]) -> dict[str, Any]:
    """Return the properties of a data package that say what it is and how it may be used.

    A study without a licence gets none; the terms then say whom to ask. Of the sources those that
    everyone may see are named, each with its own licence if it has one.

    Args:
        study: the section ``study`` of the configuration.
        sources: of the evidence.
    """
    date, licence, contact = str(study["date"]), study.get("licence"), study.get("contact")
    organisations = [str(name) for name in study.get("organisations") or ()]
    public_sources = [_describe_source(source) for source in sources if _is_public_source(source)]
    own_terms = (
        f"The study's own tables, figures and texts: {licence}."
        if licence
        else NO_LICENCE.format(who=" or ".join(organisations) or "its publisher")
    )
    return {
        "version": date,
        "created": f"{date}T00:00:00Z",
        "contributors": [
            *({"title": name, "role": "author"} for name in organisations),
            *([{"title": contact, "role": "contact"}] if contact else []),
        ],
        **({"licenses": [_describe_licence(str(licence))]} if licence else {}),
        "terms": f"{own_terms} {SOURCE_TERMS}" if public_sources else own_terms,
        **({"sources": public_sources} if public_sources else {}),
    }


def _is_public_source(source: Source) -> bool:
    return source.restriction == OPEN and source.type != SIMULATION


def _describe_licence(licence: str) -> dict[str, str]:
    is_address = licence.startswith(("https://", "http://"))
    return {"path": licence} if is_address else {"name": licence}


def _describe_source(source: Source) -> dict[str, str]:
    """Return a source as a data package names it; what is not given is left out."""
    properties = {
        "title": source.citation,
        "path": source.url,
        "accessed": source.accessed,
        "licence": source.licence or "no licence is named: ask the organisation",
    }
    return {name: value for name, value in properties.items() if value}
