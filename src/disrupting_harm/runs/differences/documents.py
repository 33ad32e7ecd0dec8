"""Sentences of documents, and texts of figures, that differ between two runs."""

import difflib
import filecmp
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import read_json, read_text
from disrupting_harm.provenance.addresses import list_leaves
from disrupting_harm.report.checks.documents import list_documents
from disrupting_harm.report.checks.figure_numbers import TEXTS, list_figure_lists
from disrupting_harm.report.language.markdown import CITED, read_words
from disrupting_harm.report.rendering.qmd import split_front_matter
from disrupting_harm.runs.differences.tables import Change, FileDifference

_END_OF_SENTENCE = re.compile(r"(?<=[.!?។])\s+")
# Lines of Markdown that print nothing themselves, and pictures, whose texts are those of figures.
_SILENT = re.compile(r":::|!\[|\|[-:|]+\|?$|\{\{<")
# What stands before an item of a list: one more item would change all that follow.
_NUMBER_OF_ITEM = re.compile(r"\d+\.")
_PART_OF_ADDRESS = re.compile(r"[^(),\s]+")
# Sentences that were written anew in one place are paired by likeness where so few are compared.
_MOST_PAIRS, _LIKENESS = 2500, 0.6


@dataclass(frozen=True)
class SentenceDifference:
    """A sentence as it was and as it is; None where there is none."""

    document: str
    before: str | None
    after: str | None

    @property
    def change(self) -> Change:
        """What became of the sentence."""
        if self.before is None:
            return "added"
        return "gone" if self.after is None else "changed"


@dataclass(frozen=True)
class FigureDifference:
    """A figure whose texts differ, or that only one of the runs has.

    Attributes:
        file: the list of figures, below the public folder.
        figure: its identifier there.
        texts: name of a text -> how it was and is; those that differ, or all that are filled.
    """

    change: Change
    file: str
    figure: str
    texts: dict[str, tuple[str | None, str | None]]


def count_printed(*folders: Path) -> Counter[str]:
    """Return how many documents of a run print each address, at most.

    A number that a rule makes of several counts for each of them.
    """
    printed: Counter[str] = Counter()
    for public in folders:
        of_run: Counter[str] = Counter()
        for path in list_documents(public):
            addresses = {address for _, address in CITED.findall(read_text(path))}
            of_run.update({part for text in addresses for part in _PART_OF_ADDRESS.findall(text)})
        printed |= of_run
    return printed


def find_sentence_differences(
    before: Path, after: Path
) -> tuple[list[SentenceDifference], list[FileDifference]]:
    """Compare the reports and briefs of two runs sentence by sentence."""
    sentences: list[SentenceDifference] = []
    files: list[FileDifference] = []
    names = {
        path.relative_to(public).as_posix()
        for public in (before, after)
        for path in list_documents(public)
    }
    for name in sorted(names):
        old, new = before / name, after / name
        if old.is_file() and new.is_file():
            if not filecmp.cmp(old, new, shallow=False):
                pairs = pair_sentences(read_sentences(old), read_sentences(new))
                sentences += [SentenceDifference(name, *pair) for pair in pairs]
        else:
            change: Change = "gone" if old.is_file() else "added"
            path = old if old.is_file() else new
            files.append(FileDifference(change, name, len(read_sentences(path))))
    return sentences, files


def read_sentences(document: Path) -> list[str]:
    """Return the sentences of a document as its reader sees them; a row of a table counts as one.

    In a script without signs at the end of a sentence a paragraph does.
    """
    front, body = split_front_matter(read_text(document), str(document))
    texts = [text for _, text in list_leaves(front, "") if isinstance(text, str) and " " in text]
    texts += [line for line in body.splitlines() if not _SILENT.match(line.lstrip("> "))]
    sentences = (
        sentence for text in texts for sentence in _END_OF_SENTENCE.split(read_words(text).strip())
    )
    return [
        sentence
        for sentence in sentences
        if any(map(str.isalnum, sentence)) and not _NUMBER_OF_ITEM.fullmatch(sentence)
    ]


def pair_sentences(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[str | None, str | None]]:
    """Yield sentences that were changed, added or are gone, in reading order."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield from _pair_replaced(old[start:end], new[new_start:new_end])


def _pair_replaced(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[str | None, str | None]]:
    remaining = list(new)
    for sentence in old:
        likeness = _LIKENESS if len(old) * len(new) <= _MOST_PAIRS else 1.0
        close = difflib.get_close_matches(sentence, remaining, 1, likeness)
        if close:
            # What was written before it in the same place is new.
            place = remaining.index(close[0])
            yield from ((None, text) for text in remaining[:place])
            del remaining[: place + 1]
        yield sentence, close[0] if close else None
    yield from ((None, text) for text in remaining)


def find_figure_differences(before: Path, after: Path) -> list[FigureDifference]:
    """Compare titles, captions, sources and alternative texts of all figures of two runs."""
    differences = []
    names = {
        path.relative_to(public).as_posix()
        for public in (before, after)
        for path in list_figure_lists(public)
    }
    for name in sorted(names):
        old, new = (_read_figures(public / name) for public in (before, after))
        for figure in (*new, *(key for key in old if key not in new)):
            change: Change = (
                "added" if figure not in old else "gone" if figure not in new else "changed"
            )
            texts: dict[str, tuple[str | None, str | None]] = {}
            for text_name in TEXTS:
                was, now = (figures.get(figure, {}).get(text_name) for figures in (old, new))
                if (was or "") != (now or ""):
                    texts[text_name] = (was, now)
            if texts:
                differences.append(FigureDifference(change, name, figure, texts))
    return differences


def _read_figures(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    return {
        str(figure["id"]): {name: str(figure.get(name) or "") for name in TEXTS}
        for figure in read_json(path)
    }
