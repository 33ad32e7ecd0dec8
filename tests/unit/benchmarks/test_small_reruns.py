"""What the benchmark of small reruns edits stands where it looks for it."""

from pathlib import Path

from repository import PROJECT


def test_each_edit_of_a_text_finds_it(tmp_path: Path) -> None:
    import small_reruns

    texts = [edit.make for edit in small_reruns.EDITS if hasattr(edit.make, "args")]
    assert len(texts) == 4
    for make in texts:
        before = (PROJECT / make.args[0]).read_text(encoding="utf-8")
        copy = tmp_path / make.args[0]
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(before, encoding="utf-8")
        make(tmp_path)
        assert len(copy.read_text(encoding="utf-8")) == len(before) + 1
