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
from disrupting_harm.docx_review.archive import (
    CUSTOM,
    Field,
    Inlines,
    Number,
    WordFile,
    normalize_text,
)
from disrupting_harm.report.language.markdown import cite_number, escape, unescape
from disrupting_harm.report.rendering.docx import Origin, read_origin

AGAINST_ADVICE = "or name the run's own Word file with --against FILE"
_MANIFEST, _DIGITS_SHOWN = "manifest.json", 12
# The span of a number, and the place of an author, in a source.
_ADDRESS = re.compile(r'\]\{n="([^"]*)"\}')
_FILE = re.compile(r'^:{3,} *\{\.(?:slot|authored) file="([^"]+)"\}', re.MULTILINE)
# As in rendering/filter/numbers.lua and word.lua: Word refuses longer tags and bookmarks.
_LONGEST_TAG, _LONGEST_BOOKMARK = 64, 40


@dataclass(frozen=True)
class RunDocument:
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
    def source_text(self) -> str:
        """The source; empty where there is none."""
        return self.source.read_text(encoding="utf-8") if self.source else ""

    @property
    def authored_text(self) -> str:
        """The text that an author changes: of a note what the author wrote, else the source."""
        return self.note.read_text(encoding="utf-8") if self.note else self.source_text


def read_file_origin(file: WordFile) -> tuple[Origin | None, list[str]]:
    """Return what a Word file says of its origin, and the properties that it lacks."""
    properties = file.parse_xml(CUSTOM)
    return read_origin(properties) if properties is not None else (None, ["docProps/custom.xml"])


def locate_named_document(against: Path) -> RunDocument:
    """Return the document of a Word file or source that somebody names.

    Raises:
        StudyError: if there is no Word file of that name.
    """
    docx, named_source = against.with_suffix(".docx"), against.with_suffix(".qmd")
    if not docx.is_file():
        remedy = f"Render it: disrupting-harm render {named_source.name} --to docx"
        raise StudyError(str(docx), "there is no such file", remedy)
    origin, _ = read_file_origin(WordFile(docx))
    if origin is None:
        return RunDocument(docx.name, docx, None)
    # A note was filled into another file. A source that was changed since names other things.
    filled = docx.parent / origin.document
    is_inside = filled.resolve().is_relative_to(docx.parent.resolve())
    sources = [named_source, *([filled] if is_inside else [])]
    source = next(
        (path for path in sources if path.is_file() and sha256(path) == origin.source), None
    )
    note = named_source if source not in (named_source, None) and named_source.is_file() else None
    return RunDocument(named_source.name if note else origin.document, docx, source, note)


def locate_run_document(edited: WordFile, public: Path) -> RunDocument:
    """Return the document of a run that a Word file says it was made from.

    Raises:
        StudyError: if it does not say so, or the run has another version of the document.
    """
    origin, missing = read_file_origin(edited)
    if origin is None:
        finding = f"it does not say what it was made from: no {', '.join(missing)}"
        remedy = f"Edit the Word file of a run and save it as .docx, {AGAINST_ADVICE}"
        raise StudyError(str(edited.path), finding, remedy)
    source = (public / origin.document).resolve()
    is_inside = source.is_relative_to(public.resolve()) and source.suffix == ".qmd"
    if not is_inside or not source.is_file():
        finding = f"it was made from '{origin.document}', which is not in {public}"
        raise StudyError(
            str(edited.path), finding, f"Name the study with --config, {AGAINST_ADVICE}"
        )
    source_digest = sha256(source)
    if source_digest != origin.source:
        finding = (
            f"it was made from {origin.document} with SHA-256 {origin.source[:_DIGITS_SHOWN]}…; "
            f"that of this run is {source_digest[:_DIGITS_SHOWN]}…"
        )
        remedy = f"Compare it in the release that it came from, {AGAINST_ADVICE}"
        raise StudyError(str(edited.path), finding, remedy)
    docx = source.with_suffix(".docx")
    if not docx.is_file():
        raise StudyError(str(docx), "there is no such file", "Run the study with the format docx")
    return RunDocument(origin.document, docx, source, release=_read_release(public, docx))


def _read_release(public: Path, docx: Path) -> str:
    """Return the release, whose manifest knows the Word file as it is.

    Raises:
        StudyError: if the file was changed after the run.
    """
    manifest = public / _MANIFEST
    if not manifest.is_file():
        return ""
    name = f"{public.name}/{docx.relative_to(public.resolve()).as_posix()}"
    listed_digest = read_json(manifest).get("outputs", {}).get(name)
    if listed_digest and listed_digest != sha256(docx):
        remedy = "Run the study again: what was changed is moved to restricted/set-aside"
        raise StudyError(str(docx), "it was changed after the run", remedy)
    return sha256(manifest)[:_DIGITS_SHOWN]


def addresses_by_tag(source: str) -> dict[str, str]:
    """Return the addresses of a source by the tags that Word gives their numbers."""
    return {tag_of(address): address for address in _ADDRESS.findall(source)}


def slot_files_by_bookmark(source: str) -> dict[str, str]:
    """Return the files of authors' slots in a source by the bookmarks that Word gives them."""
    return {bookmark_of(f"slot-{file}"): file for file in _FILE.findall(source)}


def tag_of(address: str) -> str:
    """Return the tag of a number's control."""
    if len(address) <= _LONGEST_TAG:
        return address
    return f"{address[: _LONGEST_TAG - 13]}~{_hex_sha1(address)[:12]}"


def bookmark_of(label: str) -> str:
    """Return the bookmark of a label."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", label)
    if len(name) <= _LONGEST_BOOKMARK:
        return name
    return f"{name[: _LONGEST_BOOKMARK - 9]}_{_hex_sha1(label)[:8]}"


def _hex_sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


# The typography that pandoc makes of plain signs, and that Word makes while one types.
_STRAIGHT_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "\u2011": "-"}
)
_TYPOGRAPHY = {"---": "—", "--": "–", "...": "…"}
_ITEM_PATTERN = re.compile(
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
_NUMBER_SHORTCODE = "{{{{< number {} >}}}}"
# A word that begins nothing.
_NO_LIST_PREFIX = "… "


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


def parse_items(markdown: str) -> list[Item]:
    """Return the items of a text of Markdown, with one space for each run of them."""
    return list(_yield_items(markdown))


def _yield_items(markdown: str) -> Iterator[Item]:
    for match in _ITEM_PATTERN.finditer(markdown):
        raw = match[0]
        if match["number"]:
            yield Item(raw, _number_key(tag_of(match["address"]), unescape(match["printed"])))
        elif match["reference"]:
            label = match["label"] or f"{match['alone']}-number"
            yield Item(raw, f"{_TOKEN}REF {bookmark_of(label)}")
        elif match["mark"]:
            yield Item(raw, "")
        elif match["space"]:
            yield Item(raw, " ")
        elif match["typography"]:
            yield Item(raw, _TYPOGRAPHY[raw])
        else:
            yield Item(raw, _letter_key(match["escaped"] or match["letter"]))


def word_items(
    inlines: Inlines, addresses: dict[str, str], labels: dict[str, str], *, note: bool = False
) -> list[Item]:
    """Return the items of what a paragraph of Word holds, written as Markdown.

    Args:
        inlines: of the paragraph.
        addresses: of numbers, by their tags.
        labels: of figures and tables, by their bookmarks.
        note: whether numbers are named by shortcodes, as in an author's note.
    """
    items: list[Item] = []
    for inline in inlines:
        if isinstance(inline, Number):
            address = addresses.get(inline.tag, inline.tag)
            number = (
                _NUMBER_SHORTCODE.format(address)
                if note
                else cite_number(escape(inline.printed), address)
            )
            items.append(Item(number, _number_key(inline.tag, inline.printed)))
        elif isinstance(inline, Field):
            bookmark = inline.target.removeprefix("REF ")
            figure_label = labels.get(bookmark.removesuffix("_number"), "")
            raw = (
                f"@{labels[bookmark]}"
                if bookmark in labels
                else f"[-@{figure_label}]"
                if figure_label
                else ""
            )
            items.append(Item(raw or str(escape(inline.printed)), _TOKEN + inline.target))
        elif isinstance(inline, str):
            items += [
                Item(sign, _letter_key(sign)) for sign in unicodedata.normalize("NFC", inline)
            ]
    return _collapse_spaces([Item(" ", " ") if item.key.isspace() else item for item in items])


def _collapse_spaces(items: list[Item]) -> list[Item]:
    """Return items without spaces at the ends and after each other."""
    collapsed: list[Item] = []
    for item in items:
        if item.key != " " or (collapsed and collapsed[-1].key != " "):
            collapsed.append(item)
    while collapsed and collapsed[-1].key == " ":
        collapsed.pop()
    return collapsed


def item_keys(items: list[Item]) -> list[str]:
    """Return what items are compared by, without marks."""
    return [item.key for item in items if item.key]


def write_markdown(items: list[Item], *, begins_paragraph: bool) -> str:
    """Return items of Word as Markdown on one line.

    Args:
        begins_paragraph: whether they begin one, where "1." or "-" would begin a list.
    """
    markdown, letters = "", ""
    for item in items:
        if item.key.startswith(_TOKEN):
            markdown += (
                _escape_letters(letters, begins_paragraph=begins_paragraph and not markdown)
                + item.raw
            )
            letters = ""
        else:
            letters += item.raw
    return markdown + _escape_letters(letters, begins_paragraph=begins_paragraph and not markdown)


def _escape_letters(letters: str, *, begins_paragraph: bool) -> str:
    """Return letters as Markdown that prints them, with the spaces at their ends."""
    stripped = letters.strip(" ")
    if not stripped:
        return letters
    start = letters.index(stripped)
    escaped = (
        escape(stripped)
        if begins_paragraph
        else escape(_NO_LIST_PREFIX + stripped).removeprefix(_NO_LIST_PREFIX)
    )
    return letters[:start] + escaped + letters[start + len(stripped) :]


def _number_key(tag: str, printed: str) -> str:
    return f"{_TOKEN}{tag}={normalize_text(printed).strip()}"


def _letter_key(sign: str) -> str:
    """Return a letter as it is compared; empty for a sign of layout."""
    return normalize_text(straighten_quotes(sign))


def straighten_quotes(text: str) -> str:
    """Return a text with straight quotation marks and plain hyphens."""
    return text.translate(_STRAIGHT_SIGNS)
