"""Signing a finished run, and checking a signature, with the keys of OpenSSH.

What is signed is a statement in the form of in-toto (v1) with a predicate of SLSA (provenance
v1): the SHA-256 of the public manifest, of the files that define the study, and of the code. The
manifest has the hashes of all public files, so one signature covers them all. The key stays where
it is; nothing of it is read here.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
https://slsa.dev/spec/v1.0/provenance
"""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, RESTRICTED, read_json, write_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.core.version import __version__

MANIFEST = "manifest.json"
# What Quarto leaves at the root of a project in which somebody calls it: an index, and in a
# repository a line that keeps the index out.
_QUARTO_INDEX, _QUARTO_IGNORED = ".quarto/", ".gitignore"


@dataclass(frozen=True)
class ManifestFindings:
    """Names of files, relative to the folder that was verified, each list sorted.

    Attributes:
        listed: how many files the manifest lists.
        missing: listed files that are not there.
        changed: listed files that hold something else.
        foreign: files that the manifest does not list.
    """

    listed: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]

    def format_lines(self) -> list[str]:
        """Return one line per finding."""
        kinds = {"missing": self.missing, "changed": self.changed, "foreign": self.foreign}
        return [f"{kind:<8} {name}" for kind, names in kinds.items() for name in names]


def verify_public(public: Path) -> ManifestFindings:
    """Compare a folder of public results, wherever it was copied to, with its manifest.

    What Quarto leaves where it renders by itself is no file of the results.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    listed = _listed_digests(_read_manifest(public), PUBLIC, public)
    prefix = f"{public.as_posix()}/"
    files = (path.as_posix().removeprefix(prefix) for path in public.rglob("*") if path.is_file())
    present = {name for name in files if not name.startswith(_QUARTO_INDEX)}
    return _compare_with_manifest(
        public, listed, present - listed.keys() - {MANIFEST, _QUARTO_IGNORED}
    )


def find_unchanged(public: Path) -> Callable[[Path], bool]:
    """Return what says whether a public file is listed in the manifest and is as it says.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    digests = _listed_digests(_read_manifest(public), PUBLIC, public)

    def is_unchanged(path: Path) -> bool:
        digest = digests.get(path.relative_to(public).as_posix())
        return digest is not None and path.is_file() and sha256(path) == digest

    return is_unchanged


def verify_restricted(restricted: Path) -> ManifestFindings:
    """Compare restricted results with their manifest; other files may lie among them.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    manifest = _read_manifest(restricted)
    listed = _listed_digests(manifest, RESTRICTED, restricted)
    # It names the public manifest that was written with it.
    listed[f"../{PUBLIC}/{MANIFEST}"] = str(manifest.get("public_manifest"))
    return _compare_with_manifest(restricted, listed, set())


def _compare_with_manifest(
    folder: Path, listed: Mapping[str, str], foreign: set[str]
) -> ManifestFindings:
    missing = {name for name in listed if not (folder / name).is_file()}
    changed = {
        name
        for name, digest in listed.items()
        if name not in missing and sha256(folder / name) != digest
    }
    return ManifestFindings(
        len(listed), *(tuple(sorted(names)) for names in (missing, changed, foreign))
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = read_json(path)
        if isinstance(manifest, dict) and isinstance(manifest.get("outputs"), dict):
            return manifest
        finding = "it does not list the files of a run"
    except FileNotFoundError:
        raise StudyError(
            str(folder), f"there is no {MANIFEST}", "Name the folder of public results of a run"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        finding = "it is no JSON"
    raise StudyError(str(path), finding, "Run the study again, or ask for the whole folder")


def _listed_digests(manifest: dict[str, Any], top: str, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path below the folder.

    Raises:
        StudyError: for a path that leads out of the folder.
    """
    names = {
        str(name).removeprefix(f"{top}/"): str(digest)
        for name, digest in manifest["outputs"].items()
    }
    for name in names:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise StudyError(
                str(folder / MANIFEST), f"it lists '{name}'", "A manifest names files beside it"
            )
    return names


# Beside the public folder: what lies inside is listed in the manifest that is signed.
FOLDER, STATEMENT = "signed", "statement.json"
# What a signature is for: one that was made for something else does not count.
NAMESPACE = "disrupting-harm"
DISTRUST = "Do not trust these results; ask for them again, and for the signer's public key"
BUILDER = f"pkg:pypi/disrupting-harm@{__version__}"


def make_statement(
    public: Path,
    further_digests: Mapping[str, str] | None = None,
    further_parameters: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the statement on a folder of public results: no time, place or person is in it.

    Args:
        further_digests: SHA-256 of other things that they rest on, by their names.
        further_parameters: what else is stated, by its name.
    """
    manifest = read_json(public / MANIFEST)
    dependencies = {
        "code": manifest["code"]["tree"],
        **dict(sorted(manifest["inputs"].items())),
        **(further_digests or {}),
    }
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": MANIFEST, "digest": {"sha256": sha256(public / MANIFEST)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{BUILDER}#run",
                "externalParameters": {
                    **{key: manifest[key] for key in ("study", "release")},
                    **(further_parameters or {}),
                },
                "resolvedDependencies": [
                    {"name": name, "digest": {"sha256": digest}}
                    for name, digest in dependencies.items()
                ],
            },
            "runDetails": {"builder": {"id": BUILDER}},
        },
    }


def sign(results: Path, key: Path) -> Path:
    """Sign the public results of a finished run; return the statement, its signature beside it.

    Args:
        results: folder of the results.
        key: private key of OpenSSH, or the public one whose private key an agent holds.

    Raises:
        StudyError: if ssh-keygen is not there or does not sign.
    """
    path = results / FOLDER / STATEMENT
    write_json(path, make_statement(results / PUBLIC))
    sign_file(path, key, NAMESPACE)
    return path


def sign_file(path: Path, key: Path, namespace: str) -> None:
    """Write the signature of a file beside it.

    Args:
        key: private key of OpenSSH, or the public one whose private key an agent holds.
        namespace: what the signature is for; it counts for nothing else.

    Raises:
        StudyError: if ssh-keygen is not there or does not sign.
    """
    # It asks before it writes over an older one.
    signature_of(path).unlink(missing_ok=True)
    _ssh_keygen(["-Y", "sign", "-f", str(key), "-n", namespace, str(path)], "Name a key of OpenSSH")


def signature_of(path: Path) -> Path:
    """Return where the signature of a file lies."""
    return path.with_name(f"{path.name}.sig")


def check_signature(public: Path, path: Path, signers: Path, namespace: str = NAMESPACE) -> str:
    """Check the statement on public results and its signature; return who signed.

    Args:
        public: the public results, wherever they lie.
        path: the statement; its signature lies beside it.
        signers: who may sign, as ssh-keygen reads it: a name and a public key in each line.
        namespace: what the signature was made for.

    Raises:
        StudyError: nobody of these signed the statement as it is, or it is about other results.
    """
    signer = find_signer(path, signers, namespace)
    subject = [{"name": MANIFEST, "digest": {"sha256": sha256(public / MANIFEST)}}]
    if read_json(path).get("subject") != subject:
        finding = f"it is about another {MANIFEST} than that of {public}"
        raise StudyError(str(path), finding, DISTRUST)
    return signer


def find_signer(path: Path, signers: Path, namespace: str) -> str:
    """Return who signed a file.

    Raises:
        StudyError: nobody of the signers signed the file as it is.
    """
    signature_arguments = ["-f", str(signers), "-s", str(signature_of(path))]
    principals = _ssh_keygen(["-Y", "find-principals", *signature_arguments], DISTRUST).splitlines()
    signer = principals[0] if principals else ""
    verify = ["-Y", "verify", *signature_arguments, "-I", signer, "-n", namespace]
    _ssh_keygen(verify, DISTRUST, path.read_bytes())
    return signer


def _ssh_keygen(arguments: list[str], remedy: str, content: bytes = b"") -> str:
    """Run ssh-keygen and return what it prints."""
    try:
        process = subprocess.run(
            ["ssh-keygen", *arguments], input=content, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise StudyError(
            "ssh-keygen", "it is not installed", "Install OpenSSH 8.2 or newer"
        ) from None
    if process.returncode != 0:
        messages = process.stderr.decode(errors="replace").strip().splitlines()
        raise StudyError(
            f"ssh-keygen {arguments[1]}", messages[-1] if messages else "it failed", remedy
        )
    return process.stdout.decode()
