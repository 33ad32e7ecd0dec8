"""The commands ``verify``, ``sign`` and ``crate``: what was made, how, and who says so."""

import sys
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, RESTRICTED
from disrupting_harm.provenance.rebuild import rebuild
from disrupting_harm.provenance.release_statement import check_predecessors, check_release
from disrupting_harm.provenance.signature import (
    MANIFEST,
    METADATA,
    Findings,
    check_signature,
    sign,
    verify_public,
    verify_restricted,
    write_crate,
)
from disrupting_harm.study.study import load_study

# The exit status of a check of signatures that ends before its end.
NOT_AS_SIGNED = 4
UNSIGNED = (
    "No signature was checked: whoever changed a file could have changed the manifest, too "
    "(--signers FILE checks a signed release)."
)


def print_findings(folder: Path | None, config: Path) -> int:
    """Print what is missing, changed or foreign in results; return 0 where nothing is.

    Args:
        folder: public results, wherever they lie; None for those of the study.
        config: the study's configuration, read where no folder is given.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    public = folder or load_study(config).config.results / PUBLIC
    status = _print_files(public, verify_public(public))
    if not status:
        print(UNSIGNED)
    restricted = public.parent / RESTRICTED
    if folder is None and (restricted / MANIFEST).is_file():
        status |= _print_files(restricted, verify_restricted(restricted))
    return status


def print_rebuild(config: Path, cores: int, only: Sequence[str] | None) -> int:
    """Run the study again in a fresh folder; print whether it gives the same results.

    Args:
        config: the study's configuration.
        cores: number of processes at once.
        only: the countries that were run, where they are not those of the configuration.

    Returns:
        0 for the same bytes, 3 for the same numbers, 1 for others or for other inputs.

    Raises:
        StudyError: there is no finished run here, or it does not run again.
    """
    study = load_study(config, {"only": list(only)} if only else None)
    found = rebuild(study, cores, only)
    for line in found.lines():
        print(line)
    return found.status


def print_signer(
    folder: Path | None, config: Path, statement: Path | None, signers: Path | None
) -> int:
    """Check who signed results, whether they are as they were signed, and the releases before.

    The first thing that does not hold ends the check.

    Args:
        folder: public results, wherever they lie; None for those of the study.
        config: the study's configuration, read where no folder is given.
        statement: what was signed; None for the statement on the release.
        signers: who may sign, as OpenSSH writes it.

    Returns:
        0 where all holds, else 4.

    Raises:
        StudyError: no signers are named.
    """
    if signers is None:
        remedy = "Name a file with a line for each signer: name, kind of key, public key"
        raise StudyError("--signers", "nobody is named who may sign", remedy)
    public = folder or load_study(config).config.results / PUBLIC
    try:
        if statement:
            print(f"{statement}: signed by {check_signature(public, statement, signers)}")
        else:
            release = check_release(public, signers)
            print(f"Release {release.identity}: signed by {release.signer}")
        if _print_files(public, verify_public(public)):
            return NOT_AS_SIGNED
        for earlier in () if statement else check_predecessors(public, signers):
            signed = f"signed by {earlier.signer}" if earlier.signer else "not signed"
            print(f"follows release {earlier.identity}: {signed}")
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_AS_SIGNED
    return 0


def print_signed(config: Path, key: Path) -> int:
    """Sign the results of a finished run and say where the statement is.

    Args:
        config: the study's configuration.
        key: of OpenSSH.

    Raises:
        StudyError: files differ from the manifest, or the key does not sign.
    """
    results = load_study(config).config.results
    if lines := verify_public(results / PUBLIC).lines():
        found = f"{len(lines)} of its files are missing, changed or foreign"
        raise StudyError(
            str(results / PUBLIC),
            found,
            "`disrupting-harm verify` names them; run the study again, then sign",
        )
    print(f"{sign(results, key)}: signed; hand it on with the signature beside it")
    return 0


def print_crate(config: Path, folder: Path, licence: str) -> int:
    """Write the crate of a finished run and say what it holds.

    Args:
        config: the study's configuration.
        folder: that of the crate, which is not there yet.
        licence: address of the licence of the results; empty: that of the study.

    Raises:
        StudyError: the folder is there, no address is given, or files differ from the manifest.
    """
    settings = load_study(config).config
    count = write_crate(settings.results, folder, licence or settings.study.licence or "")
    print(
        f"{folder}: {amount(count, 'file')}, described in {METADATA}; nothing of it is restricted"
    )
    return 0


def _print_files(folder: Path, findings: Findings) -> int:
    lines = findings.lines()
    for line in lines:
        print(line)
    said = f"{len(lines)} do not agree" if lines else "all agree with it"
    print(f"{folder}: {findings.listed} files in its manifest, {said}")
    return 1 if lines else 0
