"""Signing a finished run, and checking a signature, with the keys of OpenSSH.

What is signed is a statement in the form of in-toto (v1) with a predicate of SLSA (provenance
v1): the SHA-256 of the public manifest, of the files that define the study, and of the code. The
manifest has the hashes of all public files, so one signature covers them all. The key stays where
it is; nothing of it is read here.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
https://slsa.dev/spec/v1.0/provenance
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from disrupting_harm import __version__
from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json, write_json
from disrupting_harm.places import PUBLIC
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.verify import MANIFEST

# Beside the public folder: what lies inside is listed in the manifest that is signed.
FOLDER, STATEMENT = "signed", "statement.json"
# What a signature is for: one that was made for something else does not count.
NAMESPACE = "disrupting-harm"
DISTRUST = "Do not trust these results; ask for them again, and for the signer's public key"
BUILDER = f"pkg:pypi/disrupting-harm@{__version__}"


def statement(public: Path, further: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the statement on a folder of public results: no time, place or person is in it.

    Args:
        public: the public results.
        further: SHA-256 of other things that they rest on, by their names.
    """
    manifest = read_json(public / MANIFEST)
    dependencies = {
        "code": manifest["code"]["tree"],
        **dict(sorted(manifest["inputs"].items())),
        **(further or {}),
    }
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": MANIFEST, "digest": {"sha256": sha256(public / MANIFEST)}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": f"{BUILDER}#run",
                "externalParameters": {key: manifest[key] for key in ("study", "release")},
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
    write_json(path, statement(results / PUBLIC))
    sign_file(path, key, NAMESPACE)
    return path


def sign_file(path: Path, key: Path, namespace: str) -> None:
    """Write the signature of a file beside it.

    Args:
        path: the file.
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
        found = f"it is about another {MANIFEST} than that of {public}"
        raise StudyError(str(path), found, DISTRUST)
    return signer


def find_signer(path: Path, signers: Path, namespace: str) -> str:
    """Return who signed a file.

    Raises:
        StudyError: nobody of the signers signed the file as it is.
    """
    of = ["-f", str(signers), "-s", str(signature_of(path))]
    principals = _ssh_keygen(["-Y", "find-principals", *of], DISTRUST).splitlines()
    signer = principals[0] if principals else ""
    verify = ["-Y", "verify", *of, "-I", signer, "-n", namespace]
    _ssh_keygen(verify, DISTRUST, path.read_bytes())
    return signer


def _ssh_keygen(arguments: list[str], remedy: str, text: bytes = b"") -> str:
    """Run ssh-keygen and return what it prints."""
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments], input=text, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise StudyError(
            "ssh-keygen", "it is not installed", "Install OpenSSH 8.2 or newer"
        ) from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StudyError(f"ssh-keygen {arguments[1]}", said[-1] if said else "it failed", remedy)
    return done.stdout.decode()
