"""What somebody changed in the Word file of a document: printed, or written where it belongs."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, write_text
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.docx_review.archive import WordFile
from disrupting_harm.docx_review.changes import Comparison, as_json, as_text
from disrupting_harm.docx_review.comparing import Comparing, Known
from disrupting_harm.docx_review.markdown_items import (
    Base,
    addresses_in,
    base_of,
    named_base,
    slots_in,
)
from disrupting_harm.docx_review.pictures import same_in
from disrupting_harm.docx_review.reading import read_document
from disrupting_harm.docx_review.slot_files import slot_files, write_slot_files
from disrupting_harm.docx_review.source_patch import patch_of
from disrupting_harm.docx_review.translations import with_translations
from disrupting_harm.report.checks.numbers import read_allowed
from disrupting_harm.study.study import load_study


@dataclass(frozen=True)
class Options:
    """What is asked of the command.

    Attributes:
        file: the Word file that came back.
        config: the study's configuration.
        against: the run's own Word file or source; None: what ``file`` says it was made from.
        write: whether texts of authors go back to the study's folder of slots.
        patch: where to write the changes of other sentences as a diff; None: nowhere.
        json: whether to print for programs.
    """

    file: Path
    config: Path
    against: Path | None = None
    write: bool = False
    patch: Path | None = None
    json: bool = False


def compare_docx(options: Options) -> int:
    """Print what was changed in a Word file; return 1 where something is refused, else 0.

    Nothing is written where something is refused.

    Raises:
        StudyError: if a file is missing, is none of Word, belongs to another release, or a text of
            an author cannot be written.
    """
    edited = WordFile(options.file)
    if options.against is None:
        base = base_of(edited, load_study(options.config).config.results / PUBLIC)
    else:
        base = named_base(options.against)
    comparing, comparison = compared(edited, base)
    if options.json:
        print(json.dumps(as_json(comparison), indent=2, ensure_ascii=False))
    else:
        print(as_text(comparison))
    # What was written is none of the findings that programs read.
    beside = sys.stderr if options.json else sys.stdout
    if comparison.refused:
        if options.write or options.patch:
            print("nothing is written: put back what is refused, compare again", file=beside)
        return 1
    for line in _written(options, base, comparing):
        print(line, file=beside)
    return 0


def compared(edited: WordFile, base: Base) -> tuple[Comparing, Comparison]:
    """Return the comparison of a Word file with what the run wrote, and what was found.

    Raises:
        StudyError: if one of the files is none of Word.
    """
    own = WordFile(base.docx)
    old = read_document(own)
    addresses = addresses_in(base.text)
    known = Known(addresses, read_allowed(templates_folder()), slots_in(base.text))
    new = read_document(edited, old.tags | frozenset(addresses))
    language = old.origin.language if old.origin else ""
    comparing = Comparing(old, new, known, same_in(own, edited))
    locale = templates_folder() / "locale"
    findings = with_translations(comparing.findings(), language, locale, base.source)
    return comparing, Comparison(base.document, language, base.release, findings)


def _written(options: Options, base: Base, comparing: Comparing) -> list[str]:
    """Write what is asked for; return what was written. All texts are made before the first file.

    Raises:
        StudyError: without a source, or where a text of an author cannot be written.
    """
    if not options.write and options.patch is None:
        return []
    if base.source is None:
        remedy = "Put the source that the Word file was made from beside it"
        raise StudyError(str(base.docx), "there is no such source beside it (.qmd)", remedy)
    source, addresses = base.text, addresses_in(base.text)
    files = []
    if options.write:
        study = load_study(options.config)
        slots = study.config.report.slots
        if slots is None:
            found = "the study has no folder of what authors write"
            raise StudyError(f"{options.config}, key 'report.slots'", found, "Name one")
        files = slot_files(comparing, slots_in(source), source, addresses, study.resolve(slots))
    told = []
    if options.patch is not None:
        patch = patch_of(comparing, base)
        write_text(options.patch, patch.diff)
        told.append(f"{options.patch}: {patch.carried} paragraphs")
        told += [f"not in it, change it by hand: {text}" for text in patch.left]
    write_slot_files(files)
    for one in files:
        told.append(f"{one.path}: written")
        told += [f"older than it, translate again: {name}" for name in one.older]
    return told
