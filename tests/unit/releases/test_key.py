"""The key lies apart, is its owner's alone, and is never made anew."""

import os
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.history import (
    VARIABLE,
    AcceptedStatement,
    Key,
    make_first_key,
    read_key,
)


def accepted(key_id: str) -> AcceptedStatement:
    return AcceptedStatement(
        name="2026-1", after=None, date="2026-11-24", format=2, key_id=key_id, codebook="", audit=0,
        rules="", min_change=10, min_change_sensitive=10, manifest="", countries=("KEN",), by=None,
    )  # fmt: skip


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders in which the key must not lie; it is named outside of them."""
    folders = [tmp_path / name for name in ("project", "study", "results")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "safe" / "release.key"))
    return folders


def test_the_first_release_makes_the_key_once(tmp_path: Path, study: list[Path]) -> None:
    made = make_first_key(study)
    file = tmp_path / "safe" / "release.key"
    assert file.stat().st_size == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert make_first_key(study) == made
    assert read_key(accepted(made.id), study) == made
    # It is not printed by chance.
    assert made.secret.hex() not in repr(made)
    assert str(made.secret) not in f"{made}"


def test_another_key_is_refused(study: list[Path]) -> None:
    other = Key(bytes(32))
    made = make_first_key(study)
    with pytest.raises(StudyError) as refused:
        read_key(accepted(other.id), study)
    assert str(refused.value) == (
        f"{VARIABLE}: release 2026-1 was accepted with another key (…{other.id[-4:]}). "
        f"Point {VARIABLE} to it. Without it nothing can be updated."
    )
    assert made.id not in str(refused.value)


def test_a_key_that_is_gone_is_not_made_anew(study: list[Path]) -> None:
    with pytest.raises(StudyError, match="it names no file, and release 2026-1 was accepted"):
        read_key(accepted("0" * 8), study)
    assert not Path(os.environ[VARIABLE]).exists()


@pytest.mark.parametrize("place", ["project/key", "study/key", "results/restricted/key"])
def test_a_key_beside_what_it_protects_is_refused(
    tmp_path: Path, study: list[Path], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / place))
    with pytest.raises(StudyError, match="beside what it protects"):
        make_first_key(study)
    assert not (tmp_path / place).exists()


def test_a_link_does_not_hide_where_the_key_lies(tmp_path: Path, study: list[Path]) -> None:
    (tmp_path / "safe").mkdir()
    (tmp_path / "safe" / "release.key").symlink_to(tmp_path / "project" / "key")
    with pytest.raises(StudyError, match="beside what it protects"):
        make_first_key(study)


def test_a_key_in_a_git_tree_is_refused(tmp_path: Path, study: list[Path]) -> None:
    (tmp_path / "safe").mkdir()
    (tmp_path / "safe" / ".git").mkdir()
    with pytest.raises(StudyError, match="in the git repository"):
        make_first_key(study)


def test_a_key_that_others_may_read_is_refused(study: list[Path]) -> None:
    make_first_key(study)
    Path(os.environ[VARIABLE]).chmod(0o640)
    with pytest.raises(StudyError, match=r"others may read it \(its rights are 640\)"):
        make_first_key(study)


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_file_that_is_no_key_is_refused(study: list[Path], content: bytes) -> None:
    make_first_key(study)
    Path(os.environ[VARIABLE]).write_bytes(content)
    with pytest.raises(StudyError, match="it is no key: it does not hold 32 bytes"):
        make_first_key(study)


def test_a_variable_that_is_not_set_says_what_it_is_for(
    study: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(StudyError, match=f"environment variable {VARIABLE}: it is not set"):
        make_first_key(study)
