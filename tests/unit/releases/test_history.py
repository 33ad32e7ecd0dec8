"""The order of releases, and whether the configuration follows the last one."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.releases.history import (
    country_files,
    find_last_release,
    read_accepted_releases,
    releases_folder,
)
from disrupting_harm.study.configuration.publication_config import Publication

ACCEPTED = {
    "after": None, "date": "2026-11-24", "format": 3, "key_id": "0" * 8, "codebook": "", "audit": 0,
    "rules": "", "min_change": 10, "min_change_sensitive": 10, "manifest": "",
    "countries": ["KEN"], "by": None,
}  # fmt: skip


def accept(results: Path, name: str, after: str | None = None, **changes: object) -> None:
    content = {**ACCEPTED, "name": name, "after": after, **changes}
    write_json(releases_folder(results) / name / "accepted.json", content)


def configuration(results: Path, **release: object) -> SimpleNamespace:
    publication = Publication.model_validate({"release": release or None})
    return SimpleNamespace(results=results, publication=publication)


def test_releases_stand_in_the_order_in_which_they_followed(tmp_path: Path) -> None:
    assert read_accepted_releases(tmp_path) == []
    accept(tmp_path, "zebra")
    accept(tmp_path, "ant", after="zebra")
    accept(tmp_path, "mole", after="ant")
    assert [release.name for release in read_accepted_releases(tmp_path)] == [
        "zebra",
        "ant",
        "mole",
    ]
    # A folder that a killed command left is no release.
    write_text(releases_folder(tmp_path) / "half" / "KEN.records.parquet", "")
    assert len(read_accepted_releases(tmp_path)) == 3


@pytest.mark.parametrize(("name", "after"), [("b", "gone"), ("b", None)])
def test_a_broken_order_is_refused(tmp_path: Path, name: str, after: str | None) -> None:
    accept(tmp_path, "a")
    accept(tmp_path, name, after=after)
    with pytest.raises(StudyError, match=r"not there or has another successor\. Restore"):
        read_accepted_releases(tmp_path)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    accept(tmp_path, "a")
    file = releases_folder(tmp_path) / "a" / "accepted.json"
    file.write_bytes(content)
    with pytest.raises(StudyError, match=r"a/accepted\.json"):
        read_accepted_releases(tmp_path)


@pytest.mark.parametrize("changes", [{"format": 1, "audit": None}, {"name": "b"}])
def test_a_file_of_another_version_or_folder_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    accept(tmp_path, "a")
    content = {**ACCEPTED, "name": "a", **changes}
    write_json(releases_folder(tmp_path) / "a" / "accepted.json", content)
    with pytest.raises(StudyError, match="another version of the workflow, or of another folder"):
        read_accepted_releases(tmp_path)


def test_a_study_without_releases_needs_no_key_in_the_configuration(tmp_path: Path) -> None:
    assert find_last_release(configuration(tmp_path)) is None
    assert find_last_release(configuration(tmp_path, min_change=20)) is None


def test_the_configuration_must_name_the_last_release(tmp_path: Path) -> None:
    accept(tmp_path, "2026-1")
    accept(tmp_path, "2026-2", after="2026-1")
    for release in ({}, {"after": "2026-1"}):
        with pytest.raises(StudyError) as refused:
            find_last_release(configuration(tmp_path, **release))
        assert str(refused.value) == (
            "configuration: there is an accepted release, and 'publication.release.after' does not "
            "name it. Add 'after: 2026-2'."
        )
    last = find_last_release(configuration(tmp_path, after="2026-2"))
    assert last is not None
    assert last.name == "2026-2"


def test_a_release_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"there is no accepted release '2026-1' in .*accepted: n"):
        find_last_release(configuration(tmp_path, after="2026-1"))


def test_a_release_without_pairs_has_no_table_of_them(tmp_path: Path) -> None:
    """Any other file that is missing is asked for, and its name stands in the error."""

    def found() -> list[str]:
        paths = country_files(tmp_path, "a", "KEN", ["questions.csv", "dyads.csv"])
        return [Path(path).name for path in paths]

    assert found() == ["KEN.questions.csv"]
    write_text(releases_folder(tmp_path) / "a" / "KEN.dyads.csv", "")
    assert found() == ["KEN.questions.csv", "KEN.dyads.csv"]
