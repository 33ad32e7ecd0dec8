"""The commands ``explain``, ``verify``, ``sign`` and ``crate``: what was made, how, who says so."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from disrupting_harm.cli.arguments import Commands, add_config, add_json
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, RESTRICTED, format_json

if TYPE_CHECKING:
    from disrupting_harm.provenance.signature import ManifestFindings

# The exit status of a check of signatures that ends before its end.
NOT_AS_SIGNED = 4
UNSIGNED = (
    "No signature was checked: whoever changed a file could have changed the manifest, too "
    "(--signers FILE checks a signed release)."
)


def register(commands: Commands) -> None:
    """Add the commands to those of the command line."""
    explain = commands.add_parser("explain", help="how a published number was made")
    number = explain.add_mutually_exclusive_group(required=True)
    number.add_argument(
        "address",
        nargs="?",
        help="e.g. KEN/clear_examples/sex:girl, or a link: …/explained/KEN.html#clear_examples",
    )
    number.add_argument(
        "--find", metavar="NUMBER", help="a number as printed, e.g. 17.1: say where it stands"
    )
    explain.add_argument("--in", dest="area", default="", metavar="COUNTRY", help="with --find")
    add_config(explain)
    explain.add_argument(
        "--restricted", action="store_true", help="with what the restricted results hold of it"
    )
    explain.add_argument(
        "--export", type=Path, metavar="FOLDER", help="write its R lines and their data"
    )
    explain.add_argument(
        "--trace",
        action="store_true",
        help="with --restricted: from the sample to the number, with counts",
    )
    add_json(explain)
    explain.set_defaults(function=explain_number)
    verify = commands.add_parser("verify", help="compare results with their manifest")
    verify.add_argument("folder", type=Path, nargs="?", help="a copy of a study's public results")
    add_config(verify)
    verify.add_argument("--rebuild", action="store_true", help="make all again, and compare")
    verify.add_argument("--only", nargs="+", metavar="COUNTRY", help="with --rebuild: those run")
    verify.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="with --rebuild")
    verify.add_argument(
        "--signers", type=Path, help="who may sign: check the release, its files, those before it"
    )
    verify.add_argument(
        "--statement", type=Path, help="with --signers: what `sign` wrote, where it is no release"
    )
    add_json(verify)
    verify.set_defaults(function=verify_results)
    sign = commands.add_parser("sign", help="sign the results of a finished run")
    sign.add_argument("--key", type=Path, required=True, help="private key of OpenSSH")
    add_config(sign)
    sign.set_defaults(function=sign_results)
    crate = commands.add_parser("crate", help="put a finished run into a folder for an archive")
    crate.add_argument("folder", type=Path, metavar="FOLDER", help="a new one")
    meaning = "address of the licence of the results; default study.licence"
    crate.add_argument("--licence", default="", help=meaning)
    add_config(crate)
    crate.set_defaults(function=pack_crate)


def explain_number(options: argparse.Namespace) -> int:
    """Print how a published number was made, or which numbers are printed so."""
    if options.find:
        from disrupting_harm.report.checks.find_numbers import find_places, print_places

        places = find_places(options.find, options.config, options.area)
        if options.json:
            record = [
                {
                    "address": address,
                    "places": [{"place": place.place, "words": place.words} for place in numbers],
                }
                for address, numbers in places.items()
            ]
            print(format_json(record), end="")
        else:
            print_places(places)
        return 0
    from disrupting_harm.provenance.explain.explanation import print_explanation, print_trace

    if options.trace:
        if not options.restricted or options.export:
            finding = "it needs --restricted and goes without --export"
            raise StudyError("--trace", finding, "Give --restricted --trace ADDRESS")
        print_trace(options.address, options.config, options.json)
        return 0
    print_explanation(
        options.address, options.config, options.restricted, options.export, options.json
    )
    return 0


def verify_results(options: argparse.Namespace) -> int:
    """Compare results with their manifest, with their signature, or with those of a new run."""
    if options.json and (options.rebuild or options.statement or options.signers):
        finding = "what --rebuild and --signers find is printed for people alone"
        raise StudyError("--json", finding, "Read their exit status")
    if options.json:
        return print_findings_as_json(options.folder, options.config)
    if options.rebuild:
        return print_rebuild(options.config, options.cores, options.only)
    if options.statement or options.signers:
        return print_signer(options.folder, options.config, options.statement, options.signers)
    return print_findings(options.folder, options.config)


def print_findings(folder: Path | None, config: Path) -> int:
    """Print what is missing, changed or foreign in results; return 0 where nothing is.

    Args:
        folder: public results, wherever they lie; None for those of the study.
        config: the study's configuration, read where no folder is given.

    Raises:
        StudyError: if there is no manifest, or none that can be read.
    """
    (public, findings), *restricted = _verify_folders(folder, config)
    status = _print_files(public, findings)
    if not status:
        print(UNSIGNED)
    for verified_folder, findings in restricted:
        status |= _print_files(verified_folder, findings)
    return status


def print_findings_as_json(folder: Path | None, config: Path) -> int:
    """Print for programs what :func:`print_findings` prints; return the same."""
    verified = list(_verify_folders(folder, config))
    record = [{"folder": path.as_posix(), **asdict(findings)} for path, findings in verified]
    print(format_json({"folders": record}), end="")
    return 1 if any(findings.format_lines() for _, findings in verified) else 0


def _verify_folders(folder: Path | None, config: Path) -> "Iterator[tuple[Path, ManifestFindings]]":
    """Yield the public folder and, of a study, the restricted one, with what differs there."""
    from disrupting_harm.provenance.signature import MANIFEST, verify_public, verify_restricted
    from disrupting_harm.study.study import load_study

    public = folder or load_study(config).config.results / PUBLIC
    yield public, verify_public(public)
    restricted = public.parent / RESTRICTED
    if folder is None and (restricted / MANIFEST).is_file():
        yield restricted, verify_restricted(restricted)


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
    from disrupting_harm.provenance.rebuild import rebuild
    from disrupting_harm.study.study import load_study

    study = load_study(config, {"only": list(only)} if only else None)
    comparison = rebuild(study, cores, only)
    for line in comparison.format_lines():
        print(line)
    return comparison.status


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
    from disrupting_harm.provenance.release_statement import check_predecessors, check_release
    from disrupting_harm.provenance.signature import check_signature, verify_public
    from disrupting_harm.study.study import load_study

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
            for verdict, roles in (("agreed", release.agreed), ("did not agree", release.missing)):
                if roles:
                    print(f"{verdict}: {', '.join(roles)}")
        if _print_files(public, verify_public(public)):
            return NOT_AS_SIGNED
        for earlier in () if statement else check_predecessors(public, signers):
            signed = f"signed by {earlier.signer}" if earlier.signer else "not signed"
            print(f"follows release {earlier.identity}: {signed}")
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_AS_SIGNED
    return 0


def sign_results(options: argparse.Namespace) -> int:
    """Sign the results of a finished run and say where the statement is.

    Raises:
        StudyError: files differ from the manifest, or the key does not sign.
    """
    from disrupting_harm.provenance.signature import sign, verify_public
    from disrupting_harm.study.study import load_study

    results = load_study(options.config).config.results
    if lines := verify_public(results / PUBLIC).format_lines():
        finding = f"{len(lines)} of its files are missing, changed or foreign"
        raise StudyError(
            str(results / PUBLIC),
            finding,
            "`disrupting-harm verify` names them; run the study again, then sign",
        )
    print(f"{sign(results, options.key)}: signed; hand it on with the signature beside it")
    return 0


def pack_crate(options: argparse.Namespace) -> int:
    """Write the crate of a finished run and say what it holds.

    Raises:
        StudyError: the folder is there, no address is given, or files differ from the manifest.
    """
    from disrupting_harm.exchange.crate import METADATA, write_crate
    from disrupting_harm.study.study import load_study

    study = load_study(options.config)
    licence = options.licence or study.config.study.licence or ""
    count = write_crate(study, options.folder, licence)
    files = amount(count, "file")
    print(f"{options.folder}: {files}, described in {METADATA}; nothing of it is restricted")
    return 0


def _print_files(folder: Path, findings: "ManifestFindings") -> int:
    lines = findings.format_lines()
    for line in lines:
        print(line)
    verdict = f"{len(lines)} do not agree" if lines else "all agree with it"
    print(f"{folder}: {findings.listed} files in its manifest, {verdict}")
    return 1 if lines else 0
