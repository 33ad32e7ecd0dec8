"""Notes of authors that come back edited: what was changed goes into the author's own lines."""

import copy
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from note_study import study, write_note, write_results
from rendering_sample import TEMPLATES
from word_documents import control, edited, paragraph, type_over

from disrupting_harm.docx_review.archive import WordFile
from disrupting_harm.docx_review.edited_file import compare_with_run
from disrupting_harm.docx_review.markdown_items import locate_named_document
from disrupting_harm.docx_review.source_patch import make_patch
from disrupting_harm.notes.render_note import render_note

BODY = """\
Every day {{< number uses_daily >}} per cent use the internet
({{< interval uses_daily >}}, n = {{< number uses_daily/n >}}).

{{< sentence uses_daily >}}

{{< figure by-group-clear_examples >}}

Read it *with care*.
"""


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    write_results(folder / "results" / "public")
    written = write_note(folder, BODY)
    render_note(written, study(), TEMPLATES, ["docx"], "embedded")
    return written.path


def test_changed_words_go_into_the_note_and_its_shortcodes_stay(note: Path) -> None:
    def edit(document: Document) -> None:
        type_over(document, "Every day", "On each day")
        type_over(document, "Read it", "Please read it")

    base = locate_named_document(note)
    comparing, comparison = compare_with_run(
        WordFile(edited(note.with_suffix(".docx"), edit)), base
    )
    assert base.note == note
    assert [one.kind for one in comparison.findings] == ["text-changed", "text-changed"]
    patch = make_patch(comparing, base)
    assert patch.not_carried == ()
    lines = patch.diff.splitlines()
    assert lines[:2] == ["--- a/note.qmd", "+++ b/note.qmd"]
    assert "+On each day {{< number uses_daily >}} per cent use the internet" in lines
    assert "+Please read it *with care*." in lines


def test_what_a_shortcode_prints_is_not_cut_in_two(note: Path) -> None:
    base = locate_named_document(note)
    words = compare_with_run(WordFile(note.with_suffix(".docx")), base)[0].old.blocks
    sentence = next(block.text for block in words if "Cambodia" in block.text)

    def edit(document: Document) -> None:
        type_over(document, "Cambodia", "the country")

    comparing, _ = compare_with_run(WordFile(edited(note.with_suffix(".docx"), edit)), base)
    patch = make_patch(comparing, base)
    assert patch.diff == ""
    assert patch.not_carried == (sentence.replace("Cambodia", "the country", 1),)


def test_a_copied_number_is_named_by_a_shortcode(note: Path) -> None:
    def edit(document: Document) -> None:
        end = paragraph(document, "Read it")._p
        end.append(copy.deepcopy(control(document, "KHM/uses_daily/n")))

    base = locate_named_document(note)
    comparing, comparison = compare_with_run(
        WordFile(edited(note.with_suffix(".docx"), edit)), base
    )
    assert not comparison.refused
    patch = make_patch(comparing, base)
    assert "+Read it *with care*.{{< number KHM/uses_daily/n >}}" in patch.diff.splitlines()


def test_a_changed_number_of_a_note_is_refused(note: Path) -> None:
    def edit(document: Document) -> None:
        next(control(document, "KHM/uses_daily/estimate").iter(qn("w:t"))).text = "50"

    _, comparison = compare_with_run(
        WordFile(edited(note.with_suffix(".docx"), edit)), locate_named_document(note)
    )
    assert [(one.kind, one.address) for one in comparison.refused] == [
        ("number-changed", "KHM/uses_daily/estimate")
    ]
