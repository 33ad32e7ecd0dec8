"""A signature holds for the results as they were signed, by a key that may sign, and no others."""

import json
import subprocess
from pathlib import Path

import pytest
from preconditions import needs
from releasing import make_signing_key, write_signers

from disrupting_harm.cli.provenance import print_signer
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.signature import check_signature, sign

pytestmark = needs("no OpenSSH")


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Public results, the statement on them and who may sign."""
    results = tmp_path / "results"
    public = results / "public"
    write_text(public / "table.csv", "a\n1\n")
    manifest = {
        "study": "s", "release": "not a release", "code": {"tree": "0" * 64},
        "inputs": {"config.yaml": "1" * 64},
        "outputs": {"public/table.csv": sha256(public / "table.csv")},
    }  # fmt: skip
    write_json(public / "manifest.json", manifest)
    key = make_signing_key(tmp_path, "institute")
    return public, sign(results, key), write_signers(tmp_path / "signers", key)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_good_signature_names_the_signer(signed, capsys) -> None:
    public, statement, allowed = signed
    assert check_signature(*signed) == "institute"
    assert print_signer(public, Path(), statement, allowed) == 0
    assert "statement.json: signed by institute\n" in capsys.readouterr().out
    said = json.loads(statement.read_text(encoding="utf-8"))
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["predicateType"] == "https://slsa.dev/provenance/v1"
    assert said["subject"] == [
        {"name": "manifest.json", "digest": {"sha256": sha256(public / "manifest.json")}}
    ]
    made_from = said["predicate"]["buildDefinition"]["resolvedDependencies"]
    assert [entry["name"] for entry in made_from] == ["code", "config.yaml"]


def test_signing_again_gives_the_same_statement(signed, tmp_path: Path) -> None:
    public, statement, _ = signed
    before = statement.read_bytes()
    assert sign(public.parent, tmp_path / "institute").read_bytes() == before


@pytest.mark.parametrize("what", ["statement.json", "statement.json.sig"])
def test_a_flipped_bit_of_statement_or_signature_is_refused(signed, what: str) -> None:
    flip(signed[1].with_name(what))
    with pytest.raises(StudyError, match="Do not trust these results"):
        check_signature(*signed)


def test_a_flipped_bit_of_the_manifest_is_refused(signed) -> None:
    flip(signed[0] / "manifest.json")
    with pytest.raises(StudyError, match=r"it is about another manifest\.json"):
        check_signature(*signed)


def test_a_flipped_bit_of_a_public_file_is_told(signed, capsys) -> None:
    flip(signed[0] / "table.csv")
    assert print_signer(signed[0], Path(), *signed[1:]) == 4
    assert "changed  table.csv" in capsys.readouterr().out


def test_another_key_may_not_sign(signed, tmp_path: Path) -> None:
    public, statement, _ = signed
    allowed = write_signers(tmp_path / "signers", make_signing_key(tmp_path, "other"))
    with pytest.raises(StudyError, match="Do not trust these results"):
        check_signature(public, statement, allowed)
    with pytest.raises(StudyError, match="nobody is named who may sign"):
        print_signer(public, Path(), statement, None)


def test_a_signature_for_something_else_does_not_count(signed, tmp_path: Path) -> None:
    public, statement, allowed = signed
    signature = statement.with_name("statement.json.sig")
    signature.unlink()
    command = [
        "ssh-keygen",
        "-q",
        "-Y",
        "sign",
        "-f",
        tmp_path / "institute",
        "-n",
        "file",
        statement,
    ]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(StudyError, match="Do not trust these results"):
        check_signature(public, statement, allowed)


def test_a_key_that_is_none(tmp_path: Path, signed) -> None:
    with pytest.raises(StudyError, match="Name a key of OpenSSH"):
        sign(signed[0].parent, tmp_path / "no-such-key")
