"""The command ``compare-docx``: what somebody changed in the Word file of a document."""

import json
from pathlib import Path

from disrupting_harm.package import templates_folder
from disrupting_harm.places import PUBLIC
from disrupting_harm.report.number_check import read_allowed
from disrupting_harm.study.study import load_study
from disrupting_harm.word.base import Base, addresses_in, base_of, named_base, slots_in
from disrupting_harm.word.changes import Comparison, as_json, as_text
from disrupting_harm.word.comparing import Comparing, Known
from disrupting_harm.word.opening import WordFile
from disrupting_harm.word.pictures import same_in
from disrupting_harm.word.reading import read_document


def compare_docx(file: Path, config: Path, against: Path | None, *, as_data: bool) -> int:
    """Print what was changed in a Word file; return 1 where something is refused, else 0.

    Args:
        file: the Word file that came back.
        config: the study's configuration.
        against: the run's own Word file or source; None: what ``file`` says it was made from.
        as_data: whether to print JSON.

    Raises:
        StudyError: if a file is missing, is none of Word, or belongs to another release.
    """
    edited = WordFile(file)
    if against is None:
        base = base_of(edited, load_study(config).config.results / PUBLIC)
    else:
        base = named_base(against)
    comparison = compared(edited, base)
    if as_data:
        print(json.dumps(as_json(comparison), indent=2, ensure_ascii=False))
    else:
        print(as_text(comparison))
    return 1 if comparison.refused else 0


def compared(edited: WordFile, base: Base) -> Comparison:
    """Return what was changed in a Word file since the run wrote it.

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
    return Comparison(base.document, language, base.release, comparing.findings())
