"""Markdown letter by letter beside what Word shows of it.

A text of Markdown is cut into items: a letter, a space, a number with its address, a reference, or
a mark that no reader sees (``**``, a bracket). The same is made of what a paragraph of Word holds.
Where both agree, an edit in Word can be carried into the Markdown, whose marks stay.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from disrupting_harm.report.markdown import cited, escape, unescaped
from disrupting_harm.word.base import bookmark_of, tag_of
from disrupting_harm.word.blocks import Field, Number, Pieces, plain

# The typography that pandoc makes of plain signs, and that Word makes while one types.
_STRAIGHT = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "\u2011": "-"}
)
_TYPOGRAPHY = {"---": "—", "--": "–", "...": "…"}
_ITEM = re.compile(
    r'(?P<number>\[(?P<printed>(?:[^\[\]\\]|\\.)*)\]\{n="(?P<address>[^"]*)"\})'
    r"|(?P<reference>\[-@(?P<alone>(?:fig|tbl)-[\w-]+)\]|@(?P<label>(?:fig|tbl)-\w+(?:-+\w+)*))"
    r"|(?P<mark>\[\^[\w-]+\]|\]\([^()\s]*\)|\]\{[^{}]*\}|\*{1,3}|(?<!\w)_|_(?!\w)|\[)"
    r"|(?P<space>(?:\\?\s)+)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<typography>---?|\.\.\.)"
    r"|(?P<letter>.)",
    re.DOTALL,
)
_TOKEN = "\x01"
_NAMED = "{{{{< number {} >}}}}"
# A word that begins nothing.
_BEFORE = "… "


@dataclass(frozen=True)
class Item:
    """A part of a text.

    Attributes:
        raw: as it is written.
        key: what it is compared by; empty: a mark.
        group: of items that stand and fall together, because one shortcode prints them; else 0.
    """

    raw: str
    key: str
    group: int = 0


def items_of(markdown: str) -> list[Item]:
    """Return the items of a text of Markdown, with one space for each run of them."""
    return list(_items(markdown))


def _items(markdown: str) -> Iterator[Item]:
    for found in _ITEM.finditer(markdown):
        raw = found[0]
        if found["number"]:
            yield Item(raw, _number(tag_of(found["address"]), unescaped(found["printed"])))
        elif found["reference"]:
            label = found["label"] or f"{found['alone']}-number"
            yield Item(raw, f"{_TOKEN}REF {bookmark_of(label)}")
        elif found["mark"]:
            yield Item(raw, "")
        elif found["space"]:
            yield Item(raw, " ")
        elif found["typography"]:
            yield Item(raw, _TYPOGRAPHY[raw])
        else:
            yield Item(raw, _letter(found["escaped"] or found["letter"]))


def word_items(
    pieces: Pieces, addresses: dict[str, str], labels: dict[str, str], *, note: bool = False
) -> list[Item]:
    """Return the items of what a paragraph of Word holds, written as Markdown.

    Args:
        pieces: of the paragraph.
        addresses: of numbers, by their tags.
        labels: of figures and tables, by their bookmarks.
        note: whether numbers are named by shortcodes, as in an author's note.
    """
    found: list[Item] = []
    for piece in pieces:
        if isinstance(piece, Number):
            address = addresses.get(piece.tag, piece.tag)
            number = _NAMED.format(address) if note else cited(escape(piece.printed), address)
            found.append(Item(number, _number(piece.tag, piece.printed)))
        elif isinstance(piece, Field):
            bookmark = piece.target.removeprefix("REF ")
            alone = labels.get(bookmark.removesuffix("_number"), "")
            raw = f"@{labels[bookmark]}" if bookmark in labels else f"[-@{alone}]" if alone else ""
            found.append(Item(raw or str(escape(piece.shown)), _TOKEN + piece.target))
        elif isinstance(piece, str):
            found += [Item(sign, _letter(sign)) for sign in unicodedata.normalize("NFC", piece)]
    return _one_space([Item(" ", " ") if one.key.isspace() else one for one in found])


def _one_space(items: list[Item]) -> list[Item]:
    """Return items without spaces at the ends and after each other."""
    kept: list[Item] = []
    for item in items:
        if item.key != " " or (kept and kept[-1].key != " "):
            kept.append(item)
    while kept and kept[-1].key == " ":
        kept.pop()
    return kept


def keys_of(items: list[Item]) -> list[str]:
    """Return what items are compared by, without marks."""
    return [item.key for item in items if item.key]


def written(items: list[Item], *, begins: bool) -> str:
    """Return items of Word as Markdown on one line.

    Args:
        items: the items.
        begins: whether they begin a paragraph, where "1." or "-" would begin a list.
    """
    text, letters = "", ""
    for item in items:
        if item.key.startswith(_TOKEN):
            text += _escaped(letters, begins=begins and not text) + item.raw
            letters = ""
        else:
            letters += item.raw
    return text + _escaped(letters, begins=begins and not text)


def _escaped(letters: str, *, begins: bool) -> str:
    """Return letters as Markdown that prints them, with the spaces at their ends."""
    inner = letters.strip(" ")
    if not inner:
        return letters
    first = letters.index(inner)
    text = escape(inner) if begins else escape(_BEFORE + inner).removeprefix(_BEFORE)
    return letters[:first] + text + letters[first + len(inner) :]


def _number(tag: str, printed: str) -> str:
    return f"{_TOKEN}{tag}={plain(printed).strip()}"


def _letter(sign: str) -> str:
    """Return a letter as it is compared; empty for a sign of layout."""
    return plain(straight(sign))


def straight(text: str) -> str:
    """Return a text with straight quotation marks and plain hyphens."""
    return text.translate(_STRAIGHT)
