"""Files that others send: what is no Word file, has macros, or would fill the machine."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from word_documents import made

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.docx_review import archive
from disrupting_harm.docx_review.archive import CUSTOM, DOCUMENT, WordFile
from disrupting_harm.docx_review.markdown_items import (
    locate_named_document,
    locate_run_document,
    read_file_origin,
)
from disrupting_harm.docx_review.word_document import read_document


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("report-en", tmp_path_factory.mktemp("public") / "public")


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a copy of a Word file whose parts were changed."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def test_a_file_that_is_no_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old or locked file")
    with pytest.raises(StudyError, match="no Word file"):
        WordFile(path)


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/document.xml"])
def test_macros_are_refused_by_part_and_by_name(report: Path, tmp_path: Path, name: str) -> None:
    suffix = ".docx" if name.endswith("bin") else ".docm"
    path = rewritten(
        report, tmp_path / f"macros{suffix}", lambda parts: parts.setdefault(name, b"")
    )
    with pytest.raises(StudyError, match="macros"):
        WordFile(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declared_document_type_is_refused(report: Path, tmp_path: Path, encoding: str) -> None:
    hostile = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'

    def change(parts: dict[str, bytes]) -> None:
        parts[DOCUMENT] = hostile.encode(encoding)

    file = WordFile(rewritten(report, tmp_path / "entity.docx", change))
    with pytest.raises(StudyError, match="declares a document type"):
        read_document(file)


def test_a_part_that_unpacks_to_too_much_is_refused(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_PART", 2**20)
    bomb = rewritten(
        report, tmp_path / "bomb.docx", lambda parts: parts.update({"word/a.bin": b"0" * 2**21})
    )
    with pytest.raises(StudyError, match=r"word/a\.bin' unpacks to too much"):
        WordFile(bomb)


def test_what_is_deeper_than_documents_are_is_refused(report: Path, tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[DOCUMENT] = b"<a>" * 10_000 + b"</a>" * 10_000

    file = WordFile(rewritten(report, tmp_path / "deep.docx", change))
    with pytest.raises(StudyError, match="deeper than 200"):
        read_document(file)


def test_a_word_file_says_what_it_was_made_from(report: Path, tmp_path: Path) -> None:
    origin, missing = read_file_origin(WordFile(report))
    assert missing == []
    assert origin is not None
    assert (origin.document, origin.language) == ("x/report.qmd", "en")
    assert origin.source == sha256(report.with_suffix(".qmd"))
    again = made("report-en", tmp_path / "public")
    assert again.read_bytes() == report.read_bytes()


def test_the_base_is_found_in_the_public_results(report: Path) -> None:
    public = report.parents[1]
    base = locate_run_document(WordFile(report), public)
    assert (base.document, base.docx, base.release) == ("x/report.qmd", report, "")
    write_json(public / "manifest.json", {"outputs": {"public/x/report.docx": sha256(report)}})
    assert (
        locate_run_document(WordFile(report), public).release
        == sha256(public / "manifest.json")[:12]
    )
    write_json(public / "manifest.json", {"outputs": {"public/x/report.docx": "another"}})
    with pytest.raises(StudyError, match="changed after the run"):
        locate_run_document(WordFile(report), public)
    (public / "manifest.json").unlink()


def test_without_the_properties_the_error_says_which_and_what_to_do(
    report: Path, tmp_path: Path
) -> None:
    bare = rewritten(report, tmp_path / "bare.docx", lambda parts: parts.pop(CUSTOM))
    with pytest.raises(StudyError, match=r"docProps/custom\.xml.*--against FILE"):
        locate_run_document(WordFile(bare), report.parents[1])

    def change(parts: dict[str, bytes]) -> None:
        parts[CUSTOM] = parts[CUSTOM].replace(b"-source", b"-other")

    part = rewritten(report, tmp_path / "part.docx", change)
    with pytest.raises(StudyError, match="no disrupting-harm-source"):
        locate_run_document(WordFile(part), report.parents[1])


@pytest.mark.parametrize("place", [b"../public/x/report.qmd", b"/etc/passwd", b"x/none.qmd"])
def test_no_property_leads_out_of_the_public_results(
    report: Path, tmp_path: Path, place: bytes
) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts[CUSTOM] = parts[CUSTOM].replace(b"x/report.qmd", place)

    hostile = rewritten(report, tmp_path / "hostile.docx", change)
    with pytest.raises(StudyError, match="is not in"):
        locate_run_document(WordFile(hostile), tmp_path)


def test_another_release_is_named_and_refused(report: Path, tmp_path: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        digest = sha256(report.with_suffix(".qmd")).encode()
        parts[CUSTOM] = parts[CUSTOM].replace(digest, b"0" * 64)

    older = rewritten(report, tmp_path / "older.docx", change)
    with pytest.raises(StudyError, match=r"SHA-256 000000000000….*that of this run is"):
        locate_run_document(WordFile(older), report.parents[1])


def test_a_source_that_was_changed_since_is_not_used(report: Path, tmp_path: Path) -> None:
    copied = tmp_path / "report.docx"
    copied.write_bytes(report.read_bytes())
    source = copied.with_suffix(".qmd")
    source.write_bytes(report.with_suffix(".qmd").read_bytes())
    assert locate_named_document(source).source == source
    source.write_text("other", encoding="utf-8")
    assert locate_named_document(source).source is None


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_as_word_does_not_is_refused(
    report: Path, tmp_path: Path, method: int
) -> None:
    path = tmp_path / "packed.docx"
    with zipfile.ZipFile(report) as archive, zipfile.ZipFile(path, "w", method) as target:
        target.writestr(DOCUMENT, archive.read(DOCUMENT))
    with pytest.raises(StudyError, match="damaged"):
        WordFile(path)


def test_a_damaged_file_is_a_fault_that_says_so_wherever_it_is_damaged(
    report: Path, tmp_path: Path
) -> None:
    content, path = report.read_bytes(), tmp_path / "damaged.docx"
    refused = 0
    for at in range(0, len(content), max(1, len(content) // 150)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x5A]) + content[at + 1 :])
        try:
            read_document(WordFile(path))
        except StudyError:
            refused += 1
    assert refused > 100
