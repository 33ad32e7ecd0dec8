"""Edited Word files: what is listed, what is refused, and what is none of an edit."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from word_documents import (
    DATA,
    DOCUMENTS,
    EDITED,
    control,
    edit_much,
    edited,
    made,
    paragraph,
    type_over,
)

from disrupting_harm.docx_review.archive import WordFile
from disrupting_harm.docx_review.changes import Finding
from disrupting_harm.docx_review.edited_file import Options, compare_docx, compare_with_run
from disrupting_harm.docx_review.markdown_items import locate_named_document

THANKS = "XYZ/en/acknowledgements.md"
APPLES = "1 Apples and pears › About 1 in 4 likes apples"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("report-en", tmp_path_factory.mktemp("report"))


Compare = Callable[[Callable[[Document], None]], list[Finding]]


@pytest.fixture
def compare(report: Path) -> Compare:
    """Return what is found in the report after an edit."""

    def found(edit: Callable[[Document], None]) -> list[Finding]:
        return compare_with_run(WordFile(edited(report, edit)), locate_named_document(report))[
            1
        ].findings

    return found


def kinds(findings: list[Finding]) -> list[str]:
    return [finding.kind for finding in findings]


def test_a_file_that_was_only_opened_and_saved_has_no_changes(compare: Compare) -> None:
    assert compare(lambda document: None) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_libreoffice_saves_anew_is_no_edit(name: str, tmp_path: Path) -> None:
    base = locate_named_document(made(name, tmp_path))
    _, saved = compare_with_run(WordFile(DATA / f"{name}-saved-by-libreoffice.docx"), base)
    assert saved.findings == []


def test_what_was_edited_is_found_as_well_after_libreoffice_saved_it(report: Path) -> None:
    base = locate_named_document(report)
    _, direct = compare_with_run(WordFile(edited(report, edit_much)), base)
    _, saved = compare_with_run(WordFile(DATA / EDITED), base)
    assert saved.findings == direct.findings
    assert sorted(set(kinds(direct.findings))) == [
        *("comment", "number-changed", "number-copied", "number-typed", "picture-lost"),
        *("table-changed", "text-added", "text-changed", "text-lost", "text-moved"),
    ]


def as_word_saves(document: Document) -> None:
    """Write what Word writes besides the text: none of it is an edit."""
    body = document.element.body
    for style in document.styles.element.iter(qn("w:style")):
        style.set(qn("w:styleId"), f"own{style.get(qn('w:styleId'))}")
    for name in ("w:pStyle", "w:rStyle", "w:tblStyle"):
        for named in body.iter(qn(name)):
            named.set(qn("w:val"), f"own{named.get(qn('w:val'))}")
    for at, text in enumerate(list(body.iter(qn("w:t")))):
        run = text.getparent()
        run.set(qn("w:rsidR"), f"00AB{at:04X}")
        if len(text.text or "") > 8 and run.getparent().tag == qn("w:p"):
            again = copy.deepcopy(run)
            again.find(qn("w:t")).text = text.text[5:]
            text.text = text.text[:5]
            tag = OxmlElement("w:smartTag")
            run.addnext(tag)
            tag.append(again)
            run.addnext(OxmlElement("w:proofErr"))
            run.addnext(OxmlElement("w:lastRenderedPageBreak"))
    # A link as a field, and a control round all of a cell.
    link = next(one for one in body.iter(qn("w:hyperlink")) if one.get(qn("r:id")))
    for kind in ("begin", "separate", "end"):
        run, mark = OxmlElement("w:r"), OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run.append(mark)
        if kind == "begin":
            instruction = OxmlElement("w:instrText")
            instruction.text = ' HYPERLINK "https://example.org/notes" '
            run.append(instruction)
        link.addprevious(run)
        if kind == "separate":
            for part in list(link):
                link.addprevious(part)
    link.getparent().remove(link)
    number = control(document, "XYZ/apples/sex:girl/estimate")
    paragraph_ = number.getparent()
    content = number.find(qn("w:sdtContent"))
    for run in list(content):
        number.addprevious(run)
    paragraph_.addprevious(number)
    content.append(paragraph_)


def test_what_word_writes_besides_the_text_is_no_edit(compare: Compare) -> None:
    assert compare(as_word_saves) == []


def test_a_link_that_is_a_field_is_compared_by_its_address(compare: Compare) -> None:
    def edit(document: Document) -> None:
        as_word_saves(document)
        for instruction in document.element.body.iter(qn("w:instrText")):
            if "HYPERLINK" in instruction.text:
                instruction.text = instruction.text.replace("notes", "elsewhere")

    was, now = "https://example.org/notes", "https://example.org/elsewhere"
    assert compare(edit) == [Finding("link-changed", APPLES, was, now)]


def test_changed_words_are_told_by_paragraph_and_heading(compare: Compare) -> None:
    found = compare(lambda document: type_over(document, "Most people like", "Many like"))
    was, now = "Most people like “fruit”, and say so.", "Many like “fruit”, and say so."
    assert found == [Finding("text-changed", "1 Apples and pears", was, now)]
    assert not found[0].refused


def test_a_changed_number_is_refused_with_its_address_and_what_the_run_prints(
    compare: Compare,
) -> None:
    def edit(document: Document) -> None:
        next(control(document, "XYZ/apples/estimate").iter(qn("w:t"))).text = "42%"

    found = compare(edit)
    assert found == [Finding("number-changed", APPLES, "24%", "42%", "XYZ/apples/estimate")]
    assert found[0].refused


def test_a_number_typed_by_hand_is_refused_but_years_and_ages_are_not(compare: Compare) -> None:
    found = compare(lambda document: type_over(document, "fewer did", "61 fewer did than in 2024"))
    assert kinds(found) == ["text-changed", "number-typed"]
    assert found[1].refused
    assert found[1].now.startswith("61, in: How many?")


def test_a_number_typed_over_one_whose_control_was_removed_is_refused(compare: Compare) -> None:
    def edit(document: Document) -> None:
        removed = control(document, "XYZ/apples/ci_low")
        for run in list(removed.find(qn("w:sdtContent"))):
            removed.addprevious(run)
        removed.getparent().remove(removed)

    found = compare(edit)
    assert kinds(found) == ["text-changed", "number-typed", "number-lost"]
    assert found[2].address == "XYZ/apples/ci_low"


def test_numbers_taken_out_copied_and_moved_are_told(compare: Compare) -> None:
    def edit(document: Document) -> None:
        end = paragraph(document, "The end of the page")._p
        end.append(copy.deepcopy(control(document, "XYZ/apples/estimate")))
        end.append(control(document, "XYZ/apples/ci_low"))
        gone = control(document, "XYZ/apples/ci_high")
        gone.getparent().remove(gone)

    numbers = [one for one in compare(edit) if one.kind.startswith("number")]
    assert [(one.kind, one.address) for one in numbers] == [
        ("number-moved", "XYZ/apples/ci_low"),
        ("number-lost", "XYZ/apples/ci_high"),
        ("number-copied", "XYZ/apples/estimate"),
    ]
    assert numbers[0].place == f"{APPLES} → 2 Thanks"


def test_paragraphs_added_taken_out_and_moved(compare: Compare) -> None:
    def edit(document: Document) -> None:
        end = paragraph(document, "The end of the page")
        end.insert_paragraph_before("Somebody adds a thought.")
        soft = paragraph(document, "Pears are soft")._p
        soft.getparent().remove(soft)
        end._p.addnext(paragraph(document, "Do you like apples")._p)

    assert compare(edit) == [
        Finding("text-lost", "1 Apples and pears › 1.1 Pears", "Pears are soft."),
        # What is added directly after a text of an author belongs to it.
        Finding("text-added", "2 Thanks", now="Somebody adds a thought.", file=THANKS),
        Finding("text-moved", f"{APPLES} → 2 Thanks", "Asked: “Do you like apples?”"),
    ]


def test_a_replaced_picture_is_refused_and_one_stored_anew_is_none(
    compare: Compare, tmp_path: Path
) -> None:
    def store(change: Callable[[Image.Image], Image.Image]) -> Callable[[Document], None]:
        def edit(document: Document) -> None:
            blip = next(document.element.body.iter(qn("a:blip")))
            part = document.part.related_parts[blip.get(qn("r:embed"))]
            (tmp_path / "old.png").write_bytes(part.blob)
            changed = change(Image.open(tmp_path / "old.png").convert("RGB"))
            changed.save(tmp_path / "new.png")
            identifier, _ = document.part.get_or_add_image(str(tmp_path / "new.png"))
            blip.set(qn("r:embed"), identifier)

        return edit

    assert compare(store(lambda image: image)) == []
    found = compare(store(lambda image: image.point(lambda dot: dot // 2)))
    assert kinds(found) == ["picture-replaced"]
    assert found[0].was == "Bars: apples are longest"
    assert found[0].refused


def test_lost_and_added_pictures_are_refused_and_moved_ones_told(
    compare: Compare, tmp_path: Path
) -> None:
    def lose(document: Document) -> None:
        picture = next(document.element.body.iter(qn("w:drawing")))
        picture.getparent().remove(picture)

    def add(document: Document) -> None:
        Image.new("RGB", (9, 9), "red").save(tmp_path / "red.png")
        document.add_paragraph().add_run().add_picture(str(tmp_path / "red.png"))

    def move(document: Document) -> None:
        for drawing in list(document.element.body.iter(qn("w:drawing")))[:1]:
            run = drawing.getparent()
            paragraph(document, "The end of the page")._p.append(run)

    assert kinds(compare(lose)) == ["picture-lost"]
    assert kinds(compare(add)) == ["picture-added"]
    assert kinds(compare(move)) == ["picture-moved"]


def test_rows_and_columns_of_tables_are_the_runs(compare: Compare) -> None:
    def row(document: Document) -> None:
        document.tables[0].add_row().cells[0].text = "Others"

    def column(document: Document) -> None:
        document.tables[0].add_column(10)

    def gone(document: Document) -> None:
        last = document.tables[0].rows[-1]._tr
        last.getparent().remove(last)

    def whole(document: Document) -> None:
        document.add_table(2, 1).cell(0, 0).text = "A table"

    def beside(document: Document) -> None:
        document.add_table(1, 2).cell(0, 0).text = "Words beside others"

    for edit, count in ((row, 1), (column, 3), (gone, 1)):
        found = [one for one in compare(edit) if one.kind == "table-changed"]
        assert len(found) == count
        assert all(one.refused for one in found)
    assert kinds(compare(whole)) == ["table-added"]
    # One row holds paragraphs side by side, as those of a brief.
    assert kinds(compare(beside)) == ["text-added"]


def test_words_in_a_cell_are_told_with_row_and_column(compare: Compare) -> None:
    found = compare(lambda document: type_over(document, "Girls", "Young women"))
    place = "1 Apples and pears › 1.1 Pears, table 'Group | Apples | Pears', row 2, column 1"
    assert found == [Finding("text-changed", place, "Girls", "Young women")]


def test_comments_are_told_with_author_and_words(compare: Compare) -> None:
    def edit(document: Document) -> None:
        runs = paragraph(document, "The end of the page").runs
        document.add_comment(runs=runs, text="Is this all?", author="A ministry")

    found = compare(edit)
    assert found == [
        Finding("comment", "2 Thanks", "The end of the page.", "A ministry: Is this all?")
    ]


def test_tracked_changes_are_compared_as_if_accepted_and_named(compare: Compare) -> None:
    def edit(document: Document) -> None:
        run = paragraph(document, "The end of the page").runs[-1]._r
        inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
        for mark in (inserted, deleted):
            mark.set(qn("w:author"), "A ministry")
            run.addprevious(mark)
        new = copy.deepcopy(run)
        new.find(qn("w:t")).text = "Nothing more is said."
        inserted.append(new)
        deleted.append(run)
        for text in run.iter(qn("w:t")):
            text.tag = qn("w:delText")

    found = compare(edit)
    assert kinds(found) == ["text-lost", "text-added", "tracked"]
    assert found[1].now == "Nothing more is said."
    assert (found[2].place, found[2].now) == ("A ministry", "2")


def test_a_watermark_that_was_taken_out_is_refused(compare: Compare) -> None:
    def edit(document: Document) -> None:
        document.sections[0].header.paragraphs[0].clear()

    found = compare(edit)
    assert found == [Finding("margins-changed", "every page", "Made by hand")]


def test_signs_of_layout_are_no_edit(compare: Compare) -> None:
    def edit(document: Document) -> None:
        run = paragraph(document, "The end of the page").runs[0]
        run.text = "The\u00a0end of"
        again = copy.deepcopy(run._r)
        again.find(qn("w:t")).text = " the pa\u00adge."
        run._r.addnext(again)
        run.bold = True
        for empty in ("w:proofErr", "w:lastRenderedPageBreak"):
            run._r.addnext(OxmlElement(empty))

    assert compare(edit) == []


def test_the_status_is_1_only_where_something_is_refused(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Path("nowhere.yaml")
    prose = edited(report, lambda document: type_over(document, "Most people", "Many"))
    assert compare_docx(Options(prose, config, report)) == 0
    typed = edited(report, lambda document: type_over(document, "Most people", "90 people"))
    assert compare_docx(Options(typed, config, report, json=True)) == 1
    printed = capsys.readouterr().out
    assert "nothing refused" in printed
    assert '"kind": "number-typed"' in printed


def test_a_paragraph_deleted_with_its_mark_runs_into_the_next(compare: Compare) -> None:
    def edit(document: Document) -> None:
        first = paragraph(document, "Pears are soft")._p
        properties = first.get_or_add_pPr()
        mark, gone = OxmlElement("w:rPr"), OxmlElement("w:del")
        gone.set(qn("w:author"), "A ministry")
        mark.append(gone)
        properties.append(mark)

    found = compare(edit)
    assert kinds(found) == ["text-lost", "text-changed", "tracked"]
    assert found[1].now == "Pears are soft.Pears are often green."


def test_text_boxes_formulas_and_objects_are_refused(compare: Compare) -> None:
    def drawing(document: Document) -> None:
        end = paragraph(document, "The end of the page")
        run, shape = end.add_run()._r, OxmlElement("w:drawing")
        content = OxmlElement("w:txbxContent")
        content.append(OxmlElement("w:p"))
        shape.append(content)
        run.append(shape)

    def embedded(document: Document) -> None:
        paragraph(document, "The end of the page").add_run()._r.append(OxmlElement("w:object"))

    def formula(document: Document) -> None:
        paragraph(document, "The end of the page")._p.append(OxmlElement("m:oMath"))

    for edit, name in (
        (drawing, "drawing or text box"),
        (embedded, "embedded object"),
        (formula, "formula"),
    ):
        found = compare(edit)
        assert found == [Finding("foreign", "2 Thanks", now=name)]
        assert found[0].refused


def test_a_field_that_was_never_closed_hides_no_text(compare: Compare) -> None:
    def edit(document: Document) -> None:
        end = paragraph(document, "The end of the page")
        for kind in ("begin", "separate"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run = OxmlElement("w:r")
            run.append(mark)
            if kind == "begin":
                instruction = OxmlElement("w:instrText")
                instruction.text = " REF fig_bars "
                run.append(instruction)
            end._p.append(run)
        end.add_run(" Of 80 people 7 agreed.")

    found = compare(edit)
    assert kinds(found) == ["text-changed", "number-typed", "number-typed"]


def test_a_number_in_a_control_of_another_name_is_one_typed_by_hand(compare: Compare) -> None:
    def edit(document: Document) -> None:
        own = control(document, "XYZ/apples/estimate")
        own.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").set(qn("w:val"), "XYZ/other")

    assert "number-typed" in kinds(compare(edit))


def test_a_picture_outside_the_file_is_refused_and_not_opened(compare: Compare) -> None:
    def edit(document: Document) -> None:
        blip = next(document.element.body.iter(qn("a:blip")))
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        outside = document.part.relate_to("http://example.org/x.png", kind, is_external=True)
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), outside)

    found = compare(edit)
    assert kinds(found) == ["picture-replaced"]


def test_links_to_other_addresses_are_refused_and_new_ones_told(compare: Compare) -> None:
    def link(document: Document, address: str) -> str:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        return str(document.part.relate_to(address, kind, is_external=True))

    def change(document: Document) -> None:
        links = document.element.body.iter(qn("w:hyperlink"))
        own = next(one for one in links if one.get(qn("r:id")))
        own.set(qn("r:id"), link(document, "https://example.org/elsewhere"))

    def add(document: Document) -> None:
        end = paragraph(document, "The end of the page")
        new = OxmlElement("w:hyperlink")
        new.set(qn("r:id"), link(document, "https://example.org/new"))
        new.append(end.runs[-1]._r)
        end._p.append(new)

    was, now = "https://example.org/notes", "https://example.org/elsewhere"
    assert compare(change) == [Finding("link-changed", APPLES, was, now)]
    assert compare(change)[0].refused
    assert compare(add) == [Finding("link-added", "2 Thanks", now="https://example.org/new")]


def test_hidden_text_is_gone_and_struck_text_stands(compare: Compare) -> None:
    def hide(document: Document) -> None:
        paragraph(document, "The end of the page").runs[-1].font.hidden = True

    def strike(document: Document) -> None:
        paragraph(document, "The end of the page").runs[-1].font.strike = True

    assert kinds(compare(hide)) == ["text-lost"]
    assert compare(strike) == [Finding("struck", "2 Thanks", now="The end of the page.")]


@pytest.mark.parametrize("typed", ["៤២", "４２", "½", "x²", "Ⅻ", "4\u00ad2"])
def test_numbers_of_other_scripts_and_signs_are_found(compare: Compare, typed: str) -> None:
    found = compare(lambda document: type_over(document, "The end of", f"{typed} of"))
    assert "number-typed" in kinds(found)


def test_a_number_typed_as_symbols_is_found(compare: Compare) -> None:
    def edit(document: Document) -> None:
        symbol = OxmlElement("w:sym")
        symbol.set(qn("w:font"), "Symbol")
        symbol.set(qn("w:char"), "F034")
        paragraph(document, "The end of the page").runs[-1]._r.append(symbol)

    assert kinds(compare(edit)) == ["text-changed", "number-typed"]
