"""A release is a signed, chained statement: OpenSSH and coreutils are the judges."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from preconditions import needs
from releasing import make_signing_key, write_signers

from disrupting_harm.cli.provenance import NOT_AS_SIGNED, print_findings, print_signer
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.release_statement import (
    NAMESPACE,
    identity_of,
    statement_file,
    write_release_statement,
)

pytestmark = needs("no OpenSSH")

RECORD = "3" * 64


def write_results(results: Path, release: str, number: str) -> None:
    public = results / "public"
    write_text(public / "table.csv", f"a\n{number}\n")
    manifest = {
        "study": "s", "release": release, "code": {"tree": "0" * 64},
        "inputs": {"config.yaml": "1" * 64},
        "outputs": {"public/table.csv": sha256(public / "table.csv")},
    }  # fmt: skip
    write_json(public / "manifest.json", manifest)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return make_signing_key(tmp_path / "safe", "institute")


@pytest.fixture
def signers(tmp_path: Path, key: Path) -> Path:
    return write_signers(tmp_path / "signers", key)


@pytest.fixture
def results(tmp_path: Path, key: Path) -> Path:
    """Results that are the second of two signed releases."""
    folder = tmp_path / "results"
    for release, after, number in (("2026-1", None, "1"), ("2026-2", "2026-1", "2")):
        write_results(folder, release, number)
        write_release_statement(folder, release, RECORD, after, key)
    return folder


def check(results: Path, signers: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = print_signer(results / "public", Path(), None, signers)
    printed = capsys.readouterr()
    return status, printed.out + printed.err


def test_a_signed_release_names_its_signer_its_identity_and_what_it_follows(
    results: Path, signers: Path, capsys
) -> None:
    first, second = (statement_file(results, name) for name in ("2026-1", "2026-2"))
    assert identity_of(second) == f"2026-2@{sha256(second)[:12]}"
    assert check(results, signers, capsys) == (
        0,
        f"Release {identity_of(second)}: signed by institute\n"
        f"{results / 'public'}: 1 files in its manifest, all agree with it\n"
        f"follows release {identity_of(first)}: signed by institute\n",
    )
    said = json.loads(second.read_text(encoding="utf-8"))["predicate"]["buildDefinition"]
    assert said["resolvedDependencies"][-2:] == [
        {"name": "accepted.json", "digest": {"sha256": RECORD}},
        {"name": "release/2026-1.json", "digest": {"sha256": sha256(first)}},
    ]


def test_a_release_says_which_roles_agreed_and_which_did_not(
    results: Path, signers: Path, key: Path, capsys
) -> None:
    roles = ["statistician"], ["ministry KEN"]
    path = write_release_statement(results, "2026-2", RECORD, "2026-1", key, *roles)
    said = json.loads(path.read_text(encoding="utf-8"))["predicate"]["buildDefinition"]
    stated = {"agreed": roles[0], "missing": roles[1]}
    assert said["externalParameters"] == {"study": "s", "release": "2026-2", "signOffs": stated}
    status, printed = check(results, signers, capsys)
    assert status == 0
    assert "\nagreed: statistician\ndid not agree: ministry KEN\n" in printed
    # Who signs stands for the roles, too.
    path.write_text(path.read_text(encoding="utf-8").replace("ministry KEN", "partner"), "utf-8")
    assert check(results, signers, capsys)[0] == 4


def test_programs_of_others_agree(results: Path, signers: Path) -> None:
    """What docs/releases.md says to readers who do not have this package."""
    statement = statement_file(results, "2026-2")
    signature = f"{statement}.sig"
    command = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "institute", "-n", NAMESPACE]
    with statement.open("rb") as text:
        assert subprocess.run([*command, "-s", signature], stdin=text, check=False).returncode == 0
    sums = ["sha256sum", "--check", "--strict", str(statement.with_suffix(".sha256"))]
    public = results / "public"
    assert subprocess.run(sums, cwd=public, check=False).returncode == 0
    (public / "table.csv").write_text("a\n3\n", encoding="utf-8")
    assert subprocess.run(sums, cwd=public, check=False).returncode == 1
    statement.write_text(f"{statement.read_text('utf-8')} ", encoding="utf-8")
    with statement.open("rb") as text:
        assert subprocess.run([*command, "-s", signature], stdin=text, check=False).returncode != 0


def test_a_number_changed_with_its_manifest_agrees_and_is_not_as_signed(
    results: Path, signers: Path, capsys
) -> None:
    write_results(results, "2026-2", "9")
    assert print_findings(results / "public", Path()) == 0
    assert "No signature was checked" in capsys.readouterr().out
    status, said = check(results, signers, capsys)
    assert status == NOT_AS_SIGNED == 4
    assert "it is about another manifest.json" in said


def test_a_changed_file_ends_the_check_before_the_predecessors(
    results: Path, signers: Path, capsys
) -> None:
    (results / "public" / "table.csv").write_text("a\n9\n", encoding="utf-8")
    status, said = check(results, signers, capsys)
    assert status == 4
    assert "changed  table.csv" in said
    assert "follows" not in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("rename", "the statement on release 2026-3 is not there"),
        ("move", "it is about another manifest.json"),
        ("unaccepted", "these results are no release"),
        ("unsigned", "Do not trust these results"),
    ],
)
def test_a_statement_is_of_its_release_alone(
    results: Path, signers: Path, capsys, change: str, message: str
) -> None:
    manifest = results / "public" / "manifest.json"
    second = statement_file(results, "2026-2")
    names = {"rename": "2026-3", "move": "2026-3", "unaccepted": "not a release"}
    if change in names:
        said = json.loads(manifest.read_text(encoding="utf-8"))
        write_json(manifest, said | {"release": names[change]})
    if change == "move":
        for suffix in ("", ".sig"):
            target = statement_file(results, "2026-3").with_name(f"2026-3.json{suffix}")
            shutil.copy(f"{second}{suffix}", target)
    if change == "unsigned":
        second.with_name("2026-2.json.sig").unlink()
    status, said = check(results, signers, capsys)
    assert status == 4
    assert message in said


def test_a_signature_on_other_results_is_none_on_a_release(
    results: Path, key: Path, signers: Path, capsys
) -> None:
    """`sign` signs any run: what it signs must not pass as a release."""
    second = statement_file(results, "2026-2")
    second.with_name("2026-2.json.sig").unlink()
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "disrupting-harm", second]
    subprocess.run(command, check=True, capture_output=True)
    assert check(results, signers, capsys)[0] == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("missing", "2026-2 follows 2026-1, whose statement is not there"),
        ("other", "it is not the statement that 2026-2 follows"),
        ("stranger", "Do not trust these results"),
    ],
)
def test_a_predecessor_is_there_unchanged_and_signed_by_somebody_who_may(
    results: Path, tmp_path: Path, signers: Path, capsys, change: str, message: str
) -> None:
    first = statement_file(results, "2026-1")
    if change == "missing":
        first.unlink()
    if change == "other":
        first.write_text(first.read_text(encoding="utf-8").replace("1", "2"), encoding="utf-8")
    if change == "stranger":
        stranger = make_signing_key(tmp_path / "elsewhere", "stranger")
        first.with_name("2026-1.json.sig").unlink()
        command = ["ssh-keygen", "-q", "-Y", "sign", "-f", stranger, "-n", NAMESPACE, first]
        subprocess.run(command, check=True, capture_output=True)
    status, said = check(results, signers, capsys)
    assert status == 4
    assert "signed by institute" in said
    assert message in said


def test_an_unsigned_predecessor_is_called_so(results: Path, signers: Path, capsys) -> None:
    statement_file(results, "2026-1").with_name("2026-1.json.sig").unlink()
    status, said = check(results, signers, capsys)
    assert status == 0
    assert said.endswith(": not signed\n")


def test_a_key_that_is_none_signs_nothing(tmp_path: Path) -> None:
    write_results(tmp_path, "2026-1", "1")
    with pytest.raises(StudyError, match="Name a key of OpenSSH"):
        write_release_statement(tmp_path, "2026-1", RECORD, None, tmp_path / "no-such-key")
