"""The contents of a Word file: whether each entry points to the words of its heading."""

import re
import zipfile
from collections import Counter
from pathlib import Path

_PARAGRAPH = re.compile(r"<w:p>.*?</w:p>|<w:p [^>]*[^/]>.*?</w:p>", re.DOTALL)


def read_marked_headings(xml: str) -> list[tuple[str, str]]:
    """Return the bookmarks that begin and end in one heading, each with the words inside."""
    headings = []
    for paragraph in _PARAGRAPH.findall(xml):
        if '<w:pStyle w:val="Heading' not in paragraph:
            continue
        starts = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]+)"\s*/>', paragraph)
        for identifier, name in starts:
            _, inside = paragraph.split(f'w:name="{name}"', 1)
            marked, *after = re.split(rf'<w:bookmarkEnd w:id="{identifier}"\s*/>', inside)
            if after:
                headings.append((name, read_plain_text(marked)))
    return headings


def read_plain_text(xml: str) -> str:
    """Return the words of runs, without space at either end."""
    parts = re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|(<w:tab ?/>)", xml)
    return " ".join("".join(text or " " for text, _ in parts).split())


def find_faulty_entries(document: Path) -> list[str]:
    """Return the entries of the contents whose page no program can tell.

    LibreOffice finds no bookmark that reaches round a section and ends with a table: the page is
    that of a bookmark round the heading's words alone, and the entry leads there too.

    Raises:
        AssertionError: there are no contents.
    """
    with zipfile.ZipFile(document) as package:
        xml = package.read("word/document.xml").decode()
    paragraphs = [text for text in _PARAGRAPH.findall(xml) if '<w:pStyle w:val="TOC' in text]
    entries = [text for text in paragraphs if "TOCHeading" not in text]
    assert entries, document
    marked, bookmarks = (
        dict(read_marked_headings(xml)),
        Counter(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml)),
    )
    faults = []
    for entry in entries:
        words = read_plain_text(entry)
        pages = re.findall(r"PAGEREF (\S+) ", entry)
        sound = len(pages) == 1 and re.findall(r'w:anchor="([^"]+)"', entry) == pages
        if not sound or bookmarks[pages[0]] != 1 or marked.get(pages[0]) != words:
            faults.append(words)
    return faults
