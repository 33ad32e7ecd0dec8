"""Markdown letter by letter beside what Word shows of it.

A text of Markdown is cut into items: a letter, a space, a number with its address, a reference, or
a mark that no reader sees (``**``, a bracket). The same is made of what a paragraph of Word holds.
Where both agree, an edit in Word can be carried into the Markdown, whose marks stay.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.docx_review.archive import CUSTOM, Field, Number, Pieces, WordFile, plain
from disrupting_harm.report.language.markdown import cited, escape, unescaped
from disrupting_harm.report.rendering.docx import Origin, read_origin

# Finding what the run wrote: the untouched Word file and the source of an edited document.


AGAINST = "or name the run's own Word file with --against FILE"
_MANIFEST, _SHOWN = "manifest.json", 12
# The span of a number, and the place of an author, in a source.
_ADDRESS = re.compile(r'\]\{n="([^"]*)"\}')
_FILE = re.compile(r'^:{3,} *\{\.(?:slot|authored) file="([^"]+)"\}', re.MULTILINE)
# As in rendering/filter/numbers.lua and word.lua: Word refuses longer tags and bookmarks.
_LONGEST_TAG, _LONGEST_BOOKMARK = 64, 40


@dataclass(frozen=True)
class Base:
    """What the run wrote of one document.

    Attributes:
        document: its source from the root of the public results, or the name of a file.
        docx: its Word file.
        source: its source, with all numbers filled in; None where it is not beside the Word file.
        note: of an author's note, what the author wrote, with shortcodes; None of other documents.
        release: the first digits of the SHA-256 of the run's manifest; empty without one.
    """

    document: str
    docx: Path
    source: Path | None
    note: Path | None = None
    release: str = ""

    @property
    def text(self) -> str:
        """The source; empty where there is none."""
        return self.source.read_text(encoding="utf-8") if self.source else ""

    @property
    def edited_by_hand(self) -> str:
        """The text that an author changes: of a note what the author wrote, else the source."""
        return self.note.read_text(encoding="utf-8") if self.note else self.text


def origin_of(file: WordFile) -> tuple[Origin | None, list[str]]:
    """Return what a Word file says of its origin, and the properties that it lacks."""
    properties = file.xml(CUSTOM)
    return read_origin(properties) if properties is not None else (None, ["docProps/custom.xml"])


def named_base(against: Path) -> Base:
    """Return the document of a Word file or source that somebody names.

    Raises:
        StudyError: if there is no Word file of that name.
    """
    docx, own = against.with_suffix(".docx"), against.with_suffix(".qmd")
    if not docx.is_file():
        remedy = f"Render it: disrupting-harm render {own.name} --to docx"
        raise StudyError(str(docx), "there is no such file", remedy)
    origin, _ = origin_of(WordFile(docx))
    if origin is None:
        return Base(docx.name, docx, None)
    # A note was filled into another file. A source that was changed since names other things.
    filled = docx.parent / origin.document
    inside = filled.resolve().is_relative_to(docx.parent.resolve())
    sources = [own, *([filled] if inside else [])]
    source = next((one for one in sources if one.is_file() and sha256(one) == origin.source), None)
    note = own if source not in (own, None) and own.is_file() else None
    return Base(own.name if note else origin.document, docx, source, note)


def base_of(edited: WordFile, public: Path) -> Base:
    """Return the document of a run that a Word file says it was made from.

    Args:
        edited: the file that came back.
        public: the public results of the run.

    Raises:
        StudyError: if it does not say so, or the run has another version of the document.
    """
    origin, missing = origin_of(edited)
    if origin is None:
        found = f"it does not say what it was made from: no {', '.join(missing)}"
        remedy = f"Edit the Word file of a run and save it as .docx, {AGAINST}"
        raise StudyError(str(edited.path), found, remedy)
    source = (public / origin.document).resolve()
    inside = source.is_relative_to(public.resolve()) and source.suffix == ".qmd"
    if not inside or not source.is_file():
        found = f"it was made from '{origin.document}', which is not in {public}"
        raise StudyError(str(edited.path), found, f"Name the study with --config, {AGAINST}")
    made = sha256(source)
    if made != origin.source:
        found = (
            f"it was made from {origin.document} with SHA-256 {origin.source[:_SHOWN]}…; "
            f"that of this run is {made[:_SHOWN]}…"
        )
        remedy = f"Compare it in the release that it came from, {AGAINST}"
        raise StudyError(str(edited.path), found, remedy)
    docx = source.with_suffix(".docx")
    if not docx.is_file():
        raise StudyError(str(docx), "there is no such file", "Run the study with the format docx")
    return Base(origin.document, docx, source, release=_release(public, docx))


def _release(public: Path, docx: Path) -> str:
    """Return the release, whose manifest knows the Word file as it is.

    Raises:
        StudyError: if the file was changed after the run.
    """
    manifest = public / _MANIFEST
    if not manifest.is_file():
        return ""
    name = f"{public.name}/{docx.relative_to(public.resolve()).as_posix()}"
    listed = read_json(manifest).get("outputs", {}).get(name)
    if listed and listed != sha256(docx):
        remedy = "Run the study again: what was changed is moved to restricted/set-aside"
        raise StudyError(str(docx), "it was changed after the run", remedy)
    return sha256(manifest)[:_SHOWN]


def addresses_in(source: str) -> dict[str, str]:
    """Return the addresses of a source by the tags that Word gives their numbers."""
    return {tag_of(address): address for address in _ADDRESS.findall(source)}


def slots_in(source: str) -> dict[str, str]:
    """Return the files of authors' places in a source by the bookmarks that Word gives them."""
    return {bookmark_of(f"slot-{file}"): file for file in _FILE.findall(source)}


def tag_of(address: str) -> str:
    """Return the tag of a number's control."""
    if len(address) <= _LONGEST_TAG:
        return address
    return f"{address[: _LONGEST_TAG - 13]}~{_sha1(address)[:12]}"


def bookmark_of(label: str) -> str:
    """Return the bookmark of a label."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", label)
    if len(name) <= _LONGEST_BOOKMARK:
        return name
    return f"{name[: _LONGEST_BOOKMARK - 9]}_{_sha1(label)[:8]}"


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


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
