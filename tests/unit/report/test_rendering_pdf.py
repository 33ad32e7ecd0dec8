"""Packed PDF files: every object as Typst wrote it, in fewer bytes."""

import io

import pypdf
import pytest
import typst
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from disrupting_harm.report.rendering.pdf_files import pack_pdf

# More objects than go into one stream.
TEXT = """
#set document(title: "A book")
#set text(lang: "en")
= Chapter one
#link("https://example.org")[A link.] *Bold.* #image(bytes(
  "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
), alt: "A triangle")
#table(columns: 6, table.header(..range(6).map(at => [H#at])), ..range(900).map(at => [C#at]))
"""


@pytest.fixture(scope="module")
def written() -> bytes:
    return typst.compile(TEXT.encode(), pdf_standards=["ua-1"], timestamp=0)


def plain(found: object) -> object:
    """An object as values that can be compared; references by number, streams unpacked."""
    if isinstance(found, IndirectObject):
        return f"{found.idnum} R"
    if isinstance(found, StreamObject):
        entries = {key: plain(found.raw_get(key)) for key in found if key != "/Length"}
        return entries, found.get_data()
    if isinstance(found, DictionaryObject):
        return {key: plain(found.raw_get(key)) for key in found}
    if isinstance(found, ArrayObject):
        return [plain(each) for each in found]
    return found


def objects(pdf: bytes) -> dict[int, object]:
    reader = pypdf.PdfReader(io.BytesIO(pdf), strict=True)
    numbers = {*reader.xref.get(0, {}), *reader.xref_objStm}
    found = {n: reader.get_object(IndirectObject(n, 0, reader)) for n in numbers}
    return {n: plain(each) for n, each in found.items()}


def test_every_object_stays_as_it_was(written):
    before, after = objects(written), objects(pack_pdf(written))
    added = [after[number] for number in sorted(after.keys() - before.keys())]
    assert len(before) > 1000
    assert {number: after[number] for number in before} == before
    assert [kinds["/Type"] for kinds, _ in added] == ["/ObjStm"] * (len(added) - 1) + ["/XRef"]
    assert len(added) > 2


def test_the_trailer_says_what_it_said(written):
    readers = [pypdf.PdfReader(io.BytesIO(pdf)) for pdf in (written, pack_pdf(written))]
    said = [
        {key: plain(r.trailer.raw_get(key)) for key in ("/Root", "/Info", "/ID")} for r in readers
    ]
    assert said[0] == said[1]
    assert readers[1].trailer["/Size"] == max(objects(pack_pdf(written))) + 1
    assert [p.extract_text() for p in readers[0].pages] == [
        p.extract_text() for p in readers[1].pages
    ]


def test_it_is_a_third_of_the_size_and_always_the_same(written):
    small = pack_pdf(written)
    assert len(small) < len(written) / 3
    assert pack_pdf(written) == small


def test_a_file_of_another_build_stays_as_it_is(written):
    small = pack_pdf(written)
    assert pack_pdf(small) == small
    assert pack_pdf(b"%PDF-1.4\n") == b"%PDF-1.4\n"
    damaged = written.replace(b"7 0 obj", b"7 0 obx", 1)
    assert pack_pdf(damaged) == damaged
