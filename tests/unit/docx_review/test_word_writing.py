"""From an edited Word file back to texts of authors and sources, and to nothing where refused."""

import copy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from rendering_sample import ROOT, TEMPLATES
from word_documents import control, edited, made, paragraph, type_over

from disrupting_harm.core.errors import StudyError
from disrupting_harm.docx_review.archive import WordFile
from disrupting_harm.docx_review.document_comparison import DocumentComparison
from disrupting_harm.docx_review.edited_file import Options, compare_docx, compare_with_run
from disrupting_harm.docx_review.markdown_items import (
    addresses_by_tag,
    locate_named_document,
    slot_files_by_bookmark,
)
from disrupting_harm.docx_review.slot_files import SlotFile, prepare_slot_files
from disrupting_harm.docx_review.source_patch import Patch, make_patch
from disrupting_harm.docx_review.translations import add_translations
from disrupting_harm.report.rendering import render

THANKS = "XYZ/en/acknowledgements.md"
FOREWORD = "XYZ/en/foreword.md"
THANKED = "We thank all who ate *fruit*.\n\nWithout them nothing could be said.\n"
Edit = Callable[[Document], None]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("report-en", tmp_path_factory.mktemp("report"))


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    """Return a folder of what authors write, as the report was made from it."""
    path = tmp_path / "slots" / THANKS
    path.parent.mkdir(parents=True)
    path.write_text(THANKED, encoding="utf-8")
    return tmp_path / "slots"


def after(report: Path, edit: Edit) -> DocumentComparison:
    return compare_with_run(WordFile(edited(report, edit)), locate_named_document(report))[0]


def source_of(report: Path) -> str:
    return report.with_suffix(".qmd").read_text(encoding="utf-8")


def carried(report: Path, edit: Edit) -> Patch:
    return make_patch(after(report, edit), locate_named_document(report))


def files_after(report: Path, slots: Path, edit: Edit) -> list[SlotFile]:
    text = source_of(report)
    return prepare_slot_files(
        after(report, edit), slot_files_by_bookmark(text), text, addresses_by_tag(text), slots
    )


def put(document: Document, text: str, new: str) -> None:
    """Type a whole paragraph anew."""
    typed = paragraph(document, text)
    for run in list(typed._p.iter(qn("w:r")))[1:]:
        run.getparent().remove(run)
    next(typed._p.iter(qn("w:t"))).text = new


def add_after(document: Document, text: str, new: str) -> None:
    """Press Enter at the end of a paragraph and type a new one."""
    old = paragraph(document, text)._p
    added = copy.deepcopy(old)
    for run in list(added.iter(qn("w:r")))[1:]:
        run.getparent().remove(run)
    next(added.iter(qn("w:t"))).text = new
    old.addnext(added)


def test_changed_sentences_become_a_diff_whose_numbers_keep_their_addresses(
    report: Path, tmp_path: Path
) -> None:
    def edit(document: Document) -> None:
        type_over(document, "Most people like", "Many people [here] like")
        type_over(document, "fewer did, of those", "fewer liked them, of those")
        type_over(document, "Pears are soft", "Pears are very soft")
        type_over(document, "Fewer like pears", "Not so many like pears")
        type_over(document, "Apples and pears", "Apples, and pears")
        type_over(document, "likes apples", "loves apples")
        add_after(document, "people [here] like", "A new *thought*.")
        add_after(document, "The end of the page", "And no more.")
        gone = paragraph(document, "Pears are often")._p
        gone.getparent().remove(gone)

    patch = carried(report, edit)
    assert patch.not_carried == ()
    for line in (
        '+Many people \\[here\\] like "fruit", and say so.',
        "+A new \\*thought\\*.",
        '+### About 1 in [4]{n="one_in(XYZ/apples/estimate)"} loves apples '
        "{#finding-apples .unnumbered .unlisted}",
        "+## Apples, and pears {#sec-fruit}",
        '+Not so many like pears, [\\<5%]{n="XYZ/pears/estimate"}. Nobody knows why.[^why]',
        "-- Pears are *often* green.",
        "+And no more.",
    ):
        assert line in patch.diff.splitlines()
    assert "**How many?** About [24%]" in patch.diff
    assert "@fig-bars shows it. In 2025 fewer liked them" in patch.diff
    # The diff makes the source that was meant, and that makes what stands in the edited file.
    root = tmp_path / "again"
    shutil.copytree(report.parents[1], root)
    (root / "x.diff").write_text(patch.diff, encoding="utf-8")
    subprocess.run(["git", "apply", "x.diff"], cwd=root, check=True)
    source = root / "x" / "report.qmd"
    assert source.read_text(encoding="utf-8") == patch.patched_text
    render(source, ["docx"], "embedded")
    _, comparison = compare_with_run(
        WordFile(report.with_name("edited.docx")),
        locate_named_document(source.with_suffix(".docx")),
    )
    assert comparison.findings == []


def test_what_no_diff_can_say_is_left_for_a_person(report: Path) -> None:
    def edit(document: Document) -> None:
        # A title is a key of the front matter, a caption the words of a figure.
        type_over(document, "A title", "Another title")
        type_over(document, "Of each kind", "Of every kind")
        # The only sentence of its box, and one that crosses the end of bold type.
        gone = paragraph(document, "Do you like apples")._p
        gone.getparent().remove(gone)
        paragraph(document, "The end of the page")._p.addnext(
            paragraph(document, "Most people like")._p
        )

    patch = carried(report, edit)
    assert patch.diff == ""
    assert sorted(text.split(":")[0][:13] for text in patch.not_carried) == [
        "Another title",
        "Asked",
        "Figure 1",
        "Most people l",
    ]


def test_a_number_that_was_copied_into_a_sentence_comes_with_its_address(report: Path) -> None:
    def edit(document: Document) -> None:
        end = paragraph(document, "The end of the page")._p
        end.append(copy.deepcopy(control(document, "XYZ/apples/ci_low")))

    assert '+The end of the page.[20]{n="XYZ/apples/ci_low"}' in carried(report, edit).diff


def test_an_edited_text_goes_back_to_its_file_and_keeps_its_marks(
    report: Path, slots: Path
) -> None:
    khmer = slots / "XYZ" / "km" / "acknowledgements.md"
    khmer.parent.mkdir()
    khmer.write_text("x", encoding="utf-8")

    def edit(document: Document) -> None:
        type_over(document, "We thank all who ate", "We thank everybody who eats")
        add_after(document, "Without them nothing", "And <all> *others*.")

    found = files_after(report, slots, edit)
    assert [(one.file, one.older_translations) for one in found] == [
        (THANKS, ("XYZ/km/acknowledgements.md",))
    ]
    assert found[0].content == (
        "We thank everybody who eats *fruit*.\n\nWithout them nothing could be said.\n\n"
        "And \\<all\\> \\*others\\*.\n"
    )


def test_a_text_written_over_what_is_to_be_written_makes_the_file(
    report: Path, slots: Path
) -> None:
    def edit(document: Document) -> None:
        put(document, "To be written by the authors", "Children speak here.")
        put(document, "File: XYZ", "We listen.")

    found = files_after(report, slots, edit)
    assert [(one.file, one.content) for one in found] == [
        (FOREWORD, "Children speak here.\n\nWe listen.\n")
    ]


def test_a_text_typed_below_leaves_out_what_says_that_it_is_to_be_written(
    report: Path, slots: Path
) -> None:
    found = files_after(
        report, slots, lambda document: add_after(document, "File: XYZ", "Children speak.")
    )
    assert [one.content for one in found] == ["Children speak.\n"]


def test_a_text_is_found_where_its_bookmark_was_deleted_with_it(report: Path, slots: Path) -> None:
    def edit(document: Document) -> None:
        for mark in ("w:bookmarkStart", "w:bookmarkEnd"):
            for one in list(document.element.body.iter(qn(mark))):
                one.getparent().remove(one)
        put(document, "To be written by the authors", "Children speak here.")
        gone = paragraph(document, "File: XYZ")._p
        gone.getparent().remove(gone)

    found = files_after(report, slots, edit)
    assert [(one.file, one.content) for one in found] == [(FOREWORD, "Children speak here.\n")]


def test_an_untouched_place_is_not_written(report: Path, slots: Path) -> None:
    assert files_after(report, slots, lambda document: None) == []


@pytest.mark.parametrize(
    ("text", "found"), [("word " * 151, "151 words, more than 150"), ("", "nothing is left")]
)
def test_a_text_that_no_report_may_hold_is_refused(
    report: Path, slots: Path, text: str, found: str
) -> None:
    def edit(document: Document) -> None:
        put(document, "We thank all who ate", text)
        put(document, "Without them nothing", "")

    with pytest.raises(StudyError, match=found):
        files_after(report, slots, edit)


def test_a_file_that_was_changed_after_the_run_is_not_written_over(
    report: Path, slots: Path
) -> None:
    (slots / THANKS).write_text("Another text.\n", encoding="utf-8")
    with pytest.raises(StudyError, match="changed after the run"):
        files_after(report, slots, lambda document: type_over(document, "We thank", "I thank"))


def test_changed_sentences_name_their_messages_and_the_languages_left_behind(
    report: Path, tmp_path: Path
) -> None:
    own, other = (tmp_path / language / "report.qmd" for language in ("en", "km"))
    for source in (own, other):
        source.parent.mkdir()
        source.write_text("x", encoding="utf-8")
    sentence = "These numbers cannot be added up, and do not tell how many children were harmed."

    def edit(document: Document) -> None:
        put(document, "The end of the page", sentence.replace("do not tell", "do not say"))

    was = [
        one.__class__(one.kind, one.place, f"A word before it. {sentence}", one.now)
        for one in after(report, edit).collect_findings()
        if one.kind in ("text-changed", "text-lost")
    ]
    found = add_translations(was, "en", TEMPLATES / "locale", own)
    assert len(found) == 1
    assert found[0].languages == ("km",)
    message = sentence.replace("children", "{respondents}")
    assert found[0].messages[0].startswith(f"{message} (brief/brief.qmd.j2")


def test_nothing_is_written_where_a_number_was_changed(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    config = tmp_path / "config" / "config.yaml"
    folder = tmp_path / "config" / "slots"
    thanks = folder / THANKS
    thanks.parent.mkdir(parents=True)
    thanks.write_text(THANKED, encoding="utf-8")
    patch = tmp_path / "x.diff"

    def prose(document: Document) -> None:
        type_over(document, "We thank all", "I thank all")
        type_over(document, "The end of the page", "The end")

    def refused(document: Document) -> None:
        prose(document)
        next(control(document, "XYZ/apples/estimate").iter(qn("w:t"))).text = "42%"

    asked = Options(edited(report, refused), config, report, write=True, patch=patch)
    assert compare_docx(asked) == 1
    assert "nothing is written" in capsys.readouterr().out
    assert thanks.read_text(encoding="utf-8") == THANKED
    assert not patch.exists()
    asked = Options(edited(report, prose), config, report, write=True, patch=patch)
    assert compare_docx(asked) == 0
    assert thanks.read_text(encoding="utf-8").startswith("I thank all who ate *fruit*.")
    assert "+The end." in patch.read_text(encoding="utf-8")
    assert "I thank" not in patch.read_text(encoding="utf-8")
    assert "1 paragraphs" in capsys.readouterr().out


def test_words_with_signs_of_markdown_come_back_letter_by_letter(
    report: Path, tmp_path: Path
) -> None:
    # Dashes and dots are left to the typography of the language, as in all texts of authors.
    words = [
        *("A list:", "- of one", "a) or two", "# no heading", "*stars* and _lines_", "~ and ^ x"),
        *("@fig-bars is no reference", "{{< meta title >}} is none", "::: {.box}", "<b>bold</b>"),
        *("$x$ and \\emph{y}", "[^why] and [a](b)", "| a | b |", "> said", "back\\slash `code`"),
        *("“quoted” ‘so’ it’s", "ទឹក\u200bក្រឡក", "https://example.org/a_b", "A – B … C"),
    ]

    def edit(document: Document) -> None:
        for text in reversed(words):
            add_after(document, "The end of the page", text)

    patch = carried(report, edit)
    assert (patch.not_carried, patch.carried_count) == ((), len(words))
    root = tmp_path / "again"
    shutil.copytree(report.parents[1], root)
    source = root / "x" / "report.qmd"
    source.write_text(patch.patched_text, encoding="utf-8")
    render(source, ["docx"], "embedded")
    _, comparison = compare_with_run(
        WordFile(report.with_name("edited.docx")), locate_named_document(source)
    )
    assert comparison.findings == []
