"""What a document must not say: pieces of its making, words that nobody translated."""

import html
import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

_TERMS = re.compile(r'(?s)<p class="terms">(.*?)</p>')
# Marks of templates, references that point to nothing, and values that are none.
_LEFT_OVER = re.compile(
    r"(?<![\w.])@(?:fig|tbl|sec)-\w+|\[(?:fig|tbl|sec)-\w+\]|\?\?|\{\{|\}\}|<<|>>|<%|%>|\{#|:::"
    r"|Error!|\bnan\b|\bNaN\b|\bNone\b(?! of)|\ufffd"
)
_WORDS = 3


_PICTURE = re.compile(r"!\[.*\]\(([^)\s]+)\)\{")


def drawn(document: Path) -> list[str]:
    """Return the lines of text in the figures of a document, given without its ending."""
    found = []
    for name in _PICTURE.findall(document.with_suffix(".qmd").read_text("utf-8")):
        drawing = (document.parent / f"{name}.svg").read_text("utf-8")
        found += [html.unescape(words) for words in re.findall(r"<!-- (.*?) -->", drawing)]
    return found


def page_text(document: Path, *, on_paper: bool = False) -> str:
    """Return the title and the text of a page; nothing of a document that has none.

    Args:
        document: its path without an ending.
        on_paper: with the contents; without links to how numbers were made, which a page alone has,
            and without its terms, which stand in the foot of paper.
    """
    path = document.with_suffix(".html")
    page = path.read_text("utf-8") if path.is_file() else ""
    kinds = "h1|main"
    if on_paper:
        page = re.sub(r'(?s)<a href="[^"]*/explained/[^"]*"[^>]*>.*?</a>', " ", page)
        page = _TERMS.sub(" ", page)
        kinds += '|nav(?= id="TOC")'
    parts = re.findall(rf"(?s)<({kinds})\b(.*?)</\1>", page)
    return html.unescape(re.sub(r"<[^>]*>", " ", " ".join(f"<p{part}" for _, part in parts)))


def terms_of(document: Path) -> str:
    """Return the licence and the contact that a page names below its text."""
    found = _TERMS.search(document.with_suffix(".html").read_text("utf-8"))
    return html.unescape(found[1]) if found else ""


def left_over(text: str) -> list[str]:
    """Return what templates, references and missing letters left in a text."""
    return sorted({found[0] for found in _LEFT_OVER.finditer(text)})


def untranslated(text: str, catalogue: Path) -> list[str]:
    """Return the English messages in a text that its language has words for.

    Messages of few words and those with names to fill in are passed over.
    """
    plain = _plain(text)
    return [
        english
        for english, searched, own in _messages(catalogue)
        if searched in plain and searched not in own
    ]


@cache
def _messages(catalogue: Path) -> list[tuple[str, str, str]]:
    """Return the messages looked for, each as it is, and with its translation as a reader sees."""
    found = []
    with catalogue.open("rb") as file:
        for message in read_po(file):
            english = message.id if isinstance(message.id, str) else message.id[0]
            own = message.string if isinstance(message.string, str) else message.string[0]
            if "{" in english or len(english.split()) < _WORDS or own in ("", english):
                continue
            found.append((english, _plain(english), _plain(own)))
    return found


def _plain(text: str) -> str:
    """Return a text as a reader sees it: no marks of Markdown, one kind of white space."""
    return re.sub(r"\s+", " ", re.sub(r"[*_\\]", "", text)).strip()
