"""The command ``verify``: compare results with their manifest."""

from pathlib import Path

from disrupting_harm.places import PUBLIC, RESTRICTED
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


def _print(folder: Path, findings: Findings) -> int:
    lines = findings.lines()
    for line in lines:
        print(line)
    said = f"{len(lines)} do not agree" if lines else "all are there and as they were made"
    print(f"{folder}: {findings.listed} files in its manifest, {said}")
    return 1 if lines else 0
