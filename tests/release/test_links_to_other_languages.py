"""A link to a page in another language says so: to programs by ``hreflang``, to readers in words.

Judge from outside: the parser of lxml reads the pages, Babel names the languages.
"""

from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from babel import Locale
from checkout import Checkout
from lxml import html

# What CLDR calls these languages in themselves is short for it: "Indonesia", "ไทย".
OWN_NAMES = {"id": "indonesia", "th": "ไทย"}


def list_pages(public: Path) -> dict[Path, html.HtmlElement]:
    """Return all pages; what lies in ``_shared`` are parts of pages."""
    paths = [path for path in sorted(public.rglob("*.html")) if path.parent.name != "_shared"]
    return {path: html.parse(str(path)).getroot() for path in paths}


def find_names(tag: str, language: str) -> set[str]:
    """Return what a page may call a language: in its own language, and as that one calls itself."""
    locale = Locale.parse(tag, sep="-")
    own = OWN_NAMES.get(language) or Locale.parse(language).get_display_name(language)
    return {locale.languages[language].casefold(), str(own).casefold()}


def stands_in_language(link: html.HtmlElement, language: str) -> bool:
    """Return whether a link, or a part of the page around it, is in a language itself."""
    around = (link, *link.iterancestors())
    tag = next(element.get("lang") for element in around if element.get("lang"))
    return tag.partition("-")[0] == language


def find_silent_links(public: Path) -> tuple[list[str], set[tuple[str, str]]]:
    """Return links that do not say in which language their page is, and all pairs of languages."""
    pages = list_pages(public)
    silent, pairs = [], set()
    for path, page in pages.items():
        tag = page.get("lang")
        language = tag.partition("-")[0]
        for link in page.iter("a"):
            address = link.get("href") or ""
            if urlsplit(address).scheme or address.startswith("#"):
                continue
            target = pages.get((path.parent / unquote(urldefrag(address)[0])).resolve())
            if target is None:
                continue
            there = target.get("lang").partition("-")[0]
            if there == language:
                continue
            pairs.add((language, there))
            told = (link.get("hreflang") or "").partition("-")[0] == there
            text = link.text_content().casefold()
            named = any(name in text for name in find_names(tag, there))
            if not told or not (named or stands_in_language(link, there)):
                silent.append(f"{path.relative_to(public)}: {html.tostring(link)[:200]!r}")
    return silent, pairs


def test_every_link_to_a_page_in_another_language_says_so(small: Checkout) -> None:
    silent, pairs = find_silent_links((small.folder / "results" / "public").resolve())
    assert silent == []
    # Pages of the site in five languages, a report in Khmer, a brief in Swahili lead to English.
    assert {("km", "en"), ("pt", "en"), ("sw", "en"), ("en", "sw"), ("en", "km")} <= pairs


@pytest.mark.parametrize(
    ("link", "silent"),
    [
        ('<a href="b.html">Numbers (inglês)</a>', True),
        ('<a href="b.html" hreflang="en">Numbers</a>', True),
        ('<a href="b.html" hreflang="km">Numbers (inglês)</a>', True),
        ('<a href="b.html#x" hreflang="en">Numbers (inglês)</a>', False),
        ('<p lang="en"><a href="b.html" hreflang="en-GB">Numbers</a></p>', False),
        ('<a href="a.html">Here</a>', False),
    ],
)
def test_a_silent_link_is_seen(link: str, silent: bool, tmp_path: Path) -> None:
    for name, tag, body in (("a", "pt-MZ", link), ("b", "en-GB", "Numbers")):
        page = f'<html lang="{tag}"><meta charset="utf-8"><body>{body}</body></html>'
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    assert bool(find_silent_links(tmp_path)[0]) == silent
