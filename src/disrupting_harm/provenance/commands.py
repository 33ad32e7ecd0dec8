"""The commands ``verify``, ``sign`` and ``crate``: what was made, how, and who says so."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.errors import StudyError, amount
from disrupting_harm.places import PUBLIC, RESTRICTED
from disrupting_harm.provenance.crate import METADATA, write_crate
from disrupting_harm.provenance.rebuild import rebuild
from disrupting_harm.provenance.signature import check_signature, sign
from disrupting_harm.provenance.verify import MANIFEST, Findings, verify_public, verify_restricted
from disrupting_harm.study.study import load_study


def print_findings(folder: Path | None, config: Path) -> int:
    """Print what is missing, changed or foreign in results; return 0 where nothing is.

    Args:
        folder: public results, wherever they lie; None for those of the study.
        config: the study's configuration, read where no folder is given.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    if folder is not None:
        return _print(folder, verify_public(folder))
    results = load_study(config).config.results
    status = _print(results / PUBLIC, verify_public(results / PUBLIC))
    if (results / RESTRICTED / MANIFEST).is_file():
        status |= _print(results / RESTRICTED, verify_restricted(results / RESTRICTED))
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


def print_signer(folder: Path | None, config: Path, statement: Path, signers: Path | None) -> int:
    """Check a signature and compare the results with their manifest; return 0 where both hold.

    Args:
        folder: public results, wherever they lie; None for those of the study.
        config: the study's configuration, read where no folder is given.
        statement: what was signed; the signature lies beside it.
        signers: who may sign, as OpenSSH writes it.

    Raises:
        StudyError: the signature does not hold.
    """
    if signers is None:
        remedy = "Name a file with a line for each signer: name, kind of key, public key"
        raise StudyError("--signers", "nobody is named who may sign", remedy)
    public = folder or load_study(config).config.results / PUBLIC
    signer = check_signature(public, statement, signers)
    status = _print(public, verify_public(public))
    print(f"{statement}: signed by {signer}")
    return status


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


def _print(folder: Path, findings: Findings) -> int:
    lines = findings.lines()
    for line in lines:
        print(line)
    said = f"{len(lines)} do not agree" if lines else "all are there and as they were made"
    print(f"{folder}: {findings.listed} files in its manifest, {said}")
    return 1 if lines else 0
