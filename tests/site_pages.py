"""The pages of a study's site, read without a browser: what they link to, and what they hold."""

import csv
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from disrupting_harm.report.checks.site import PageReader, read_numbers

# Tables of claims, each with the page of its source.
LAW = ("legislation", "instruments", "policies", "service_register")
SCRIPTS = ("site-compare.js", "site-copy.js", "site-filter.js")
# Elements that no end follows.
VOID = ("br", "img", "input", "link", "meta", "rect", "circle", "path", "th", "td", "tr", "option")
# Attributes that are read to somebody, or shown.
SPOKEN = ("alt", "aria-label", "data-said", "data-copy", "data-copied", "data-failed")


@dataclass
class Page(HTMLParser):
    """A page: its links, its marks, its scripts, and headings with nothing behind them.

    ``ways`` are addresses of the page in all languages, by language, and ``names`` what they say;
    ``own`` is all text in the language of the page.
    """

    path: Path
    links: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    scripts: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    ways: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    text: str = ""
    own: str = ""
    language: str = ""
    direction: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._heading, self._level, self._since = "", 0, ""
        self._open = False
        # Of every element that is open, its name and its language.
        self._within: list[tuple[str, str]] = []
        self._among_ways = False
        self.feed(self.path.read_text(encoding="utf-8"))
        self._ended(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.marks |= {given["id"]} if "id" in given else set()
        self._enter(tag, given)
        # What describes the data to a search is no program.
        if tag == "script" and given.get("type") != "application/ld+json":
            self.scripts.append(given.get("src", ""))
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]
        if tag in ("h1", "h2", "h3"):
            self._ended(int(tag[1]))
            self._heading, self._level, self._since, self._open = "", int(tag[1]), "", True

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        """Note the language of an element, and of what describes it."""
        around = self._within[-1][1] if self._within else ""
        language = given.get("lang", "").partition("-")[0] or around
        # How many texts await a review differs from one translation to the next.
        language = "" if given.get("class") == "draft" else language
        if tag == "html":
            self.language, self.direction = language, given.get("dir", "")
        if language == self.language:
            self.own += "".join(f" {given[name]}\n" for name in SPOKEN if name in given)
        if tag not in VOID:
            self._within.append((tag, language))
        if tag == "nav":
            self._among_ways = given.get("class") == "languages"
        if tag == "a" and self._among_ways:
            self.ways[given["hreflang"].partition("-")[0]] = given["href"]

    def place(self, link: str) -> Path:
        """Return the file that a link of the page leads to."""
        return (self.path.parent / unquote(urldefrag(link)[0])).resolve()

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._within and self._within.pop()[0] != tag:
            pass
        self._among_ways = self._among_ways and tag != "nav"
        if tag in ("h1", "h2", "h3"):
            self._open = False

    def handle_data(self, data: str) -> None:
        self.text += data
        tag, language = self._within[-1] if self._within else ("", "")
        if language == self.language:
            self.own += f"{data}\n"
        if self._among_ways and tag == "a":
            self.names[language] = data
        if self._open:
            self._heading += data
        else:
            self._since += data.strip()

    def _ended(self, level: int) -> None:
        """Note a heading before one of its own level, or a higher one, without a word between."""
        if self._level >= level and self._level and not self._since:
            self.empty.append(self._heading)


def folders_of_site(public: Path) -> dict[str, Path]:
    """Return where the pages of each language lie: English ones in the public folder itself."""
    others = {index.parent.name: index.parent for index in sorted(public.glob("*/index.html"))}
    return {"en": public, **others}


def pages_in(folder: Path) -> dict[str, Page]:
    """Return the pages of one language by their names, e.g. ``countries/KEN.html``."""
    found = sorted([*folder.glob("*.html"), *folder.glob("countries/*.html")])
    return {path.relative_to(folder).as_posix(): Page(path) for path in found}


def pages_of_site(public: Path) -> dict[Path, Page]:
    """Return the pages of all languages."""
    every = (pages_in(folder) for folder in folders_of_site(public).values())
    return {page.path: page for pages in every for page in pages.values()}


def printed_at(page: Path) -> set[tuple[str, str]]:
    """Return the numbers of a page as printed, each with its address."""
    pieces = PageReader(page.read_text(encoding="utf-8")).texts
    pairs = [(read_numbers(piece), piece.addresses) for piece in pieces]
    return {
        pair
        for numbers, addresses in pairs
        if len(numbers) == len(addresses)
        for pair in zip(numbers, addresses, strict=True)
    }


def links_of_study(public: Path) -> set[str]:
    """Return the addresses beyond the folder that a study names: contact, code, sources of law."""
    links = set()
    for name in LAW:
        path = public / "evidence" / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                links |= {row["address"] for row in csv.DictReader(file)}
    manifest = public / "manifest.json"
    if manifest.is_file():
        study = json.loads(manifest.read_text(encoding="utf-8"))["configuration"]["study"]
        contact, code = (study.get(key) or "" for key in ("contact", "code"))
        links |= {f"mailto:{contact}" if "@" in contact else contact, code}
    return links - {""}


def faults(public: Path) -> list[str]:
    """Return what is wrong with the pages of a site; empty where all is well."""
    pages = pages_of_site(public)
    links_beyond = links_of_study(public)
    found = []
    for path, page in pages.items():
        name = path.relative_to(public)
        found += [f"{name}: nothing below '{heading}'" for heading in page.empty]
        found += [f"{name}: {what} in the page itself" for what in page.inline]
        found += [
            f"{name}: a script from {script or 'within'}"
            for script in page.scripts
            if Path(script).name not in SCRIPTS
        ]
        for link in page.links:
            target, mark = urldefrag(link)
            if link in links_beyond:
                continue
            if urlsplit(target).scheme:
                found.append(f"{name}: leads out of the folder to {link}")
                continue
            place = (path.parent / unquote(target)).resolve() if target else path
            if not place.is_file():
                found.append(f"{name}: no file {link}")
            elif mark and place in pages and mark not in pages[place].marks:
                found.append(f"{name}: no place {link}")
    return found
