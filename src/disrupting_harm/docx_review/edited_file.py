"""What somebody changed in the Word file of a document: printed, or written where it belongs."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, write_text
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.docx_review.archive import WordFile
from disrupting_harm.docx_review.changes import (
    DocumentReview,
    format_review_json,
    format_review_text,
)
from disrupting_harm.docx_review.document_comparison import DocumentComparison, RunContext
from disrupting_harm.docx_review.markdown_items import (
    RunDocument,
    addresses_by_tag,
    locate_named_document,
    locate_run_document,
    slot_files_by_bookmark,
)
from disrupting_harm.docx_review.pictures import make_picture_test
from disrupting_harm.docx_review.slot_files import prepare_slot_files, write_slot_files
from disrupting_harm.docx_review.source_patch import make_patch
from disrupting_harm.docx_review.translations import add_translations
from disrupting_harm.docx_review.word_document import read_document
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
        run_document = locate_run_document(
            edited, load_study(options.config).config.results / PUBLIC
        )
    else:
        run_document = locate_named_document(options.against)
    comparison, review = compare_with_run(edited, run_document)
    if options.json:
        print(json.dumps(format_review_json(review), indent=2, ensure_ascii=False))
    else:
        print(format_review_text(review))
    # What was written is none of the findings that programs read.
    stream = sys.stderr if options.json else sys.stdout
    if review.refused:
        if options.write or options.patch:
            print("nothing is written: put back what is refused, compare again", file=stream)
        return 1
    for line in _write_changes(options, run_document, comparison):
        print(line, file=stream)
    return 0


def compare_with_run(
    edited: WordFile, run_document: RunDocument
) -> tuple[DocumentComparison, DocumentReview]:
    """Return the comparison of a Word file with what the run wrote, and what was found.

    Raises:
        StudyError: if one of the files is none of Word.
    """
    original = WordFile(run_document.docx)
    old = read_document(original)
    addresses = addresses_by_tag(run_document.source_text)
    run_context = RunContext(
        addresses,
        read_allowed(templates_folder()),
        slot_files_by_bookmark(run_document.source_text),
    )
    new = read_document(edited, old.tags | frozenset(addresses))
    language = old.origin.language if old.origin else ""
    comparison = DocumentComparison(old, new, run_context, make_picture_test(original, edited))
    locale = templates_folder() / "locale"
    findings = add_translations(
        comparison.collect_findings(), language, locale, run_document.source
    )
    return comparison, DocumentReview(
        run_document.document, language, run_document.release, findings
    )


def _write_changes(
    options: Options, run_document: RunDocument, comparison: DocumentComparison
) -> list[str]:
    """Write what is asked for; return what was written. All texts are made before the first file.

    Raises:
        StudyError: without a source, or where a text of an author cannot be written.
    """
    if not options.write and options.patch is None:
        return []
    if run_document.source is None:
        remedy = "Put the source that the Word file was made from beside it"
        raise StudyError(str(run_document.docx), "there is no such source beside it (.qmd)", remedy)
    source, addresses = run_document.source_text, addresses_by_tag(run_document.source_text)
    files = []
    if options.write:
        study = load_study(options.config)
        slots = study.config.report.slots
        if slots is None:
            finding = "the study has no folder of what authors write"
            raise StudyError(f"{options.config}, key 'report.slots'", finding, "Name one")
        files = prepare_slot_files(
            comparison, slot_files_by_bookmark(source), source, addresses, study.resolve(slots)
        )
    messages = []
    if options.patch is not None:
        patch = make_patch(comparison, run_document)
        write_text(options.patch, patch.diff)
        messages.append(f"{options.patch}: {patch.carried_count} paragraphs")
        messages += [f"not in it, change it by hand: {text}" for text in patch.not_carried]
    write_slot_files(files)
    for slot_file in files:
        messages.append(f"{slot_file.path}: written")
        messages += [
            f"older than it, translate again: {name}" for name in slot_file.older_translations
        ]
    return messages
