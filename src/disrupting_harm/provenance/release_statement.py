"""The statement on a release: which files it has, who signed it, and which release it follows.

It lies in a folder ``release`` beside the public results, as ``NAME.json`` with its signature
``NAME.json.sig``, and takes the form of :mod:`disrupting_harm.provenance.signature`. A statement
names the SHA-256 of the one before it, so that no release can be changed or left out behind its
successor's back. ``NAME.sha256`` lists the public files for ``sha256sum -c``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC, read_json, write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.manifest import NO_RELEASE
from disrupting_harm.provenance.signature import (
    DISTRUST,
    MANIFEST,
    check_signature,
    find_signer,
    make_statement,
    sign_file,
    signature_of,
)

FOLDER = "release"
NAMESPACE = "disrupting-harm-release"
# What a statement calls the record of the release, and the statement before it.
RECORD, PREDECESSOR = "accepted.json", "release/"
IDENTITY_DIGITS = 12
# What a statement calls the roles of those who agreed, and of whom that is missing.
SIGN_OFFS = "signOffs"


@dataclass(frozen=True)
class SignedRelease:
    """A release whose statement was checked.

    Attributes:
        identity: its name, ``@`` and the first digits of the SHA-256 of its statement.
        signer: who signed; None where nobody did.
        agreed, missing: roles of who agreed to it, and of whom that is missing.
    """

    identity: str
    signer: str | None
    agreed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def statement_file(results: Path, release: str) -> Path:
    """Return where the statement on a release lies."""
    return results / FOLDER / f"{release}.json"


def identity_of(path: Path) -> str:
    """Return the identity of the release that a statement is about."""
    return f"{path.stem}@{sha256(path)[:IDENTITY_DIGITS]}"


def write_release_statement(
    results: Path,
    release: str,
    record: str,
    after: str | None,
    key: Path | None,
    agreed_roles: Sequence[str] = (),
    missing_roles: Sequence[str] = (),
) -> Path:
    """Write the statement on a release, its list of check sums and its signature.

    Args:
        results: folder of the results, whose manifest has the name of the release.
        release: its name.
        record: SHA-256 of its ``accepted.json``.
        after: the release before it. One that was accepted without a statement begins no chain.
        key: private key of OpenSSH; None for a release that nobody signs.
        agreed_roles, missing_roles: who agreed to it, and of whom that is missing, by role.

    Raises:
        StudyError: if ssh-keygen is not there or does not sign.
    """
    public, path = results / PUBLIC, statement_file(results, release)
    dependencies = {RECORD: record}
    if after and (predecessor := statement_file(results, after)).is_file():
        dependencies[f"{PREDECESSOR}{predecessor.name}"] = sha256(predecessor)
    outputs = read_json(public / MANIFEST)["outputs"]
    sums = {name.removeprefix(f"{PUBLIC}/"): digest for name, digest in outputs.items()}
    sums[MANIFEST] = sha256(public / MANIFEST)
    write_text(
        path.with_suffix(".sha256"),
        "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())),
    )
    roles = {"agreed": list(agreed_roles), "missing": list(missing_roles)}
    stated = {SIGN_OFFS: roles} if any(roles.values()) else {}
    write_json(path, make_statement(public, dependencies, stated))
    if key:
        sign_file(path, key, NAMESPACE)
    else:
        signature_of(path).unlink(missing_ok=True)
    return path


def remove_release_statement(results: Path, release: str) -> None:
    """Remove the statement on a release that was not accepted, its list and its signature."""
    path = statement_file(results, release)
    for file in (path, path.with_suffix(".sha256"), signature_of(path)):
        file.unlink(missing_ok=True)


def find_statement(public: Path) -> Path:
    """Return the statement on public results that are a release.

    Raises:
        StudyError: they are none, or the statement does not lie beside them.
    """
    name = read_json(public / MANIFEST).get("release", NO_RELEASE)
    if name == NO_RELEASE:
        raise StudyError(
            str(public / MANIFEST),
            "these results are no release: nobody has accepted them",
            "Ask for a release, or name what was signed by --statement",
        )
    path = statement_file(public.parent, name)
    if not path.is_file():
        raise StudyError(
            str(path),
            f"the statement on release {name} is not there",
            f"Ask for the folder '{FOLDER}' and put it beside the public results",
        )
    return path


def check_release(public: Path, signers: Path) -> SignedRelease:
    """Check that public results are a signed release: who signed it, and of which manifest.

    Args:
        public: the public results, wherever they lie, with the folder of statements beside them.
        signers: who may sign, as ssh-keygen reads it: a name and a public key in each line.

    Raises:
        StudyError: nobody of these signed a statement on these results.
    """
    path = find_statement(public)
    signer = check_signature(public, path, signers, NAMESPACE)
    stated = read_json(path)["predicate"]["buildDefinition"]["externalParameters"]
    if stated["release"] != path.stem:
        raise StudyError(str(path), f"it is about release {stated['release']}", DISTRUST)
    roles = stated.get(SIGN_OFFS, {"agreed": (), "missing": ()})
    return SignedRelease(identity_of(path), signer, tuple(roles["agreed"]), tuple(roles["missing"]))


def check_predecessors(public: Path, signers: Path) -> Iterator[SignedRelease]:
    """Yield the releases that public results follow, the last one first, as their chain is checked.

    Raises:
        StudyError: a statement is missing, is not the one that its successor names, or has a
            signature of nobody who may sign.
    """
    path = find_statement(public)
    while predecessor := _find_predecessor(path):
        name, digest = predecessor
        before = path.with_name(name)
        if not before.is_file():
            raise StudyError(
                str(before),
                f"{path.stem} follows {before.stem}, whose statement is not there",
                "Ask for it and put it there",
            )
        if sha256(before) != digest:
            finding = f"it is not the statement that {path.stem} follows"
            raise StudyError(str(before), finding, DISTRUST)
        signed = signature_of(before).is_file()
        signer = find_signer(before, signers, NAMESPACE) if signed else None
        yield SignedRelease(identity_of(before), signer)
        path = before


def _find_predecessor(path: Path) -> tuple[str, str] | None:
    """Return file name and SHA-256 of the statement before this one; None where it is the first."""
    definition = read_json(path)["predicate"]["buildDefinition"]
    for dependency in definition["resolvedDependencies"]:
        if dependency["name"].startswith(PREDECESSOR):
            # The name alone: no statement leads out of its folder.
            return Path(dependency["name"]).name, dependency["digest"]["sha256"]
    return None
