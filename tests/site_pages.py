"""The pages of a study's site, read without a browser: what they link to, and what they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

SCRIPTS = ("site-copy.js", "site-filter.js")


@dataclass
class Page(HTMLParser):
    """A page: its links, its marks, its scripts, and headings with nothing behind them."""

    path: Path
    links: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    scripts: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._heading, self._level, self._since = "", 0, ""
        self._open = False
        self.feed(self.path.read_text(encoding="utf-8"))
        self._ended(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.marks |= {given["id"]} if "id" in given else set()
        if tag == "script":
            self.scripts.append(given.get("src", ""))
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name[:2] == "on"]
        if tag in ("h1", "h2", "h3"):
            self._ended(int(tag[1]))
            self._heading, self._level, self._since, self._open = "", int(tag[1]), "", True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3"):
            self._open = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self._heading += data
        else:
            self._since += data.strip()

    def _ended(self, level: int) -> None:
        """Note a heading before one of its own level, or a higher one, without a word between."""
        if self._level >= level and self._level and not self._since:
            self.empty.append(self._heading)


def pages_of_site(public: Path) -> dict[Path, Page]:
    """Return the pages at the root of the public folder, and those of its countries."""
    found = [*public.glob("*.html"), *public.glob("countries/*.html")]
    return {path: Page(path) for path in sorted(found)}


def faults(public: Path) -> list[str]:
    """Return what is wrong with the pages of a site; empty where all is well."""
    pages = pages_of_site(public)
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
            if urlsplit(target).scheme:
                found.append(f"{name}: leads out of the folder to {link}")
                continue
            place = (path.parent / unquote(target)).resolve() if target else path
            if not place.is_file():
                found.append(f"{name}: no file {link}")
            elif mark and place in pages and mark not in pages[place].marks:
                found.append(f"{name}: no place {link}")
    return found
