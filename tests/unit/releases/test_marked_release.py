"""A release that was not accepted to the end leaves nothing that says that it is one."""

from pathlib import Path

import pytest
from preconditions import needs
from releasing import make_signing_key

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, write_json
from disrupting_harm.provenance.manifest import NO_RELEASE
from disrupting_harm.provenance.release_statement import FOLDER, write_release_statement
from disrupting_harm.releases.accept import marked_release

pytestmark = needs("no OpenSSH")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    manifest = {"study": "s", "release": NO_RELEASE, "code": {"tree": ""}, "inputs": {}}
    write_json(tmp_path / "public" / "manifest.json", manifest | {"outputs": {}})
    write_json(tmp_path / "restricted" / "manifest.json", {})
    write_json(tmp_path / "restricted" / "made" / "manifest.json", {})
    return tmp_path


def files_of(results: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in results.rglob("*") if path.is_file()}


def test_a_key_that_is_none_leaves_no_file_and_no_mark(results: Path) -> None:
    with pytest.raises(StudyError), marked_release(results, "2026-1"):
        write_release_statement(results, "2026-1", "3" * 64, None, results / "no-such-key")
    assert not list((results / FOLDER).iterdir())
    assert read_json(results / "public" / "manifest.json")["release"] == NO_RELEASE


def sign_and_fail(results: Path, key: Path) -> None:
    with marked_release(results, "2026-1"):
        write_release_statement(results, "2026-1", "3" * 64, None, key)
        assert len(list((results / FOLDER).iterdir())) == 3
        assert read_json(results / "public" / "manifest.json")["release"] == "2026-1"
        raise PermissionError


@pytest.mark.parametrize("mark", [NO_RELEASE, "2025-1"])
def test_a_failure_after_the_signature_leaves_what_was_there_before(
    results: Path, tmp_path_factory: pytest.TempPathFactory, mark: str
) -> None:
    key = make_signing_key(tmp_path_factory.mktemp("safe"), "institute")
    with marked_release(results, mark):
        pass
    before = files_of(results)
    with pytest.raises(PermissionError):
        sign_and_fail(results, key)
    assert files_of(results) == before
