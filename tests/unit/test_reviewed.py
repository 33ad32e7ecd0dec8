"""Documents are compared with those that somebody has read, and written anew by one command."""

import sys
from pathlib import Path

import pytest
import reviewed

TEST = """
from reviewed import assert_as_reviewed

def test_page_as_reviewed():
    assert_as_reviewed("page.md", "Two girls\\nwere asked\\n")

def test_another():
    raise AssertionError("not asked for")
"""


def test_one_other_word_is_seen_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewed, "FOLDER", tmp_path)
    (tmp_path / "page.md").write_text("Two girls\nwere asked\n", encoding="utf-8")
    reviewed.assert_as_reviewed("page.md", "Two girls\nwere asked\n")
    for other, shown in (
        ("Two boys\nwere asked\n", "--- reviewed/page.md\n+++ now\n@@ -1,2 +1,2 @@\n-Two girls\n"),
        ("Two girls\n", "-were asked\n"),
        ("Two girls\nwere asked", "page.md: another end of its last line\n"),
    ):
        with pytest.raises(AssertionError, match=r"python tests/reviewed\.py") as raised:
            reviewed.assert_as_reviewed("page.md", other)
        assert shown in str(raised.value)
    with pytest.raises(AssertionError, match=r"\+Two girls"):
        reviewed.assert_as_reviewed("new.md", "Two girls\n")


def test_the_command_writes_them_anew_and_shows_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, test = tmp_path / "reviewed", tmp_path / "test_page.py"
    folder.mkdir()
    (folder / "page.md").write_text("Two boys\nwere asked\n", encoding="utf-8")
    test.write_text(TEST, encoding="utf-8")
    monkeypatch.setattr(reviewed, "FOLDER", folder)
    monkeypatch.setenv("PYTHONPATH", str(Path(reviewed.__file__).parent))
    monkeypatch.setattr(sys, "argv", ["reviewed.py", str(test)])
    assert reviewed.main() == 0
    assert "-Two boys\n+Two girls\n were asked\n" in capsys.readouterr().out
    assert (folder / "page.md").read_text(encoding="utf-8") == "Two girls\nwere asked\n"
    assert reviewed.main() == 0
    assert capsys.readouterr().out == "page.md: as before\n"
