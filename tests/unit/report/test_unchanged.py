"""A document is rendered again where anything that it is made of has changed, and only there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from disrupting_harm.core.files import WRITTEN
from disrupting_harm.report.rendering import RenderRecord, cache, list_shared_files

FORMATS = ("html", "pdf")


@pytest.fixture
def qmd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A document in the public results, and a renderer that counts its calls in the files."""
    public = tmp_path / "results" / "public"
    document = public / "reports" / "KEN" / "en" / "report.qmd"
    texts = dict.fromkeys(list_shared_files(), "shared")
    texts |= {"reports/KEN/en/report.qmd": "A text", "reports/KEN/en/figures/a.svg": "<svg/>"}
    texts["reports/KEN/en/report.qmd"] += " ![C](../../../figures/c){#fig-c} ![A](figures/a.svg)"
    texts["figures/c.svg"] = "<svg/>"
    for name, text in texts.items():
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_text(text, encoding="utf-8")
    calls = []

    def render(path: Path, formats: tuple[str, ...], *_: str, language: str) -> RenderRecord:
        calls.append(path)
        files = {kind: path.with_suffix(f".{kind}") for kind in formats}
        for file in files.values():
            file.write_text(str(len(calls)), encoding="utf-8")
        return RenderRecord("embedded", {"pandoc": "3.9"}, files)

    monkeypatch.setattr(cache, "render", render)
    monkeypatch.setattr(cache, "find_engine", lambda _: ("embedded", {"pandoc": "3.9"}))
    return document


def times(document: Path, formats: tuple[str, ...] = FORMATS) -> int:
    """Render a document where it must be, and return how often it has been rendered."""
    WRITTEN.clear()
    record = cache.render_if_changed(document, formats, "embedded", language="en")
    assert (record.engine, record.versions) == ("embedded", {"pandoc": "3.9"})
    assert record.files == {kind: document.with_suffix(f".{kind}") for kind in formats}
    return int(record.files["html"].read_text(encoding="utf-8"))


def test_the_same_source_is_rendered_once_and_its_files_are_listed_each_time(qmd: Path) -> None:
    assert times(qmd) == 1
    assert times(qmd) == 1
    assert {qmd.with_suffix(f".{kind}") for kind in FORMATS} <= WRITTEN
    assert times(qmd, ("html",)) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "report.qmd").write_text("Another text"),
        lambda folder: (folder / "figures" / "a.svg").write_text("<svg></svg>"),
        lambda folder: (folder / "figures" / "b.svg").write_text("<svg/>"),
        lambda folder: (folder / "figures" / "a.svg").unlink(),
        lambda folder: (folder.parents[2] / "figures" / "c.svg").write_text("<svg></svg>"),
        lambda folder: (folder.parents[2] / list_shared_files()[1]).write_text("other"),
        lambda folder: (folder / "report.html").write_text("by hand"),
        lambda folder: (folder / "report.pdf").unlink(),
    ],
    ids=[
        *("text", "figure", "new figure", "figure gone", "figure elsewhere", "shared"),
        *("page changed", "page gone"),
    ],
)
def test_a_change_of_anything_renders_again(qmd: Path, change: Callable[[Path], object]) -> None:
    assert times(qmd) == 1
    change(qmd.parent)
    assert times(qmd) == 2
    assert times(qmd) == 2


def test_another_renderer_or_other_code_renders_again(
    qmd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert times(qmd) == 1
    monkeypatch.setattr(cache, "hash_code", lambda: "edited")
    assert times(qmd) == 2
    newer = ("embedded", {"pandoc": "3.10"})
    monkeypatch.setattr(cache, "find_engine", lambda _: newer)
    cache.render_if_changed(qmd, FORMATS, "embedded", language="en")
    assert qmd.with_suffix(".html").read_text(encoding="utf-8") == "3"


def test_the_digest_of_the_code_has_modules_and_filters() -> None:
    here = Path(cache.__file__).parent
    found = []

    def fingerprint(files: set[Path], *_: Path) -> str:
        found.extend(files)
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "fingerprint", fingerprint)
        cache.hash_code()
    assert {here / "docx.py", here / "formats.lua", here / "filter" / "boxes.lua"} <= set(found)


def test_a_document_elsewhere_is_always_rendered(qmd: Path, tmp_path: Path) -> None:
    moved = tmp_path / "report.qmd"
    moved.write_bytes(qmd.read_bytes())
    assert times(moved) == 1
    assert times(moved) == 2
    assert not (tmp_path / "results" / "restricted").exists()
